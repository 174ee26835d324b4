"""What policies judge by: those that share a blueprint and exceptions share one judgement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import msgspec
import yaml

from checker.app import Case, Choices, prepare
from checker.blueprints.document import parse
from checker.blueprints.references import check
from checker.blueprints.shape import shape
from checker.errors import CheckerError, ConfigurationError
from checker.evaluate.doubts import DISCOVERY
from checker.model.blueprint import Allowance, Blueprint
from tierproof_pack.configuration import Level, Settings
from tierproof_pack.policies import Policy


@dataclass(frozen=True)
class Bench:
    """Policies that are judged together, with how each is set, and the case that they are judged by."""

    policies: tuple[tuple[Policy, Settings], ...]
    case: Case


def benches(wanted: Mapping[Policy, Settings], folder: Path, today: date) -> tuple[Bench, ...]:
    """Return the policies that are on by what they are judged by; `blueprint` is relative to `folder`.

    Raises:
        ConfigurationError: a blueprint or an exception cannot be meant, by whichever policy, be it on or not.
    """
    groups: dict[tuple[str, tuple[Allowance, ...], bool], list[tuple[Policy, Settings]]] = defaultdict(list)
    for policy, setting in wanted.items():
        groups[setting.blueprint, setting.allow, policy.is_alone].append((policy, setting))
    made = []
    for (blueprint, allow, _), members in groups.items():
        case = _case(blueprint, allow, members, folder, today)
        if on := tuple((policy, setting) for policy, setting in members if setting.level is not Level.DISABLED):
            made.append(Bench(on, case))
    return tuple(made)


def _case(
    blueprint: str,
    allow: tuple[Allowance, ...],
    members: list[tuple[Policy, Settings]],
    folder: Path,
    today: date,
) -> Case:
    ids = tuple(dict.fromkeys(policy.rule.id for policy, _ in members if policy.rule.id != DISCOVERY.id))
    name = members[0][0].name
    if blueprint and not (folder / blueprint).is_file():
        # What `prepare` says of it is for who typed --blueprint.
        hint = "a blueprint is a file, looked for from the folder of the pack"
        raise ConfigurationError("there is no such file", where=f"{name}: {folder / blueprint}", hint=hint)
    try:
        case = prepare(Choices(blueprint=folder / blueprint if blueprint else None, select=ids, today=today))
    except CheckerError as error:
        raise ConfigurationError(error.what, where=f"{name}: {error.where}", hint=error.hint) from error
    if not allow:
        return case
    _refuse(allow, case.blueprint, name)
    running = tuple(item for item in allow if not item.until or date.fromisoformat(item.until) >= today)
    return replace(case, blueprint=msgspec.structs.replace(case.blueprint, allow=(*case.blueprint.allow, *running)))


def _refuse(allow: tuple[Allowance, ...], blueprint: Blueprint, policy: str) -> None:
    """Raise `ConfigurationError` for the first exception that would not be let pass in the blueprint itself."""
    whole = msgspec.to_builtins(msgspec.structs.replace(blueprint, allow=allow))
    document = parse(yaml.safe_dump(whole), policy)
    try:
        check(shape(document), document, tuple(blueprint.on_unknown))
    except ConfigurationError as error:
        raise ConfigurationError(f"allow: {error.what}", where=policy, hint=error.hint) from error
