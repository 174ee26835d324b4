"""The data tier's kinds in Terraform's dialect: the same facts as from the API, and unknown where AWS decides."""

from collections.abc import Mapping
from dataclasses import fields
from typing import TypeVar

import pytest

from checker.collect.terraform.instance import Instance
from checker.collect.terraform.records import records
from checker.model.fact import Fact, Known, Missing, Unknown
from checker.model.record import Collection, Origin, Record, Scope
from checker.model.resource import Resource
from checker.model.symbol import Symbol
from checker.resources.cache_cluster import CacheCluster
from checker.resources.cache_subnet_group import CacheSubnetGroup
from checker.resources.catalog import kinds
from checker.resources.db_cluster import ClusterMember, DbCluster
from checker.resources.db_instance import DbInstance
from checker.resources.db_proxy import DbProxy
from checker.resources.db_subnet_group import DbSubnetGroup
from checker.resources.dynamo_table import DynamoTable
from checker.resources.file_system import FileSystem
from checker.resources.inventory import Inventory, normalise
from checker.resources.mount_target import MountTarget
from checker.resources.replication_group import ReplicationGroup
from checker.resources.serverless_cache import ServerlessCache

R = TypeVar("R", bound=Resource)
T = TypeVar("T")
ACCOUNT, REGION = "123456789012", "eu-west-1"
SCOPE = Scope(ACCOUNT, REGION)
LATER = Missing("var.later")
Raw = Mapping[str, object]

NETWORK: Mapping[str, Raw] = {
    "aws_vpc.main": {"id": "vpc-1", "default_security_group_id": "sg-default"},
    "aws_subnet.a": {"id": "subnet-1", "vpc_id": "vpc-1"},
    "aws_subnet.b": {"id": "subnet-2", "vpc_id": "vpc-1"},
    "aws_db_subnet_group.main": {"name": "private", "subnet_ids": ["subnet-1", "subnet-2"]},
    "aws_elasticache_subnet_group.main": {"name": "private", "subnet_ids": ["subnet-1", "subnet-2"]},
}
SUBNETS = [{"SubnetIdentifier": "subnet-1"}, {"SubnetIdentifier": "subnet-2"}]


def given(instances: Mapping[str, Raw], uncertain: tuple[str, ...] = (), far: tuple[str, ...] = ()) -> Inventory:
    """Return what is read of instances by address, with a network around them; those of `far` are of another Region."""
    every = {**NETWORK, **instances}
    made = [
        Instance(
            address=address,
            type=address.removeprefix("data.").partition(".")[0],
            values=values,
            origin=Origin("terraform-hcl", "main.tf", line, address),
            is_data=address.startswith("data."),
            uncertain=address in uncertain,
            region="us-east-1" if address in far else REGION,
            account=ACCOUNT,
        )
        for line, (address, values) in enumerate(every.items(), 1)
    ]
    found, gaps = records(made, kinds())
    inventory, unread = normalise(Collection("terraform-hcl", found, gaps), kinds())
    assert not unread
    return inventory


def only(kind: type[R], instances: Mapping[str, Raw], id: str | None = None) -> R:
    found = [item for item in given(instances).all(kind).items if id in (None, item.id)]
    assert len(found) == 1, found
    return found[0]


def listed(kind: type[R], type_: str, raw: Raw) -> R:
    record = Record("aws-api", type_, SCOPE, raw, Origin("aws"))
    inventory, unread = normalise(Collection("aws", (record,)), kinds())
    assert not unread
    (found,) = inventory.all(kind).items
    return found


def value(fact: Fact[T]) -> T:
    assert isinstance(fact, Known), fact
    found: T = fact.value
    return found


def is_unknown(fact: Fact[T]) -> bool:
    return isinstance(fact, Unknown)


def facts(resource: Resource, *without: str) -> dict[str, object]:
    """Return the values of a resource's facts by name, `...` for one that is not known."""
    found = {field.name: getattr(resource, field.name) for field in fields(resource) if field.name not in without}
    return {
        name: fact.value if isinstance(fact, Known) else ... if isinstance(fact, Unknown) else fact
        for name, fact in found.items()
        if name not in ("origin", "arn")
    }


# Databases

INSTANCE: Raw = {
    "identifier": "shop",
    "engine": "postgres",
    "engine_version": "16.4",
    "instance_class": "db.t4g.medium",
    "multi_az": True,
    "db_subnet_group_name": "private",
    "vpc_security_group_ids": ["sg-db"],
    "storage_encrypted": True,
    "backup_retention_period": 7,
    "deletion_protection": True,
    "tags": {"tier": "data"},
}


def test_instance_is_the_one_that_the_api_lists() -> None:
    api = {
        "DBInstanceIdentifier": "shop",
        "Engine": "postgres",
        "EngineVersion": "16.4",
        "MultiAZ": True,
        "DBSubnetGroup": {"DBSubnetGroupName": "private", "VpcId": "vpc-1", "Subnets": SUBNETS},
        "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-db"}],
        "Endpoint": {"Port": 5432},
        "StorageEncrypted": True,
        "BackupRetentionPeriod": 7,
        "DeletionProtection": True,
        "PubliclyAccessible": False,
        "TagList": [{"Key": "tier", "Value": "data"}],
    }
    declared = only(DbInstance, {"aws_db_instance.shop": INSTANCE})

    # Which of the two zones it writes in is for RDS to choose, and a configuration names its replicas at the replicas.
    own = ("zone", "replicas")
    assert is_unknown(declared.zone)
    assert declared.replicas.is_(None).is_yes
    assert facts(declared, *own) == facts(listed(DbInstance, "DBInstance", api), *own)


def test_instance_that_says_little_has_the_providers_defaults() -> None:
    least = only(DbInstance, {"aws_db_instance.x": {"engine": "mysql", "db_subnet_group_name": "private"}})

    assert least.id == "aws_db_instance.x.identifier"
    assert least.name == "aws_db_instance.x"
    assert not value(least.multi_az)
    assert not value(least.public)
    assert not value(least.encrypted)
    assert not value(least.deletion_protection)
    assert not value(least.dual_stack)
    assert value(least.backup_days) == 0
    assert value(least.replica_of) is None
    assert value(least.cluster) is None
    assert value(least.force_tls) is None
    assert value(least.groups) == ("sg-default",)
    assert is_unknown(least.engine_version)


@pytest.mark.parametrize(
    ("engine", "port"),
    [
        ("postgres", 5432),
        ("mysql", 3306),
        ("mariadb", 3306),
        ("oracle-ee", 1521),
        ("custom-oracle-ee", 1521),
        ("sqlserver-se", 1433),
        ("db2-se", 50000),
    ],
)
def test_instance_without_a_port_has_its_engines(engine: str, port: int) -> None:
    assert value(only(DbInstance, {"aws_db_instance.x": {"engine": engine}}).port) == port


def test_instance_without_a_subnet_group_stands_in_a_vpc_that_is_not_told() -> None:
    found = only(DbInstance, {"aws_db_instance.x": {"engine": "mysql"}})

    assert is_unknown(found.subnets)
    assert is_unknown(found.vpc)
    assert is_unknown(found.groups)


@pytest.mark.parametrize(
    "source", ["shop", Symbol("aws_db_instance.shop.arn"), Symbol("aws_db_instance.shop")], ids=["name", "arn", "id"]
)
def test_replica_has_from_its_source_what_it_does_not_say(source: str) -> None:
    custom = {**INSTANCE, "port": 5555, "parameter_group_name": "own"}
    inventory = given(
        {
            "aws_db_parameter_group.own": {"name": "own", "parameter": [{"name": "rds.force_ssl", "value": "1"}]},
            "aws_db_instance.shop": custom,
            "aws_db_instance.reader": {"identifier": "reader", "replicate_source_db": source},
        }
    )
    shop, reader = (
        next(item for item in inventory.all(DbInstance).items if item.id == id) for id in ("shop", "reader")
    )

    assert value(reader.replica_of) in (shop.id, shop.arn)
    assert value(reader.engine) == "postgres"
    assert value(reader.engine_version) == "16.4"
    assert value(reader.port) == 5555
    assert value(reader.subnets) == ("subnet-1", "subnet-2")
    assert value(reader.encrypted)
    assert value(reader.force_tls)
    assert not value(reader.multi_az)
    assert value(reader.backup_days) == 0


def test_replica_says_itself_what_it_says() -> None:
    found = only(
        DbInstance,
        {
            "aws_db_instance.shop": INSTANCE,
            "aws_db_instance.reader": {
                "identifier": "reader",
                "replicate_source_db": "shop",
                "availability_zone": "eu-west-1c",
                "port": LATER,
                "vpc_security_group_ids": [Symbol("aws_security_group.db")],
            },
        },
        "reader",
    )

    assert value(found.zone) == "eu-west-1c"
    assert is_unknown(found.port)
    assert value(found.groups) == ("aws_security_group.db",)


def test_replica_of_an_instance_outside_leaves_open_what_it_has_from_there() -> None:
    instances = {"aws_db_instance.reader": {"identifier": "reader", "replicate_source_db": Symbol("var.source")}}
    found = only(DbInstance, instances, "reader")

    assert value(found.replica_of) == "var.source"
    assert is_unknown(found.engine)
    assert is_unknown(found.port)
    assert is_unknown(found.subnets)
    assert is_unknown(found.encrypted)


def test_empty_text_or_list_is_nothing_set() -> None:
    empty = {
        "replicate_source_db": "",
        "snapshot_identifier": "",
        "kms_key_id": "",
        "vpc_security_group_ids": [],
        "parameter_group_name": "",
        "engine_version": "",
    }
    found = only(DbInstance, {"aws_db_instance.x": {"engine": "mysql", "db_subnet_group_name": "private", **empty}})

    assert value(found.replica_of) is None
    assert value(found.port) == 3306
    assert not value(found.encrypted)
    assert value(found.backup_days) == 0
    assert value(found.groups) == ("sg-default",)
    assert value(found.force_tls) is None
    assert is_unknown(found.engine_version)


def test_key_alone_encrypts_only_what_is_made_from_elsewhere() -> None:
    keyed = {"engine": "mysql", "kms_key_id": "key"}

    assert not value(only(DbInstance, {"aws_db_instance.x": keyed}).encrypted)
    assert value(only(DbInstance, {"aws_db_instance.x": {**keyed, "snapshot_identifier": "s"}}).encrypted)


def test_replica_in_another_region_stands_in_that_regions_subnets() -> None:
    source, reader = "aws_db_instance.shop", "aws_db_instance.reader"
    inventory = given(
        {
            source: INSTANCE,
            "aws_db_subnet_group.far": {"name": "private", "subnet_ids": ["subnet-far"]},
            reader: {
                "identifier": "reader",
                "replicate_source_db": Symbol(f"{source}.arn"),
                "db_subnet_group_name": "private",
                "kms_key_id": "key",
            },
        },
        far=("aws_db_subnet_group.far", reader),
    )
    far, near = sorted(inventory.all(DbInstance).items, key=lambda item: item.id)

    assert value(near.subnets) == ("subnet-1", "subnet-2")
    assert value(far.subnets) == ("subnet-far",)
    assert value(far.replica_of) == near.arn
    assert value(far.encrypted)
    assert is_unknown(far.port)


def test_replica_of_another_region_brings_no_instance_into_this_one() -> None:
    far = f"arn:aws:rds:us-east-1:{ACCOUNT}:db:shop"
    inventory = given({"aws_db_instance.x": {"replicate_source_db": far, "kms_key_id": "key", "identifier": "x"}})

    assert [item.id for item in inventory.all(DbInstance).items] == ["x"]
    assert value(inventory.all(DbInstance).items[0].encrypted)


@pytest.mark.parametrize("made", [{"snapshot_identifier": "s"}, {"restore_to_point_in_time": [{"restore_time": "t"}]}])
def test_restored_instance_keeps_what_it_does_not_say(made: Raw) -> None:
    found = only(DbInstance, {"aws_db_instance.x": {"engine": "mysql", **made}})

    assert is_unknown(found.encrypted)
    assert is_unknown(found.backup_days)


@pytest.mark.parametrize("field", ["multi_az", "publicly_accessible", "deletion_protection", "storage_encrypted"])
@pytest.mark.parametrize("unset", [LATER, Symbol("var.flag")])
def test_flag_that_is_not_known_is_not_its_default(field: str, unset: object) -> None:
    names = {"publicly_accessible": "public", "storage_encrypted": "encrypted"}
    found = only(DbInstance, {"aws_db_instance.x": {**INSTANCE, field: unset}})

    assert is_unknown(getattr(found, names.get(field, field)))


@pytest.mark.parametrize(
    ("parameters", "forced"),
    [
        ([{"name": "rds.force_ssl", "value": "1"}], True),
        ([{"name": "work_mem", "value": "64"}, {"name": "rds.force_ssl", "value": "0"}], False),
        ([{"name": "work_mem", "value": "64"}], None),
        (None, None),
        ([{"name": "rds.force_ssl", "value": LATER}], ...),
        ([LATER], ...),
        (LATER, ...),
    ],
)
def test_parameter_group_of_its_own_says_whether_tls_is_demanded(parameters: object, forced: object) -> None:
    instances: Mapping[str, Raw] = {
        "aws_db_parameter_group.own": {"family": "postgres16", "parameter": parameters},
        "aws_db_instance.x": {**INSTANCE, "parameter_group_name": Symbol("aws_db_parameter_group.own")},
    }

    assert facts(only(DbInstance, instances))["force_tls"] is forced


@pytest.mark.parametrize(("group", "forced"), [("default.postgres16", None), ("elsewhere", ...), (LATER, ...)])
def test_parameter_group_of_awss_or_of_others(group: object, forced: object) -> None:
    found = only(DbInstance, {"aws_db_instance.x": {**INSTANCE, "parameter_group_name": group}})

    assert facts(found)["force_tls"] is forced


def test_parameter_groups_of_unknown_number_hide_no_database() -> None:
    inventory = given(
        {"aws_db_parameter_group.x": {"name": "x"}, "aws_db_instance.x": INSTANCE}, ("aws_db_parameter_group.x",)
    )

    assert inventory.all(DbInstance).complete


def test_state_tells_what_aws_chose() -> None:
    made = {
        "id": "db-ABCDEFGHIJ",
        "arn": "arn:aws:rds:eu-west-1:123456789012:db:shop",
        "availability_zone": "eu-west-1b",
        "engine_version_actual": "16.4",
        "engine_version": "16",
        "port": 5432,
        "replicas": ["reader"],
        "tags_all": {"tier": "data", "team": "web"},
    }
    found = only(DbInstance, {"aws_db_instance.shop": {**INSTANCE, **made}})

    assert (found.id, found.arn) == ("shop", made["arn"])
    assert value(found.zone) == "eu-west-1b"
    assert value(found.engine_version) == "16.4"
    assert value(found.replicas) == ("reader",)
    assert value(found.tags) == {"tier": "data", "team": "web"}


def test_instance_looked_up_elsewhere_exists_and_tells_nothing() -> None:
    found = only(DbInstance, {"data.aws_db_instance.shop": {"db_instance_identifier": "shop"}})

    assert not [name for name in facts(found) if isinstance(getattr(found, name), Known)]


CLUSTER: Raw = {
    "cluster_identifier": "shop",
    "engine": "aurora-postgresql",
    "engine_version": "16.4",
    "db_subnet_group_name": "private",
    "vpc_security_group_ids": ["sg-db"],
    "storage_encrypted": True,
    "backup_retention_period": 7,
    "deletion_protection": True,
    "master_username": "shop",
}


def member(name: str, **more: object) -> Raw:
    return {
        "identifier": name,
        "cluster_identifier": "shop",
        "engine": "aurora-postgresql",
        "instance_class": "db.r6g.large",
        **more,
    }


def test_cluster_with_its_instances_is_the_one_that_the_api_lists() -> None:
    api = {
        "DBClusterIdentifier": "shop",
        "Engine": "aurora-postgresql",
        "EngineVersion": "16.4",
        "DBClusterMembers": [
            {"DBInstanceIdentifier": "shop-1", "IsClusterWriter": True},
            {"DBInstanceIdentifier": "shop-2", "IsClusterWriter": False},
        ],
        "MultiAZ": True,
        "AvailabilityZones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
        "DBSubnetGroup": "private",
        "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-db"}],
        "Port": 5432,
        "StorageEncrypted": True,
        "BackupRetentionPeriod": 7,
        "DeletionProtection": True,
    }
    inventory = given(
        {
            "aws_rds_cluster.shop": {**CLUSTER, "availability_zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"]},
            "aws_rds_cluster_instance.one": member("shop-1", availability_zone="eu-west-1a"),
            "aws_rds_cluster_instance.two": member("shop-2", availability_zone="eu-west-1b"),
        }
    )
    (cluster,) = inventory.all(DbCluster).items
    first, second = inventory.all(DbInstance).items

    assert facts(cluster) == facts(listed(DbCluster, "DBCluster", api))
    assert [value(item.zone) for item in (first, second)] == ["eu-west-1a", "eu-west-1b"]
    assert value(first.cluster) == value(second.cluster) == "shop"
    assert value(first.subnets) == ("subnet-1", "subnet-2")
    assert value(first.groups) == ("sg-db",)
    assert value(first.port) == 5432
    assert not value(first.public)


def cluster_of(*zones: object, **more: object) -> tuple[DbCluster, list[Fact[str | None]]]:
    instances = {
        f"aws_rds_cluster_instance.i[{at}]": member(f"shop-{at}", **({"availability_zone": zone} if zone else {}))
        for at, zone in enumerate(zones)
    }
    inventory = given({"aws_rds_cluster.shop": {**CLUSTER, **more}, **instances})
    (cluster,) = inventory.all(DbCluster).items
    return cluster, [item.zone for item in inventory.all(DbInstance).items]


@pytest.mark.parametrize(
    ("zones", "several"),
    [
        ((), False),
        ((None,), False),
        (("a",), False),
        (("a", "a"), False),
        (("a", "b"), True),
        (("a", "b", None), True),
        ((None, None), ...),
        (("a", None), ...),
        (("a", LATER), ...),
    ],
)
def test_instances_of_a_cluster_tell_whether_it_stands_in_several_zones(
    zones: tuple[object, ...], several: object
) -> None:
    assert facts(cluster_of(*zones)[0])["multi_az"] is several


def test_cluster_that_names_its_zones_shares_them_out() -> None:
    cluster, zones = cluster_of(None, None, None, None, availability_zones=["a", "b", "c"])

    assert value(cluster.multi_az)
    assert [value(zone) for zone in zones[:3]] == ["a", "b", "c"]
    assert is_unknown(zones[3])


def test_first_instance_is_taken_for_the_writer_until_one_is() -> None:
    assert value(cluster_of("a", "b")[0].members) == (ClusterMember("shop-0", True), ClusterMember("shop-1", False))
    made = {
        "aws_rds_cluster.shop": CLUSTER,
        "aws_rds_cluster_instance.a": member("shop-0", writer=False),
        "aws_rds_cluster_instance.b": member("shop-1", writer=True),
    }
    assert value(only(DbCluster, made).members) == (ClusterMember("shop-0", False), ClusterMember("shop-1", True))


def test_instances_of_unknown_number_leave_the_members_open() -> None:
    inventory = given(
        {"aws_rds_cluster.shop": CLUSTER, "aws_rds_cluster_instance.i": member("shop")}, ("aws_rds_cluster_instance.i",)
    )
    (cluster,) = inventory.all(DbCluster).items

    assert is_unknown(cluster.members)
    assert is_unknown(cluster.multi_az)
    assert not inventory.all(DbInstance).complete


def test_multi_az_db_cluster_has_its_instances_by_construction() -> None:
    cluster, _ = cluster_of(engine="mysql", db_cluster_instance_class="db.m6gd.large")

    assert value(cluster.is_multi_az_cluster)
    assert value(cluster.multi_az)
    assert value(cluster.port) == 3306
    assert is_unknown(cluster.public)


@pytest.mark.parametrize(
    ("more", "source"),
    [
        ({}, None),
        ({"replication_source_identifier": "arn:source"}, "arn:source"),
        ({"global_cluster_identifier": "world"}, None),
        ({"global_cluster_identifier": "world", "master_username": None}, "world"),
        ({"global_cluster_identifier": "world", "master_username": None, "snapshot_identifier": "s"}, None),
    ],
)
def test_cluster_says_what_it_reads_from(more: dict[str, object], source: str | None) -> None:
    assert value(cluster_of(**more)[0].replica_of) == source


def test_secondary_of_a_global_cluster_has_no_writer_here() -> None:
    cluster, _ = cluster_of("a", "b", global_cluster_identifier="world", master_username=None)

    assert not any(item.writer for item in value(cluster.members))


@pytest.mark.parametrize(
    ("more", "encrypted"),
    [
        ({"storage_encrypted": None}, False),
        ({"storage_encrypted": None, "engine_mode": "serverless"}, True),
        ({"storage_encrypted": None, "snapshot_identifier": "s"}, ...),
        ({"storage_encrypted": LATER}, ...),
    ],
)
def test_cluster_is_encrypted_by_what_it_says_or_is_made_from(more: dict[str, object], encrypted: object) -> None:
    assert facts(cluster_of(**more)[0])["encrypted"] is encrypted


def test_cluster_parameter_group_says_whether_tls_is_demanded() -> None:
    instances: Mapping[str, Raw] = {
        "aws_rds_cluster_parameter_group.own": {
            "name": "own",
            "parameter": [{"name": "require_secure_transport", "value": "ON"}],
        },
        "aws_rds_cluster.x": {**CLUSTER, "engine": "aurora-mysql", "db_cluster_parameter_group_name": "own"},
    }

    assert value(only(DbCluster, instances).force_tls)


@pytest.mark.parametrize(
    ("engine", "stem", "group", "port"),
    [
        ("docdb", "aws_docdb", "db_subnet_group_name", 27017),
        ("neptune", "aws_neptune", "neptune_subnet_group_name", 8182),
    ],
)
def test_other_engines_clusters_are_clusters_of_rds(engine: str, stem: str, group: str, port: int) -> None:
    inventory = given(
        {
            f"{stem}_subnet_group.g": {"name": "g", "subnet_ids": ["subnet-1"]},
            f"{stem}_cluster.x": {"cluster_identifier": "x", group: "g", "vpc_security_group_ids": ["sg-db"]},
            f"{stem}_cluster_instance.x": {"identifier": "x-1", "cluster_identifier": "x"},
        }
    )
    (cluster,) = inventory.all(DbCluster).items
    (instance,) = inventory.all(DbInstance).items

    assert value(cluster.engine) == value(instance.engine) == engine
    assert value(cluster.port) == value(instance.port) == port
    assert value(cluster.subnet_group) == "g"
    assert value(cluster.members) == (ClusterMember("x-1", True),)
    assert value(instance.subnets) == ("subnet-1",)


def test_subnet_groups_are_those_that_the_api_lists() -> None:
    database = listed(
        DbSubnetGroup, "DBSubnetGroup", {"DBSubnetGroupName": "private", "VpcId": "vpc-1", "Subnets": SUBNETS}
    )
    cache = listed(
        CacheSubnetGroup, "CacheSubnetGroup", {"CacheSubnetGroupName": "private", "VpcId": "vpc-1", "Subnets": SUBNETS}
    )

    assert facts(only(DbSubnetGroup, {})) == facts(database)
    assert facts(only(CacheSubnetGroup, {})) == facts(cache)


def test_subnet_group_without_a_name_goes_by_its_address() -> None:
    instances: Mapping[str, Raw] = {
        "aws_db_subnet_group.x": {"name_prefix": "x-", "subnet_ids": [Symbol("aws_subnet.new"), LATER]},
        "aws_rds_cluster.x": {**CLUSTER, "db_subnet_group_name": Symbol("aws_db_subnet_group.x")},
    }

    assert is_unknown(only(DbSubnetGroup, instances, "aws_db_subnet_group.x").subnets)
    assert value(only(DbCluster, instances).subnet_group) == "aws_db_subnet_group.x"


def test_subnet_group_outside_is_one_whose_subnets_are_not_told() -> None:
    inventory = given({"aws_db_instance.x": {**INSTANCE, "db_subnet_group_name": Symbol("var.group")}})
    outside = next(item for item in inventory.all(DbSubnetGroup).items if item.id == "var.group")
    (instance,) = inventory.all(DbInstance).items

    assert is_unknown(outside.subnets)
    assert is_unknown(instance.subnets)


PROXY: Raw = {
    "name": "pool",
    "engine_family": "POSTGRESQL",
    "require_tls": True,
    "vpc_subnet_ids": ["subnet-1", "subnet-2"],
    "vpc_security_group_ids": ["sg-proxy"],
    "auth": [{"secret_arn": "arn:secret"}],
}


def test_proxy_is_the_one_that_the_api_lists() -> None:
    api = {
        "DBProxyName": "pool",
        "VpcId": "vpc-1",
        "VpcSubnetIds": ["subnet-1", "subnet-2"],
        "VpcSecurityGroupIds": ["sg-proxy"],
        "EngineFamily": "POSTGRESQL",
        "RequireTLS": True,
        "Targets": [{"RdsResourceId": "shop"}, {"RdsResourceId": "cluster"}],
    }
    instances: Mapping[str, Raw] = {
        "aws_db_proxy.pool": PROXY,
        "aws_db_proxy_default_target_group.pool": {"db_proxy_name": "pool"},
        "aws_db_proxy_target.a": {"db_proxy_name": "pool", "db_instance_identifier": "shop"},
        "aws_db_proxy_target.b": {"db_proxy_name": "pool", "db_cluster_identifier": "cluster"},
    }

    assert facts(only(DbProxy, instances)) == facts(listed(DbProxy, "DBProxy", api))


def test_proxy_of_targets_of_unknown_number_does_not_tell_them() -> None:
    target = "aws_db_proxy_target.a"
    inventory = given({"aws_db_proxy.pool": PROXY, target: {"db_proxy_name": "pool"}}, (target,))
    (proxy,) = inventory.all(DbProxy).items

    assert is_unknown(proxy.targets)
    assert not value(only(DbProxy, {"aws_db_proxy.p": {"name": "p"}}).require_tls)


# Caches

GROUP: Raw = {
    "replication_group_id": "sessions",
    "engine": "valkey",
    "engine_version": "8.0",
    "num_cache_clusters": 2,
    "multi_az_enabled": True,
    "automatic_failover_enabled": True,
    "subnet_group_name": "private",
    "security_group_ids": ["sg-cache"],
    "at_rest_encryption_enabled": "true",
    "transit_encryption_enabled": True,
    "transit_encryption_mode": "required",
    "snapshot_retention_limit": 7,
    "preferred_cache_cluster_azs": ["eu-west-1b", "eu-west-1a"],
    "auth_token": "0123456789abcdef",
}


def test_replication_group_and_its_nodes_are_those_that_the_api_lists() -> None:
    shard = [{"PreferredAvailabilityZone": "eu-west-1b"}, {"PreferredAvailabilityZone": "eu-west-1a"}]
    group = {
        "ReplicationGroupId": "sessions",
        "Engine": "valkey",
        "MemberClusters": ["sessions-001", "sessions-002"],
        "MultiAZ": "enabled",
        "AutomaticFailover": "enabled",
        "NodeGroups": [{"NodeGroupMembers": shard, "PrimaryEndpoint": {"Port": 6379}}],
        "AtRestEncryptionEnabled": True,
        "TransitEncryptionEnabled": True,
        "TransitEncryptionMode": "required",
    }
    node = {
        "CacheClusterId": "sessions-001",
        "ReplicationGroupId": "sessions",
        "Engine": "valkey",
        "EngineVersion": "8.0",
        "CacheSubnetGroupName": "private",
        "SecurityGroups": [{"SecurityGroupId": "sg-cache"}],
        "NumCacheNodes": 1,
        "PreferredAvailabilityZone": "eu-west-1b",
        "AtRestEncryptionEnabled": True,
        "TransitEncryptionEnabled": True,
        "TransitEncryptionMode": "required",
        "SnapshotRetentionLimit": 7,
    }
    inventory = given({"aws_elasticache_replication_group.sessions": GROUP})
    (declared,) = inventory.all(ReplicationGroup).items
    first, second = inventory.all(CacheCluster).items

    assert facts(declared) == facts(listed(ReplicationGroup, "ReplicationGroup", group))
    assert facts(first) == facts(listed(CacheCluster, "CacheCluster", node))
    assert (second.id, value(second.zones)) == ("sessions-002", ("eu-west-1a",))


def replication(**more: object) -> tuple[ReplicationGroup, list[str]]:
    least = {"replication_group_id": "g", "subnet_group_name": "private", **more}
    inventory = given({"aws_elasticache_replication_group.g": least})
    (group,) = inventory.all(ReplicationGroup).items
    return group, [node.id for node in inventory.all(CacheCluster).items]


def test_replication_group_that_says_little_has_the_providers_defaults() -> None:
    group, nodes = replication()

    assert nodes == ["g-001"]
    assert value(group.engine) == "redis"
    assert not value(group.multi_az)
    assert not value(group.failover)
    assert not value(group.encrypted)
    assert not value(group.in_transit)
    assert not value(group.cluster_enabled)
    assert value(group.transit_mode) is None
    assert value(group.replicas) == 0
    assert value(group.port) == 6379
    assert is_unknown(group.zones)


@pytest.mark.parametrize(
    ("more", "replicas", "nodes"),
    [
        ({"num_cache_clusters": 3}, 2, ["g-001", "g-002", "g-003"]),
        (
            {"num_node_groups": 2, "replicas_per_node_group": 1},
            1,
            ["g-0001-001", "g-0001-002", "g-0002-001", "g-0002-002"],
        ),
        ({"cluster_mode": "enabled", "num_node_groups": 1, "replicas_per_node_group": 0}, 0, ["g-0001-001"]),
        ({"parameter_group_name": "default.redis7.cluster.on", "num_node_groups": 1}, ..., ["g-0001-001"]),
        ({"num_cache_clusters": LATER}, ..., ["g-001"]),
        # As a state tells them: all nodes of all shards.
        (
            {"num_cache_clusters": 4, "num_node_groups": 2, "replicas_per_node_group": 1, "cluster_enabled": True},
            1,
            ["g-0001-001", "g-0001-002", "g-0002-001", "g-0002-002"],
        ),
        ({"num_cache_clusters": 2, "member_clusters": ["g-001", "g-004"]}, 1, ["g-001", "g-004"]),
    ],
)
def test_replication_group_has_the_nodes_of_its_mode(
    more: dict[str, object], replicas: object, nodes: list[str]
) -> None:
    group, found = replication(**more)

    assert found == nodes
    assert sorted(value(group.members)) == nodes
    assert facts(group)["replicas"] == replicas


def test_valkey_is_encrypted_at_rest_by_default() -> None:
    assert value(replication(engine="valkey")[0].encrypted)
    assert is_unknown(replication(engine="valkey", at_rest_encryption_enabled=LATER)[0].encrypted)
    assert is_unknown(replication(global_replication_group_id="world")[0].encrypted)
    assert is_unknown(replication(global_replication_group_id="world")[0].in_transit)


def test_replication_group_looked_up_elsewhere_does_not_tell_its_nodes() -> None:
    inventory = given({"data.aws_elasticache_replication_group.x": {"replication_group_id": "x"}})
    (group,) = inventory.all(ReplicationGroup).items

    assert is_unknown(group.members)
    assert is_unknown(group.multi_az)
    assert not inventory.all(CacheCluster).items


MEMCACHED: Raw = {
    "cluster_id": "pages",
    "engine": "memcached",
    "engine_version": "1.6.22",
    "num_cache_nodes": 2,
    "az_mode": "cross-az",
    "preferred_availability_zones": ["eu-west-1b", "eu-west-1a"],
    "port": 11222,
    "subnet_group_name": "private",
    "security_group_ids": ["sg-cache"],
}


def test_memcached_cluster_is_the_one_that_the_api_lists() -> None:
    api = {
        "CacheClusterId": "pages",
        "Engine": "memcached",
        "EngineVersion": "1.6.22",
        "NumCacheNodes": 2,
        "PreferredAvailabilityZone": "Multiple",
        "ConfigurationEndpoint": {"Port": 11222},
        "CacheSubnetGroupName": "private",
        "SecurityGroups": [{"SecurityGroupId": "sg-cache"}],
        "CacheNodes": [{"CustomerAvailabilityZone": "eu-west-1b"}, {"CustomerAvailabilityZone": "eu-west-1a"}],
    }
    instances = {"aws_elasticache_cluster.pages": MEMCACHED}

    assert facts(only(CacheCluster, instances)) == facts(listed(CacheCluster, "CacheCluster", api))


@pytest.mark.parametrize(("engine", "port"), [("memcached", 11211), ("redis", 6379), ("valkey", 6379)])
def test_cache_that_says_little_stands_in_one_zone(engine: str, port: int) -> None:
    instances = {"aws_elasticache_cluster.c": {"cluster_id": "c", "engine": engine, "subnet_group_name": "private"}}
    found = only(CacheCluster, instances)

    assert value(found.port) == port
    assert value(found.nodes) == 1
    assert value(found.groups) == ("sg-default",)
    assert not value(found.cross_az)
    assert value(found.replication_group) is None
    assert is_unknown(found.zones)


def test_node_that_joins_a_replication_group_is_as_the_group_is() -> None:
    instances: Mapping[str, Raw] = {
        "aws_elasticache_replication_group.sessions": GROUP,
        "aws_elasticache_cluster.more": {"cluster_id": "more", "replication_group_id": "sessions"},
    }
    found = only(CacheCluster, instances, "more")

    assert value(only(ReplicationGroup, instances).replicas) == 2
    assert value(found.replication_group) == "sessions"
    assert value(found.engine) == "valkey"
    assert value(found.groups) == ("sg-cache",)
    assert value(found.subnet_group) == "private"
    assert value(found.in_transit)


def test_serverless_cache_is_the_one_that_the_api_lists() -> None:
    api = {
        "ServerlessCacheName": "s",
        "Engine": "valkey",
        "SubnetIds": ["subnet-1", "subnet-2"],
        "SecurityGroupIds": ["sg-cache"],
    }
    declared = {
        "name": "s",
        "engine": "valkey",
        "subnet_ids": ["subnet-1", "subnet-2"],
        "security_group_ids": ["sg-cache"],
    }
    instances = {"aws_elasticache_serverless_cache.s": declared}

    assert facts(only(ServerlessCache, instances)) == facts(listed(ServerlessCache, "ServerlessCache", api))


def test_serverless_cache_without_subnets_stands_in_a_vpc_that_is_not_told() -> None:
    found = only(ServerlessCache, {"aws_elasticache_serverless_cache.s": {"name": "s", "engine": "memcached"}})

    assert is_unknown(found.subnets)
    assert is_unknown(found.groups)
    assert value(found.ports) == (11211,)


# Tables

TABLE: Raw = {
    "name": "sessions",
    "deletion_protection_enabled": True,
    "ttl": [{"attribute_name": "expires", "enabled": True}],
    "point_in_time_recovery": [{"enabled": True}],
    "server_side_encryption": [{"enabled": True}],
    "tags": {"holds": "sessions"},
}


def test_table_is_the_one_that_the_api_lists() -> None:
    api = {
        "TableName": "sessions",
        "Table": {"DeletionProtectionEnabled": True, "SSEDescription": {"SSEType": "KMS"}},
        "ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}},
        "TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED"},
        "Tags": [{"Key": "holds", "Value": "sessions"}],
    }
    declared = only(DynamoTable, {"aws_dynamodb_table.sessions": TABLE})

    # A listing tells no name of a table but its id.
    assert facts(declared) == facts(listed(DynamoTable, "Table", api))
    assert declared.arn == "aws_dynamodb_table.sessions.arn"


def test_table_that_says_little_has_everything_off() -> None:
    found = only(DynamoTable, {"aws_dynamodb_table.t": {"name": "t"}})

    assert not value(found.pitr)
    assert not value(found.ttl)
    assert not value(found.deletion_protection)
    assert value(found.key_type) is None


@pytest.mark.parametrize(
    ("field", "name"), [("ttl", "ttl"), ("point_in_time_recovery", "pitr"), ("server_side_encryption", "key_type")]
)
@pytest.mark.parametrize("unset", [LATER, [LATER], [{"enabled": LATER}], [{"enabled": Symbol("var.on")}]])
def test_block_of_a_table_that_is_not_known_is_not_off(field: str, name: str, unset: object) -> None:
    found = only(DynamoTable, {"aws_dynamodb_table.t": {"name": "t", field: unset}})

    assert is_unknown(getattr(found, name))


# Files


def test_file_system_and_its_mount_targets_are_those_that_the_api_lists() -> None:
    system = {"FileSystemId": "fs-1", "Name": "assets", "NumberOfMountTargets": 2, "Encrypted": True}
    target = {
        "MountTargetId": "fsmt-1",
        "FileSystemId": "fs-1",
        "SubnetId": "subnet-1",
        "IpAddress": "10.0.0.7",
        "SecurityGroups": ["sg-efs"],
    }
    of = {"file_system_id": "fs-1", "security_groups": ["sg-efs"]}
    inventory = given(
        {
            "aws_efs_file_system.f": {"id": "fs-1", "encrypted": True, "tags": {"Name": "assets"}},
            "aws_efs_mount_target.a": {"id": "fsmt-1", **of, "subnet_id": "subnet-1", "ip_address": "10.0.0.7"},
            "aws_efs_mount_target.b": {"id": "fsmt-2", **of, "subnet_id": "subnet-2"},
        }
    )
    (declared,) = inventory.all(FileSystem).items
    first, second = inventory.all(MountTarget).items

    assert facts(declared, "tags") == facts(listed(FileSystem, "FileSystem", system), "tags")
    assert facts(first, "name") == facts(listed(MountTarget, "MountTarget", target), "name")
    assert is_unknown(second.address)


def test_mount_target_without_groups_wears_the_default_group() -> None:
    instances: Mapping[str, Raw] = {
        "aws_efs_file_system.f": {"creation_token": "shop"},
        "aws_efs_mount_target.a": {"file_system_id": Symbol("aws_efs_file_system.f"), "subnet_id": "subnet-1"},
    }
    system, target = only(FileSystem, instances), only(MountTarget, instances)

    assert (system.id, system.name) == ("aws_efs_file_system.f", "shop")
    assert not value(system.encrypted)
    assert value(system.mount_targets) == 1
    assert value(system.zone) is None
    assert value(target.file_system) == "aws_efs_file_system.f"
    assert value(target.groups) == ("sg-default",)


def test_mount_targets_of_unknown_number_are_not_counted() -> None:
    target = "aws_efs_mount_target.a"
    of = {"file_system_id": "fs-1", "subnet_id": "subnet-1"}
    inventory = given({"aws_efs_file_system.f": {"id": "fs-1"}, target: of}, (target,))

    assert is_unknown(inventory.all(FileSystem).items[0].mount_targets)
    assert not inventory.all(MountTarget).complete


def test_number_of_mount_targets_in_a_state_may_be_older_than_they_are() -> None:
    of = {"file_system_id": "fs-1", "subnet_id": "subnet-1"}
    systems: Mapping[str, Raw] = {
        "aws_efs_file_system.f": {"id": "fs-1", "number_of_mount_targets": 0},
        "aws_efs_mount_target.a": of,
    }

    assert value(only(FileSystem, systems).mount_targets) == 1


def test_file_system_of_one_zone_or_outside() -> None:
    one = only(FileSystem, {"aws_efs_file_system.f": {"id": "fs-1", "availability_zone_name": "eu-west-1a"}})
    outside = only(FileSystem, {"data.aws_efs_file_system.f": {"id": "fs-9"}})

    assert value(one.zone) == "eu-west-1a"
    assert is_unknown(outside.zone)
    assert is_unknown(outside.encrypted)
