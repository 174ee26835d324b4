"""
File system in one zone.

What it checks
    A file system is regional, not of the One Zone class, and has mount targets in enough zones.

Why it matters
    Instances in a zone without a mount target lose the shared software with the zone that has it.

How to fix
    Use a regional file system with a mount target in each zone.

References
    https://docs.aws.amazon.com/efs/latest/ug/features.html
    https://docs.aws.amazon.com/efs/latest/ug/accessing-fs.html
"""

from collections.abc import Iterator

from checker.graph.owners import mount_targets
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.finding import Outcome, Severity, Unsettled, Violation, require
from checker.model.resource import Resource
from checker.resources.file_system import FileSystem
from checker.resources.mount_target import MountTarget
from checker.rules.interface import rule
from checker.rules.spread import spread
from checker.rules.subjects import members


@rule("AZ005", subject=members("files"), severity=Severity.HIGH)
def check(files: Member, view: View) -> Iterator[Outcome]:
    """Read the storage class, then count the zones of the mount targets."""
    owner = files.owner
    if isinstance(owner, FileSystem):
        regional = owner.zone.holds(lambda zone: zone is None)
        yield from require(
            regional, Violation(f"{owner.label} is of the One Zone class", "Move to a regional file system.")
        )
    missing = view.graph.index.missing(MountTarget, owner.scope)
    outcomes = tuple(spread(files, view, what="has mount targets", fix="Add a mount target in another zone."))
    if missing and not _all_listed(owner, view) and any(isinstance(outcome, Violation) for outcome in outcomes):
        yield Unsettled(f"the mount targets of {owner.label} were not all listed", missing)
    else:
        yield from outcomes


def _all_listed(owner: Resource, view: View) -> bool:
    """Tell whether a file system's own count says that no mount target is hidden, or that there are too few anyway."""
    if not isinstance(owner, FileSystem):
        return False
    enough = max(len(mount_targets(owner, view.graph.index)), view.blueprint.zones.at_least - 1)
    return owner.mount_targets.holds(lambda count: count <= enough).is_yes
