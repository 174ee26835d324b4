"""Names that one root module gives to what stands elsewhere, where another root module that is read has such things."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import chain

from checker.collect.terraform.fold import Pair
from checker.collect.terraform.inside import Inside
from checker.collect.terraform.references import named_by
from checker.collect.terraform.types import canonical, family
from checker.model.fact import Missing
from checker.model.symbol import Symbol

_SUPPLY = "give the value that it hangs on, or check a plan made where it is known"
# Between the root module and the rest of an address, where several are read as one.
_MARK = "//"


def unsettle(pairs: Iterable[Pair], inside: Inside) -> None:
    """Make unknown what names a thing outside of its own root and may be one of the same type in another root.

    A variable without a value or a look-up that was not found may lead to any of those that the other roots make. Where
    one root is read alone, what it only names is none of what it makes.
    """
    every = list(pairs)
    roots: dict[str, set[str]] = defaultdict(set)
    for instance, _ in every:
        roots[family(instance.type)].add(_root(instance.address))
    if len(set(chain.from_iterable(roots.values()))) < 2:  # one root alone
        return
    for instance, raw in every:
        own = _root(instance.address)

        def may_be(target: str, name: str, own: str = own) -> bool:
            return bool(roots.get(family(target), set()) - {own}) and not inside.has(target, name)

        raw.update(_unsettled(canonical(instance.type), "", raw, may_be))


def _root(address: str) -> str:
    return address.partition(_MARK)[0] if _MARK in address else ""


def _unsettled(
    type_: str, block: str, raw: Mapping[str, object], may_be: Callable[[str, str], bool]
) -> dict[str, object]:
    """Return the fields of a block that become unknown, all or in part."""
    found: dict[str, object] = {}
    for key, value in raw.items():
        targets = named_by(type_, block, key) if key != "id" else ()

        def told(item: object, targets: tuple[str, ...] = targets) -> object:
            if isinstance(item, Symbol) and any(may_be(target, item) for target in targets):
                return Missing(f"whether {item} is one of those in another root module", _SUPPLY)
            return item

        if isinstance(value, list):
            found[key] = [
                {**item, **_unsettled(type_, key, item, may_be)} if isinstance(item, Mapping) else told(item)
                for item in value
            ]
        elif targets:
            found[key] = told(value)
    return found
