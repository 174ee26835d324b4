"""Texts that stand in for values that an update would tell, found again in what a program made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from checker.collect.pulumi.registered import Reference, Text


class Placeholders(Mapping[str, tuple[str, str]]):
    """What each placeholder stands for: its owner (a URN or the name of a look-up) and the path of the property.

    Looking through a text costs one look-up for each of its characters, however many placeholders there are.
    """

    __slots__ = ("_beginnings", "_length", "_owners", "_wholes")

    def __init__(
        self, owners: Mapping[str, tuple[str, str]], wholes: Mapping[str, tuple[str, str]] | None = None
    ) -> None:
        """Look for `owners` anywhere in a text; `wholes`, such as numbers, are too short for that."""
        self._wholes = dict(wholes or {})
        self._owners = {text: owner for text, owner in owners.items() if text}
        self._length = min(map(len, self._owners), default=0)
        beginnings: dict[str, list[str]] = defaultdict(list)
        for text in sorted(self._owners, key=len, reverse=True):  # the longest that fits is the one
            beginnings[text[: self._length]].append(text)
        self._beginnings = dict(beginnings)

    def __getitem__(self, text: str) -> tuple[str, str]:
        return self._owners[text]

    def __iter__(self) -> Iterator[str]:
        return iter(self._owners)

    def __len__(self) -> int:
        return len(self._owners)

    def found_in(self, text: str) -> str | Reference | Text:
        """Return a text that is a placeholder as what it stands for, and one that contains some with their places."""
        if not self._owners:
            return text
        whole = self._owners.get(text) or self._wholes.get(text)
        if whole is not None:
            return Reference(*whole)
        parts = list(self._parts(text))
        return Text(tuple(parts)) if any(isinstance(part, Reference) for part in parts) else text

    def _parts(self, text: str) -> Iterator[str | Reference]:
        start = at = 0
        while at <= len(text) - self._length:
            found = next(
                (one for one in self._beginnings.get(text[at : at + self._length], ()) if text.startswith(one, at)), ""
            )
            if not found:
                at += 1
                continue
            if at > start:
                yield text[start:at]
            yield Reference(*self._owners[found])
            start = at = at + len(found)
        if start < len(text):
            yield text[start:]
