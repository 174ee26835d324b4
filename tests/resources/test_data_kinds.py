"""The data tier's kinds: what the API leaves out has AWS's documented default, what was not read is unknown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote

import jmespath  # type: ignore[import-untyped]  # it ships no types
import pytest

from checker.model.call import DetailCall, ListCall, Raw
from checker.model.fact import Fact, Known, Unknown
from checker.model.record import Gap, Origin, Record, Scope, Status
from checker.model.resource import Resource
from checker.resources import (
    cache_cluster,
    cache_subnet_group,
    db_cluster,
    db_instance,
    db_proxy,
    db_subnet_group,
    dynamo_table,
    file_system,
    mount_target,
    replication_group,
    role,
    serverless_cache,
)
from checker.resources.db_cluster import ClusterMember
from checker.resources.db_parameters import SECURE_TRANSPORT
from checker.resources.kind import Kind
from checker.resources.policy import Statement
from checker.resources.reader import Reader
from checker.resources.role import Role

T = TypeVar("T")
R = TypeVar("R", bound=Resource)
SCOPE = Scope("123456789012", "eu-west-1")
GAP = Gap("Part", SCOPE, "service:Operation", Status.DENIED, "AccessDenied", "allow service:Operation")


@dataclass(frozen=True)
class Listed:
    """What was listed, by type; `gaps` are the types whose listing is incomplete."""

    records: Mapping[str, tuple[Raw, ...]] = field(default_factory=dict)
    gaps: Collection[str] = ()

    def raw(self, type: str) -> tuple[Raw, ...]:
        """Return the records of a type."""
        return self.records.get(type, ())

    def complete(self, type: str) -> bool:
        """Tell whether a type has no gap."""
        return type not in self.gaps


def read_all(kind: Kind[R], type_: str, raw: Mapping[str, object]) -> list[R]:
    return list(kind.spellings["aws-api", type_](Reader.of(Record("aws-api", type_, SCOPE, raw, Origin("aws")))))


def read(kind: Kind[R], raw: Mapping[str, object]) -> R:
    (found,) = read_all(kind, next(iter(kind.spellings))[1], raw)
    return found


def value(fact: Fact[T]) -> T:
    assert isinstance(fact, Known), fact
    found: T = fact.value
    return found


def is_unknown(fact: Fact[T]) -> bool:
    return isinstance(fact, Unknown)


def list_call(kind: Kind[R]) -> ListCall:
    (call,) = (call for call in kind.calls if isinstance(call, ListCall))
    return call


def detail_calls(kind: Kind[R]) -> list[DetailCall]:
    return [call for call in kind.calls if isinstance(call, DetailCall)]


def is_asked(call: ListCall, seen: Listed) -> bool:
    assert call.when
    return call.when(seen)


def is_detail_asked(call: DetailCall, raw: Raw, seen: Listed | None = None) -> bool:
    assert call.when
    return call.when(raw, seen or Listed())


# Caches

MEMCACHED = {
    "CacheClusterId": "pages",
    "Engine": "memcached",
    "EngineVersion": "1.6.22",
    "NumCacheNodes": 2,
    "PreferredAvailabilityZone": "Multiple",
    "ConfigurationEndpoint": {"Address": "pages.cfg.euw1.cache.amazonaws.com", "Port": 11222},
    "CacheSubnetGroupName": "private",
    "SecurityGroups": [{"SecurityGroupId": "sg-cache", "Status": "active"}],
    "CacheNodes": [
        {"CacheNodeId": "0001", "CustomerAvailabilityZone": "eu-west-1b", "Endpoint": {"Port": 11222}},
        {"CacheNodeId": "0002", "CustomerAvailabilityZone": "eu-west-1a", "Endpoint": {"Port": 11222}},
    ],
    "ARN": "arn:aws:elasticache:eu-west-1:123456789012:cluster:pages",
}


def test_memcached_cluster_spreads_over_the_zones_of_its_nodes() -> None:
    cluster = read(cache_cluster.KIND, MEMCACHED)

    assert (cluster.id, cluster.arn) == ("pages", MEMCACHED["ARN"])
    assert value(cluster.zones) == ("eu-west-1a", "eu-west-1b")
    assert value(cluster.cross_az)
    assert value(cluster.nodes) == 2
    assert value(cluster.port) == 11222
    assert value(cluster.groups) == ("sg-cache",)
    assert value(cluster.subnet_group) == "private"


def test_cache_cluster_has_documented_defaults_for_what_aws_leaves_out() -> None:
    cluster = read(
        cache_cluster.KIND, {"CacheClusterId": "c", "Engine": "redis", "PreferredAvailabilityZone": "eu-west-1a"}
    )

    assert value(cluster.replication_group) is None
    assert value(cluster.zones) == ("eu-west-1a",)
    assert not value(cluster.cross_az)
    assert not value(cluster.encrypted)
    assert not value(cluster.in_transit)
    assert value(cluster.transit_mode) is None
    assert not value(cluster.dual_stack)
    assert value(cluster.snapshot_days) == 0
    assert value(cluster.nodes) == 0


def test_cache_cluster_that_names_no_groups_or_version_leaves_them_unknown() -> None:
    cluster = read(
        cache_cluster.KIND, {"CacheClusterId": "c", "Engine": "redis", "PreferredAvailabilityZone": "Multiple"}
    )

    assert is_unknown(cluster.groups)
    assert is_unknown(cluster.engine_version)
    assert is_unknown(cluster.zones)


@pytest.mark.parametrize(("engine", "port"), [("memcached", 11211), ("redis", 6379), ("valkey", 6379)])
def test_cache_without_an_endpoint_yet_has_the_port_of_its_engine(engine: str, port: int) -> None:
    nodes = [{"CacheNodeId": "0001", "CacheNodeStatus": "creating"}]

    assert value(read(cache_cluster.KIND, {"CacheClusterId": "c", "Engine": engine, "CacheNodes": nodes}).port) == port


def test_cache_of_an_engine_not_known_here_has_no_port_without_an_endpoint() -> None:
    assert is_unknown(read(cache_cluster.KIND, {"CacheClusterId": "c", "Engine": "new"}).port)


def test_cache_node_of_a_replication_group_tells_its_own_port_zone_and_encryption() -> None:
    raw = {
        "CacheClusterId": "sessions-001",
        "ReplicationGroupId": "sessions",
        "Engine": "valkey",
        "CacheNodes": [{"CustomerAvailabilityZone": "eu-west-1c", "Endpoint": {"Port": 7000}}],
        "AtRestEncryptionEnabled": True,
        "TransitEncryptionEnabled": True,
        "TransitEncryptionMode": "preferred",
        "NetworkType": "dual_stack",
        "SnapshotRetentionLimit": 3,
    }
    cluster = read(cache_cluster.KIND, raw)

    assert value(cluster.replication_group) == "sessions"
    assert value(cluster.port) == 7000
    assert value(cluster.zones) == ("eu-west-1c",)
    assert value(cluster.nodes) == 1
    assert value(cluster.encrypted)
    assert value(cluster.in_transit)
    assert value(cluster.transit_mode) == "preferred"
    assert value(cluster.dual_stack)
    assert value(cluster.snapshot_days) == 3


def test_cache_nodes_that_were_not_read_leave_port_zones_and_count_unknown() -> None:
    cluster = read(cache_cluster.KIND, {"CacheClusterId": "c", "Engine": "redis", "CacheNodes": GAP})

    assert is_unknown(cluster.port)
    assert is_unknown(cluster.zones)
    assert is_unknown(cluster.nodes)


def shard(*zones: str, **endpoints: Mapping[str, object]) -> dict[str, object]:
    return {"NodeGroupMembers": [{"PreferredAvailabilityZone": zone} for zone in zones], **endpoints}


def test_replication_group_with_one_shard() -> None:
    raw = {
        "ReplicationGroupId": "sessions",
        "MemberClusters": ["sessions-001", "sessions-002"],
        "MultiAZ": "enabled",
        "AutomaticFailover": "enabling",
        "NodeGroups": [shard("eu-west-1b", "eu-west-1a", PrimaryEndpoint={"Port": 6400})],
        "AtRestEncryptionEnabled": True,
        "TransitEncryptionEnabled": True,
        "TransitEncryptionMode": "required",
        "Engine": "valkey",
        "NetworkType": "dual_stack",
    }
    group = read(replication_group.KIND, raw)

    assert value(group.members) == ("sessions-001", "sessions-002")
    assert value(group.multi_az)
    assert value(group.failover)
    assert value(group.replicas) == 1
    assert value(group.zones) == ("eu-west-1a", "eu-west-1b")
    assert value(group.port) == 6400
    assert value(group.encrypted)
    assert value(group.in_transit)
    assert value(group.transit_mode) == "required"
    assert value(group.engine) == "valkey"
    assert value(group.dual_stack)
    assert not value(group.cluster_enabled)


def test_replication_group_in_cluster_mode_counts_the_replicas_of_its_poorest_shard() -> None:
    raw = {
        "ReplicationGroupId": "sessions",
        "ClusterEnabled": True,
        "ConfigurationEndpoint": {"Port": 6380},
        "NodeGroups": [shard("eu-west-1a", "eu-west-1b", "eu-west-1c"), shard("eu-west-1a", "eu-west-1b")],
    }
    group = read(replication_group.KIND, raw)

    assert value(group.cluster_enabled)
    assert value(group.replicas) == 1
    assert value(group.port) == 6380


def test_replication_group_has_documented_defaults_for_what_aws_leaves_out() -> None:
    group = read(replication_group.KIND, {"ReplicationGroupId": "g", "MemberClusters": ["g-001", "g-002", "g-003"]})

    assert value(group.engine) == "redis"
    assert not value(group.multi_az)
    assert not value(group.failover)
    assert value(group.replicas) == 2
    assert value(group.port) == 6379
    assert not value(group.encrypted)
    assert not value(group.in_transit)
    assert not value(group.dual_stack)
    assert is_unknown(group.zones)


def test_replicas_are_unknown_where_shards_or_members_are() -> None:
    sharded = {"ReplicationGroupId": "g", "MemberClusters": ["a", "b"], "ClusterEnabled": True}

    assert is_unknown(read(replication_group.KIND, sharded).replicas)
    assert is_unknown(read(replication_group.KIND, {"ReplicationGroupId": "g"}).replicas)
    assert is_unknown(read(replication_group.KIND, {"ReplicationGroupId": "g", "NodeGroups": GAP}).replicas)


def test_replication_group_takes_the_port_of_a_node_where_its_shard_has_none() -> None:
    members = [{"PreferredAvailabilityZone": "eu-west-1a", "ReadEndpoint": {"Port": 6500}}]
    raw = {"ReplicationGroupId": "g", "NodeGroups": [{"NodeGroupMembers": members}]}

    assert value(read(replication_group.KIND, raw).port) == 6500


@pytest.mark.parametrize(
    ("engine", "endpoints", "ports"),
    [
        ("redis", {"Endpoint": {"Port": 6379}, "ReaderEndpoint": {"Port": 6380}}, (6379, 6380)),
        ("valkey", {}, (6379, 6380)),
        ("Redis", {"Endpoint": {"Port": 6379}}, (6379, 6380)),
        ("memcached", {"Endpoint": {"Port": 11211}}, (11211,)),
        ("memcached", {}, (11211,)),
    ],
)
def test_serverless_cache_ports(engine: str, endpoints: Mapping[str, object], ports: tuple[int, ...]) -> None:
    cache = read(serverless_cache.KIND, {"ServerlessCacheName": "s", "Engine": engine, **endpoints})

    assert value(cache.ports) == ports


def test_serverless_cache_stands_in_its_subnets_and_groups() -> None:
    raw = {
        "ServerlessCacheName": "s",
        "Engine": "valkey",
        "Status": "available",
        "SubnetIds": ["subnet-1", "subnet-2"],
        "SecurityGroupIds": ["sg-1"],
    }
    cache = read(serverless_cache.KIND, raw)

    assert value(cache.subnets) == ("subnet-1", "subnet-2")
    assert value(cache.groups) == ("sg-1",)
    assert value(cache.active)
    assert not value(read(serverless_cache.KIND, {**raw, "Status": "deleting"}).active)


def test_serverless_cache_without_places_or_a_known_engine_leaves_them_unknown() -> None:
    cache = read(serverless_cache.KIND, {"ServerlessCacheName": "s", "Engine": "new"})

    assert is_unknown(cache.subnets)
    assert is_unknown(cache.groups)
    assert is_unknown(cache.ports)
    assert is_unknown(
        read(serverless_cache.KIND, {"ServerlessCacheName": "s", "Engine": "redis", "Endpoint": GAP}).ports
    )


# Subnet groups

SUBNETS = [{"SubnetIdentifier": "subnet-1"}, {"SubnetIdentifier": "subnet-2"}]


def test_subnet_groups_name_their_vpc_and_subnets() -> None:
    database = read(db_subnet_group.KIND, {"DBSubnetGroupName": "g", "VpcId": "vpc-1", "Subnets": SUBNETS})
    cache = read(cache_subnet_group.KIND, {"CacheSubnetGroupName": "g", "VpcId": "vpc-1", "Subnets": SUBNETS})

    assert (value(database.vpc), value(database.subnets)) == ("vpc-1", ("subnet-1", "subnet-2"))
    assert (value(cache.vpc), value(cache.subnets)) == ("vpc-1", ("subnet-1", "subnet-2"))


def test_subnet_groups_that_were_not_read_have_no_subnets() -> None:
    database = read(db_subnet_group.KIND, {"DBSubnetGroupName": "g", "VpcId": "vpc-1"})
    cache = read(cache_subnet_group.KIND, {"CacheSubnetGroupName": "g", "VpcId": "vpc-1", "Subnets": GAP})

    assert is_unknown(database.subnets)
    assert is_unknown(cache.subnets)


@pytest.mark.parametrize(
    ("call", "type_"),
    [(list_call(db_subnet_group.KIND), "DBCluster"), (list_call(cache_subnet_group.KIND), "CacheCluster")],
)
def test_subnet_groups_are_asked_for_where_a_cluster_may_name_one(call: ListCall, type_: str) -> None:
    assert call.after == (type_,)
    assert not is_asked(call, Listed())
    assert is_asked(call, Listed({type_: ({},)}))
    assert is_asked(call, Listed(gaps=(type_,)))


# Databases

AURORA = {
    "DBClusterIdentifier": "shop",
    "DBClusterArn": "arn:aws:rds:eu-west-1:123456789012:cluster:shop",
    "Engine": "aurora-postgresql",
    "EngineVersion": "16.4",
    "DBClusterMembers": [
        {"DBInstanceIdentifier": "shop-1", "IsClusterWriter": True, "DBClusterParameterGroupStatus": "in-sync"},
        {"DBInstanceIdentifier": "shop-2", "IsClusterWriter": False, "DBClusterParameterGroupStatus": "in-sync"},
    ],
    "MultiAZ": True,
    "AvailabilityZones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    "DBSubnetGroup": "private",
    "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-data", "Status": "active"}],
    "Port": 5433,
    "StorageEncrypted": True,
    "BackupRetentionPeriod": 7,
    "DeletionProtection": True,
    "DBClusterParameterGroup": "default.aurora-postgresql16",
    "NetworkType": "DUAL",
    "ReplicationSourceIdentifier": "arn:aws:rds:us-east-1:123456789012:cluster:shop",
    "TagList": [{"Key": "tier", "Value": "data"}],
}


def test_aurora_cluster_names_its_members_and_its_writer() -> None:
    cluster = read(db_cluster.KIND, AURORA)

    assert value(cluster.members) == (ClusterMember("shop-1", writer=True), ClusterMember("shop-2", writer=False))
    assert value(cluster.multi_az)
    assert value(cluster.zones) == ("eu-west-1a", "eu-west-1b", "eu-west-1c")
    assert value(cluster.subnet_group) == "private"
    assert value(cluster.groups) == ("sg-data",)
    assert value(cluster.port) == 5433
    assert value(cluster.encrypted)
    assert value(cluster.backup_days) == 7
    assert value(cluster.deletion_protection)
    assert value(cluster.dual_stack)
    assert value(cluster.replica_of) == AURORA["ReplicationSourceIdentifier"]
    assert value(cluster.tags) == {"tier": "data"}
    assert not value(cluster.public)
    assert not value(cluster.is_multi_az_cluster)


def test_multi_az_db_cluster_is_one_with_an_instance_class_and_an_engine_that_is_not_aurora() -> None:
    raw = {"DBClusterIdentifier": "c", "Engine": "mysql", "DBClusterInstanceClass": "db.m6gd.large"}
    cluster = read(db_cluster.KIND, {**raw, "PubliclyAccessible": True})

    assert value(cluster.is_multi_az_cluster)
    assert value(cluster.public)
    assert not value(read(db_cluster.KIND, {**raw, "Engine": "aurora-mysql"}).is_multi_az_cluster)


def test_cluster_has_documented_defaults_for_what_aws_leaves_out() -> None:
    cluster = read(db_cluster.KIND, {"DBClusterIdentifier": "c", "Engine": "aurora-mysql"})

    assert value(cluster.members) == ()
    assert value(cluster.port) == 3306
    assert value(cluster.backup_days) == 1
    assert value(cluster.replica_of) is None
    assert value(cluster.force_tls) is None
    assert not value(cluster.multi_az)
    assert not value(cluster.encrypted)
    assert not value(cluster.deletion_protection)
    assert not value(cluster.dual_stack)


def test_cluster_facts_that_were_not_read_are_unknown() -> None:
    cluster = read(db_cluster.KIND, {"DBClusterIdentifier": "c", "DBClusterMembers": GAP, "StorageEncrypted": GAP})

    assert is_unknown(cluster.members)
    assert is_unknown(cluster.encrypted)
    assert is_unknown(cluster.groups)
    assert is_unknown(cluster.port)
    assert is_unknown(cluster.force_tls)


def instance(engine: str, group: str = "custom", status: str = "in-sync", **more: object) -> dict[str, object]:
    groups = [{"DBParameterGroupName": group, "ParameterApplyStatus": status}]
    return {"DBInstanceIdentifier": "db", "Engine": engine, "DBParameterGroups": groups, **more}


def parameters(name: str, value: str | None) -> list[dict[str, object]]:
    return [{"ParameterName": "work_mem", "ParameterValue": "64"}, {"ParameterName": name, "ParameterValue": value}]


@pytest.mark.parametrize(
    ("engine", "name", "setting", "forced"),
    [
        ("postgres", "rds.force_ssl", "1", True),
        ("postgres", "rds.force_ssl", "0", False),
        ("postgres", "rds.force_ssl", None, None),
        ("postgres", "require_secure_transport", "1", None),
        ("sqlserver-se", "rds.force_ssl", "1", True),
        ("mysql", "require_secure_transport", "ON", True),
        ("mariadb", "require_secure_transport", "OFF", False),
        ("oracle-ee", "rds.force_ssl", "1", None),
    ],
)
def test_parameter_group_of_an_instance_says_whether_tls_is_demanded(
    engine: str, name: str, setting: str | None, forced: bool | None
) -> None:
    found = read(db_instance.KIND, instance(engine, Parameters=parameters(name, setting)))

    assert value(found.force_tls) is forced


@pytest.mark.parametrize(
    "raw",
    [
        instance("postgres", "default.postgres16"),
        instance("oracle-ee"),
        instance("aurora-mysql", DBClusterIdentifier="shop"),
        {"DBInstanceIdentifier": "db", "Engine": "mysql"},
    ],
)
def test_instance_without_a_parameter_group_of_its_own_leaves_tls_to_the_default(raw: Mapping[str, object]) -> None:
    (call,) = detail_calls(db_instance.KIND)

    assert value(read(db_instance.KIND, raw).force_tls) is None
    assert not is_detail_asked(call, raw)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"Parameters": GAP},
        {"Parameters": parameters("rds.force_ssl", "perhaps")},
        instance("postgres", status="pending-reboot", Parameters=parameters("rds.force_ssl", "1")),
    ],
)
def test_parameters_not_read_or_not_in_force_leave_tls_unknown(more: dict[str, object]) -> None:
    assert is_unknown(read(db_instance.KIND, instance("postgres") | more).force_tls)


def test_parameters_of_a_custom_group_are_asked_for_by_its_name() -> None:
    (call,) = detail_calls(db_instance.KIND)
    raw = instance("postgres")

    assert is_detail_asked(call, raw)
    assert jmespath.search(call.identity, raw) == "custom"


def test_only_the_parameters_about_tls_are_kept() -> None:
    answer = {"Parameters": parameters("rds.force_ssl", "1")}

    assert jmespath.search(SECURE_TRANSPORT, answer) == [{"ParameterName": "rds.force_ssl", "ParameterValue": "1"}]


@pytest.mark.parametrize(
    ("engine", "name", "setting", "forced"),
    [
        ("aurora-postgresql", "rds.force_ssl", "1", True),
        ("aurora-mysql", "require_secure_transport", "OFF", False),
        ("docdb", "tls", "disabled", False),
        ("docdb", "tls", "tls1.2+", True),
    ],
)
def test_parameter_group_of_a_cluster_says_whether_tls_is_demanded(
    engine: str, name: str, setting: str, forced: bool
) -> None:
    (call,) = detail_calls(db_cluster.KIND)
    raw: dict[str, object] = {**AURORA, "Engine": engine, "DBClusterParameterGroup": "own"}

    assert is_detail_asked(call, raw)
    assert not is_detail_asked(call, AURORA)
    assert is_unknown(read(db_cluster.KIND, raw).force_tls)
    assert value(read(db_cluster.KIND, {**raw, "Parameters": parameters(name, setting)}).force_tls) is forced


PROXY = {
    "DBProxyName": "pool",
    "VpcId": "vpc-1",
    "VpcSubnetIds": ["subnet-1"],
    "VpcSecurityGroupIds": ["sg-1"],
    "EngineFamily": "MYSQL",
    "RequireTLS": True,
    "Targets": [
        {"Type": "TRACKED_CLUSTER", "RdsResourceId": "shop"},
        {"Type": "RDS_INSTANCE", "RdsResourceId": "shop-1", "TrackedClusterId": "shop"},
        {"Type": "RDS_INSTANCE", "RdsResourceId": "other", "TrackedClusterId": ""},
    ],
}


def test_proxy_names_the_databases_behind_it() -> None:
    proxy = read(db_proxy.KIND, PROXY)

    assert value(proxy.targets) == ("other", "shop", "shop-1")
    assert (value(proxy.vpc), value(proxy.subnets), value(proxy.groups)) == ("vpc-1", ("subnet-1",), ("sg-1",))
    assert value(proxy.require_tls)
    assert value(proxy.engine_family) == "MYSQL"


@pytest.mark.parametrize("more", [{}, {"Targets": GAP}])
def test_proxy_whose_targets_were_not_read(more: Mapping[str, object]) -> None:
    proxy = read(db_proxy.KIND, {"DBProxyName": "pool", **more})

    assert is_unknown(proxy.targets)
    assert is_unknown(proxy.groups)
    assert not value(proxy.require_tls)


# Tables

TABLE = {
    "TableName": "sessions",
    "Table": {
        "TableArn": "arn:aws:dynamodb:eu-west-1:123456789012:table/sessions",
        "DeletionProtectionEnabled": True,
        "SSEDescription": {"Status": "ENABLED", "SSEType": "KMS"},
    },
    "ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}},
    "TimeToLiveDescription": {"TimeToLiveStatus": "ENABLING", "AttributeName": "expires"},
}


def test_table_tells_its_backups_expiry_and_key() -> None:
    table = read(dynamo_table.KIND, TABLE)

    assert table.arn == "arn:aws:dynamodb:eu-west-1:123456789012:table/sessions"
    assert value(table.pitr)
    assert value(table.ttl)
    assert value(table.deletion_protection)
    assert value(table.key_type) == "KMS"


def test_table_has_documented_defaults_for_what_aws_leaves_out() -> None:
    raw = {"TableName": "t", "Table": {}, "ContinuousBackupsDescription": {}, "TimeToLiveDescription": {}}
    table = read(dynamo_table.KIND, raw)

    assert not value(table.pitr)
    assert not value(table.ttl)
    assert not value(table.deletion_protection)
    assert value(table.key_type) is None


@pytest.mark.parametrize(
    "details",
    [{}, {"Table": GAP, "ContinuousBackupsDescription": GAP, "TimeToLiveDescription": GAP}],
)
def test_table_that_was_not_asked_for_or_not_read_is_unknown(details: Mapping[str, object]) -> None:
    table = read(dynamo_table.KIND, {"TableName": "t", **details})

    assert table.arn is None
    assert all(map(is_unknown, (table.pitr, table.ttl, table.deletion_protection)))
    assert is_unknown(table.key_type)


FRONT: Raw = {"Scheme": "internet-facing", "VpcId": "vpc-1"}
IN_VPC = {
    "LoadBalancer": (FRONT,),
    "CacheCluster": ({"Engine": "redis", "CacheSubnetGroupName": "g"},),
    "CacheSubnetGroup": ({"CacheSubnetGroupName": "g", "VpcId": "vpc-1"},),
    "Table": ({"TableName": "t"},),
}
SERVERLESS = {
    "LoadBalancer": (FRONT,),
    "ServerlessCache": ({"Engine": "valkey", "SubnetIds": ["subnet-1"]},),
    "Subnet": ({"SubnetId": "subnet-1", "VpcId": "vpc-1"},),
    "Table": ({"TableName": "t"},),
}
MEMCACHED_ONLY = {**IN_VPC, "CacheCluster": ({"Engine": "memcached", "CacheSubnetGroupName": "g"},)}


@pytest.mark.parametrize(
    ("seen", "asked"),
    [
        (Listed({"Table": ({"TableName": "t"},)}), False),
        (Listed({"LoadBalancer": ({"Scheme": "internal", "VpcId": "vpc-1"},), "Table": ({},)}), False),
        (Listed({"LoadBalancer": (FRONT,), "Table": ({},)}), True),
        (Listed({"LoadBalancer": ({"Scheme": "internet-facing"},), "Table": ({},)}), True),
        (Listed(IN_VPC), False),
        (Listed(SERVERLESS), False),
        (Listed(MEMCACHED_ONLY), True),
        (Listed({**IN_VPC, "CacheSubnetGroup": ({"CacheSubnetGroupName": "g", "VpcId": "vpc-2"},)}), True),
        (Listed({**IN_VPC, "LoadBalancer": (FRONT, {**FRONT, "VpcId": "vpc-2"})}), True),
        *((Listed(IN_VPC, gaps=(type_,)), True) for type_ in dynamo_table.CACHE_TYPES),
    ],
)
def test_tables_and_roles_are_asked_for_where_a_front_may_lack_a_cache(seen: Listed, asked: bool) -> None:
    details = detail_calls(dynamo_table.KIND)

    assert [is_detail_asked(call, {"TableName": "t"}, seen) for call in details] == [asked] * 3
    assert is_asked(list_call(role.KIND), seen) is asked


def test_roles_are_not_asked_for_without_a_table() -> None:
    call = list_call(role.KIND)

    assert not is_asked(call, Listed({"LoadBalancer": (FRONT,)}))
    assert is_asked(call, Listed({"LoadBalancer": (FRONT,)}, gaps=("Table",)))


# Files

FILES = {"FileSystemId": "fs-0a1b", "Name": "assets", "NumberOfMountTargets": 2, "LifeCycleState": "available"}


def test_file_system_has_documented_defaults_for_what_aws_leaves_out() -> None:
    system = read(file_system.KIND, FILES)

    assert (system.id, system.name) == ("fs-0a1b", "assets")
    assert not value(system.encrypted)
    assert value(system.zone) is None
    assert value(system.mount_targets) == 2
    assert value(system.active)


def test_file_system_in_one_zone_that_is_being_deleted() -> None:
    raw = {**FILES, "Encrypted": True, "AvailabilityZoneName": "eu-west-1a", "LifeCycleState": "deleting"}
    system = read(file_system.KIND, raw)

    assert value(system.encrypted)
    assert value(system.zone) == "eu-west-1a"
    assert not value(system.active)


def interface(target: str, system: str = "fs-0a1b") -> dict[str, object]:
    return {
        "NetworkInterfaceId": f"eni-{target}",
        "Description": f"EFS mount target for {system} ({target})",
        "InterfaceType": "efs",
        "SubnetId": "subnet-1",
        "PrivateIpAddress": "10.0.1.7",
        "Groups": [{"GroupId": "sg-files"}],
    }


def test_mount_target_is_read_from_its_network_interface() -> None:
    (target,) = read_all(mount_target.KIND, "NetworkInterface", interface("fsmt-01"))

    assert target.id == "fsmt-01"
    assert value(target.file_system) == "fs-0a1b"
    assert value(target.subnet) == "subnet-1"
    assert value(target.interface) == "eni-fsmt-01"
    assert value(target.address) == "10.0.1.7"
    assert value(target.groups) == ("sg-files",)


def test_mount_target_with_ipv6_only() -> None:
    raw = interface("fsmt-01") | {"PrivateIpAddress": None, "Ipv6Addresses": [{"Ipv6Address": "2001:db8::7"}]}
    (target,) = read_all(mount_target.KIND, "NetworkInterface", raw)
    (bare,) = read_all(mount_target.KIND, "NetworkInterface", raw | {"Ipv6Addresses": []})

    assert value(target.address) == "2001:db8::7"
    assert is_unknown(bare.address)


@pytest.mark.parametrize("more", [{"Description": "ELB app/web/1"}, {"Description": None}, {"Description": GAP}])
def test_other_network_interfaces_are_no_mount_targets(more: Mapping[str, object]) -> None:
    assert read_all(mount_target.KIND, "NetworkInterface", {**interface("fsmt-01"), **more}) == []


def test_mount_target_of_the_service_leaves_its_groups_to_the_interface() -> None:
    raw = {"MountTargetId": "fsmt-01", "FileSystemId": "fs-0a1b", "SubnetId": "subnet-1", "IpAddress": "10.0.1.7"}
    target = read(mount_target.KIND, raw)

    assert value(target.interface) is None
    assert value(target.address) == "10.0.1.7"
    assert value(target.groups) is None
    assert value(read(mount_target.KIND, {**raw, "SecurityGroups": ["sg-1"]}).groups) == ("sg-1",)
    assert is_unknown(read(mount_target.KIND, {**raw, "IpAddress": GAP}).address)
    assert read_all(mount_target.KIND, "MountTarget", {**raw, "LifeCycleState": "deleted"}) == []


@pytest.mark.parametrize(
    ("systems", "interfaces", "asked"),
    [
        ((FILES,), (interface("fsmt-01"), interface("fsmt-02")), []),
        ((FILES,), (interface("fsmt-01"), interface("fsmt-01")), ["fs-0a1b"]),
        ((FILES,), (interface("fsmt-01"), interface("fsmt-02", "fs-ff")), ["fs-0a1b"]),
        ((FILES, {"FileSystemId": "fs-ff", "NumberOfMountTargets": 0}), (), ["fs-0a1b"]),
        (({"FileSystemId": "fs-ff"},), (), ["fs-ff"]),
        ((), (), []),
    ],
)
def test_mount_targets_are_asked_for_where_interfaces_do_not_show_them(
    systems: tuple[Raw, ...], interfaces: tuple[Raw, ...], asked: list[str]
) -> None:
    call = list_call(mount_target.KIND)
    assert call.each
    # An incomplete listing shows too few, so the count alone decides.
    seen = Listed({"FileSystem": systems, "NetworkInterface": interfaces}, gaps=("NetworkInterface", "FileSystem"))

    assert list(call.each(seen)) == [{"FileSystemId": name} for name in asked]


# Roles

READ = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:*:*:table/sessions"}
READS = Statement("Allow", actions=("dynamodb:getitem",), resources=("arn:aws:dynamodb:*:*:table/sessions",))
TEXT = (
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "dynamodb:GetItem", '
    '"Resource": "arn:aws:dynamodb:*:*:table/sessions"}}'
)
MANAGED = "arn:aws:iam::123456789012:policy/tables"


def roles(*policies: Mapping[str, object], managed: object = (), **more: object) -> list[Role]:
    raw = {
        "RoleName": "app",
        "Arn": "arn:aws:iam::123456789012:role/app",
        "InstanceProfileList": [{"Arn": "arn:aws:iam::123456789012:instance-profile/app"}],
        "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": policy} for policy in policies],
        **more,
    }
    return read_all(role.KIND, "AccountAuthorization", {"Roles": [raw], "Policies": managed})


@pytest.mark.parametrize("document", [{"Statement": READ}, {"Statement": [READ]}, TEXT, quote(TEXT)])
def test_inline_policy_is_read_as_mapping_text_or_url_encoded_text(document: Mapping[str, object]) -> None:
    (app,) = roles(document)

    assert value(app.statements) == (READS,)
    assert value(app.profiles) == ("arn:aws:iam::123456789012:instance-profile/app",)
    assert (app.id, app.arn) == ("app", "arn:aws:iam::123456789012:role/app")


def test_managed_policy_counts_in_its_default_version_only() -> None:
    versions = [
        {"VersionId": "v2", "IsDefaultVersion": False, "Document": {"Statement": {**READ, "Effect": "Deny"}}},
        {"VersionId": "v1", "IsDefaultVersion": True, "Document": {"Statement": READ}},
    ]
    managed = [{"Arn": MANAGED, "DefaultVersionId": "v1", "PolicyVersionList": versions}]
    (app,) = roles(managed=managed, AttachedManagedPolicies=[{"PolicyArn": MANAGED, "PolicyName": "tables"}])

    assert value(app.statements) == (READS,)


def test_statements_with_exceptions_or_conditions_may_apply() -> None:
    (app,) = roles(
        {
            "Statement": [
                {"Effect": "Deny", "NotAction": ["S3:*"], "NotResource": "arn:aws:s3:::x"},
                {"Effect": "Allow", "Action": ["dynamodb:*"], "Resource": ["*"], "Condition": {"Bool": {"a": "true"}}},
            ]
        }
    )

    assert value(app.statements) == (
        Statement("Deny", not_actions=("s3:*",), resources=("*",), conditions=True),
        Statement("Allow", actions=("dynamodb:*",), resources=("*",), conditions=True),
    )


@pytest.mark.parametrize(
    "more",
    [
        {"PermissionsBoundary": {"PermissionsBoundaryArn": MANAGED}},
        {"AttachedManagedPolicies": [{"PolicyArn": MANAGED}]},
        {"AttachedManagedPolicies": [{"PolicyArn": MANAGED}], "managed": GAP},
        {"AttachedManagedPolicies": [{"PolicyArn": MANAGED}], "managed": [{"Arn": MANAGED}]},
        {"AttachedManagedPolicies": GAP},
        {"RolePolicyList": GAP},
        {"RolePolicyList": [{"PolicyName": "p"}]},
        {"RolePolicyList": [{"PolicyDocument": "%7Bnot json"}]},
        {"RolePolicyList": [{"PolicyDocument": "[]"}]},
        {"RolePolicyList": [{"PolicyDocument": {"Statement": ["x"]}}]},
        {"RolePolicyList": [{"PolicyDocument": {"Statement": "x"}}]},
        {"RolePolicyList": [{"PolicyDocument": {"Statement": {"Effect": "Allow", "Resource": "*"}}}]},
        {"RolePolicyList": [{"PolicyDocument": {"Statement": {**READ, "Effect": "Perhaps"}}}]},
        {"RolePolicyList": [{"PolicyDocument": {"Statement": {**READ, "Action": [1]}}}]},
    ],
)
def test_policy_that_was_not_read_or_is_bounded_leaves_the_statements_unknown(more: dict[str, object]) -> None:
    (app,) = roles(**more)

    assert is_unknown(app.statements)


def test_role_without_policies_has_no_statements() -> None:
    (app,) = roles()

    assert value(app.statements) == ()


def test_roles_that_were_not_read_make_the_listing_incomplete() -> None:
    with pytest.raises(ValueError, match="not read"):
        read_all(role.KIND, "AccountAuthorization", {"Roles": GAP})


def test_one_record_holds_the_roles_and_the_policies_of_the_account() -> None:
    answer = {"RoleDetailList": [{"RoleName": "app"}], "Policies": [], "UserDetailList": []}

    assert jmespath.search(list_call(role.KIND).result, answer) == [{"Roles": [{"RoleName": "app"}], "Policies": []}]


def test_one_record_for_each_table() -> None:
    found = jmespath.search(list_call(dynamo_table.KIND).result, {"TableNames": ["a", "b"]})

    assert found == [{"TableName": "a"}, {"TableName": "b"}]
