"""What the texts that were made up in this run stand for, so that both runs can name them alike."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from .spelling import Spelling


class Meanings:
    """Placeholders of one run with whose property each is; asked and taught from any thread."""

    def __init__(self, spelling: Spelling) -> None:
        self._spelling = spelling
        self._lock = threading.Lock()
        self._marked: dict[str, str] = {}
        self._unmarked: dict[str, str] = {spelling.account(): "account"}

    def learn(self, owner: str, issued: Mapping[str, str]) -> None:
        """Learn what placeholders of a resource or a look-up stand for, alike in every run."""
        with self._lock:
            for text, path in issued.items():
                meaning = f"{owner}#{path}"
                (self._marked if self._spelling.marker in text else self._unmarked).setdefault(text, meaning)

    def spelled(self, text: str) -> str:
        """Return a text with every placeholder in it replaced by what it stands for."""
        with self._lock:
            known = {**self._unmarked, **self._marked} if self._spelling.marker in text else dict(self._unmarked)
        for each in sorted((each for each in known if each in text), key=len, reverse=True):
            text = text.replace(each, f"<{known[each]}>")
        return text

    def is_made_up(self, text: str) -> bool:
        """Whether a text is a placeholder, or is made with one that can be told in it."""
        return self._spelling.marker in text or text in self._unmarked or self._spelling.account() in text

    def owner(self, text: str) -> str:
        """Return whose property a text is or is made with, as a reader knows it: "arn of web"."""
        with self._lock:
            known = {**self._unmarked, **self._marked}
        meaning = known.get(text) or next(
            (known[each] for each in sorted(known, key=len, reverse=True) if each in text), ""
        )
        owner, _, path = meaning.rpartition("#")
        if not owner:
            return "the number of the account" if meaning == "account" else "a text"
        # A look-up is called by its function and a sum of its arguments, a resource by its URN.
        name = owner.rpartition("::")[2] if "::" in owner else owner.partition("#")[0].rpartition(":")[2]
        return f"{path} of {name}"
