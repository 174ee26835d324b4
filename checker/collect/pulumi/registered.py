"""What all Pulumi sources tell of a resource: how the program registered it, and what became of it, if anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checker.model.record import Origin


@dataclass(frozen=True)
class Reference:
    """A property of another resource, named before it has a value: `Reference(urn, "id")` or `(urn, "dnsName")`.

    `urn` may also be the name of a look-up (an invoke), `property` is then a path into its answer. It stands for the
    whole of the property and nothing is known of it but whose it is.
    """

    urn: str
    property: str


@dataclass(frozen=True)
class Text:
    """A text that is known but for the references in it, such as a policy that names a table."""

    parts: tuple[str | Reference, ...]


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A resource as a program registers it, a preview plans it or a state holds it.

    `type` is its token (`aws:ec2/subnet:Subnet`). `properties` have Pulumi's names and shapes: None, bool, numbers,
    texts, lists and mappings, a `Reference`, a `Text`, and a `Missing` for what is not known or is a secret. Inputs
    and, where there are any, outputs are one mapping, outputs first. `id` is the real one, None before there is one.

    `parent` is a URN or empty; `provider` is `urn::id` as the engine writes it, empty where the default one serves.
    `needs` says which resources each property was made from (its name -> their URNs), as far as the SDK tells.
    `is_read` marks one that stands elsewhere and is only looked at (`get`, `external`), `is_remote` a component whose
    children are made by somebody else and are not seen. `uncertain` marks one that may or may not be made, or any
    number of times.
    Source: https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
    """

    urn: str
    type: str
    name: str
    properties: Mapping[str, object]
    origin: Origin
    id: str | None = None
    is_custom: bool = True
    is_remote: bool = False
    is_read: bool = False
    uncertain: bool = False
    parent: str = ""
    provider: str = ""
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LookedUp:
    """A function of a provider that the program called (`aws:ec2/getSubnets:getSubnets`): a data source.

    `name` is what references to its answer call it (`Reference.urn`), the same for the same token and arguments.
    `arguments` are as `Registered.properties`.
    """

    name: str
    token: str
    arguments: Mapping[str, object]
    origin: Origin
    provider: str = ""
