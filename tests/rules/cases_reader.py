"""Cases of rules as they stand in `cases/<ID>.yaml`, and the changes that make a world of each."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import yaml

from checker.blueprints.document import parse
from checker.blueprints.references import check
from checker.blueprints.shape import shape
from checker.model.blueprint import Blueprint
from checker.resources.inventory import Inventory
from checker.rules.catalog import rules
from tests.rules.notation import UNKNOWN
from tests.rules.world import Fields, Spec, build

HERE = Path(__file__).parent
STACKS, CASES = HERE / "stacks", HERE / "cases"
DEFAULT_BLUEPRINT = HERE.parents[1] / "policies" / "blueprints" / "three_tier_web.yaml"
_KEYS = {"given", "change", "blueprint", "expect", "doubts"}


@dataclass(frozen=True)
class Expected:
    """What a case wants to be said of one subject; `path` are resources that occur on the path in this order."""

    subject: str
    verdict: str
    state: str | None = None
    severity: str | None = None
    path: tuple[str, ...] = ()
    message: str = ""


@dataclass(frozen=True)
class Case:
    """One world and what a rule says of it; `doubts` is a text that a doubt of discovery must have, if given."""

    rule: str
    name: str
    given: str
    change: Sequence[Mapping[str, object]]
    blueprint: Mapping[str, object]
    expect: tuple[Expected, ...]
    doubts: str | None

    @property
    def verdicts(self) -> frozenset[str]:
        """Return the verdicts that are expected."""
        return frozenset(item.verdict for item in self.expect)

    def world(self) -> Inventory:
        """Return the inventory after all changes."""
        spec, gaps = changed(stack(self.given), self.change)
        return build(spec, gaps)


def cases() -> Iterator[Case]:
    """Yield every case, by rule and in the order of its file."""
    for path in sorted(CASES.glob("*.yaml")):
        yield from read(path)


def read(path: Path) -> Iterator[Case]:
    """Yield the cases of one file; raises `ValueError` for an unknown key."""
    document = yaml.load(path.read_text(), yaml.CSafeLoader)
    for name, raw in document["cases"].items():
        if unknown := set(raw) - _KEYS:
            raise ValueError(f"{path.name}: {name}: no such key: {', '.join(sorted(unknown))}")
        expect = tuple(_expected(subject, wanted) for subject, wanted in (raw.get("expect") or {}).items())
        given, change = raw.get("given", "documented"), tuple(_flat(raw.get("change", ())))
        yield Case(path.stem, name, given, change, raw.get("blueprint", {}), expect, raw.get("doubts"))


def _flat(changes: Sequence[object]) -> Iterator[Mapping[str, object]]:
    """Yield the changes of a list in which lists may stand: changes that several cases share, by a YAML alias."""
    for change in changes:
        if isinstance(change, Mapping):
            yield change
        elif isinstance(change, list):
            yield from _flat(change)


def _expected(subject: str, wanted: str | Mapping[str, object]) -> Expected:
    if isinstance(wanted, str):
        return Expected(subject, wanted)
    known = dict(wanted)
    return Expected(subject, path=tuple(known.pop("path", ())), **known)  # type: ignore[arg-type]  # checked by the class


@cache
def stack(name: str) -> Spec:
    """Return the spec of a stack's file; do not change it."""
    return yaml.load((STACKS / f"{name}.yaml").read_text(), yaml.CSafeLoader)  # type: ignore[no-any-return]  # a spec


def changed(spec: Spec, changes: Sequence[Mapping[str, object]]) -> tuple[Spec, tuple[str, ...]]:
    """Return a spec after `changes` and the kinds whose listing they leave incomplete.

    A change is `set: {kind, id, field: value}`, `add: {kind, id, like, field: value}` (`like` names a resource to
    copy), `remove: {kind, id}`, `unknown: {kind, id, field}` or `gap: kind`. `id` is a pattern with `*`, or a list of
    them, except in `add`. Raises `ValueError` for one that fits nothing.
    """
    found, gaps = copy.deepcopy(spec), []
    for change in changes:
        ((verb, what),) = change.items()
        if verb == "gap":
            gaps.append(str(what))
            continue
        if not isinstance(what, Mapping):
            raise TypeError(f"not a change: {change}")
        _make(found, verb, what)
    return found, tuple(gaps)


def _make(spec: Spec, verb: str, what: Fields) -> None:
    kind, id = str(what["kind"]), what["id"]
    fields = {name: value for name, value in what.items() if name not in ("kind", "id", "like", "field")}
    items = spec.setdefault(kind, {})
    if verb == "add":
        if id in items:
            raise ValueError(f"there is a {kind} {id} already")
        items[str(id)] = {**(copy.deepcopy(items[str(what["like"])]) if "like" in what else {}), **fields}
        return
    for one in _fitting(items, id, kind):
        match verb:
            case "set":
                items[one].update(fields)
            case "remove":
                del items[one]
            case "unknown":
                items[one][str(what["field"])] = UNKNOWN
            case _:
                raise ValueError(f"no such change: {verb}")


def _fitting(items: Mapping[str, object], wanted: object, kind: str) -> list[str]:
    patterns = wanted if isinstance(wanted, list) else [wanted]
    for pattern in patterns:
        if not any(fnmatchcase(id, str(pattern)) for id in items):
            raise ValueError(f"no {kind} fits {pattern}")
    return [id for id in items if any(fnmatchcase(id, str(pattern)) for pattern in patterns)]


def blueprint(change: Mapping[str, object]) -> Blueprint:
    """Return the default blueprint with `change` merged over it, mapping by mapping; lists are replaced."""
    return _blueprint(yaml.safe_dump(change))


@cache
def _blueprint(change: str) -> Blueprint:
    merged = _merged(yaml.safe_load(DEFAULT_BLUEPRINT.read_text()), yaml.safe_load(change))
    document = parse(yaml.safe_dump(merged, sort_keys=False), "case")
    found = shape(document)
    check(found, document, [rule.id for rule in rules()])
    return found


def _merged(one: object, two: object) -> object:
    if not isinstance(one, Mapping) or not isinstance(two, Mapping):
        return two
    return {**one, **{key: _merged(one[key], value) if key in one else value for key, value in two.items()}}
