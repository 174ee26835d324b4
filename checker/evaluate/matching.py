"""Which verdict of an earlier report is which of a later one, whatever became of lines, files and ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from checker.model.past import PastReport, PastResult, PastSubject


@dataclass(frozen=True)
class Match:
    """One verdict in two reports, None where one does not have it; `same_id` where the ids are equal."""

    old: PastResult | None
    new: PastResult | None
    same_id: bool = True


_Stacks = Mapping[str, str]
_Name = Callable[[PastResult, _Stacks], Hashable]


def _place(subject: PastSubject) -> tuple[str, ...]:
    return subject.account, subject.region, subject.kind, subject.id


def _stack(result: PastResult, stacks: _Stacks) -> str:
    return stacks.get(result.stack or "", "")


# What one verdict may be known by, the surest first; None where it has no such name. A line number is none of them.
_BY_ID: tuple[_Name, ...] = (
    lambda one, _: (one.key, one.subject.file),
    lambda one, _: one.key,
    lambda one, stacks: (one.rule, one.root, _place(one.subject), _stack(one, stacks)),
    lambda one, stacks: (one.rule, _place(one.subject), _stack(one, stacks)),
    lambda one, _: (one.rule, _place(one.subject)),
)
_BY_NAME: tuple[_Name, ...] = (
    lambda one, stacks: (
        one.subject.address and (one.rule, one.root, one.subject.kind, one.subject.address, _stack(one, stacks))
    ),
    lambda one, _: one.subject.address and (one.rule, one.subject.kind, one.subject.address),
    lambda one, stacks: (
        one.subject.name
        and (one.rule, one.subject.account, one.subject.region, one.subject.kind, one.subject.name, _stack(one, stacks))
    ),
    lambda one, stacks: one.subject.name and (one.rule, one.subject.kind, one.subject.name, _stack(one, stacks)),
    lambda one, _: one.subject.name and (one.rule, one.subject.kind, one.subject.name),
)


def match(old: PastReport, new: PastReport) -> tuple[Match, ...]:
    """Return every verdict of both reports once, in the order of the later one, then what only the earlier one has.

    Equal keys are the same verdict; then equal rules and subjects by id, address or name, where that leaves no choice.
    Two subjects whose accounts or Regions are known and different are never the same. Takes time linear in the results.
    """
    before = {stack.id: stack.name for stack in old.stacks}
    after = {stack.id: stack.name for stack in new.stacks}
    found: dict[int, tuple[PastResult, bool]] = {}
    left_old, left_new = dict(enumerate(old.results)), dict(enumerate(new.results))
    for names, same_id in ((_BY_ID, True), (_BY_NAME, False)):
        for name in names:
            olds, news = _called(left_old, name, before), _called(left_new, name, after)
            for called, indices in news.items():
                partners = olds.get(called, ())
                if len(indices) != 1 or len(partners) != 1:
                    continue
                one, other = left_old[partners[0]], left_new[indices[0]]
                if same_id or may_be_one(one.subject, other.subject):
                    found[indices[0]] = (one, same_id)
                    del left_old[partners[0]], left_new[indices[0]]
    pairs = [
        Match(found[index][0], one, found[index][1]) if index in found else Match(None, one)
        for index, one in enumerate(new.results)
    ]
    return (*pairs, *(Match(one, None) for one in left_old.values()))


def _called(results: Mapping[int, PastResult], name: _Name, stacks: _Stacks) -> Mapping[Hashable, Sequence[int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for index, one in results.items():
        if called := name(one, stacks):
            found[called].append(index)
    return found


def may_be_one(one: PastSubject, other: PastSubject) -> bool:
    """Tell whether nothing known says that two subjects stand in different accounts or Regions."""
    pairs = ((one.account, other.account), (one.region, other.region))
    return all(not mine or not theirs or mine == theirs for mine, theirs in pairs)
