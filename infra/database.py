"""PostgreSQL on RDS: one instance that is written to, with a standby in another zone, and its read replicas."""

import pulumi
import pulumi_aws as aws

from firewall import DATABASE_PORT
from generated_secret import GeneratedSecret
from settings import GROWTH, Settings

NAME, OWNER = "shop", "shop"
VERSION = "16"


class Database(pulumi.ComponentResource):
    """A Multi-AZ instance and one to five replicas, spread over the zones."""

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
        """Make the database in subnets of the given zones."""
        super().__init__("myclothes:index:Database", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(parent=self, protect=settings.protect)

        # RDS would keep the password itself, but not of an instance that has read replicas.
        # Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
        password = GeneratedSecret(
            f"{name}-database-password", settings, description=f"Password of the database of {name}", opts=child
        )
        where = aws.rds.SubnetGroup(f"{name}-database", subnet_ids=[subnet.id for subnet in subnets], opts=child)
        parameters = aws.rds.ParameterGroup(
            f"{name}-database",
            family=f"postgres{VERSION}",
            parameters=[aws.rds.ParameterGroupParameterArgs(name="rds.force_ssl", value="1")],
            opts=child,
        )
        writer = aws.rds.Instance(
            f"{name}-database",
            engine="postgres",
            engine_version=VERSION,
            instance_class=settings.database_class,
            storage_type="gp3",
            allocated_storage=settings.database_storage,
            max_allocated_storage=GROWTH * settings.database_storage,
            storage_encrypted=True,
            db_name=NAME,
            username=OWNER,
            password=password.value,
            port=DATABASE_PORT,
            multi_az=True,
            db_subnet_group_name=where.name,
            vpc_security_group_ids=[security_group.id],
            parameter_group_name=parameters.name,
            publicly_accessible=False,
            backup_retention_period=settings.backup_days,
            delete_automated_backups=not settings.protect,
            copy_tags_to_snapshot=True,
            deletion_protection=settings.protect,
            skip_final_snapshot=not settings.final_snapshot,
            final_snapshot_identifier=f"{name}-last",
            opts=kept,
        )
        # The writer's zone is AWS's choice: of two replicas in two zones one is always away from it.
        readers = [
            aws.rds.Instance(
                f"{name}-reader-{number}",
                replicate_source_db=writer.identifier,
                instance_class=settings.database_class,
                max_allocated_storage=GROWTH * settings.database_storage,
                storage_encrypted=True,
                availability_zone=zones[(number + 1) % len(zones)],
                vpc_security_group_ids=[security_group.id],
                parameter_group_name=parameters.name,
                publicly_accessible=False,
                copy_tags_to_snapshot=True,
                skip_final_snapshot=True,
                opts=child,
            )
            for number in range(settings.database_readers)
        ]
        self.environment: dict[str, pulumi.Input[str]] = {
            "DATABASE_HOST": writer.address,
            "DATABASE_READER_HOSTS": pulumi.Output.all(*(reader.address for reader in readers)).apply(",".join),
            "DATABASE_NAME": NAME,
            "DATABASE_USER": OWNER,
            "DATABASE_SECRET": password.arn,
        }
        self.policy = password.policy
        self.register_outputs({"host": writer.address})
