"""What a rule sees: one stack, the graph it stands in, and the blueprint it is held to."""

from __future__ import annotations

from dataclasses import dataclass

from checker.graph.graph import Graph
from checker.graph.stack import Stack
from checker.model.blueprint import Blueprint


@dataclass(frozen=True)
class View:
    """One stack in its surroundings."""

    stack: Stack
    graph: Graph
    blueprint: Blueprint
