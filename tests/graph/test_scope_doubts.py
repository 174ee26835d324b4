"""What was not read is told once: by listing, or as one where one gap hides nearly everything."""

from checker.blueprints.load import load
from checker.graph.graph import Graph
from checker.graph.stacks import Doubt, discover
from checker.model.record import ANYTHING, Collection, Gap, Scope, Status
from checker.resources.catalog import kinds
from checker.resources.inventory import normalise

SCOPE = Scope("", "eu-west-1")


def doubts(*types: str) -> tuple[Doubt, ...]:
    gaps = [Gap(type_, SCOPE, "module.vpc", Status.UNREADABLE, "it is not here", "terraform get") for type_ in types]
    inventory, _ = normalise(Collection("terraform-hcl", gaps=tuple(gaps)), kinds())
    blueprint, _ = load(None, {"EDG002"})
    return discover(Graph(inventory), blueprint).doubts


def test_a_gap_that_could_hide_anything_is_one_doubt() -> None:
    [doubt] = doubts(ANYTHING)

    assert "not all of eu-west-1 was read" in doubt.message
    assert [one.supply for one in doubt.missing] == ["terraform get"]


def test_a_listing_that_was_not_read_is_named() -> None:
    [doubt] = doubts("aws_subnet")

    assert "not every subnet of eu-west-1" in doubt.message


def test_nothing_missing_is_no_doubt() -> None:
    assert doubts() == ()
