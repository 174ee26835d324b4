"""Instances as records that the kinds can read: who they are, what the provider fills in, and what stands outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from checker.collect.terraform.apart import unsettle
from checker.collect.terraform.backward import leave_open
from checker.collect.terraform.filling import fill
from checker.collect.terraform.fold import Pair, fold, lose
from checker.collect.terraform.identity import identified
from checker.collect.terraform.inside import Inside
from checker.collect.terraform.instance import Instance
from checker.collect.terraform.namesakes import Namesakes
from checker.collect.terraform.outside import Outside
from checker.collect.terraform.places import scope_of
from checker.collect.terraform.strangers import strangers
from checker.collect.terraform.types import DATA, canonical
from checker.model.call import Listed
from checker.model.part import Part
from checker.model.record import Gap, Record, Scope, Status
from checker.model.symbol import Symbol

DIALECT = "terraform"
# The key of a record that stands for an unknown number of things, as readers of records know it.
_UNCERTAIN = "~uncertain"


def records(
    instances: Iterable[Instance], kinds: Sequence[Listed], unread: Sequence[Gap] = ()
) -> tuple[tuple[Record, ...], tuple[Gap, ...]]:
    """Return the records of an input's instances that the kinds read, and a gap for each that may or may not be there.

    An input is one world: what one instance names is looked up among all others. Records come in the order of the
    instances, those of what stands outside last. `unread` is what could not be read: each record that it may complete
    says so.
    """
    read = _Read.of(kinds)
    pairs, data, gaps = _identified(instances)
    inside = Inside(pairs)
    namesakes = Namesakes(pairs, inside)
    unsettle(pairs, inside)
    leave_open(pairs, namesakes)
    by_type: dict[str, list[Pair]] = defaultdict(list)
    for instance, raw in pairs:
        type_ = canonical(instance.type)
        fill(type_, raw)
        by_type[type_].append((instance, raw))
    outside = [(record, dict(record.raw)) for record in strangers(pairs, data, inside, read.types, DIALECT)]
    for record, raw in outside:
        by_type[record.type].append((_standing_for(record), raw))
    fold(by_type, read.parts, inside, namesakes)
    lose(by_type, read.parts, unread)
    found: list[Record] = []
    for instance, raw in pairs:
        type_ = canonical(instance.type)
        if type_ not in read.types:
            continue
        if instance.uncertain:
            if type_ not in read.by_number:
                gaps.append(_of_unknown_number(instance, type_))
            if type_ not in read.open_ended:
                continue
            raw[_UNCERTAIN] = True
        found.append(Record(DIALECT, type_, scope_of(instance), raw, instance.origin))
    found.extend(_completed(record, raw) for record, raw in outside)
    return tuple(found), tuple(dict.fromkeys(gaps))


def _standing_for(record: Record) -> Instance:
    """Return the instance that a thing outside would be, for what completes it here."""
    where = record.scope
    address = str(record.raw["id"])
    return Instance(
        address=address, type=record.type, values={}, origin=record.origin, region=where.region, account=where.account
    )


def _completed(record: Record, raw: dict[str, object]) -> Record:
    """Return the record of a thing outside with its parts that stand here."""
    if not isinstance(record.raw, Outside) or len(raw) == len(record.raw):
        return record
    return replace(record, raw=record.raw.with_known(raw))


def wanted(kinds: Sequence[Listed]) -> frozenset[str]:
    """Return the canonical types of resources and data sources that the kinds read, or whose parts they do."""
    read = _Read.of(kinds)
    parts = {name for part in read.parts for name in (part.type, part.of)}
    return frozenset(canonical(type_.removeprefix(DATA)) for type_ in read.types | parts)


@dataclass(frozen=True)
class _Read:
    """What the kinds read: types of records and their parts.

    Some kind takes an unknown number of the types in `open_ended`, and every kind that reads one of `by_number` does.
    """

    types: frozenset[str]
    parts: tuple[Part, ...]
    open_ended: frozenset[str]
    by_number: frozenset[str]

    @classmethod
    def of(cls, kinds: Sequence[Listed]) -> _Read:
        own = [(kind, {type_ for dialect, type_ in kind.spellings if dialect == DIALECT}) for kind in kinds]
        types = frozenset(type_ for _, some in own for type_ in some)
        open_ended = frozenset(type_ for kind in kinds for type_ in kind.open_ended)
        at_a_loss = {type_ for kind, some in own for type_ in some - kind.open_ended}
        parts = tuple(dict.fromkeys(part for kind in kinds for part in kind.parts))
        return cls(types, parts, open_ended, open_ended - at_a_loss)


def _identified(instances: Iterable[Instance]) -> tuple[list[Pair], list[Pair], list[Gap]]:
    """Return the resources and the data sources with their ids, and a gap for each whose id another has."""
    pairs: list[Pair] = []
    data: list[Pair] = []
    gaps: list[Gap] = []
    taken: dict[tuple[str, Scope, str], str] = {}
    for instance in instances:
        raw = identified(instance.type, instance.address, instance.values)
        if instance.is_data:
            data.append((instance, raw))
            continue
        key = (canonical(instance.type), scope_of(instance), str(raw["id"]))
        other = taken.setdefault(key, instance.address)
        if other != instance.address:
            gaps.append(_twice(instance, key, other))
            raw["id"] = Symbol(instance.address)
        pairs.append((instance, raw))
    return pairs, data, gaps


def _twice(instance: Instance, key: tuple[str, Scope, str], other: str) -> Gap:
    type_, scope, id_ = key
    return Gap(
        type=type_,
        scope=scope,
        item=instance.address,
        status=Status.UNREADABLE,
        error=f"{other} is called {id_} too",
        supply="give them different names, or the Region or account of each",
    )


def _of_unknown_number(instance: Instance, type_: str) -> Gap:
    return Gap(
        type=type_,
        scope=scope_of(instance),
        item=f"how many {instance.address} there are",
        status=Status.UNREADABLE,
        error=instance.number.fact,
        supply=instance.number.supply,
    )
