"""Sessions in a cache: one primary and a replica in each further zone, one of which takes over by itself."""

import pulumi
import pulumi_aws as aws

from firewall import CACHE_PORT
from generated_secret import GeneratedSecret
from settings import Settings


class Cache(pulumi.ComponentResource):
    """A replication group of Valkey that asks for a password and talks TLS only."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        subnets: list[aws.ec2.Subnet],
        security_group: aws.ec2.SecurityGroup,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the cache with a node for each of the subnets, which lie in different zones."""
        super().__init__("myclothes:index:Cache", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        token = GeneratedSecret(
            f"{name}-cache-token", settings, description=f"Password of the session cache of {name}", opts=child
        )
        where = aws.elasticache.SubnetGroup(
            f"{name}-sessions", subnet_ids=[subnet.id for subnet in subnets], opts=child
        )
        self.group = aws.elasticache.ReplicationGroup(
            f"{name}-sessions",
            description=f"Sessions of {name}",
            engine="valkey",
            engine_version="8.0",
            node_type=settings.cache_node_type,
            port=CACHE_PORT,
            num_cache_clusters=len(subnets),
            multi_az_enabled=True,
            automatic_failover_enabled=True,
            subnet_group_name=where.name,
            security_group_ids=[security_group.id],
            at_rest_encryption_enabled=True,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            auth_token=token.value,
            snapshot_retention_limit=settings.backup_days,
            opts=pulumi.ResourceOptions(parent=self, protect=settings.protect),
        )
        self.environment: dict[str, pulumi.Input[str]] = {
            "CACHE_HOST": self.group.primary_endpoint_address,
            "CACHE_READER_HOST": self.group.reader_endpoint_address,
            "CACHE_SECRET": token.arn,
        }
        self.policy = token.policy
        self.register_outputs({"host": self.group.primary_endpoint_address})
