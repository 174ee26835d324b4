"""The parts of a plan's JSON that are read; all others are passed over without being decoded.

Source: https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

NULL = msgspec.Raw(b"null")


class Head(msgspec.Struct):
    """What tells whether a resource is of interest."""

    address: str
    type: str
    mode: str = "managed"
    provider_name: str = ""
    deposed: str | None = None


class Change(msgspec.Struct):
    """What becomes of a resource; `after_unknown` and `after_sensitive` have `true` where that holds."""

    actions: tuple[str, ...] = ()
    before: msgspec.Raw = NULL
    after: object = None
    after_unknown: object = None
    after_sensitive: object = None
    before_sensitive: object = None


class ResourceChange(msgspec.Struct):
    """A resource and its change."""

    address: str
    type: str
    change: Change
    mode: str = "managed"
    name: str = ""
    index: int | str | None = None
    module_address: str = ""


class Deferred(msgspec.Struct):
    """A change that this plan leaves for later."""

    reason: str = "unknown"
    resource_change: msgspec.Raw = NULL


class Drifted(msgspec.Struct):
    """A resource that was changed outside of Terraform."""

    address: str = ""
    type: str = ""


class Value(msgspec.Struct):
    """The value of a variable."""

    value: object = None


class ConfiguredResource(msgspec.Struct):
    """A resource block: expressions by attribute, and whether it stands for several instances."""

    address: str
    type: str = ""
    mode: str = "managed"
    provider_config_key: str = ""
    expressions: Mapping[str, object] = {}
    count_expression: Mapping[str, object] | None = None
    for_each_expression: Mapping[str, object] | None = None


class Output(msgspec.Struct):
    """An output of a module."""

    expression: Mapping[str, object] = {}


class ModuleCall(msgspec.Struct):
    """A call of a module, with what it is given."""

    module: ConfiguredModule
    expressions: Mapping[str, object] = {}
    count_expression: Mapping[str, object] | None = None
    for_each_expression: Mapping[str, object] | None = None


class ConfiguredModule(msgspec.Struct):
    """A module as it is written."""

    resources: list[msgspec.Raw] = []
    module_calls: dict[str, ModuleCall] = {}
    outputs: dict[str, Output] = {}


class ProviderConfig(msgspec.Struct):
    """A configuration of a provider."""

    name: str = ""
    expressions: Mapping[str, object] = {}


class Configuration(msgspec.Struct):
    """The program that was planned."""

    provider_config: dict[str, ProviderConfig] = {}
    root_module: ConfiguredModule = msgspec.field(default_factory=ConfiguredModule)


class ValuesModule(msgspec.Struct):
    """The resources of a module and of those inside it."""

    resources: list[msgspec.Raw] = []
    child_modules: list[ValuesModule] = []


class Values(msgspec.Struct):
    """What a state holds."""

    root_module: ValuesModule = msgspec.field(default_factory=ValuesModule)


class PriorState(msgspec.Struct):
    """The state before the plan, of which only data sources are read."""

    values: Values = msgspec.field(default_factory=Values)


class Plan(msgspec.Struct):
    """A plan as `terraform show -json` writes it."""

    format_version: str = ""
    terraform_version: str = ""
    variables: dict[str, Value] = {}
    resource_changes: list[msgspec.Raw] = []
    deferred_changes: list[Deferred] = []
    resource_drift: list[Drifted] = []
    prior_state: PriorState | None = None
    configuration: Configuration = msgspec.field(default_factory=Configuration)
    complete: bool | None = None
    errored: bool = False
