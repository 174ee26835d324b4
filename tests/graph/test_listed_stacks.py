"""Stacks that a blueprint lists by name: one that is not found is said, never left out."""

import msgspec

from checker.graph.stacks import discover
from tests.graph.shop import blueprint, shop


def test_a_listed_stack_that_is_not_found_is_a_doubt() -> None:
    listed = msgspec.structs.replace(blueprint(), stack_by=({"name": "ghost", "edge": "no-such-balancer"},))
    found = discover(shop(), listed)

    assert found.stacks == ()
    assert [doubt.message for doubt in found.doubts] == ["the stack ghost that the blueprint lists was not found"]
