"""Which program a plan was made from, and the joining of the two by address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from checker.collect.source import Inputs
from checker.collect.terraform.instance import Instance
from checker.collect.terraform.shapes import has_program
from checker.collect.terraform_plan.beside import Written, agree
from checker.collect.terraform_plan.planned import Planned
from checker.collect.terraform_plan.shape import Plan
from checker.collect.terraform_plan.wiring import Wiring
from checker.model.record import Comment, Coverage, Scope, Status

_WHERE = Scope("", "")


@dataclass(frozen=True)
class Joined:
    """How a plan was joined with a program, if it was: the comments beside its lines, and the lines of the ledger."""

    is_joined: bool = False
    comments: tuple[Comment, ...] = ()
    coverage: tuple[Coverage, ...] = ()


def join_program(plan: Plan, path: Path, inputs: Inputs, wiring: Wiring, source: str) -> Joined:
    """Give each instance of a plan what its program says of it, where there is a program.

    That is the folder that was named, or else the plan's own folder if a program is there. A program that has none of
    the plan's resources is not its program.
    """
    folder = inputs.program or (path.parent if has_program(path.parent) else None)
    if folder is None:
        return Joined()
    from checker.collect.terraform_plan.told import Told, evaluated  # the parser of HCL is loaded only where it is used

    variables = {name: value.value for name, value in plan.variables.items()}
    # What is looked up only while applying has marks of what is not known.
    found = {one.address: one.shown for one in wiring.planned.values() if one.is_data and not one.unknown}
    program = evaluated(folder, Told(variables, found), source)
    managed = [one for one in wiring.planned.values() if not one.is_data]
    written = [one for one in managed if one.address in program.instances]
    if managed and not written:
        line = f"the program in {folder} has none of the plan's resources: it was not used"
        return Joined(coverage=(Coverage(source, _WHERE, line, Status.OK),))
    differing = list(_joined(written, program.instances, wiring))
    lines = [Coverage(source, _WHERE, f"the program in {folder}, for the wiring", Status.OK, len(written))]
    lines.extend(
        Coverage(source, _WHERE, f"{address} is written otherwise in {folder} than it was planned", Status.OK)
        for address in differing
    )
    return Joined(is_joined=True, comments=program.comments, coverage=tuple(lines))


def _joined(planned: Iterable[Planned], program: Mapping[str, Instance], wiring: Wiring) -> Iterable[str]:
    """Join each instance and yield the addresses of those that the program tells otherwise, which are left alone."""
    for one in planned:
        instance = program[one.address]
        if agree(one.after, instance.values):
            one.written = Written(instance, wiring.name)
        else:
            yield one.address
