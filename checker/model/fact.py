"""Facts that may be unknown, and answers that may be neither yes nor no."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from operator import eq
from typing import Generic, Never, NoReturn, TypeVar, final

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")


@dataclass(frozen=True)
class Missing:
    """A fact that was not seen, and how to supply it; those of any subclass are ordered together."""

    fact: str
    supply: str = ""

    def __lt__(self, other: Missing) -> bool:
        return (self.fact, self.supply) < (other.fact, other.supply)


@final
@dataclass(frozen=True)
class Answer:
    """Yes, no, or unknown for want of the facts in `missing`."""

    value: bool | None
    missing: tuple[Missing, ...] = ()

    @classmethod
    def of(cls, value: bool) -> Answer:
        """Return the settled answer for `value`."""
        return YES if value else NO

    @property
    def is_yes(self) -> bool:
        """Tell whether the answer is surely yes."""
        return self.value is True

    @property
    def is_no(self) -> bool:
        """Tell whether the answer is surely no."""
        return self.value is False

    @property
    def is_unknown(self) -> bool:
        """Tell whether the answer is neither."""
        return self.value is None

    def __and__(self, other: Answer) -> Answer:
        if self.is_no or other.is_no:
            return NO
        return YES if self.is_yes and other.is_yes else Answer(None, merge(self.missing, other.missing))

    def __or__(self, other: Answer) -> Answer:
        if self.is_yes or other.is_yes:
            return YES
        return NO if self.is_no and other.is_no else Answer(None, merge(self.missing, other.missing))

    def __invert__(self) -> Answer:
        return self if self.value is None else Answer.of(not self.value)

    def __bool__(self) -> NoReturn:
        raise TypeError("an answer may be unknown: ask is_yes, is_no or is_unknown")


YES = Answer(True)
NO = Answer(False)


def merge(*missing: Iterable[Missing]) -> tuple[Missing, ...]:
    """Return the missing facts of all arguments, each once, in order of first mention."""
    return tuple(dict.fromkeys(item for some in missing for item in some))


def all_of(answers: Iterable[Answer]) -> Answer:
    """Return yes if every answer is, no if any is no; yes for none."""
    result = YES
    for answer in answers:
        result = result & answer
        if result.is_no:
            return NO
    return result


def any_of(answers: Iterable[Answer]) -> Answer:
    """Return yes if any answer is, no if every one is no; no for none."""
    result = NO
    for answer in answers:
        result = result | answer
        if result.is_yes:
            return YES
    return result


class Fact(ABC, Generic[T_co]):
    """A value that was seen, or the account of why it was not.

    It has no `==`, `in`, `bool` or iteration: each of them would quietly take "not seen" for "no".
    """

    __slots__ = ()

    @property
    @abstractmethod
    def missing(self) -> tuple[Missing, ...]:
        """Return what is missing; empty for a known value."""

    @abstractmethod
    def map(self, change: Callable[[T_co], U]) -> Fact[U]:
        """Return the fact of the changed value."""

    @abstractmethod
    def then(self, change: Callable[[T_co], Fact[U]]) -> Fact[U]:
        """Return the fact that `change` finds for the value."""

    @abstractmethod
    def holds(self, test: Callable[[T_co], bool]) -> Answer:
        """Answer whether the value passes `test`."""

    def is_(self, value: object) -> Answer:
        """Answer whether the value equals `value`."""
        return self.holds(partial(eq, value))

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a fact may be unknown: use is_, holds, map or match on Known and Unknown")

    __eq__ = _refuse
    __ne__ = _refuse
    __bool__ = _refuse
    __contains__ = _refuse
    __iter__ = _refuse
    __len__ = _refuse
    __hash__ = None  # type: ignore[assignment]  # without equality there is no hash


@final
class Known(Fact[T_co]):
    """A value that was seen."""

    __slots__ = ("value",)
    __match_args__ = ("value",)
    value: T_co

    def __init__(self, value: T_co) -> None:
        self.value = value

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Return nothing: the value is known."""
        return ()

    def map(self, change: Callable[[T_co], U]) -> Fact[U]:
        """Return the changed value as a known fact."""
        return Known(change(self.value))

    def then(self, change: Callable[[T_co], Fact[U]]) -> Fact[U]:
        """Return what `change` finds."""
        return change(self.value)

    def holds(self, test: Callable[[T_co], bool]) -> Answer:
        """Answer yes or no."""
        return Answer.of(test(self.value))

    def __repr__(self) -> str:
        return f"Known({self.value!r})"


@final
class Unknown(Fact[Never]):
    """A value that was not seen."""

    __slots__ = ("_missing",)

    def __init__(self, *missing: Missing) -> None:
        self._missing = missing

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Return what is missing."""
        return self._missing

    def map(self, change: Callable[[Never], U]) -> Fact[U]:
        """Return itself."""
        return self

    def then(self, change: Callable[[Never], Fact[U]]) -> Fact[U]:
        """Return itself."""
        return self

    def holds(self, test: Callable[[Never], bool]) -> Answer:
        """Answer unknown."""
        return Answer(None, self._missing)

    def __repr__(self) -> str:
        return f"Unknown({', '.join(item.fact for item in self._missing)})"


def known_or(fact: Fact[T], otherwise: T) -> T:
    """Return the value, or `otherwise` where it is not known; for display, and indexes that track gaps apart."""
    return fact.value if isinstance(fact, Known) else otherwise


@dataclass(frozen=True)
class Listing(Generic[T_co]):
    """The items that were listed, and whether these are all; an incomplete listing says what is missing."""

    items: tuple[T_co, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def complete(self) -> bool:
        """Tell whether nothing can be absent from `items`."""
        return not self.missing
