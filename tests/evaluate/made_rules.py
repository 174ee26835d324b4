"""Rules made on the spot, and a view of an empty account to run them on."""

from collections.abc import Callable, Iterable, Iterator

from checker.graph.graph import Graph
from checker.graph.stack import Stack
from checker.graph.view import View
from checker.model.blueprint import Blueprint
from checker.model.finding import Outcome, Severity, Subject
from checker.model.record import Scope
from checker.resources.inventory import Inventory
from checker.rules.interface import Rule

SCOPE = Scope("123456789012", "eu-west-1")
Check = Callable[[object, View], Iterable[Outcome]]


def make_rule(
    check: Check, id: str = "NET005", subjects: tuple[str, ...] = ("db",), severity: Severity = Severity.HIGH
) -> Rule[object]:
    """Return a rule whose subjects are databases of these ids."""
    return Rule(
        id,
        severity,
        lambda _: subjects,
        lambda item: Subject("database", str(item), str(item), SCOPE),
        check,
        "A rule.\n",
        "checker.rules.database_reachable_from_elsewhere",
    )


def says(*outcomes: Outcome) -> Check:
    """Return a check that always gives these outcomes."""

    def check(item: object, view: View) -> Iterator[Outcome]:
        yield from outcomes

    return check


def make_blueprint(**on_unknown: str) -> Blueprint:
    """Return a blueprint without tiers."""
    return Blueprint(blueprint="empty", tiers={}, flows=(), on_unknown=on_unknown)  # type: ignore[arg-type]  # the tests' own words


def make_view(id: str = "shop") -> View:
    """Return a view of a stack without members."""
    stack = Stack(id=id, name=id, seed=id, scope=SCOPE, members={})
    return View(stack, Graph(Inventory((), {})), make_blueprint())
