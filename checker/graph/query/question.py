"""A question about paths, and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checker.graph.graph import Graph
from checker.graph.query.answer import PathAnswer, ReachList
from checker.graph.query.asked import asked
from checker.graph.query.listing import reach_list
from checker.graph.query.names import Names
from checker.graph.query.path import path
from checker.graph.stack import Stack


@dataclass(frozen=True)
class Question:
    """Does `source` reach `target`, whom does `source` reach, or who reaches `target`: what is None is asked for.

    `port` and `protocol` are as people type them.
    """

    source: str | None
    target: str | None
    port: str | None = None
    protocol: str | None = None


def answer(question: Question, graph: Graph, stacks: Sequence[Stack]) -> PathAnswer | ReachList:
    """Return the answer to a question.

    Raises `UsageError` for ports and protocols that there are none of, for names that nothing or several things have,
    and for two ends of which neither is in a network.
    """
    wanted = asked(question.port, question.protocol)
    names = Names(graph, stacks)
    source = names.resolve(question.source) if question.source is not None else None
    target = names.resolve(question.target) if question.target is not None else None
    if source and target:
        return path(source, target, wanted, graph)
    if source:
        return reach_list(source, wanted, graph, stacks, inward=False)
    if target:
        return reach_list(target, wanted, graph, stacks, inward=True)
    raise ValueError("a question has at least one end")
