"""The instances that a plan leaves standing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import msgspec

from checker.collect.terraform.addresses import modules_of, prefix, steps
from checker.collect.terraform.types import canonical
from checker.collect.terraform_plan.leaving import Gone, is_told_elsewhere
from checker.collect.terraform_plan.planned import FORGOTTEN, Planned
from checker.collect.terraform_plan.shape import Head, Plan, ResourceChange, ValuesModule
from checker.errors import SourceError

_HEAD = msgspec.json.Decoder(Head)
_CHANGE = msgspec.json.Decoder(ResourceChange)
_MAPPING = msgspec.json.Decoder(dict[str, object] | None)
# What leaves everything that there was as it was.
_HARMLESS = frozenset({"no-op", "read", "create", "forget"})
# What a state tells of an instance whose number a plan could not tell.
_OF_UNKNOWN_NUMBER = "instance_count_unknown"


class _StateResource(msgspec.Struct):
    address: str
    type: str
    mode: str = "managed"
    index: int | str | None = None
    values: Mapping[str, object] = {}
    sensitive_values: object = None


_STATE_RESOURCE = msgspec.json.Decoder(_StateResource)


def planned_of(
    plan: Plan, path: Path, wanted: Collection[str], types: list[str], gone: list[Gone]
) -> Iterator[Planned]:
    """Yield each instance of the `wanted` types that there is after the apply; the types of all others go to `types`.

    What other resources may still tell, though it will not be so any more, goes to `gone`.

    What is destroyed is left out, and what is replaced is told once, as it will be. What Terraform only forgets goes on
    to exist. Data sources come as they were read before.

    Raises:
        SourceError: a part is not what Terraform writes.
    """
    try:
        if plan.prior_state is not None:
            yield from _looked_up(plan.prior_state.values.root_module)
        for raw in plan.resource_changes:
            yield from _changed(raw, wanted, types, gone)
        plan.resource_changes.clear()
        for deferred in plan.deferred_changes:
            for one in _changed(deferred.resource_change, wanted, types, gone):
                one.uncertain = deferred.reason == _OF_UNKNOWN_NUMBER
                yield one
    except msgspec.DecodeError as error:
        raise SourceError(f"this is not what Terraform writes: {error}", where=str(path)) from error


def _looked_up(module: ValuesModule) -> Iterator[Planned]:
    """Yield what data sources found, of every type: the program may put it anywhere, as it does the names of zones."""
    for raw in module.resources:
        head = _HEAD.decode(raw)
        if head.mode == "data":
            one = _STATE_RESOURCE.decode(raw)
            yield Planned(
                one.address,
                one.type,
                one.index,
                _module(one.address),
                one.values,
                {},
                one.sensitive_values,
                is_data=True,
            )
    for child in module.child_modules:
        yield from _looked_up(child)


def _changed(raw: msgspec.Raw, wanted: Collection[str], types: list[str], gone: list[Gone]) -> Iterator[Planned]:
    head = _HEAD.decode(raw)
    if head.deposed is not None:
        return
    if canonical(head.type) not in wanted:
        types.append(head.type)
        return
    one = _CHANGE.decode(raw)
    change = one.change
    is_data = one.mode == "data"
    module = one.module_address or _module(one.address)
    if not _HARMLESS.issuperset(change.actions) and is_told_elsewhere(one.type):
        before = _MAPPING.decode(change.before)
        if before is not None:
            gone.append(Gone(one.type, before))
    if "forget" in change.actions:
        before = _MAPPING.decode(change.before)
        if before is not None:
            address = one.address if change.after is None else f"{one.address}{FORGOTTEN}"
            yield Planned(address, one.type, one.index, module, before, {}, change.before_sensitive)
    if isinstance(change.after, Mapping):
        unknown = change.after_unknown
        yield Planned(
            one.address, one.type, one.index, module, change.after, unknown, change.after_sensitive, is_data=is_data
        )


def _module(address: str) -> str:
    """Return the address of the module that a resource's address begins with."""
    path = steps(address)
    depth = 0
    while depth + 1 < len(path) and path[depth] == ("module", None):
        depth += 2
    names = ".".join(name for name, _ in path[:depth])
    return prefix(modules_of(names) if depth == 0 else path[1:depth:2]).removesuffix(".")
