"""An EFS file system."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader

_GONE = ("deleting", "deleted", "error")


@dataclass(frozen=True, eq=False, kw_only=True)
class FileSystem(Resource):
    """A file system; `zone` is set for One Zone storage only, `mount_targets` counts them.

    Source: https://docs.aws.amazon.com/efs/latest/ug/API_FileSystemDescription.html
    """

    kind = "file_system"

    encrypted: Fact[bool]
    zone: Fact[str | None]
    mount_targets: Fact[int]
    active: Fact[bool]


def _from_api(reader: Reader) -> Iterator[FileSystem]:
    yield FileSystem(
        id=reader.must("FileSystemId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("Name"),
        arn=reader.plain("FileSystemArn") or None,
        tags=reader.tags(),
        encrypted=reader.flag("Encrypted", default=False),
        zone=reader.maybe("AvailabilityZoneName"),
        mount_targets=reader.number("NumberOfMountTargets"),
        active=reader.text("LifeCycleState", default="available").map(lambda state: state not in _GONE),
    )


KIND = Kind(
    type=FileSystem,
    spellings={("aws-api", "FileSystem"): _from_api},
    calls=(
        ListCall(
            service="efs",
            operation="describe_file_systems",
            type="FileSystem",
            result="FileSystems",
            page=("MaxItems", 100),
            action="elasticfilesystem:DescribeFileSystems",
        ),
    ),
)
