"""The documented stack, or one with a fault, judged in each dialect that can spell it."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from checker.app import Choices, check, judge, prepare, recognised
from checker.collect.aws.settings import LiveSettings
from checker.collect.aws.source import collect_live
from checker.collect.source import Execution, Inputs, silent
from checker.model.report import Report
from checker.resources.catalog import kinds
from tests.collect.exporting import export
from tests.live.account import REGION, Account, World
from tests.parity.recorded import document
from tests.parity.spelling import STACK, Fault, write_hcl, write_pulumi
from tests.parity.verdicts import Verdicts, verdicts

SHOP = "shop"
LIVE, EXPORTED = "live", "aws-json"
HCL, PLAN, PLAN_ALONE, STATE = "terraform-hcl", "terraform-plan", "terraform-plan-alone", "terraform-state"
PROGRAM, PREVIEW, PULUMI_STATE = "pulumi-program", "pulumi-preview", "pulumi-state"

# The account is built by whoever asks for it.
Judge = Callable[[Fault, Path, Callable[[], Account]], Verdicts]


def _audited(world: World, change: Sequence[Mapping[str, object]]) -> Verdicts:
    """Return the verdicts on a shop in an account after a change."""
    world.change(SHOP, *change)
    collection = collect_live(LiveSettings(regions=(REGION,), max_attempts=2), kinds(), silent)
    return verdicts(judge(collection, prepare(Choices())))


def _exported(world: World, change: Sequence[Mapping[str, object]]) -> Verdicts:
    """Return the verdicts on the files that people save of such an account."""
    world.change(SHOP, *change)
    with TemporaryDirectory() as folder:
        export(world.session, Path(folder) / "account")
        return verdicts(_judged(Path(folder) / "account"))


def _in_account(
    job: Callable[[World, Sequence[Mapping[str, object]]], Verdicts],
    fault: Fault,
    folder: Path,
    account: Callable[[], Account],
) -> Verdicts:
    found: Verdicts = account().run(job, fault.live)
    return found


def _of_hcl(fault: Fault, folder: Path, account: Callable[[], Account]) -> Verdicts:
    return verdicts(_judged(write_hcl(fault, folder / "hcl")))


@cache
def as_written(fault: Fault) -> Verdicts:
    """Return the verdicts on the configuration, which needs no account and nothing that was made before."""
    with TemporaryDirectory() as folder:
        return verdicts(_judged(write_hcl(fault, Path(folder) / "hcl")))


def _of_program(fault: Fault, folder: Path, account: Callable[[], Account]) -> Verdicts:
    # It is our own: where the system cannot keep it apart it is run all the same.
    execution = Execution(stack=STACK, python=Path(sys.executable), sandboxed=False)
    given = Inputs(execution=execution)
    return verdicts(check(recognised([write_pulumi(fault, folder)], PROGRAM), Choices(), given=given))


def _recorded(kind: str, beside: bool, fault: Fault, folder: Path, account: Callable[[], Account]) -> Verdicts:
    """Return the verdicts on a document of a real tool, its configuration `beside` it or not."""
    file = folder / f"{kind}.json"
    file.write_text(document(kind, fault.name), encoding="utf-8")
    return verdicts(_judged(file, program=write_hcl(fault, folder / "beside") if beside else None))


def _judged(path: Path, program: Path | None = None) -> Report:
    return check(recognised([path]), Choices(), given=Inputs(program=program))


DIALECTS: Mapping[str, Judge] = {
    LIVE: partial(_in_account, _audited),
    EXPORTED: partial(_in_account, _exported),
    HCL: _of_hcl,
    PLAN: partial(_recorded, "terraform-plan", True),
    PLAN_ALONE: partial(_recorded, "terraform-plan", False),
    STATE: partial(_recorded, "terraform-state", False),
    PROGRAM: _of_program,
    PREVIEW: partial(_recorded, "pulumi-preview", False),
    PULUMI_STATE: partial(_recorded, "pulumi-state", False),
}
