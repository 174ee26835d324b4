"""The account that holds the documented stack, once for all tests that break a copy of it."""

from collections.abc import Iterator

import pytest

from checker.demo import shop
from tests.live.account import FORKS, Account, World
from tests.parity.dialects import SHOP


@pytest.fixture(scope="session")
def account() -> Iterator[Account]:
    if not FORKS:
        pytest.skip("accounts are copied by forking")
    made = Account(_build)
    yield made
    made.close()


def _build(world: World) -> None:
    world.shops[SHOP] = shop.build(world.session, SHOP)
