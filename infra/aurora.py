"""PostgreSQL on Aurora: one volume over three zones, an instance that writes and others that read it."""

import pulumi
import pulumi_aws as aws

import iam_policies
from database import NAME, OWNER, VERSION
from firewall import DATABASE_PORT
from settings import Settings

ENGINE = aws.rds.EngineType.AURORA_POSTGRESQL


class Aurora(pulumi.ComponentResource):
    """A cluster of a writer and one to fifteen readers, spread over the zones; the first reader takes over."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        zones: list[str],
        subnets: list[aws.ec2.Subnet],
        security_group: aws.ec2.SecurityGroup,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the cluster in subnets of the given zones."""
        super().__init__("myclothes:index:Aurora", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(parent=self, protect=settings.protect)

        where = aws.rds.SubnetGroup(f"{name}-database", subnet_ids=[subnet.id for subnet in subnets], opts=child)
        parameters = aws.rds.ClusterParameterGroup(
            f"{name}-database",
            family=f"aurora-postgresql{VERSION}",
            parameters=[aws.rds.ClusterParameterGroupParameterArgs(name="rds.force_ssl", value="1")],
            opts=child,
        )
        cluster = aws.rds.Cluster(
            f"{name}-database",
            engine=ENGINE,
            engine_version=VERSION,
            storage_encrypted=True,
            database_name=NAME,
            master_username=OWNER,
            # RDS draws the password, keeps it in Secrets Manager and changes it every week.
            manage_master_user_password=True,
            port=DATABASE_PORT,
            db_subnet_group_name=where.name,
            vpc_security_group_ids=[security_group.id],
            db_cluster_parameter_group_name=parameters.name,
            backup_retention_period=settings.backup_days,
            delete_automated_backups=not settings.protect,
            copy_tags_to_snapshot=True,
            deletion_protection=settings.protect,
            skip_final_snapshot=not settings.final_snapshot,
            final_snapshot_identifier=f"{name}-last",
            opts=kept,
        )
        self._first: list[aws.rds.ClusterInstance] = []
        for number in range(1 + settings.database_readers):
            instance = aws.rds.ClusterInstance(
                f"{name}-database-{number}",
                cluster_identifier=cluster.id,
                engine=ENGINE,
                instance_class=settings.database_class,
                availability_zone=zones[number % len(zones)],
                db_subnet_group_name=where.name,
                publicly_accessible=False,
                promotion_tier=min(number, 15),
                copy_tags_to_snapshot=True,
                # The instance that is made first writes.
                opts=pulumi.ResourceOptions(parent=self, protect=settings.protect, depends_on=self._first),
            )
            self._first = self._first or [instance]
        secret_arn = cluster.master_user_secrets[0].secret_arn
        self.environment: dict[str, pulumi.Input[str]] = {
            "DATABASE_HOST": cluster.endpoint,
            "DATABASE_READER_HOSTS": cluster.reader_endpoint,
            "DATABASE_NAME": NAME,
            "DATABASE_USER": OWNER,
            "DATABASE_SECRET": secret_arn,
        }
        self.policy = iam_policies.allow(["secretsmanager:GetSecretValue"], secret_arn)
        self.register_outputs({"host": cluster.endpoint})
