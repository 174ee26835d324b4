"""Property values as Pulumi writes them in JSON: what is not known, secrets, assets, references and outputs.

Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/property-values.json
Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from checker.collect.pulumi.placeholders import Placeholders
from checker.collect.pulumi.registered import Reference, Text
from checker.collect.terraform.sensitive import concealed
from checker.model.fact import Missing

# What stands for a value that only an update would tell: one text for each type that it could have.
UNKNOWNS = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark of a secret, no secret
_ASSET = "c44067f5952c0a294b673a41bacd8c17"
_ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
_RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
# What the engine prints in the place of a secret.
HIDDEN = "[secret]"
# Properties that providers and the bridge keep for themselves.
# Source: https://github.com/pulumi/pulumi-terraform-bridge/blob/main/pkg/tfbridge/schema.go
_INTERNAL = "__"
_LATER = "(known after the update)"
_UPDATE = "audit the account after the update"
_SHOWN = "audit the account, or do not make it a secret"


def decode(raw: Mapping[str, object], placeholders: Mapping[str, tuple[str, str]] | None = None) -> dict[str, object]:
    """Return properties as `Registered.properties` has them; those that the engine keeps for itself are left out.

    `placeholders` are the texts that stand for a property (its owner's URN or the name of a look-up, its path): a text
    that is one becomes a `Reference`, one that contains some a `Text`. Of a secret only that much is known which
    betrays nobody. Several calls with the same many placeholders are faster with one `Placeholders` of them.
    """
    found = placeholders if isinstance(placeholders, Placeholders) else Placeholders(placeholders or {})
    decoder = _Decoder(found)
    return {key: decoder.value(value, key) for key, value in raw.items() if not key.startswith(_INTERNAL)}


def is_unknown(value: object) -> bool:
    """Tell whether a raw value is one of those that stand for what is not known."""
    return isinstance(value, str) and value in UNKNOWNS


def unknown(at: str) -> Missing:
    """Return what is missing where only an update tells a property."""
    return Missing(f"{at} {_LATER}", _UPDATE)


def is_told_later(missing: Missing) -> bool:
    """Tell whether something is missing because only an update tells it."""
    return missing.fact.endswith(_LATER)


def told_later(missing: Missing) -> str:
    """Return the path of what only an update tells."""
    return missing.fact.removesuffix(_LATER).rstrip()


@dataclass(frozen=True)
class _Decoder:
    placeholders: Placeholders

    def value(self, raw: object, at: str) -> object:
        """Return a raw value decoded; `at` is its path in the resource."""
        if isinstance(raw, str):
            if raw in UNKNOWNS:
                return unknown(at)
            return _secret(at) if raw == HIDDEN else self.placeholders.found_in(raw)
        if isinstance(raw, Mapping):
            sign = raw.get(SIGNATURE)
            return self._mapping(raw, at) if sign is None else self._signed(sign, raw, at)
        if isinstance(raw, Sequence):
            return [self.value(item, f"{at}[{index}]") for index, item in enumerate(raw)]
        return raw

    def _mapping(self, raw: Mapping[str, object], at: str) -> object:
        for key in raw:
            if key in UNKNOWNS or not isinstance(self.placeholders.found_in(key), str):
                return Missing(f"a key of {at} {_LATER}", _UPDATE)
        return {key: self.value(item, f"{at}.{key}") for key, item in raw.items() if not key.startswith(_INTERNAL)}

    def _signed(self, sign: object, raw: Mapping[str, object], at: str) -> object:
        match sign:
            case str() if sign == _SECRET:
                return self._secret(raw, at)
            case str() if sign == _OUTPUT:
                if "value" not in raw:
                    return unknown(at)
                inner = self.value(raw["value"], at)
                return _hidden(inner, at) if raw.get("secret") is True else inner
            case str() if sign == _RESOURCE:
                return self._resource(raw, at)
            case str() if sign in (_ASSET, _ARCHIVE):
                place = next((raw[key] for key in ("path", "uri") if isinstance(raw.get(key), str)), None)
                return Missing(f"{at} (a file or an archive)") if place is None else self.value(place, at)
            case _:
                return Missing(f"{at} (a value of a kind that is not known)", "update tierproof")

    def _secret(self, raw: Mapping[str, object], at: str) -> object:
        if "value" in raw:
            return _hidden(self.value(raw["value"], at), at)
        text = raw.get("plaintext")
        if not isinstance(text, str):
            return _secret(at)
        try:
            inner: object = json.loads(text)
        except ValueError:
            return _secret(at)
        return _hidden(self.value(inner, at), at)

    def _resource(self, raw: Mapping[str, object], at: str) -> object:
        """Return the id of the resource that is referred to: a custom one is passed as its id, a component as its URN.

        Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go (ResourceReference)
        """
        urn = raw.get("urn")
        if not isinstance(urn, str):
            return unknown(at)
        if "id" not in raw:
            return urn
        id_ = raw["id"]
        return Reference(urn, "id") if id_ in ("", None) or is_unknown(id_) else self.value(id_, at)


def hidden(properties: Mapping[str, object], names: Iterable[str]) -> dict[str, object]:
    """Return properties with some of them made secrets, as `additionalSecretOutputs` names them."""
    return {**properties, **{name: _hidden(properties[name], name) for name in names if name in properties}}


def _secret(at: str) -> Missing:
    return Missing(f"{at} (a secret)", _SHOWN)


def _hidden(value: object, at: str) -> object:
    """Return a secret as far as it may be used: what betrays nobody, and references, which only name.

    What may be used of it is what may be of Terraform's sensitive values.
    """
    if isinstance(value, Mapping):
        return {key: _hidden(item, f"{at}.{key}") for key, item in value.items()}
    if isinstance(value, list):
        return [_hidden(item, f"{at}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, Text):
        return _secret(at)
    found = concealed("", at, value)
    return _secret(at) if isinstance(found, Missing) and found is not value else value
