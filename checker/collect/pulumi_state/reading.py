"""The resources of a state, and what it says of them that leaves them open."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from checker.collect.pulumi.registered import Registered
from checker.collect.pulumi.states import State, registered_of
from checker.collect.pulumi.tokens import terraform_type
from checker.collect.pulumi.values import decode
from checker.collect.pulumi_state.shape import Deployment, Head, Operation
from checker.collect.terraform.types import canonical
from checker.errors import SourceError
from checker.model.fact import Missing
from checker.model.record import ANYTHING, Coverage, Gap, Scope, Status

_HEAD = msgspec.json.Decoder(Head)
_STATE = msgspec.json.Decoder(State)
_NOWHERE = Scope("", "")
_SUPPLY = "run `pulumi refresh`, and export the stack again"


@dataclass
class Read:
    """What a state holds: `count` is how many resources of AWS it tells."""

    registered: list[Registered] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    lines: list[Coverage] = field(default_factory=list)
    count: int = 0


def read(deployment: Deployment, wanted: Collection[str], source: str, path: Path) -> Read:
    """Return the resources of a deployment that are of the `wanted` types, or of none of Terraform's.

    What is pending to be deleted after its replacement is left out, as what Terraform deposed is; so is what was
    deleted to be replaced. What the engine was about to create or delete may or may not be there.

    Raises:
        SourceError: a resource is not what Pulumi writes, or is told twice.
    """
    found = Read()
    pending = deployment.pending_operations or ()
    told: set[str] = set()
    inputs = {operation.resource.urn: dict[str, object]() for operation in pending}
    for number, raw in enumerate(deployment.resources or ()):
        head = _head(raw, number, path, told)
        type_ = terraform_type(head.type)
        if type_ is not None:
            found.count += 1
            if canonical(type_) not in wanted:
                continue
        try:
            state = _STATE.decode(raw)
        except msgspec.DecodeError as error:
            raise _bad(f"this is not what Pulumi writes: {error}", number, path) from error
        found.lines.extend(_remarks(state, source))
        if not state.delete and not state.pending_replacement:
            # What a resource became is told last: outputs hold what inputs left open.
            properties = {**decode(state.inputs or {}), **decode(state.outputs or {})}
            found.registered.append(registered_of(state, properties, source, path, id_=state.known_id))
            if state.urn in inputs:
                inputs[state.urn] = decode(state.inputs or {})
    if deployment.resources is not None:
        deployment.resources.clear()
    for operation in pending:
        _interrupted(operation, inputs[operation.resource.urn], found, source)
    return found


def _head(raw: msgspec.Raw, number: int, path: Path, told: set[str]) -> Head:
    """Return what tells a resource from others; `told` are the URNs so far, of which it is none."""
    try:
        head = _HEAD.decode(raw)
    except msgspec.DecodeError as error:
        raise _bad(f"this is not what Pulumi writes: {error}", number, path) from error
    if not head.urn or not head.type:
        raise _bad("the resource has no URN or no type", number, path)
    if not head.delete and head.urn in told:
        raise _bad(f"it tells of {head.urn} twice", number, path)
    if not head.delete:
        told.add(head.urn)
    return head


def _bad(what: str, number: int, path: Path) -> SourceError:
    return SourceError(what, where=f"{path}: resources[{number}]", hint="run: pulumi state repair, and export it again")


def _remarks(state: State, source: str) -> Iterator[Coverage]:
    if state.delete:
        yield _line(source, f"{state.urn} is replaced and has yet to be deleted: only what replaced it is judged")
    elif state.pending_replacement:
        yield _line(source, f"{state.urn} was deleted, and what replaces it is not there yet")
    elif state.taint:
        yield _line(source, f"{state.urn} is tainted: the next update replaces it; what there is now is judged")
    elif state.init_errors:
        yield _line(source, f"{state.urn} was not wholly set up; what there is now is judged")


def _interrupted(operation: Operation, before: Mapping[str, object], found: Read, source: str) -> None:
    """Take note of an operation that was under way: nobody knows what came of it; `before` is what was given before.

    Source: https://www.pulumi.com/docs/support/troubleshooting/common-issues/interrupted-updates/
    """
    state = operation.resource
    type_ = terraform_type(state.type)
    item = f"{operation.type} {state.urn}"
    error = "an update was interrupted, and what came of this is not known"
    if type_ is None and not state.type.startswith("aws"):
        return
    found.lines.append(Coverage(source, _NOWHERE, item, Status.UNREADABLE, 0, error))
    at = next((index for index, one in enumerate(found.registered) if one.urn == state.urn), None)
    if operation.type in ("creating", "importing") or at is None:
        if operation.type not in ("deleting", "reading"):
            found.gaps.append(
                Gap(canonical(type_) if type_ else ANYTHING, _NOWHERE, item, Status.UNREADABLE, error, _SUPPLY)
            )
    elif operation.type == "deleting":
        found.registered[at] = replace(found.registered[at], uncertain=True)
    elif operation.type == "updating":
        found.registered[at] = _changing(found.registered[at], before, decode(state.inputs or {}))


def _changing(one: Registered, before: Mapping[str, object], after: Mapping[str, object]) -> Registered:
    """Return a resource of which is not known what an update that was under way would have changed."""
    changed = [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]
    lost = {name: Missing(f"{name} (an update of it was interrupted)", _SUPPLY) for name in changed}
    return replace(one, properties={**one.properties, **lost})


def _line(source: str, item: str) -> Coverage:
    return Coverage(source, _NOWHERE, item, Status.OK)
