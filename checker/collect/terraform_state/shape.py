"""The parts of a state that are read; all others are passed over without being decoded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec


class Resource(msgspec.Struct):
    """An instance as `terraform show -json` tells it.

    Source: https://developer.hashicorp.com/terraform/internals/json-format#values-representation
    """

    address: str
    type: str
    mode: str = "managed"
    values: Mapping[str, object] | None = None
    sensitive_values: object = None
    tainted: bool = False
    deposed_key: str | None = None


class Module(msgspec.Struct):
    """A module, with those inside it."""

    resources: list[msgspec.Raw] = []
    child_modules: list[Module] = []


class Values(msgspec.Struct):
    """All that a state holds."""

    root_module: Module = msgspec.field(default_factory=Module)


class Step(msgspec.Struct):
    """One step of a path to a sensitive attribute."""

    type: str = ""
    value: object = None


class RawInstance(msgspec.Struct):
    """An instance as Terraform keeps it.

    Source: https://github.com/hashicorp/terraform/blob/main/internal/states/statefile/version4.go
    """

    index_key: int | str | None = None
    status: str = ""
    deposed: str = ""
    attributes: Mapping[str, object] | None = None
    sensitive_attributes: Sequence[Sequence[Step]] | None = None


class RawResource(msgspec.Struct):
    """A resource block's instances as Terraform keeps them."""

    type: str
    name: str
    mode: str = "managed"
    module: str = ""
    instances: list[RawInstance] = []


class Type(msgspec.Struct):
    """What tells whether a resource is of interest."""

    type: str = ""


class Document(msgspec.Struct):
    """Either form of a state, at its top."""

    format_version: str | None = None
    values: Values | None = None
    version: int | None = None
    resources: list[msgspec.Raw] | None = None
