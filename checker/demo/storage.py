"""The shop's data tier: sessions, database and shared files."""

from checker.demo.plan import Plan

PASSWORD = "only-for-the-emulator"  # noqa: S105  # no real account ever sees it
DAYS_OF_BACKUP = 7


def build(plan: Plan) -> None:
    """Create what the options ask for."""
    if plan.options.sessions == "cache":
        _cache(plan)
    else:
        _table(plan)
    _database_subnets(plan)
    if plan.options.database == "rds":
        _instances(plan)
    else:
        _aurora(plan)
    if plan.options.files:
        _files(plan)


def _zones(plan: Plan) -> list[str]:
    subnets = plan.client("ec2").describe_subnets(SubnetIds=plan.each("subnet.data"))["Subnets"]
    zones = {each["SubnetId"]: each["AvailabilityZone"] for each in subnets}
    return [zones[subnet] for subnet in plan.each("subnet.data")]


def _cache(plan: Plan) -> None:
    cache, name = plan.client("elasticache"), f"{plan.name}-cache"
    cache.create_cache_subnet_group(
        CacheSubnetGroupName=name, CacheSubnetGroupDescription="data tier", SubnetIds=plan.each("subnet.data")
    )
    cache.create_replication_group(
        ReplicationGroupId=name,
        ReplicationGroupDescription=f"sessions of {plan.name}",
        Engine="valkey",
        EngineVersion="8.0",
        CacheNodeType="cache.t4g.small",
        NumCacheClusters=3,
        AutomaticFailoverEnabled=True,
        MultiAZEnabled=True,
        CacheSubnetGroupName=name,
        SecurityGroupIds=[plan.ids["sg.cache"]],
        AtRestEncryptionEnabled=True,
        TransitEncryptionEnabled=True,
        TransitEncryptionMode="required",
        SnapshotRetentionLimit=DAYS_OF_BACKUP,
        Tags=plan.tags("cache"),
    )
    plan.ids["cache"] = plan.ids["cache.subnets"] = name


def _table(plan: Plan) -> None:
    dynamodb, name = plan.client("dynamodb"), f"{plan.name}-sessions"
    created = dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        SSESpecification={"Enabled": True, "SSEType": "KMS"},
        DeletionProtectionEnabled=True,
        Tags=plan.tags("table"),
    )["TableDescription"]
    plan.ids["table"], plan.ids["table.arn"] = name, created["TableArn"]
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
    dynamodb.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    if "vpce.dynamodb" not in plan.ids:
        endpoint = plan.client("ec2").create_vpc_endpoint(
            VpcId=plan.ids["vpc"],
            ServiceName=f"com.amazonaws.{plan.session.region_name}.dynamodb",
            VpcEndpointType="Gateway",
            RouteTableIds=plan.each("rt.app"),
            TagSpecifications=plan.tagged("vpc-endpoint", "vpce.dynamodb"),
        )
        plan.ids["vpce.dynamodb"] = endpoint["VpcEndpoint"]["VpcEndpointId"]


def _database_subnets(plan: Plan) -> None:
    name = f"{plan.name}-db"
    plan.client("rds").create_db_subnet_group(
        DBSubnetGroupName=name, DBSubnetGroupDescription="data tier", SubnetIds=plan.each("subnet.data")
    )
    plan.ids["db.subnets"] = name


def _instances(plan: Plan) -> None:
    rds, name, zones = plan.client("rds"), f"{plan.name}-db", _zones(plan)
    rds.create_db_instance(
        DBInstanceIdentifier=name,
        Engine="postgres",
        EngineVersion="16.4",
        DBInstanceClass="db.t4g.medium",
        AllocatedStorage=50,
        StorageType="gp3",
        StorageEncrypted=True,
        MasterUsername="shop",
        MasterUserPassword=PASSWORD,
        MultiAZ=True,
        DBSubnetGroupName=plan.ids["db.subnets"],
        VpcSecurityGroupIds=[plan.ids["sg.db"]],
        PubliclyAccessible=False,
        BackupRetentionPeriod=DAYS_OF_BACKUP,
        DeletionProtection=True,
        Tags=plan.tags("db"),
    )
    rds.create_db_instance_read_replica(
        DBInstanceIdentifier=f"{name}-replica",
        SourceDBInstanceIdentifier=name,
        DBInstanceClass="db.t4g.medium",
        AvailabilityZone=zones[-1],
        VpcSecurityGroupIds=[plan.ids["sg.db"]],
        PubliclyAccessible=False,
        DeletionProtection=True,
        Tags=plan.tags("db.replica"),
    )
    plan.ids["db"], plan.ids["db.replica"] = name, f"{name}-replica"


def _aurora(plan: Plan) -> None:
    rds, name, zones = plan.client("rds"), f"{plan.name}-db", _zones(plan)
    rds.create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-postgresql",
        EngineVersion="16.4",
        StorageEncrypted=True,
        MasterUsername="shop",
        MasterUserPassword=PASSWORD,
        DBSubnetGroupName=plan.ids["db.subnets"],
        VpcSecurityGroupIds=[plan.ids["sg.db"]],
        BackupRetentionPeriod=DAYS_OF_BACKUP,
        DeletionProtection=True,
        Tags=plan.tags("db"),
    )
    plan.ids["db"] = name
    for number, zone in enumerate(zones[:2]):
        rds.create_db_instance(
            DBInstanceIdentifier=f"{name}-{number}",
            DBClusterIdentifier=name,
            Engine="aurora-postgresql",
            DBInstanceClass="db.r6g.large",
            AvailabilityZone=zone,
            PubliclyAccessible=False,
            Tags=plan.tags(f"db.{number}"),
        )
        plan.ids[f"db.{number}"] = f"{name}-{number}"


def _files(plan: Plan) -> None:
    efs = plan.client("efs")
    created = efs.create_file_system(
        CreationToken=plan.name, Encrypted=True, Backup=True, ThroughputMode="elastic", Tags=plan.tags("fs")
    )
    plan.ids["fs"] = created["FileSystemId"]
    for zone, subnet in enumerate(plan.each("subnet.data")):
        target = efs.create_mount_target(
            FileSystemId=plan.ids["fs"], SubnetId=subnet, SecurityGroups=[plan.ids["sg.efs"]]
        )
        plan.ids[f"fsmt.{zone}"] = target["MountTargetId"]
