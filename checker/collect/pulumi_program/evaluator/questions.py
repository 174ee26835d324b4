"""What the program asks of a text that nobody knows, and is answered alike in every run.

Two runs tell apart what a program makes of a placeholder. They cannot tell apart that it is none of the texts which the
program knows: no placeholder is, in any run.
"""

from __future__ import annotations

from types import FrameType

from .events import Events
from .meanings import Meanings
from .positions import Positions

_LONGEST = 120
# An id, an ARN or a name has these or not by its form: to ask for them is to put a text into another form.
_FORMS = frozenset(("*", ".", "/", "-", ":", "*.", "/*", " "))


class Questions:
    """Tells each question of the project's own code once, with its place and its answer."""

    def __init__(self, meanings: Meanings, events: Events, positions: Positions) -> None:
        self._meanings = meanings
        self._events = events
        self._positions = positions
        self._told: set[tuple[str, int, str, bool]] = set()
        self._secrets: set[str] = set()

    def hide(self, text: str) -> None:
        """Take note of a text that stands for a secret: what it is compared with may be the secret itself."""
        self._secrets.add(text)

    def is_made_up(self, text: str) -> bool:
        """Whether a text is a placeholder or is made with one."""
        return self._meanings.is_made_up(text)

    def is_own(self, frame: FrameType) -> bool:
        """Whether the code that asks is the project's, and not a package's."""
        return not self._positions.is_library(frame.f_code.co_filename)

    def ask(self, text: str, verb: str, other: object, *, answer: bool, frame: FrameType) -> None:
        """Tell that the code of a frame asks whether a made-up text is, has or begins with another."""
        if not isinstance(other, str) or not other or not self.is_own(frame):
            return
        if self.is_made_up(other) or (verb != "is" and other in _FORMS):
            return
        self.tell(text, f"{verb} {str.__str__(other)[:_LONGEST]!r}", answer=answer, frame=frame)

    def tell(self, text: str, what: str, *, answer: bool, frame: FrameType) -> None:
        """Tell a question, whatever it is."""
        if any(secret in text for secret in self._secrets):
            whose, what = "a secret", "is what it is compared with"
        else:
            whose = self._meanings.owner(str.__str__(text))
        question = (frame.f_code.co_filename, frame.f_lineno, f"{whose} {what}", answer)
        if question not in self._told:
            self._told.add(question)
            file, line, what, _ = question
            self._events.tell("asked", file=file, line=line, what=what, answer=answer)
