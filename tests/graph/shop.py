"""The documented shop with changes, and what the rules say of it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path

import yaml

from checker.blueprints.load import load
from checker.evaluate.engine import evaluate
from checker.graph.graph import Graph
from checker.graph.stacks import discover
from checker.graph.view import View
from checker.model.blueprint import Blueprint
from checker.model.finding import Result
from checker.resources.network_interface import NetworkInterface
from checker.rules.catalog import rules
from tests.rules.world import Spec, build

ALB = "loadbalancer/app/shop-alb/a1"
TARGETS = "targetgroup/shop-app/b1"
HTTP, HTTPS = "listener/app/shop-alb/a1/80", "listener/app/shop-alb/a1/443"
_SHOP = Path(__file__).parent.parent / "rules" / "stacks" / "documented.yaml"
Change = Mapping[str, Mapping[str, Mapping[str, object] | None]]


@cache
def _documented() -> Spec:
    found: Spec = yaml.safe_load(_SHOP.read_text())
    return found


@cache
def blueprint() -> Blueprint:
    """Return the blueprint that ships with the product."""
    return load(None, {rule.id for rule in rules()})[0]


def shop(change: Change | None = None, gaps: tuple[str, ...] = ()) -> Graph:
    """Return the shop with fields of resources set (kind -> id -> fields; None takes the resource away)."""
    spec = deepcopy(_documented())
    for kind, items in (change or {}).items():
        for id, fields in items.items():
            if fields is None:
                del spec[kind][id]
            else:
                spec.setdefault(kind, {}).setdefault(id, {}).update(fields)
    return Graph(build(spec, gaps))


def judged(rule: str, change: Change | None = None, gaps: tuple[str, ...] = ()) -> dict[str, Result]:
    """Return what one rule says of the shop, by the name of the subject."""
    graph = shop(change, gaps)
    views = [View(stack, graph, blueprint()) for stack in discover(graph, blueprint()).stacks]
    results, crashes = evaluate(views, [one for one in rules() if one.id == rule], blueprint())
    assert views and not crashes, crashes

    return {result.subject.name: result for result in results}


def verdicts(rule: str, change: Change | None = None, gaps: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the verdicts of one rule on the shop, by the name of the subject."""
    return {name: result.verdict.value for name, result in judged(rule, change, gaps).items()}


def stack_of(graph: Graph) -> View:
    """Return the one stack of a shop in its surroundings."""
    (stack,) = discover(graph, blueprint()).stacks
    return View(stack, graph, blueprint())


def interface(graph: Graph, id: str) -> NetworkInterface:
    """Return an interface of the shop."""
    found = graph.index.get(NetworkInterface, id)
    assert found is not None, id

    return found
