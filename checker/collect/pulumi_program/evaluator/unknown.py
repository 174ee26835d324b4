"""Texts and mappings that nobody knows: they are like any other, and take note of what the program asks of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

from .questions import Questions
from .tables import Tables

# What these return of a text that nobody knows is as unknown, or a part that must not be told from it.
_DERIVING = (
    *("__add__", "__mod__", "__mul__", "__rmul__", "__getitem__", "__format__", "capitalize", "casefold", "center"),
    *("expandtabs", "format", "join", "ljust", "lower", "lstrip", "partition", "removeprefix", "removesuffix"),
    *("replace", "rjust", "rpartition", "rsplit", "rstrip", "split", "splitlines", "strip", "swapcase", "title"),
    *("translate", "upper", "zfill"),
)


class UnknownText(str):
    """A placeholder, or a text that was made of one by its own methods.

    Two of them are compared as texts are; nothing is noted of that, nor of what packages ask.
    """

    __slots__ = ("_questions", "_tables")
    _questions: Questions
    _tables: Tables

    @classmethod
    def of(cls, text: str, questions: Questions, tables: Tables) -> UnknownText:
        """Return a text as one that nobody knows."""
        made = cls(text)
        made._questions = questions
        made._tables = tables
        return made

    def _like(self, value: object) -> object:
        """Return a text, or each of several, as one that nobody knows."""
        if isinstance(value, (list, tuple)):
            return type(value)(self._like(each) for each in value)
        if type(value) is str and value:
            return UnknownText.of(value, self._questions, self._tables)
        return value

    def _ask(self, verb: str, others: object, answer: bool) -> None:
        frame = _caller(2)
        if frame is not None:
            for other in others if isinstance(others, tuple) else (others,):
                if not isinstance(other, UnknownText):
                    self._questions.ask(self, verb, other, answer=answer, frame=frame)

    def note_from(self, frame: FrameType | None, what: str) -> None:
        """Take note of a question of the project's innermost code from a frame outwards, if there is any."""
        while frame is not None and not self._questions.is_own(frame):
            frame = frame.f_back
        if frame is not None:
            self._questions.tell(self, what, answer=False, frame=frame)

    def __eq__(self, other: object) -> bool:
        answer = str.__eq__(self, other)
        if answer is not NotImplemented:
            self._ask("is", other, answer)
        return answer

    def __ne__(self, other: object) -> bool:
        answer = str.__ne__(self, other)
        if answer is not NotImplemented:
            self._ask("is", other, not answer)
        return answer

    def __hash__(self) -> int:
        frame = _caller(1)
        if frame is not None and self._questions.is_own(frame) and self._tables.is_asked(self, frame):
            self._questions.tell(self, "is in a table", answer=False, frame=frame)
        return str.__hash__(self)

    def __contains__(self, other: str) -> bool:  # type: ignore[override]  # a text, as of any text
        answer = str.__contains__(self, other)
        self._ask("has", other, answer)
        return answer

    def startswith(self, *arguments: object) -> bool:
        """Return what a text does, and take note of the question."""
        answer = str.startswith(self, *arguments)  # type: ignore[arg-type]  # handed on
        self._ask("begins with", arguments[0], answer)
        return answer

    def endswith(self, *arguments: object) -> bool:
        """Return what a text does, and take note of the question."""
        answer = str.endswith(self, *arguments)  # type: ignore[arg-type]  # handed on
        self._ask("ends with", arguments[0], answer)
        return answer

    def __str__(self) -> str:
        return self

    def __radd__(self, other: object) -> object:
        return self._like(str.__add__(other, self)) if isinstance(other, str) else NotImplemented

    def __copy__(self) -> str:
        return self

    def __deepcopy__(self, _memo: object) -> str:
        return self

    def __reduce_ex__(self, _protocol: object) -> tuple[type, tuple[str]]:
        return str, (str.__str__(self),)


class UnknownMapping(dict):  # type: ignore[type-arg]  # of any keys and values
    """A mapping of which nobody knows the keys, such as the tags of what is looked up."""

    def __init__(self, items: dict[str, object], questions: Questions) -> None:
        super().__init__(items)
        self._questions = questions

    def _ask(self, key: object) -> None:
        frame = _caller(2)
        if frame is not None and isinstance(key, str) and self._questions.is_own(frame):
            what = f"is there under {str.__str__(key)!r}"
            self._questions.tell("", what, answer=dict.__contains__(self, key), frame=frame)

    def __contains__(self, key: object) -> bool:
        self._ask(key)
        return dict.__contains__(self, key)

    def get(self, key: object, default: object = None) -> object:
        """Return a value and take note of the question."""
        self._ask(key)
        return dict.get(self, key, default)

    def __reduce_ex__(self, _protocol: object) -> tuple[type, tuple[dict[str, object]]]:
        return dict, (dict(self),)


def _caller(depth: int) -> FrameType | None:
    try:
        return sys._getframe(depth + 1)  # noqa: SLF001 - the only way to who asks
    except ValueError:
        return None


def _deriving(name: str) -> Callable[..., object]:
    method: Callable[..., object] = getattr(str, name)

    def derived(self: UnknownText, *arguments: object, **options: object) -> object:
        separator = arguments[0] if arguments and name in ("split", "rsplit", "partition", "rpartition") else None
        if isinstance(separator, str):
            # Into how many parts it falls hangs on whether it has any.
            self._ask("has", separator, str.__contains__(self, separator))
        return self._like(method(self, *arguments, **options))

    derived.__name__ = name
    return derived


for _name in _DERIVING:
    setattr(UnknownText, _name, _deriving(_name))


def _found(name: str) -> Callable[..., int]:
    method: Callable[..., int] = getattr(str, name)

    def found(self: UnknownText, *arguments: object) -> int:
        self._ask("has", arguments[0], str.__contains__(self, arguments[0]))  # type: ignore[operator]  # handed on
        return method(self, *arguments)

    found.__name__ = name
    return found


for _name in ("find", "rfind", "index", "rindex", "count"):
    setattr(UnknownText, _name, _found(_name))
