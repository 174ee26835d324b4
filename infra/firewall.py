"""Who may talk to whom: each tier lets in the tier before it, by security group and on one port."""

import pulumi
import pulumi_aws as aws

from network import EVERYWHERE
from settings import Settings

APP_PORT = 8080
CACHE_PORT = 6379
DATABASE_PORT = 5432
FILES_PORT = 2049


class Firewall(pulumi.ComponentResource):
    """The security groups of all tiers. Every rule is a resource of its own: a review shows one rule as one change."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        vpc_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the groups of the tiers that a stack has, and the rules between them."""
        super().__init__("myclothes:index:Firewall", name, None, opts)
        self._name, self._vpc_id = name, vpc_id

        self.edge = self._group("edge", "Load balancer")
        self.app = self._group("app", "App instances")
        self.database = self._group("database", "Database")
        self.cache = self._group("cache", "Session cache") if settings.session_store == "cache" else None
        self.files = self._group("files", "Shared files") if settings.files else None

        self._from_world(443, "The world, by HTTPS")
        self._from_world(80, "The world, by HTTP, to be sent to HTTPS")
        self._let("edge", self.edge, "app", self.app, APP_PORT, "requests and health checks")
        self._let("app", self.app, "database", self.database, DATABASE_PORT, "queries")
        if self.cache:
            self._let("app", self.app, "cache", self.cache, CACHE_PORT, "sessions")
        if self.files:
            self._let("app", self.app, "files", self.files, FILES_PORT, "NFS")
        # AWS's services, package repositories and payment providers have no group that could be named.
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-app-to-services",
            security_group_id=self.app.id,
            description="AWS services, updates and payment providers, by HTTPS",
            cidr_ipv4=EVERYWHERE,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})

    def _group(self, tier: str, what: str) -> aws.ec2.SecurityGroup:
        return aws.ec2.SecurityGroup(
            f"{self._name}-{tier}",
            description=f"{what} of {self._name}",
            vpc_id=self._vpc_id,
            tags={"Name": f"{self._name}-{tier}"},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _from_world(self, port: int, description: str) -> None:
        aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-edge-from-world-{port}",
            security_group_id=self.edge.id,
            description=description,
            cidr_ipv4=EVERYWHERE,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _let(
        self,
        source_tier: str,
        source: aws.ec2.SecurityGroup,
        target_tier: str,
        target: aws.ec2.SecurityGroup,
        port: int,
        what: str,
    ) -> None:
        """Let one tier open connections to another: out of the one and into the other."""
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-{source_tier}-to-{target_tier}",
            security_group_id=source.id,
            description=f"To the {target_tier} tier: {what}",
            referenced_security_group_id=target.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-{target_tier}-from-{source_tier}",
            security_group_id=target.id,
            description=f"From the {source_tier} tier: {what}",
            referenced_security_group_id=source.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            opts=pulumi.ResourceOptions(parent=self),
        )
