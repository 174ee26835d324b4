"""What a team configures of a policy: its level, blueprint, exceptions, and what becomes of what is not known.

Source: https://www.pulumi.com/docs/iac/crossguard/configuration/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Literal, get_args

import msgspec

from checker.errors import ConfigurationError
from checker.model.blueprint import Allowance
from tierproof_pack.policies import Policy, policies

OnUnknown = Literal["fail", "report", "ignore"]
Blocks = Literal["claimed", "every"]


class Level(Enum):
    """What a violation does to the update."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    DISABLED = "disabled"


@dataclass(frozen=True)
class Settings:
    """How one policy is set; `on_unknown` None leaves it to the blueprint, `blueprint` "" is the pack's own."""

    level: Level
    blueprint: str = ""
    allow: tuple[Allowance, ...] = ()
    on_unknown: OnUnknown | None = None
    blocks: Blocks = "claimed"


@dataclass(frozen=True)
class Own:
    """What a pack sets for all of its policies that are not configured otherwise."""

    blueprint: str = ""
    blocks: Blocks = "claimed"


_BLUEPRINT: Mapping[str, object] = {
    "type": "string",
    "description": "The architecture to prove: a file, relative to the pack. Without one it is tierproof's own.",
}
_OF_STACK: Mapping[str, Mapping[str, object]] = {
    "blueprint": _BLUEPRINT,
    "allow": {
        "type": "array",
        "items": {"type": "object"},
        "description": "Exceptions as the blueprint's `allow` has them: from, to, ports, reason, owner, until.",
    },
    "on_unknown": {
        "type": "string",
        "enum": list(get_args(OnUnknown)),
        "description": "What cannot be decided: violate at the policy's level, be advisory (default), or stay unsaid.",
    },
}
_OF_RESOURCE: Mapping[str, Mapping[str, object]] = {
    "blueprint": _BLUEPRINT,
    "blocks": {
        "type": "string",
        "enum": list(get_args(Blocks)),
        "description": "Whose creation a mandatory policy blocks: of what the blueprint or a tag claims for a stack "
        "(default; others are told of), or of every resource of the kind.",
    },
}


def called(name: str) -> Policy:
    """Return the policy of a name; raises `ConfigurationError` with the closest one."""
    known = {policy.name: policy for policy in policies()}
    if name in known:
        return known[name]
    near = [one for one in known if one.startswith(f"{name}-")] or get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "docs/crossguard.md tells what they are called"
    raise ConfigurationError(f"there is no policy {name!r}", hint=hint)


def schema(policy: Policy) -> Mapping[str, Mapping[str, object]]:
    """Return the JSON schema of each property that a policy can be configured by."""
    return _OF_RESOURCE if policy.is_alone else _OF_STACK


def default(policy: Policy, own: Own) -> Settings:
    """Return how a policy is set that nobody configured."""
    level = Level.MANDATORY if policy.is_mandatory else Level.ADVISORY
    return Settings(level, own.blueprint, blocks=own.blocks)


def settings(policy: Policy, level: Level, given: Mapping[str, object], own: Own) -> Settings:
    """Return how a policy is set; raises `ConfigurationError` for what cannot be meant."""
    known = schema(policy)
    for key, value in given.items():
        if key not in known:
            near = get_close_matches(key, known, n=1, cutoff=0.6)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
            raise ConfigurationError(f"unknown key {key!r}", where=policy.name, hint=hint)
        allowed = known[key].get("enum")
        if isinstance(allowed, list) and value not in allowed:
            raise ConfigurationError(
                f"{key} cannot be {value!r}", where=policy.name, hint=f"one of: {', '.join(allowed)}"
            )
    try:
        return msgspec.convert({**msgspec.to_builtins(own), **given, "level": level.value}, Settings)
    except msgspec.ValidationError as error:
        raise ConfigurationError(
            _plain(str(error)), where=policy.name, hint="docs/crossguard.md shows an example"
        ) from error


def _plain(text: str) -> str:
    """Return what msgspec says of a value, with the place in words of the configuration."""
    what, _, place = text.partition(" - at `$.")
    return f"{place.rstrip('`')}: {what}" if place else what
