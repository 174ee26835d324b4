"""One run of checkov on instances that it cannot read: on a plan made of them, which nobody else sees."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from checker.collect.as_plan.document import Plan
from checker.collect.checkov.run import Checkov, run
from checker.model.peer import PeerFinding, PeerRun

_OWNER_ONLY = 0o600


def run_planned(checkov: Checkov, plan: Plan, path: Path, environment: Mapping[str, str]) -> PeerRun:
    """Return what checkov finds in a plan that was made of `path`, told of the place in the program.

    The plan lies in a folder of its own for as long as checkov runs.
    """
    with tempfile.TemporaryDirectory(prefix="tierproof-plan-") as folder:
        file = Path(folder) / "plan.json"
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "wb") as out:
            out.write(msgspec.json.encode(plan.document))
        found = run(checkov, file, environment, is_plan=True)
        own = file.as_posix()
    return replace(
        found,
        path=str(path),
        findings=tuple(_placed(finding, plan, path) for finding in found.findings),
        unread=tuple(path.as_posix() if name == own else name for name in found.unread),
        error=found.error.replace(own, "the plan made of it"),
        unknown=plan.unknown,
    )


def _placed(finding: PeerFinding, plan: Plan, path: Path) -> PeerFinding:
    """Return a finding with the resource's own address, file and line."""
    instance = plan.instances.get(finding.address)
    if instance is None:
        return replace(finding, file=path.as_posix(), line=None)
    origin = instance.origin
    return replace(
        finding,
        address=origin.address or instance.address,
        file=origin.file or path.as_posix(),
        line=origin.line,
    )
