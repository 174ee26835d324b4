"""A view to run rules on."""

import pytest

from checker.graph.view import View
from tests.evaluate.made_rules import make_view


@pytest.fixture
def view() -> View:
    """Return a view of one stack without members."""
    return make_view()
