"""Values of properties that only an apply, or AWS, would tell, made by their types."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from .hints import Hint, element, is_mapping, is_object, properties_of, values
from .spelling import Spelling
from .values import SIGNATURE, UNKNOWN

_DEEPEST = 4
# Source: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
_CONSTANTS = {("aws:acm/certificate:Certificate", "resourceRecordType"): "CNAME"}


class Answer:
    """One resource's outputs or one look-up's answer; `issued` and `numbers` say what was made up for which path."""

    def __init__(self, spelling: Spelling, owner: str, token: str, label: str) -> None:
        self._spelling = spelling
        self.owner = owner
        self._token = token
        self._label = label
        self.issued: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        self.lengths: dict[str, int] = {}

    def text(self, path: str) -> str:
        """Return the placeholder of a text property, or the only value that AWS gives it."""
        constant = _CONSTANTS.get((self._token, path.rsplit(".", 1)[-1]))
        if constant is not None:
            return constant
        text = self._spelling.text(f"{self.owner}|{path}", path, self._token, self._label)
        self.issued.setdefault(text, path)
        return text

    def make(self, hint: Hint, path: str, depth: int = 0) -> object:
        """Return a value of a type for a path ("names", "options.0.name"), None where it may and should be absent."""
        kind, spelling = hint.type, self._spelling
        item = element(kind)
        if item is not None:
            count = self.lengths.get(path, spelling.length)
            return [] if depth >= _DEEPEST else [self.make(item, f"{path}.{n}", depth + 1) for n in range(count)]
        if is_mapping(kind):
            # Which keys there are is not known either: the two runs do not agree on any.
            made = {"Name": self.make(values(kind), f"{path}.Name", depth + 1)} if depth < _DEEPEST else {}
            return {**(made if spelling.is_first else {}), open_mark(spelling): True}
        if kind is bool:
            return spelling.truth
        if kind is int or kind is float:
            return self._number(path)
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            members = list(kind)
            return members[0 if spelling.is_first else -1].value
        if is_object(kind) and isinstance(kind, type):
            return self._object(kind, path, depth)
        return self.text(path)

    def _object(self, kind: type, path: str, depth: int) -> dict[str, object]:
        # Within what a provider computes the SDK marks every member as one that may be absent, which says nothing.
        if depth >= _DEEPEST:
            return {}
        return {name: self.make(hint, f"{path}.{name}", depth + 1) for name, hint in properties_of(kind).items()}

    def _number(self, path: str) -> int:
        if not path.lower().endswith(("port", "version")):
            return self._spelling.small
        number = self._spelling.number(f"{self.owner}|{path}")
        self.numbers.setdefault(str(number), path)
        return number

    def outputs(self, cls: type | None, given: Mapping[str, object]) -> dict[str, object]:
        """Return a resource's outputs: what it was given, and what it computes.

        A property that may be absent and was not given stays out: the engine does not know it before the apply. In a
        preview nothing that is computed is known.
        """
        made = dict(given)
        if cls is None:
            return made
        for name, hint in properties_of(cls).items():
            if name in made:
                made[name] = self._completed(made[name], hint.type, name)
                if made[name] is _MISFIT:
                    del made[name]
            elif not hint.optional and not self._spelling.is_preview:
                made[name] = self.make(hint, name)
        return made

    def _completed(self, value: object, kind: object, path: str) -> object:
        """Return a given value with what its type computes beside it; `_MISFIT` if it is not of its type's shape.

        The SDK raises on a mapping where its types have none, and on a text that is none of an enumeration, which a
        provider would never return.
        """
        if isinstance(value, list):
            item = element(kind)
            if item is None:
                return value if is_any(kind) else _MISFIT
            done = [self._completed(each, item.type, f"{path}.{n}") for n, each in enumerate(value)]
            return _MISFIT if any(each is _MISFIT for each in done) else done
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return value if value in [member.value for member in kind] else _MISFIT
        if not isinstance(value, dict) or is_any(kind):
            return value
        if SIGNATURE in value:
            return value
        if is_mapping(kind):
            return value
        if not is_object(kind) or not isinstance(kind, type):
            return _MISFIT
        completed: dict[str, object] = dict(value)
        for name, hint in properties_of(kind).items():
            within = f"{path}.{name}"
            if name in completed:
                completed[name] = self._completed(completed[name], hint.type, within)
                if completed[name] is _MISFIT:
                    completed[name] = UNKNOWN
            elif self._spelling.is_first and not is_object(hint.type) and element(hint.type) is None:
                # In the second run it is absent: a provider may or may not add it.
                completed[name] = UNKNOWN if self._spelling.is_preview else self.make(hint, within)
        return completed


_MISFIT = object()


def open_mark(spelling: Spelling) -> str:
    """Return the key that marks a mapping of unknown keys; the program never sees it."""
    return f"{spelling.marker}-open"


def is_any(kind: object) -> bool:
    """Whether a type says nothing."""
    return getattr(kind, "_name", None) == "Any" or getattr(kind, "__name__", "") == "Any" or kind is object
