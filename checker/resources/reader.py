"""Typed reading of a raw record: what is absent or of another type becomes a fact that is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, Never, TypeVar

from checker.model.addresses import Cidr
from checker.model.fact import Fact, Known, Missing, Unknown, known_or
from checker.model.record import Gap, Origin, Record, Scope
from checker.model.symbol import Symbol

T = TypeVar("T")


class _Required:
    """The mark of a field without a default."""


REQUIRED = _Required()
# Keys that a source adds to what it read: the line of a nested block, and whether a record stands for any number.
LINE = "~line"
UNCERTAIN = "~uncertain"
_IDS = ("Id", "Identifier", "Arn", "Name")


# Facts never change, so those that are found everywhere are made once.
_NONE: Fact[None] = Known(None)
_EMPTY: Fact[tuple[Never, ...]] = Known(())
_NO_TAGS: Fact[Mapping[str, str]] = Known({})
_FLAGS: Mapping[bool, Fact[bool]] = {True: Known(True), False: Known(False)}


class Reader(NamedTuple):
    """One mapping of a raw record.

    Every method takes a dotted path of keys. A field that is absent (or null) reads as `default`, and as `Unknown`
    where there is none; one of another type, an unresolved value or a `Gap` reads as `Unknown` always.

    Each method first asks for the type that the field nearly always has: an account has a hundred thousand records.
    """

    raw: Mapping[str, object]
    scope: Scope
    origin: Origin
    type: str = ""
    within: Reader | None = None
    path: str = ""

    @classmethod
    def of(cls, record: Record) -> Reader:
        """Return the reader of a whole record."""
        return cls(record.raw, record.scope, record.origin, record.type)

    @property
    def label(self) -> str:
        """Return what to call the mapping: the record's type and name, and the path to it."""
        if self.within is not None:
            return f"{self.within.label}.{self.path}"
        if address := self.origin.label or self.origin.address:
            return address
        own = [self.type + ending for ending in _IDS]
        names = (self.raw[key] for key in (*own, *self.raw) if key.endswith(_IDS) and key in self.raw)
        name = next((name for name in names if isinstance(name, str)), "")
        return f"{self.type} {name}".strip()

    def text(self, path: str, default: str | _Required = REQUIRED) -> Fact[str]:
        """Return a string; a number or a truth value is written out, a time in ISO 8601.

        Terraform makes texts of what is given to an argument that takes a text.
        Source: https://developer.hashicorp.com/terraform/language/expressions/types#type-conversion
        """
        value = self._find(path)
        return Known(value) if type(value) is str else self._made(path, value, default, _text)

    def maybe(self, path: str) -> Fact[str | None]:
        """Return a string, or `None` where the field is absent or empty."""
        value = self._find(path)
        if value is None or value == "":
            return _NONE
        return Known(value) if type(value) is str else self._made(path, value, None, lambda found: _text(found) or None)

    def id(self, path: str) -> Fact[str]:
        """Return what another thing is called by: a string, or the symbol of one that an apply would settle."""
        return self._named(path, REQUIRED, _name)

    def maybe_id(self, path: str) -> Fact[str | None]:
        """Return what another thing is called by, or `None` where the field is absent or empty."""
        return self._named(path, None, lambda value: _name(value) or None)

    def ids(self, path: str, field: str = "") -> Fact[tuple[str, ...]]:
        """Return the names of a list, or the `field` of each of its mappings; an absent list is empty."""
        if field:
            return self.each(path, lambda item: item.id(field))
        return self._named(path, (), _names)

    def flag(self, path: str, default: bool | _Required = REQUIRED) -> Fact[bool]:
        """Return a truth value; the strings `true` and `false` count."""
        value = self._find(path)
        return _FLAGS[value] if type(value) is bool else self._made(path, value, default, _flag)

    def maybe_flag(self, path: str) -> Fact[bool | None]:
        """Return a truth value, or `None` where the field is absent."""
        return self._read(path, None, _flag)

    def number(self, path: str, default: int | _Required = REQUIRED) -> Fact[int]:
        """Return a whole number; its text counts."""
        return self._read(path, default, _number)

    def maybe_number(self, path: str) -> Fact[int | None]:
        """Return a whole number, or `None` where the field is absent."""
        value = self._find(path)
        return Known(value) if type(value) is int else self._made(path, value, None, _number)

    def cidr(self, path: str) -> Fact[Cidr]:
        """Return a block of addresses."""
        return self._read(path, REQUIRED, lambda value: Cidr.parse(_text(value)))

    def texts(self, path: str, field: str = "") -> Fact[tuple[str, ...]]:
        """Return the strings of a list, or the `field` of each of its mappings; an absent list is empty."""
        return self.each(path, lambda item: item.text(field)) if field else self._read(path, (), _texts)

    def cidrs(self, path: str, field: str = "") -> Fact[tuple[Cidr, ...]]:
        """Return the blocks of a list of strings, or of the `field` of its mappings; an absent list is empty."""
        return self.texts(path, field).then(lambda found: self.check(path, lambda: tuple(map(Cidr.parse, found))))

    def each(
        self, path: str, read: Callable[[Reader], Fact[T]], default: tuple[T, ...] | _Required = ()
    ) -> Fact[tuple[T, ...]]:
        """Return what `read` finds in each mapping of a list, known only if each is; an absent list is `default`."""
        value = self._find(path)
        if not isinstance(value, list) or not all(type(item) is dict for item in value):
            made: Fact[tuple[Mapping[str, object] | T, ...]] = self._made(path, value, default, _mappings)
            return made.then(
                lambda found: collect(
                    read(self._inner(path, item)) if isinstance(item, Mapping) else Known(item) for item in found
                )
            )
        return collect([read(Reader(item, self.scope, self.origin, "", self, path)) for item in value])

    def items(self, path: str) -> tuple[Reader, ...]:
        """Return a reader for each mapping of a list, as far as it can be read; incompleteness is asked apart."""
        value = self._find(path)
        if not isinstance(value, (list, tuple)):
            return ()
        return tuple(self._inner(path, item) for item in value if isinstance(item, Mapping))

    def whole(self, path: str) -> Fact[bool]:
        """Return a known fact if the field at `path` was read (or is absent), else what is missing."""
        return self._read(path, None, lambda value: value).map(lambda _: True)

    def has(self, path: str) -> bool:
        """Tell whether the field is there, read or not."""
        return self._find(path) is not None

    def tag_map(self, path: str = "tags") -> Fact[Mapping[str, str]]:
        """Return tags from a mapping of names to values; an absent one is empty."""
        return self._read(path, {}, _tag_map)

    def tags(self, path: str = "Tags", key: str = "Key", value: str = "Value") -> Fact[Mapping[str, str]]:
        """Return tags from a list of key and value pairs; an absent list is empty."""
        pairs = self.each(path, lambda item: item._pair(key, value))  # noqa: SLF001  # a reader too
        return pairs.map(dict) if pairs is not _EMPTY else _NO_TAGS

    def must(self, path: str) -> str:
        """Return an id that no record of this type lacks; raises `ValueError` naming the field."""
        value = self._find(path)
        if not isinstance(value, str) or not value:
            raise ValueError(f"{self.label} without {path}")
        return value

    def plain(self, path: str, default: str = "") -> str:
        """Return a string for display, `default` where it is absent or unreadable."""
        value = self._find(path)
        return value if isinstance(value, str) else default

    def settled(self, path: str) -> str:
        """Return a string for display, empty where it is absent, unreadable or only an apply would settle it."""
        value = self._find(path)
        return "" if isinstance(value, Symbol) or not isinstance(value, str) else value

    def name_tag(self, path: str = "Tags") -> str:
        """Return the value of the tag `Name` for display, empty where there is none."""
        return known_or(self.tags(path), {}).get("Name", "")

    def unknown(self, path: str) -> Unknown:
        """Return the field at `path` as a missing fact."""
        return Unknown(Missing(f"{self.label}: {path}", "read it, or supply it in the input"))

    @property
    def line(self) -> Origin:
        """Return where this very mapping was read: its own line, where the source tells it, else the record's."""
        line = self.raw.get(LINE)
        return replace(self.origin, line=line) if isinstance(line, int) else self.origin

    @property
    def is_uncertain(self) -> bool:
        """Tell whether the record stands for an unknown number of things, none included."""
        return self.raw.get(UNCERTAIN) is True

    def _pair(self, key: str, value: str) -> Fact[tuple[str, str]]:
        return self.text(key).then(lambda name: self.text(value, default="").map(lambda text: (name, text)))

    def _inner(self, path: str, item: Mapping[str, object]) -> Reader:
        return Reader(item, self.scope, self.origin, "", self, path)

    def _find(self, path: str) -> object:
        value: object = self.raw
        if "." not in path:
            return self.raw.get(path)
        for key in path.split("."):
            if type(value) is dict:  # nearly always, and far cheaper to ask than for any mapping
                value = value.get(key)
                continue
            if value is None or isinstance(value, (Gap, Missing)):
                return value
            if isinstance(value, list) and len(value) <= 1:
                # Terraform writes a block that may stand only once as a list.
                if not value or not isinstance(value[0], Mapping):
                    return value[0] if value else None
                value = value[0].get(key)
                continue
            if not isinstance(value, Mapping):
                return Missing(f"{self.label}: {path} (not a mapping)", "supply a value of the documented type")
            value = value.get(key)
        return value

    def _named(self, path: str, default: object, convert: Callable[[object], T]) -> Fact[T]:
        """Return what `convert` makes of a field that may hold symbols."""
        value = self._find(path)
        return (
            self.check(path, lambda: convert(value))
            if isinstance(value, Symbol)
            else self._made(path, value, default, convert)
        )

    def _read(self, path: str, default: object, convert: Callable[[object], T]) -> Fact[T]:
        return self._made(path, self._find(path), default, convert)

    def _made(self, path: str, value: object, default: object, convert: Callable[[object], T]) -> Fact[T]:
        """Return what `convert` makes of the value that was found at a path."""
        if isinstance(value, Gap):
            return Unknown(value.missing)
        if isinstance(value, Missing):
            return Unknown(value)
        if isinstance(value, Symbol):
            return Unknown(unsettled(value))
        if value is None:
            return self.unknown(path) if default is REQUIRED else Known(default)  # type: ignore[arg-type]  # each caller's default is a T
        return self.check(path, lambda: convert(value))

    def check(self, path: str, convert: Callable[[], T]) -> Fact[T]:
        """Return what `convert` makes of a field, unknown where it raises `ValueError` or `TypeError`."""
        try:
            return Known(convert())
        except _NotKnownError as error:
            return Unknown(error.missing)
        except (ValueError, TypeError) as error:
            return Unknown(Missing(f"{self.label}: {path} ({error})", "supply a value of the documented type"))


def collect(facts: Iterable[Fact[T]]) -> Fact[tuple[T, ...]]:
    """Return one fact of all values, known only if each is."""
    values: list[T] = []
    missing: list[Missing] = []
    for fact in facts:
        if type(fact) is Known:
            values.append(fact.value)
        else:
            missing.extend(fact.missing)
    if missing:
        return Unknown(*dict.fromkeys(missing))
    return Known(tuple(values)) if values else _EMPTY


def joined(*parts: Fact[tuple[T, ...]]) -> Fact[tuple[T, ...]]:
    """Return one fact of the values of all parts, each once, in order of first mention; known only if each part is."""
    return collect(parts).map(lambda known: tuple(dict.fromkeys(value for part in known for value in part)))


def present(values: Fact[tuple[T | None, ...]]) -> Fact[tuple[T, ...]]:
    """Return the values without those that are `None`."""
    return values.map(lambda known: tuple(value for value in known if value is not None))


def texts_at(raw: object, path: str) -> Iterator[str]:
    """Yield each text at a dotted path of a raw record; lists on the way are walked."""
    key, _, rest = path.partition(".")
    for item in raw if isinstance(raw, (list, tuple)) else (raw,):
        value = item.get(key) if isinstance(item, Mapping) else None
        if rest:
            yield from texts_at(value, rest)
        else:
            leaves = value if isinstance(value, (list, tuple)) else (value,)
            yield from (leaf for leaf in leaves if isinstance(leaf, str))


def text_of(raw: Mapping[str, object], key: str) -> str | None:
    """Return the text under a key of a raw record, and none where there is anything else: files hold all sorts."""
    value = raw.get(key)
    return value if isinstance(value, str) else None


def unsettled(symbol: Symbol) -> Missing:
    """Return the value of a symbol as a missing fact."""
    return Missing(f"the value of {symbol}", "give its value, or check a plan made where it is known")


class _NotKnownError(ValueError):
    """A part of a value is not known."""

    def __init__(self, missing: Missing) -> None:
        super().__init__(missing.fact)
        self.missing = missing


def _settled(value: object) -> object:
    """Return a value; raises `_NotKnownError` where it is missing or a symbol."""
    if isinstance(value, Gap):
        raise _NotKnownError(value.missing)
    if isinstance(value, Missing):
        raise _NotKnownError(value)
    if isinstance(value, Symbol):
        raise _NotKnownError(unsettled(value))
    return value


def _name(value: object) -> str:
    return str(value) if isinstance(value, Symbol) else _text(_settled(value))


def _names(value: object) -> tuple[str, ...]:
    found = _settled(value)
    if not isinstance(found, (list, tuple)):
        raise TypeError("not a list of names")
    return tuple(map(_name, found))


def _tag_map(value: object) -> Mapping[str, str]:
    if not isinstance(value, Mapping):
        raise TypeError("not a mapping of names to values")
    return {str(key): _text(_settled(item)) for key, item in value.items() if item is not None}


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, (str, int, float)):
        raise TypeError(f"not a text: {type(value).__name__}")
    return str(value)


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise TypeError(f"not a truth value: {type(value).__name__}")


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, str, float)):
        raise TypeError(f"not a number: {type(value).__name__}")
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(f"not a whole number: {value}")
    try:
        return int(value)
    except ValueError:
        raise ValueError("not a whole number") from None  # the text may be a secret in the wrong place


def _mappings(value: object) -> tuple[Mapping[str, object], ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(_settled(item), Mapping) for item in value):
        raise TypeError("not a list of mappings")
    return tuple(value)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(_settled(item), str) for item in value):
        raise TypeError("not a list of texts")
    return tuple(value)
