"""Records of what an input names and does not hold: data sources, and ids that stand for nothing in it."""

from collections.abc import Collection, Iterator, Sequence

from checker.collect.terraform.fold import Pair
from checker.collect.terraform.inside import Inside
from checker.collect.terraform.instance import Instance
from checker.collect.terraform.outside import Outside
from checker.collect.terraform.places import scope_of
from checker.collect.terraform.references import references
from checker.collect.terraform.types import DATA, canonical
from checker.model.ids import group_id
from checker.model.record import Origin, Record, Scope
from checker.model.symbol import Symbol

_GROUP = "aws_security_group"


def strangers(
    pairs: Sequence[Pair], data: Sequence[Pair], inside: Inside, wanted: Collection[str], dialect: str
) -> Iterator[Record]:
    """Yield one record of the type `data.<type>` for each thing outside; `wanted` are the types that are read.

    What a data source looks up and the input manages too is the managed instance, where both tell the same id.
    """
    found: set[tuple[str, Scope, str]] = set()
    looked_up = Inside(data)
    for instance, raw in data:
        type_, id_ = f"{DATA}{canonical(instance.type)}", str(raw["id"])
        key = (type_, scope_of(instance), id_)
        if type_ in wanted and key not in found and inside.find(instance.type, id_) is None:
            found.add(key)
            yield Record(dialect, type_, key[1], Outside(instance.address, raw), instance.origin)
    for instance, raw in pairs:
        for target, name in _named(instance, raw):
            type_, scope = f"{DATA}{target}", scope_of(instance, target)
            key = (type_, scope, str(name))
            if (
                type_ in wanted
                and key not in found
                and not inside.has(target, name)
                and looked_up.find(target, name) is None
            ):
                found.add(key)
                origin = Origin(
                    instance.origin.source,
                    instance.origin.file,
                    instance.origin.line,
                    str(name) if isinstance(name, Symbol) else None,
                )
                yield Record(dialect, type_, scope, Outside(str(name), {"id": name}), origin)


def _named(instance: Instance, raw: dict[str, object]) -> Iterator[tuple[str, str]]:
    for target, value in references(canonical(instance.type), raw):
        for name in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(name, str):
                yield target, _without_account(name) if target == _GROUP and "/" in name else name


def _without_account(name: str) -> str:
    group = group_id(name)
    return Symbol(group) if isinstance(name, Symbol) else group
