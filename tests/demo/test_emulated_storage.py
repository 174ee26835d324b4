"""ElastiCache, RDS, EFS and DynamoDB read back as AWS words them."""

from typing import Any

import boto3
import pytest

from tests.demo.conftest import Network
from tests.demo.reading import groups, interfaces


@pytest.fixture
def cache(session: boto3.Session, network: Network) -> Any:
    """Return an ElastiCache client in an account with a subnet group."""
    client = session.client("elasticache")
    client.create_cache_subnet_group(
        CacheSubnetGroupName="data", CacheSubnetGroupDescription="data", SubnetIds=network.subnets
    )
    return client


@pytest.fixture
def rds(session: boto3.Session, network: Network) -> Any:
    """Return an RDS client in an account with a subnet group."""
    client = session.client("rds")
    client.create_db_subnet_group(DBSubnetGroupName="data", DBSubnetGroupDescription="d", SubnetIds=network.subnets)
    return client


def replication_group(cache: Any, network: Network, **more: Any) -> dict[str, Any]:
    wanted = {"NumCacheClusters": 3, "SnapshotRetentionLimit": 5} | more
    cache.create_replication_group(
        ReplicationGroupId="sessions", ReplicationGroupDescription="s", Engine="redis", EngineVersion="7.1",
        CacheNodeType="cache.t4g.small", CacheSubnetGroupName="data", SecurityGroupIds=[network.group],
        AutomaticFailoverEnabled=True, MultiAZEnabled=True, AtRestEncryptionEnabled=True,
        TransitEncryptionEnabled=True, **wanted,
    )  # fmt: skip
    return cache.describe_replication_groups()["ReplicationGroups"][0]


def database(rds: Any, network: Network, **more: Any) -> dict[str, Any]:
    rds.create_db_instance(
        DBInstanceIdentifier="db", Engine="postgres", EngineVersion="16.4", DBInstanceClass="db.t4g.medium",
        AllocatedStorage=20, MasterUsername="shop", MasterUserPassword="only-a-test", DBSubnetGroupName="data",
        VpcSecurityGroupIds=[network.group], BackupRetentionPeriod=7, DeletionProtection=True, **more,
    )  # fmt: skip
    return described(rds, "db")


def described(rds: Any, name: str) -> dict[str, Any]:
    return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def test_members_of_a_replication_group_have_its_mode_of_tls(cache: Any, network: Network) -> None:
    replication_group(cache, network, TransitEncryptionMode="preferred")
    cache.modify_replication_group(ReplicationGroupId="sessions", TransitEncryptionMode="required")

    assert {each["TransitEncryptionMode"] for each in cache.describe_cache_clusters()["CacheClusters"]} == {"required"}


def test_parameters_that_were_set_are_the_users(rds: Any) -> None:
    rds.create_db_parameter_group(DBParameterGroupName="own", DBParameterGroupFamily="postgres16", Description="own")
    setting = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName="own", Parameters=[setting])

    assert rds.describe_db_parameters(DBParameterGroupName="own")["Parameters"] == [{**setting, "Source": "user"}]


def test_replication_group_names_members_with_their_zones(cache: Any, network: Network) -> None:
    members = replication_group(cache, network)["NodeGroups"][0]["NodeGroupMembers"]

    assert [each["CacheClusterId"] for each in members] == ["sessions-001", "sessions-002", "sessions-003"]
    assert [each["PreferredAvailabilityZone"] for each in members] == ["us-east-1a", "us-east-1b", "us-east-1c"]
    assert [each["CurrentRole"] for each in members] == ["primary", "replica", "replica"]


def test_members_are_listed_as_clusters(cache: Any, network: Network) -> None:
    replication_group(cache, network)
    clusters = cache.describe_cache_clusters(ShowCacheNodeInfo=True)["CacheClusters"]

    assert [each["PreferredAvailabilityZone"] for each in clusters] == ["us-east-1a", "us-east-1b", "us-east-1c"]
    for each in clusters:
        assert each["ReplicationGroupId"] == "sessions"
        assert each["CacheSubnetGroupName"] == "data"
        assert each["SecurityGroups"] == [{"SecurityGroupId": network.group, "Status": "active"}]
        assert each["AtRestEncryptionEnabled"] and each["TransitEncryptionEnabled"]
        assert each["SnapshotRetentionLimit"] == 5
        assert each["CacheNodes"][0]["CustomerAvailabilityZone"] == each["PreferredAvailabilityZone"]


def test_each_cache_node_has_an_interface_until_deleted(cache: Any, ec2: Any, network: Network) -> None:
    replication_group(cache, network)
    held = interfaces(ec2, network, "ElastiCache sessions-00")
    assert [each["SubnetId"] for each in held] == network.subnets
    assert [groups(each) for each in held] == [[network.group]] * 3

    cache.delete_replication_group(ReplicationGroupId="sessions")

    assert interfaces(ec2, network, "ElastiCache") == []
    assert cache.describe_cache_clusters()["CacheClusters"] == []


def test_sharded_group_has_members_in_every_shard(cache: Any, network: Network) -> None:
    read = replication_group(cache, network, NumNodeGroups=2, ReplicasPerNodeGroup=1, NumCacheClusters=4)

    assert read["ClusterEnabled"] is True
    assert [len(each["NodeGroupMembers"]) for each in read["NodeGroups"]] == [2, 2]
    assert len(cache.describe_cache_clusters()["CacheClusters"]) == 4


def test_changed_groups_reach_the_members(cache: Any, ec2: Any, network: Network) -> None:
    replication_group(cache, network)
    other = ec2.create_security_group(GroupName="other", Description="other", VpcId=network.vpc)["GroupId"]
    cache.modify_replication_group(ReplicationGroupId="sessions", SecurityGroupIds=[other], ApplyImmediately=True)

    assert {
        each["SecurityGroups"][0]["SecurityGroupId"] for each in cache.describe_cache_clusters()["CacheClusters"]
    } == {other}
    assert {groups(each)[0] for each in interfaces(ec2, network, "ElastiCache")} == {other}


def test_subnet_group_names_zones(cache: Any) -> None:
    subnets = cache.describe_cache_subnet_groups()["CacheSubnetGroups"][0]["Subnets"]

    assert [each["SubnetAvailabilityZone"] for each in subnets] == [{"Name": f"us-east-1{zone}"} for zone in "abc"]


def test_memcached_cluster_over_zones(cache: Any, ec2: Any, network: Network) -> None:
    cache.create_cache_cluster(
        CacheClusterId="pages", Engine="memcached", NumCacheNodes=3, AZMode="cross-az", CacheNodeType="cache.t4g.small",
        CacheSubnetGroupName="data", SecurityGroupIds=[network.group],
    )  # fmt: skip
    (cluster,) = cache.describe_cache_clusters(ShowCacheNodeInfo=True)["CacheClusters"]

    assert cluster["PreferredAvailabilityZone"] == "Multiple"
    assert cluster["NumCacheNodes"] == 3
    assert {each["CustomerAvailabilityZone"] for each in cluster["CacheNodes"]} == {f"us-east-1{z}" for z in "abc"}
    assert cluster["CacheNodes"][0]["Endpoint"]["Port"] == 11211
    assert len(interfaces(ec2, network, "ElastiCache pages")) == 3


def test_serverless_cache_is_stored_and_reachable_in_its_subnets(cache: Any, ec2: Any, network: Network) -> None:
    assert cache.describe_serverless_caches()["ServerlessCaches"] == []
    cache.create_serverless_cache(
        ServerlessCacheName="s", Engine="valkey", SubnetIds=network.subnets[:2], SecurityGroupIds=[network.group]
    )
    (found,) = cache.describe_serverless_caches(ServerlessCacheName="s")["ServerlessCaches"]

    assert (found["Endpoint"]["Port"], found["SecurityGroupIds"]) == (6379, [network.group])
    assert found["SubnetIds"] == network.subnets[:2]
    assert [groups(each) for each in interfaces(ec2, network, "VPC Endpoint Interface")] == [[network.group]] * 2
    with pytest.raises(cache.exceptions.ServerlessCacheNotFoundFault):
        cache.describe_serverless_caches(ServerlessCacheName="none")


def test_cache_parameters_are_kept(cache: Any) -> None:
    cache.create_cache_parameter_group(CacheParameterGroupName="p", CacheParameterGroupFamily="redis7", Description="p")
    cache.modify_cache_parameter_group(
        CacheParameterGroupName="p", ParameterNameValues=[{"ParameterName": "timeout", "ParameterValue": "60"}]
    )

    assert cache.describe_cache_parameter_groups()["CacheParameterGroups"][0]["CacheParameterGroupFamily"] == "redis7"
    assert cache.describe_cache_parameters(CacheParameterGroupName="p")["Parameters"][0]["ParameterValue"] == "60"


def test_cache_parameter_groups_have_tags_until_deleted(cache: Any) -> None:
    given = {"CacheParameterGroupName": "own", "CacheParameterGroupFamily": "valkey8", "Description": "d"}
    tags = [{"Key": "of", "Value": "shop"}]
    made = cache.create_cache_parameter_group(**given, Tags=tags)["CacheParameterGroup"]
    read = cache.list_tags_for_resource(ResourceName=made["ARN"])["TagList"]
    cache.delete_cache_parameter_group(CacheParameterGroupName="own")

    assert read == tags
    assert cache.describe_cache_parameter_groups()["CacheParameterGroups"] == []


def test_multi_az_instance_has_a_standby_zone(rds: Any, ec2: Any, network: Network) -> None:
    read = database(rds, network, MultiAZ=True)
    held = interfaces(ec2, network, "RDSNetworkInterface")

    assert (read["AvailabilityZone"], read["SecondaryAvailabilityZone"]) == ("us-east-1a", "us-east-1b")
    assert [each["SubnetId"] for each in held] == network.subnets[:2]
    assert [groups(each) for each in held] == [[network.group]] * 2


def test_instance_follows_its_changes(rds: Any, ec2: Any, network: Network) -> None:
    database(rds, network, MultiAZ=True)
    other = ec2.create_security_group(GroupName="other", Description="other", VpcId=network.vpc)["GroupId"]
    rds.modify_db_instance(
        DBInstanceIdentifier="db", MultiAZ=False, VpcSecurityGroupIds=[other], PubliclyAccessible=True,
        ApplyImmediately=True,
    )  # fmt: skip
    (held,) = interfaces(ec2, network, "RDSNetworkInterface")

    assert groups(held) == [other]
    assert held["Association"]["PublicIp"]
    assert "SecondaryAvailabilityZone" not in described(rds, "db")


def test_replica_is_an_instance_of_its_own(rds: Any, ec2: Any, network: Network) -> None:
    source = database(rds, network, MultiAZ=True)
    rds.create_db_instance_read_replica(DBInstanceIdentifier="copy", SourceDBInstanceIdentifier="db")
    copy = described(rds, "copy")

    assert copy["MultiAZ"] is False
    assert copy["AvailabilityZone"] == "us-east-1c"
    assert copy["DbiResourceId"] != source["DbiResourceId"]
    assert copy["DeletionProtection"] is False
    assert copy["ReadReplicaSourceDBInstanceIdentifier"] == "db"
    assert described(rds, "db")["ReadReplicaDBInstanceIdentifiers"] == ["copy"]
    assert len(interfaces(ec2, network, "RDSNetworkInterface")) == 3
    assert len(rds.describe_db_instances()["DBInstances"]) == 2


def test_aurora_members_carry_the_clusters_groups(rds: Any, ec2: Any, network: Network) -> None:
    rds.create_db_cluster(
        DBClusterIdentifier="db", Engine="aurora-postgresql", MasterUsername="shop", MasterUserPassword="only-a-test",
        DBSubnetGroupName="data", VpcSecurityGroupIds=[network.group],
    )  # fmt: skip
    for zone in "ab":
        rds.create_db_instance(
            DBInstanceIdentifier=f"db-{zone}", DBClusterIdentifier="db", Engine="aurora-postgresql",
            DBInstanceClass="db.r6g.large", AvailabilityZone=f"us-east-1{zone}",
        )  # fmt: skip
    held = interfaces(ec2, network, "RDSNetworkInterface")

    assert [each["SubnetId"] for each in held] == network.subnets[:2]
    assert [groups(each) for each in held] == [[network.group]] * 2
    assert [each["VpcSecurityGroupId"] for each in described(rds, "db-a")["VpcSecurityGroups"]] == [network.group]
    assert rds.describe_db_clusters()["DBClusters"][0]["MultiAZ"] is True


@pytest.mark.parametrize(("mode", "scales"), [("provisioned", False), ("serverless", True)])
def test_only_a_serverless_cluster_tells_how_it_scales(rds: Any, mode: str, scales: bool) -> None:
    rds.create_db_cluster(
        DBClusterIdentifier="db", Engine="aurora-postgresql", EngineMode=mode, MasterUsername="shop",
        MasterUserPassword="only-a-test",
    )  # fmt: skip

    assert ("ScalingConfigurationInfo" in rds.describe_db_clusters()["DBClusters"][0]) is scales


def test_proxy_is_read_back_with_groups_subnets_and_targets(rds: Any, ec2: Any, network: Network) -> None:
    database(rds, network)
    rds.create_db_proxy(
        DBProxyName="proxy", EngineFamily="POSTGRESQL", RoleArn="arn:aws:iam::123456789012:role/proxy",
        Auth=[{"AuthScheme": "SECRETS", "SecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:s"}],
        VpcSubnetIds=network.subnets[:2], VpcSecurityGroupIds=[network.group],
    )  # fmt: skip
    rds.register_db_proxy_targets(DBProxyName="proxy", DBInstanceIdentifiers=["db"])
    (proxy,) = rds.describe_db_proxies()["DBProxies"]
    (target,) = rds.describe_db_proxy_targets(DBProxyName="proxy")["Targets"]

    assert (proxy["VpcSubnetIds"], proxy["VpcSecurityGroupIds"]) == (network.subnets[:2], [network.group])
    assert (target["RdsResourceId"], target["TargetHealth"]["State"]) == ("db", "AVAILABLE")
    assert len(interfaces(ec2, network, "Network interface for DBProxy proxy")) == 2


def test_mount_target_has_its_own_kind_of_interface(session: boto3.Session, ec2: Any, network: Network) -> None:
    efs = session.client("efs")
    files = efs.create_file_system(CreationToken="f", Encrypted=True)["FileSystemId"]
    target = efs.create_mount_target(FileSystemId=files, SubnetId=network.subnets[0], SecurityGroups=[network.group])
    (held,) = interfaces(ec2, network, f"EFS mount target for {files} ({target['MountTargetId']})")
    assert (held["InterfaceType"], held["RequesterManaged"], groups(held)) == ("efs", True, [network.group])

    other = ec2.create_security_group(GroupName="other", Description="other", VpcId=network.vpc)["GroupId"]
    efs.modify_mount_target_security_groups(MountTargetId=target["MountTargetId"], SecurityGroups=[other])

    assert groups(interfaces(ec2, network, "EFS")[0]) == [other]


def test_file_system_backup_policy_can_be_put(session: boto3.Session) -> None:
    efs = session.client("efs")
    files = efs.create_file_system(CreationToken="f")["FileSystemId"]
    efs.put_backup_policy(FileSystemId=files, BackupPolicy={"Status": "ENABLED"})

    assert efs.describe_backup_policy(FileSystemId=files)["BackupPolicy"]["Status"] == "ENABLED"
    assert efs.describe_replication_configurations()["Replications"] == []


def test_certificate_is_issued_and_in_use_by_the_balancer(session: boto3.Session, network: Network) -> None:
    acm, elb = session.client("acm"), session.client("elbv2")
    certificate = acm.request_certificate(DomainName="shop.example.com", ValidationMethod="DNS")["CertificateArn"]
    arn = elb.create_load_balancer(Name="edge", Subnets=network.subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    for port in (443, 8443):
        elb.create_listener(
            LoadBalancerArn=arn, Protocol="HTTPS", Port=port, Certificates=[{"CertificateArn": certificate}],
            DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}],
        )  # fmt: skip
    read = acm.describe_certificate(CertificateArn=certificate)["Certificate"]

    assert (read["Status"], read["InUseBy"]) == ("ISSUED", [arn])
