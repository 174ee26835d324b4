"""What several runs of one program agree on, which is what does not hang on anything that is not known.

Each run is told other placeholders, so that whatever a program makes of one is another thing in each. See
`docs/decisions/0019-evaluating-pulumi-programs.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from checker.collect.pulumi.registered import LookedUp, Reference, Registered
from checker.collect.pulumi_program.reading import Reading, unmarked
from checker.model.fact import Missing

_SUPPLY = "check a preview or a state of the stack, or audit the account"


@dataclass(frozen=True)
class Run:
    """What a run registered, whether it came to its end, and whether it was told placeholders for outputs."""

    reading: Reading
    is_whole: bool
    is_preview: bool = False


def agreed(runs: Sequence[Run]) -> tuple[tuple[Registered, ...], tuple[LookedUp, ...]]:
    """Return what the runs agree on; a run that broke off says nothing of what it does not register.

    A resource that a whole run lacks is uncertain, and so is one that a single run registers where look-ups may have
    decided it.
    """
    urns = dict.fromkeys(urn for run in runs for urn in run.reading.resources)
    resources = tuple(_resource(urn, runs) for urn in urns)
    names = dict.fromkeys(name for run in runs for name in run.reading.looked_up)
    return resources, tuple(found for name in names if (found := _look_up(name, runs)) is not None)


def _resource(urn: str, runs: Sequence[Run]) -> Registered:
    having = [(run, run.reading.resources[urn]) for run in runs if urn in run.reading.resources]
    sure = sum(not run.is_preview for run, _ in having) > 1
    # A preview lacks what a callback registers that waits for what is known.
    lacking = any(run.is_whole and not (run.is_preview and sure) for run in runs if urn not in run.reading.resources)
    alone = len(having) == 1 and (not having[0][0].is_preview or bool(having[0][0].reading.looked_up))
    told = [(run, one) for run, one in having if not run.is_preview]
    planned = next((one for run, one in having if run.is_preview), None)
    properties: Mapping[str, object]
    if planned is None:
        properties = _met([one.properties for _, one in told])
    else:
        known = _met([one.properties for _, one in told]) if len(told) > 1 else {}
        properties = {
            name: _filled(value, known.get(name), [one.properties.get(name, _ABSENT) for _, one in told], name)
            for name, value in planned.properties.items()
        }
    if len(having) == 1:
        properties = {name: unmarked(value, having[0][0].reading.marker, name) for name, value in properties.items()}
    first = planned or having[0][1]
    return replace(
        first,
        properties=properties,
        id=first.id if all(one.id == first.id for _, one in having) else None,
        provider=first.provider if len({_unversioned(one.provider) for _, one in having}) == 1 else "",
        needs=_needs([one for _, one in having]),
        uncertain=lacking or alone,
    )


_ABSENT = object()


def _filled(planned: object, known: object, told: Sequence[object], at: str) -> object:
    """Return a property of a preview: what only an update tells is what both other runs agree on."""
    if isinstance(planned, Missing):
        return planned if known is None else known
    for other in told:
        planned = planned if isinstance(other, Missing) else _meet(planned, other, at)
    return planned


def _unversioned(provider: str) -> str:
    """Return the URN of a provider, whose id is a placeholder."""
    return provider.rpartition("::")[0]


def _look_up(name: str, runs: Sequence[Run]) -> LookedUp | None:
    having = [run.reading.looked_up[name] for run in runs if name in run.reading.looked_up]
    if len(having) < sum(run.is_whole for run in runs):
        return None  # nothing that is agreed on refers to it
    return replace(having[0], arguments=_met([one.arguments for one in having]))


def _needs(having: Sequence[Registered]) -> dict[str, tuple[str, ...]]:
    names = dict.fromkeys(name for one in having for name in one.needs)
    return {name: tuple(sorted({urn for one in having for urn in one.needs.get(name, ())})) for name in names}


def _met(told: Sequence[Mapping[str, object]]) -> dict[str, object]:
    first, *others = told
    found = dict(first)
    for other in others:
        found = _met_mappings(found, other, "")
    return found


def _met_mappings(one: Mapping[str, object], other: Mapping[str, object], at: str) -> dict[str, object]:
    names = dict.fromkeys((*one, *other))
    return {
        name: _meet(one.get(name, _ABSENT), other.get(name, _ABSENT), f"{at}.{name}" if at else name) for name in names
    }


def _meet(one: object, other: object, at: str) -> object:
    """Return what two runs agree on: the value, the parts of it that are the same, or that it is not known."""
    if isinstance(one, Missing):
        return one
    if isinstance(other, Missing):
        return other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return _met_mappings(one, other, at)
    if isinstance(one, list) and isinstance(other, list):
        return _met_lists(one, other, at)
    if type(one) is type(other) and one == other:
        return one
    return Missing(f"{at} (hangs on what only an update tells)", _SUPPLY)


def _met_lists(one: list[object], other: list[object], at: str) -> object:
    """Return what two lists have in common.

    Lists that are looked up are shorter in the second run and may be empty in truth: of what is made of them nothing is
    kept but what is looked up itself.
    """
    common = [_meet(mine, its, f"{at}[{index}]") for index, (mine, its) in enumerate(zip(one, other, strict=False))]
    if len(one) == len(other):
        return common
    rest = Missing(f"how many items {at} has", _SUPPLY)
    return [*common, rest] if common and all(isinstance(item, Reference) for item in common) else rest
