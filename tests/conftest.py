"""How much of what could be tried a run tries: all of it takes an hour, and `make test` should not.

`--hypothesis-profile=long` walks the oracle and the laws through many thousands of examples, and `--all-cases` runs
every case of the tests marked `sampled`, of which a run draws some by its own seed.
"""

from random import Random

import pytest
from hypothesis import settings

settings.register_profile("long", max_examples=10_000, deadline=None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-cases", action="store_true", help="run every case of the tests that are sampled")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sampled(one_in): a run draws one in so many of the cases, by its seed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the cases that are not drawn; every worker draws the same, and a case that is named is run."""
    if config.getoption("--all-cases") or any("::" in name for name in config.args):
        return
    seed = config.getoption("randomly_seed", None)
    left_out = [item for item in items if not _drawn(item, seed)]
    if left_out:
        gone = set(left_out)
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in gone]


def _drawn(item: pytest.Item, seed: object) -> bool:
    mark = item.get_closest_marker("sampled")
    return mark is None or Random(f"{seed} {item.nodeid}").random() * mark.kwargs["one_in"] < 1
