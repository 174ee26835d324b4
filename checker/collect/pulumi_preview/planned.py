"""The resources that an update would leave standing, and those that it would take away or change.

Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/display/op.go
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from checker.collect.pulumi.registered import Registered
from checker.collect.pulumi.states import State, registered_of, stands_apart
from checker.collect.pulumi.values import decode
from checker.collect.pulumi_preview.dropped import dropped
from checker.collect.pulumi_preview.shape import Step
from checker.model.fact import Missing

_KEPT = frozenset({"same", "update", "refresh"})
_READ = frozenset({"read", "read-replacement"})
_GONE = frozenset({"delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace"})
# A step that stands for those of a replacement, and one that only says what the provider saw, give way to others.
_BESIDE = frozenset({"replace", "refresh"})
_SAME = "same"
# What an update computes anew, though it was told before.
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/launch_template (latest_version)
_ANEW = frozenset({"latestVersion", "tagsAll"})
_RETAINED = " (retained)"


@dataclass(frozen=True)
class Planned:
    """What there is after the update; `gone` is what was there before and is not as it was any more.

    `written` are the properties that the program itself gives each resource, by its URN.
    """

    registered: tuple[Registered, ...]
    gone: tuple[Registered, ...]
    written: Mapping[str, frozenset[str]]


def planned_of(steps: Iterable[Step], source: str, path: Path) -> Planned:
    """Return what steps leave standing: each resource once, as it will be."""
    found: dict[str, Registered] = {}
    written: dict[str, frozenset[str]] = {}
    gone: list[Registered] = []
    beside: set[str] = set()
    for step in steps:
        old, new = step.old_state, step.new_state
        if step.is_skipped:
            continue
        if old is not None and step.op != _SAME:
            gone.append(registered_of(old, _outputs(old), source, path, id_=old.known_id))
        if step.op in _GONE or new is None:
            for one in _retained(step, source, path):
                found.setdefault(one.urn, one)
            continue
        if step.urn in found and step.op in _BESIDE:
            continue
        if step.urn in found and step.urn not in beside and step.op == _SAME:
            continue
        (beside.add if step.op in _BESIDE else beside.discard)(step.urn)
        found[step.urn] = _after(step, new, source, path)
        written[step.urn] = frozenset(new.inputs or ())
    return Planned(tuple(found.values()), tuple(gone), written)


def _after(step: Step, new: State, source: str, path: Path) -> Registered:
    old = step.old_state if step.op in _KEPT else None
    id_ = new.known_id or (old.known_id if old is not None else None) or new.import_id or None
    if step.op in ("create", "create-replacement", "replace"):
        id_ = None
    inputs = decode(new.inputs or {})
    is_same = step.op == _SAME
    properties = {**inputs, **_outputs(old or new)} if is_same else {**_computed(step.op, new, old), **inputs}
    one = registered_of(new, properties, source, path, id_=id_)
    if not one.origin.line and old is not None:
        one = replace(one, origin=registered_of(old, {}, source, path, id_=None).origin)
    return replace(one, is_read=stands_apart(new.type)) if step.op in _READ else one


def _computed(op: str, new: State, old: State | None) -> dict[str, object]:
    """Return what the provider tells of a resource that the program does not."""
    if op in _READ:
        return _outputs(new)
    if new.outputs:
        planned = decode(new.outputs)
        return {name: value for name, value in planned.items() if not isinstance(value, Missing)}
    if old is None:
        return {}
    before, told = old.inputs or {}, _outputs(old)
    found = {name: value for name, value in told.items() if name not in before and name not in _ANEW}
    return {**found, **dropped(new, before, told)}


def _outputs(state: State) -> dict[str, object]:
    return decode(state.outputs or {})


def _retained(step: Step, source: str, path: Path) -> Iterator[Registered]:
    """Yield what a step would take out of the stack and leave standing.

    Source: https://www.pulumi.com/docs/iac/concepts/resources/options/retainondelete/
    """
    old = step.old_state
    if old is None or not old.retain_on_delete or old.external or not step.op.startswith("delete"):
        return
    properties = {**decode(old.inputs or {}), **_outputs(old)}
    one = registered_of(old, properties, source, path, id_=old.known_id)
    yield replace(one, urn=f"{one.urn}{_RETAINED}", name=f"{one.name}{_RETAINED}")
