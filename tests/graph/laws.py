"""How laws are run: over drawn values, and against mutants that they must notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def draws(share: float = 1.0) -> settings:
    """Return settings that draw a share of the profile's examples, so that a long profile is long here too."""
    return settings(
        max_examples=max(10, int(settings().max_examples * share)), deadline=None, suppress_health_check=SLOW
    )


@contextmanager
def replaced(owner: object, name: str, mutant: object) -> Iterator[None]:
    """Put a mutant in the place of an operation."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, mutant)
        yield


def notices(law: Callable[..., object], drawn: Mapping[str, SearchStrategy[object]], share: float = 1.0) -> bool:
    """Tell whether a law of drawn values is broken by one of as many examples as its own test draws.

    They are the same in every run: whether a law has teeth must not hang on luck.
    """
    found = settings(draws(share), phases=[Phase.generate], database=None, derandomize=True, report_multiple_bugs=False)
    try:
        found(given(**drawn)(law))()
    except AssertionError:
        return True
    return False
