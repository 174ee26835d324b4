"""Resources as the engine writes them into states and previews.

Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go (ResourceV3)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from checker.collect.pulumi.addresses import name_of
from checker.collect.pulumi.positions import place_of
from checker.collect.pulumi.registered import Registered
from checker.collect.pulumi.tokens import is_looked_up, terraform_type
from checker.collect.pulumi.values import hidden, is_unknown
from checker.model.record import Origin

# What Terraform can look up and is a part of something else all the same.
_PARTS = frozenset({"aws_route"})


class Frame(msgspec.Struct, rename="camel"):
    """One line of the stack of calls that led to a registration."""

    source_position: str = ""


class State(msgspec.Struct, rename="camel"):
    """A resource; what is not read of it is passed over."""

    urn: str = ""
    type: str = ""
    custom: bool = False
    delete: bool = False
    external: bool = False
    taint: bool = False
    id: str = ""
    inputs: Mapping[str, object] | None = None
    outputs: Mapping[str, object] | None = None
    provider: str = ""
    parent: str = ""
    property_dependencies: Mapping[str, Sequence[str] | None] | None = None
    pending_replacement: bool = False
    retain_on_delete: bool = False
    additional_secret_outputs: Sequence[str] | None = None
    import_id: str = msgspec.field(default="", name="importID")
    init_errors: Sequence[str] | None = None
    source_position: str = ""
    stack_trace: Sequence[Frame] | None = None

    @property
    def known_id(self) -> str | None:
        """Return the id, None where there is none yet."""
        return None if not self.id or is_unknown(self.id) else self.id


def stands_apart(token: str) -> bool:
    """Tell whether something that a program only reads (`get`) is a thing of its own, which stands elsewhere.

    What belongs to another, as a rule does to its group, is there for that one as if the program had made it.
    """
    type_ = terraform_type(token)
    return type_ is None or (is_looked_up(type_) and type_ not in _PARTS)


def registered_of(
    state: State, properties: Mapping[str, object], source: str, path: Path, *, id_: str | None
) -> Registered:
    """Return a resource with some properties, as it is told in a file."""
    positions = [state.source_position, *(frame.source_position for frame in state.stack_trace or ())]
    file, line = place_of(positions, path)
    return Registered(
        urn=state.urn,
        type=state.type,
        name=name_of(state.urn),
        properties=hidden(properties, state.additional_secret_outputs or ()),
        origin=Origin(source, file=file, line=line, address=state.urn),
        id=id_,
        is_custom=state.custom,
        is_read=state.external and stands_apart(state.type),
        parent=state.parent,
        provider=state.provider,
        needs={name: tuple(urns or ()) for name, urns in (state.property_dependencies or {}).items()},
    )
