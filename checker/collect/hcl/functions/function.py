"""What a function is: how many arguments it takes, and what it does with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from checker.collect.hcl.values import FailureError, Names, Value

Pure = Callable[..., Value]


@dataclass(frozen=True)
class Function:
    """A function; `most` is None where it takes any number of arguments, `nulls` says that it takes null too."""

    compute: Callable[[Sequence[Value], Names], Value]
    least: int
    most: int | None
    nulls: bool = False

    def call(self, arguments: Sequence[Value], names: Names) -> Value:
        """Return what it gives; raise where there are too few or too many arguments, or a null."""
        if len(arguments) < self.least or (self.most is not None and len(arguments) > self.most):
            raise FailureError("the number of arguments is wrong")
        if not self.nulls and any(argument is None for argument in arguments):
            raise FailureError("an argument is null")
        return self.compute(arguments, names)


def pure(compute: Pure, least: int, most: int | None = -1, *, nulls: bool = False) -> Function:
    """Return a function of its arguments alone; it takes exactly `least` of them unless `most` says otherwise."""
    return Function(lambda arguments, _: compute(*arguments), least, least if most == -1 else most, nulls)
