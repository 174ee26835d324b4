"""One collection from plans: what there will be after the apply."""

from __future__ import annotations

import mmap
import re
from collections.abc import Collection as Container
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checker.collect.source import Inputs, Progress
from checker.collect.terraform.document import content_of, decoded, forget_pages, not_too_deep
from checker.collect.terraform.instance import Instance
from checker.collect.terraform.ledger import by_type, of_file, of_others
from checker.collect.terraform.records import records, wanted
from checker.collect.terraform.settle import settled
from checker.collect.terraform_plan.alongside import join_program
from checker.collect.terraform_plan.leaving import Gone, forget
from checker.collect.terraform_plan.planned import Planned
from checker.collect.terraform_plan.program import Program
from checker.collect.terraform_plan.reading import planned_of
from checker.collect.terraform_plan.regions import region_of
from checker.collect.terraform_plan.shape import Plan
from checker.collect.terraform_plan.wiring import Wiring
from checker.errors import SourceError, UsageError
from checker.model.call import Listed
from checker.model.record import ANYTHING, Collection, Comment, Coverage, Gap, Origin, Scope, Status

NAME = "terraform-plan"
_FORMAT = re.compile(r"1\.\d+")
_NOWHERE = Scope("", "")


def collect(paths: Sequence[Path], inputs: Inputs, kinds: Sequence[Listed], progress: Progress) -> Collection:
    """Return what `checker.collect.terraform_plan.source.PlanSource.collect` says, and raise what it raises.

    Several plans are one world: what one of them names may be in another.
    """
    types = wanted(kinds)
    every = _Every()
    for done, path in enumerate(paths):
        progress(str(path), done, len(paths))
        with not_too_deep(path):
            # Addresses are unique in one plan only.
            every.read(path, f"{path}:" if len(paths) > 1 else "", types, inputs)
    if inputs.program is not None and not every.is_joined:
        what = "the program there has none of the resources that were planned"
        raise UsageError(what, where=str(inputs.program), hint="give the folder that the plan was made in")
    placed = settled(every.instances)
    read, unread = records(placed, kinds, every.gaps)
    return Collection(
        source=NAME,
        records=read,
        gaps=(*unread, *every.gaps),
        coverage=(*every.lines, *by_type(NAME, placed)),
        comments=tuple(dict.fromkeys(every.comments)),
        paths=tuple(map(str, paths)),
        facts=of_others(every.others),
    )


@dataclass
class _Every:
    """What was read of all plans; `others` are the types of resources that nobody reads."""

    instances: list[Instance] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    lines: list[Coverage] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    is_joined: bool = False

    def read(self, path: Path, world: str, types: Container[str], inputs: Inputs) -> None:
        """Add what one plan holds; of the plan itself nothing is kept, which may be hundreds of megabytes."""
        with content_of(path) as content:
            plan = _decoded(path, content)
            # Each step looks at another part of the text.
            forget_pages(content)
            gone: list[Gone] = []
            planned = {one.address: one for one in planned_of(plan, path, types, self.others, gone)}
            forget_pages(content)
            wiring = _wiring(plan, planned, world, types)
            forget(planned.values(), gone)
            forget_pages(content)
        joined = join_program(plan, path, inputs, wiring, NAME)
        self.is_joined = self.is_joined or joined.is_joined
        found = _instances(plan, path, wiring)
        self.instances.extend(found)
        self.gaps.extend(_gaps(plan, path))
        self.comments.extend(joined.comments)
        self.lines.extend((of_file(NAME, path, len(found)), *_lines(plan, path), *joined.coverage))


def _decoded(path: Path, content: bytes | mmap.mmap) -> Plan:
    plan = decoded(path, content, Plan)
    if not plan.format_version:
        raise SourceError(
            "this is no Terraform plan: it has no format_version",
            where=str(path),
            hint="run: terraform show -json PLAN > plan.json",
        )
    if not _FORMAT.fullmatch(plan.format_version):
        raise SourceError(
            f"the plan is of format {plan.format_version}, and only 1.x is known",
            where=str(path),
            hint="write it with Terraform 1.1 or later, or update tierproof",
        )
    return plan


def _wiring(plan: Plan, planned: Mapping[str, Planned], world: str, types: Container[str]) -> Wiring:
    program = Program(plan.configuration, types)
    for one in planned.values():
        one.module = program.at(one.module_address)
        one.block = one.module.resources.get(one.block_address) if one.module else None
    return Wiring(program, planned, world)


def _instances(plan: Plan, path: Path, wiring: Wiring) -> Sequence[Instance]:
    return [
        Instance(
            address=f"{wiring.world}{one.address}",
            type=one.type,
            values=one.values(wiring.resolver(one)),
            origin=_origin(one, path),
            is_data=one.is_data,
            uncertain=one.uncertain,
            region=region_of(one, plan),
            account=one.written.instance.account if one.written else "",
        )
        for one in wiring.planned.values()
    ]


def _origin(one: Planned, path: Path) -> Origin:
    if one.written is None:
        return Origin(NAME, file=str(path), address=one.address)
    written = one.written.instance.origin
    return Origin(NAME, file=written.file, line=written.line, address=one.address)


def _gaps(plan: Plan, path: Path) -> Iterator[Gap]:
    if plan.errored:
        yield _anything(
            path, "planning failed, so the plan is not whole", "mend what `terraform plan` says, and plan again"
        )
    elif plan.complete is False:
        yield _anything(
            path,
            "the plan is not complete: it was made with -target, or leaves changes for later",
            "plan without -target",
        )


def _anything(path: Path, why: str, supply: str) -> Gap:
    return Gap(ANYTHING, _NOWHERE, f"the rest of {path}", Status.UNREADABLE, why, supply)


def _lines(plan: Plan, path: Path) -> Iterator[Coverage]:
    for gap in _gaps(plan, path):
        yield Coverage(NAME, gap.scope, gap.item, gap.status, 0, gap.error)
    for drifted in plan.resource_drift:
        item = f"{drifted.address} was changed outside of Terraform; the plan is judged, with what it does about it"
        yield Coverage(NAME, _NOWHERE, item, Status.OK)
    for deferred in plan.deferred_changes:
        item = f"a change that the plan leaves for later in {path}"
        yield Coverage(NAME, _NOWHERE, item, Status.UNREADABLE, 0, deferred.reason)
