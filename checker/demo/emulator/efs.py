"""EFS: the interface behind a mount target, and the backup and replication actions moto lacks."""

import json
from functools import cache
from typing import Any

from moto.efs.models import EFSBackend
from moto.efs.responses import EFSResponse

from checker.demo.emulator import interfaces
from checker.demo.emulator.patching import replaces

JSON = {"Content-Type": "application/json"}


@cache
def apply() -> None:
    """
    Patch moto's EFS models.

    Source: https://docs.aws.amazon.com/efs/latest/ug/API_MountTargetDescription.html
    """
    interfaces.apply()

    @replaces(EFSBackend, "create_mount_target")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        target = original(self, *args, **kwargs)
        if not target.security_groups:
            target.security_groups = [self.ec2_backend.get_default_security_group(target.vpc_id).id]
        description = f"EFS mount target for {target.file_system_id} ({target.mount_target_id})"
        held = self.ec2_backend.enis[target.network_interface_id]
        interfaces.own(held, description=description, groups=lambda: target.security_groups, kind="efs")
        return target

    def put_backup_policy(self: Any) -> tuple[str, dict[str, str]]:
        wanted = self._get_param("BackupPolicy")["Status"]
        file_system = self.efs_backend.file_systems_by_id[self._get_param("FileSystemId")]
        enabled = wanted in ("ENABLED", "ENABLING")
        file_system._backup = enabled
        file_system.__dict__["tierproof_backup"] = {"Status": "ENABLED" if enabled else "DISABLED"}
        return json.dumps({"BackupPolicy": file_system.__dict__["tierproof_backup"]}), JSON

    @replaces(EFSBackend, "describe_backup_policy")
    def _(original: Any, self: Any, file_system_id: str) -> Any:
        put = self.file_systems_by_id[file_system_id].__dict__.get("tierproof_backup")
        return put or original(self, file_system_id)

    def describe_replication_configurations(self: Any) -> tuple[str, dict[str, str]]:
        del self
        return json.dumps({"Replications": []}), JSON

    for action in (put_backup_policy, describe_replication_configurations):
        setattr(EFSResponse, action.__name__, action)
