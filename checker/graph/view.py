"""What a rule sees: one stack, the graph it stands in, and the blueprint it is held to."""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.graph.exposure import Allowed, Exposure, Opening, rank
from checker.graph.flows import RequiredFlow, allowed_into, required_flows
from checker.graph.graph import Graph
from checker.graph.stack import Member, Stack
from checker.model.blueprint import Blueprint


@dataclass(frozen=True, eq=False)
class View:
    """One stack in its surroundings; what several rules ask of it is worked out once."""

    stack: Stack
    graph: Graph
    blueprint: Blueprint
    _allowed: dict[Member, Allowed] = field(default_factory=dict, repr=False)
    _openings: dict[Member, tuple[Opening, ...]] = field(default_factory=dict, repr=False)
    _flows: list[tuple[RequiredFlow, ...]] = field(default_factory=list, repr=False)

    def allowed(self, member: Member) -> Allowed:
        """Return who may get in to a member."""
        if member not in self._allowed:
            self._allowed[member] = allowed_into(member, self.stack, self.graph, self.blueprint)
        return self._allowed[member]

    def openings(self, member: Member) -> tuple[Opening, ...]:
        """Return the ways in to a member that are not allowed, worst first; those with `missing` are open questions."""
        if member not in self._openings:
            # The edge is there for the world: who stands beside it is no matter of any rule.
            exposure = Exposure(self.graph, neighbours=member.tier != "edge")
            found = rank(exposure.openings(member, self.allowed(member)))
            self._openings[member] = tuple(found)
        return self._openings[member]

    @property
    def required_flows(self) -> tuple[RequiredFlow, ...]:
        """Return the flows between the stack's members that must work."""
        if not self._flows:
            self._flows.append(tuple(required_flows(self.stack, self.graph, self.blueprint)))
        return self._flows[0]
