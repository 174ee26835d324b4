"""How much work expressions may make: a few lines can ask for more values than there is time or memory for."""

from __future__ import annotations

from checker.collect.hcl.values import Value

# A list of ten thousand members of which each is made of a hundred parts.
MOST = 1_000_000
# What any expression may take, however much others took.
LEAST = 20_000
# What all expressions of a configuration may take beyond that.
POOL = 10_000_000
# Texts count by pieces of this many characters, as a power of two.
_PIECE = 5


class ExhaustedError(Exception):
    """An expression asks for too many values."""


class Budget:
    """The steps that are left: each part of an expression that is worked out is one, and each value it comes to.

    There is one for all, since an expression that names another's value takes part of its own to work that out.
    """

    __slots__ = ("_given", "_pool", "is_running", "left")

    def __init__(self) -> None:
        self.left = 0
        self.is_running = False
        self._given = 0
        self._pool = POOL

    def refill(self) -> None:
        """Begin with another configuration."""
        self._pool = POOL

    def begin(self) -> None:
        """Give an expression that no other one asked for its steps."""
        self._given = self.left = min(MOST, LEAST + self._pool)
        self.is_running = True

    def end(self) -> None:
        """Take back what the expression did not need."""
        self.is_running = False
        beyond = self._given - self.left - LEAST
        if beyond > 0:
            self._pool = max(0, self._pool - beyond)

    def spend(self, value: Value) -> None:
        """Count all that a value holds.

        Raises:
            ExhaustedError: no steps are left.
        """
        if isinstance(value, str):
            self.left -= len(value) >> _PIECE
        elif isinstance(value, (list, dict)):
            self._spend_on(value)
        if self.left < 0:
            raise ExhaustedError

    def _spend_on(self, value: list[Value] | dict[str, Value]) -> None:
        waiting = [value]
        while waiting and self.left >= 0:
            items = waiting.pop()
            self.left -= len(items)
            for item in items.values() if isinstance(items, dict) else items:
                if isinstance(item, str):
                    self.left -= len(item) >> _PIECE
                elif isinstance(item, (list, dict)):
                    waiting.append(item)


BUDGET = Budget()
