"""Parts put into the records that they complete."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from checker.collect.terraform.inside import Inside
from checker.collect.terraform.instance import Instance
from checker.collect.terraform.namesakes import Namesakes
from checker.collect.terraform.types import DATA, canonical, family, is_global
from checker.model.fact import Missing
from checker.model.part import Part
from checker.model.record import ANYTHING, Gap

_SUPPLY = "give the value that it hangs on, or check a plan made where it is known"
# The key of a block's line, as readers of records know it.
_LINE = "~line"
# How many parts that could belong to anything each of these tells: one is enough not to know, a few are worth a look.
_MOST = 3
Pair = tuple[Instance, dict[str, object]]


def fold(by_type: Mapping[str, Sequence[Pair]], parts: Iterable[Part], inside: Inside, namesakes: Namesakes) -> None:
    """Put the values of each part into the values of its whole, under the part's type.

    Where it is not known whose a part is, or how many there are of it, every record it could belong to has a `Missing`
    in its list. `by_type` has canonical types.
    """
    wholes: dict[tuple[str, str], set[str]] = defaultdict(set)
    joins: list[Part] = []
    for part in parts:
        if part.to == "id":
            wholes[part.type, part.by].add(part.of)
        else:
            joins.append(part)
    for (type_, by), of in wholes.items():
        found = by_type.get(type_)
        owners = [pair for owner in sorted(of) for pair in by_type.get(owner, ())]
        if found and owners:
            _fold(type_, found, by, owners, inside)
            _leave_open(type_, found, by, owners, namesakes)
    for part in joins:
        _join(part, by_type.get(part.type, ()), by_type.get(part.of, ()), inside)


def lose(by_type: Mapping[str, Sequence[Pair]], parts: Iterable[Part], unread: Iterable[Gap]) -> None:
    """Put what could not be read into every record that it may have been a part of."""
    lost: dict[tuple[str, str, frozenset[str] | None], list[Missing]] = defaultdict(list)
    named: dict[tuple[str, frozenset[str]], Sequence[Pair]] = {}
    for gap in unread:
        lost[gap.type, gap.scope.region, gap.given].append(gap.missing)
    for type_, owner in sorted({(part.type, part.of) for part in parts if part.to == "id"}):
        wholes = by_type.get(owner, ())
        for (hidden, region, given), missing in lost.items() if wholes else ():
            if hidden in (type_, ANYTHING):
                if given is not None and (owner, given) not in named:
                    named[owner, given] = _among(wholes, given)
                _spread(type_, region, missing, wholes if given is None else named[owner, given])


def _among(wholes: Sequence[Pair], given: frozenset[str]) -> Sequence[Pair]:
    """Return the records that some texts name, look up or bring forth; a record of what stands outside always."""
    texts = "\n".join(given)
    origins = tuple(text for text in given if text.endswith("."))
    return [
        (instance, raw)
        for instance, raw in wholes
        if instance.type.startswith(DATA)
        or str(raw["id"]).startswith(origins)
        or f"{DATA}{canonical(instance.type)}" in texts
        or any(name in texts for name in _called(instance, raw))
    ]


def _called(instance: Instance, raw: Mapping[str, object]) -> Iterator[str]:
    """Yield all that a record is called by."""
    yield instance.address
    yield from (str(name) for key in ("id", "name", "arn") if isinstance(name := raw.get(key), str) and name)


def _fold(type_: str, found: Sequence[Pair], by: str, wholes: Sequence[Pair], inside: Inside) -> None:
    of: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for whole in wholes:
        of[family(whole[0].type), str(whole[1]["id"])].append(whole)
    families = {key[0] for key in of}
    strays: dict[str, list[Missing]] = defaultdict(list)
    for part, raw, value in ((one, into, value) for one, into in found for value in _values(into, by)):
        if isinstance(value, str):
            item: object = _number(part) if part.uncertain else raw
            found_in = ((name, inside.find(name, value) or str(value)) for name in sorted(families))
            owners = _nearest(part, [whole for key in found_in for whole in of.get(key, ())])
        else:
            strays[part.region].append(
                value if isinstance(value, Missing) else Missing(f"{part.address}: {by}", _SUPPLY)
            )
            continue
        for owner, into in owners:
            if item is raw and part.origin.line is not None and part.origin.file == owner.origin.file:
                raw[_LINE] = part.origin.line
            list_ = into.setdefault(type_, [])
            if isinstance(list_, list):
                list_.append(item)
    for region, missing in strays.items():
        _spread(type_, region, missing, wholes)


def _leave_open(type_: str, found: Sequence[Pair], by: str, wholes: Sequence[Pair], namesakes: Namesakes) -> None:
    """Put what may name a whole, and names none here for sure, into each whole that it may name."""
    owners = {owner.address: (owner, into) for owner, into in wholes}
    families = {family(owner.type) for owner, _ in wholes}
    open_: dict[str, list[Missing]] = defaultdict(list)
    told: Counter[tuple[str, str]] = Counter()
    for part, raw in found:
        for name in _names(_values(raw, by)):
            told[name, part.region] += 1
            for meant in namesakes.of(families, name, part) if told[name, part.region] <= _MOST else ():
                if is_global(meant.type) or _may_meet(part, meant):
                    fact = f"whether {name}, {by} of {part.address}, is {meant.address}"
                    open_[meant.address].append(Missing(fact, _SUPPLY))
    for address, missing in open_.items():
        if address in owners:
            _spread(type_, "", missing, [owners[address]])


def _spread(type_: str, region: str, missing: Sequence[Missing], wholes: Sequence[Pair]) -> None:
    """Put what it is not known whose it is into all that it could belong to: some of it says that there is more."""
    some = tuple(dict.fromkeys(missing))[:_MOST]
    for whole, into in wholes:
        list_ = into.setdefault(type_, []) if not region or not whole.region or region == whole.region else None
        if isinstance(list_, list):
            list_.extend(some)


def _join(part: Part, found: Sequence[Pair], wholes: Sequence[Pair], inside: Inside) -> None:
    """Put into each whole the values of those of its Region that it names itself, as far as they are here."""
    named: dict[str, list[Pair]] = defaultdict(list)
    for instance, raw in found:
        for name in _names(_values(raw, part.by)) if not instance.uncertain else ():
            named[name].append((instance, raw))
    for whole, into in wholes if named else ():
        for name in _names(_values(into, part.to)):
            for instance, raw in _nearest(whole, named.get(inside.find(part.type, name) or name, ())):
                list_ = into.setdefault(part.type, []) if _may_meet(instance, whole) else None
                if isinstance(list_, list) and not any(raw is item for item in list_):
                    list_.append(raw)


def _values(raw: object, path: str) -> Iterator[object]:
    """Yield each value at a path of fields, of every block and every item of a list on the way."""
    if isinstance(raw, (list, tuple)):
        for item in raw:
            yield from _values(item, path)
    elif path and isinstance(raw, Mapping):
        field, _, rest = path.partition(".")
        yield from _values(raw.get(field), rest)
    elif raw is not None:
        yield raw


def _names(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(name for name in values if isinstance(name, str))


def _nearest(instance: Instance, found: Sequence[Pair]) -> Sequence[Pair]:
    """Return those of one name that an instance can mean: of several, those of its own Region and account if any are.

    A single one is meant wherever it is: the accepter of a peering stands in another Region, a shared subnet in another
    account.
    """
    if len(found) < 2:
        return found
    near = [pair for pair in found if is_global(pair[0].type) or _may_meet(instance, pair[0])]
    own = [pair for pair in near if not instance.account or pair[0].account in ("", instance.account)]
    return own or near or found


def _may_meet(part: Instance, whole: Instance) -> bool:
    """Tell whether two instances could be of one Region."""
    return not part.region or not whole.region or part.region == whole.region


def _number(part: Instance) -> Missing:
    return Missing(f"how many {part.address} there are", _SUPPLY)
