"""The software and pictures that all instances share, with an address in each zone."""

import pulumi
import pulumi_aws as aws

from settings import Settings


class Files(pulumi.ComponentResource):
    """A regional file system of EFS, encrypted and backed up."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        subnets: list[aws.ec2.Subnet],
        security_group: aws.ec2.SecurityGroup,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the file system and a mount target in each of the subnets, which lie in different zones."""
        super().__init__("myclothes:index:Files", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        self.file_system = aws.efs.FileSystem(
            f"{name}-files",
            encrypted=True,
            throughput_mode="elastic",
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self, protect=settings.protect),
        )
        for position, subnet in enumerate(subnets):
            aws.efs.MountTarget(
                f"{name}-files-{position}",
                file_system_id=self.file_system.id,
                subnet_id=subnet.id,
                security_groups=[security_group.id],
                opts=child,
            )
        aws.efs.BackupPolicy(
            f"{name}-files",
            file_system_id=self.file_system.id,
            backup_policy=aws.efs.BackupPolicyBackupPolicyArgs(status="ENABLED"),
            opts=child,
        )
        self.environment: dict[str, pulumi.Input[str]] = {"FILE_SYSTEM": self.file_system.id}
        self.register_outputs({"fileSystemId": self.file_system.id})
