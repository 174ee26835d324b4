"""What the parsers of Terraform's records have in common: who a thing is, and fields and lists with holes.

Source: https://developer.hashicorp.com/terraform/internals/json-format#values-representation
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypedDict

from checker.model.fact import Fact, Known, Listing, Missing, known_or, merge
from checker.model.ids import managed_type
from checker.model.record import Gap, Origin, Scope
from checker.model.symbol import Symbol
from checker.resources.reader import Reader, unsettled


class Common(TypedDict):
    """The fields that every resource has."""

    id: str
    scope: Scope
    origin: Origin
    name: str
    arn: str | None
    tags: Fact[Mapping[str, str]]


def common(reader: Reader, name: str = "", *, id: str = "", tagged: Fact[Mapping[str, str]] | None = None) -> Common:
    """Return the fields that every resource has.

    `name` is the attribute that names it where no tag does, `id` an id of another kind than the record's, and `tagged`
    its tags where they are not told as tags.
    """
    return {
        "id": id or str(reader.must("id")),
        "scope": reader.scope,
        "origin": reader.origin,
        "name": (reader.settled(name) if name else "") or _name_tag(reader),
        "arn": arn_of(reader),
        "tags": tags(reader) if tagged is None else tagged,
    }


def arn_of(reader: Reader) -> str | None:
    """Return the ARN, or the symbol that stands for it before there is one."""
    return reader.plain("arn") or None


def tags(reader: Reader) -> Fact[Mapping[str, str]]:
    """Return the tags, the provider's default ones included where they are told.

    The provider leaves `tags_all` to the apply where a resource has no tags at all.
    """
    every = reader.tag_map("tags_all")
    return every if reader.has("tags_all") and isinstance(every, Known) else reader.tag_map()


def _name_tag(reader: Reader) -> str:
    return known_or(tags(reader), {}).get("Name", "") or reader.settled("tags.Name")


def is_set(reader: Reader, field: str) -> bool:
    """Tell whether a field says something, known or not; the provider takes an empty text or list for none.

    Source: https://developer.hashicorp.com/terraform/plugin/sdkv2/schemas/schema-behaviors (zero values)
    """
    return reader.raw.get(field) not in (None, "", [])


def mappings(reader: Reader, key: str) -> Listing[Reader]:
    """Return a reader for each mapping of a list as far as they are known, and what is missing of the list."""
    value = reader.raw.get(key)
    entries = value if isinstance(value, (list, tuple)) else () if value is None else (value,)
    readers, missing = [], []
    for entry in entries:
        if isinstance(entry, Mapping):
            readers.append(Reader(entry, reader.scope, reader.origin, "", reader, key))
        else:
            missing.append(_hole(reader, key, entry))
    return Listing(tuple(readers), tuple(dict.fromkeys(missing)))


def each_value(reader: Reader, key: str) -> Iterator[Reader]:
    """Yield a reader for each value of a list, which has it under the same key; for a list not known, one for it."""
    value = reader.raw.get(key)
    entries = value if isinstance(value, (list, tuple)) else () if value is None else (value,)
    for entry in entries:
        yield Reader({key: entry}, reader.scope, reader.origin, "", reader, key)


def _hole(reader: Reader, key: str, entry: object) -> Missing:
    if isinstance(entry, Missing):
        return entry
    if isinstance(entry, Gap):
        return entry.missing
    return unsettled(entry) if isinstance(entry, Symbol) else merge(reader.unknown(key).missing)[0]


def attribute(reader: Reader, key: str) -> str:
    """Return what an attribute of a record is called: its value, else the symbol that a reference to it gives."""
    value = reader.raw.get(key)
    return str(value) if isinstance(value, str) and value else f"{reader.must('id')}.{key}"


def owner_of(reader: Reader, key: str = "owner_id") -> Fact[str]:
    """Return the account that a thing belongs to: that of the provider which makes it, where it is not told."""
    told = reader.text(key, default=reader.scope.account)
    return told if isinstance(told, Known) else Known(reader.scope.account)


def resource_of(symbol: str) -> str:
    """Return the type of the managed resource that a symbol is of, empty for other symbols and for plain texts."""
    return managed_type(symbol) if isinstance(symbol, Symbol) else ""
