"""Whether a member may stand in enough zones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.graph.stack import Member
from checker.graph.view import View
from checker.graph.zones import homes, placed, spans
from checker.model.fact import known_or
from checker.model.finding import Outcome, Step, Violation, require


def spread(member: Member, view: View, *, what: str, fix: str) -> Iterator[Outcome]:
    """Yield a violation where the subnets of a member lie in fewer zones than the blueprint asks for (semantics 54)."""
    wanted = view.blueprint.zones.at_least
    shown = ", ".join(placed((member,), view.graph).items) or "no zone"
    steps = tuple(
        Step(subnet, f"lies in {known_or(view.graph.zone(subnet), 'an unknown zone')}")
        for subnet in homes(member, view.graph).items
    )
    violation = Violation(f"{member.owner.label} {what} in {shown} only; {wanted} zones are asked for", fix, steps)
    seen = Step(member.owner.id, f"{what} in {shown}", member.owner.origin)
    enough = spans((member,), view.graph, wanted)
    if enough.is_unknown:
        open_ = [subnet for subnet in homes(member, view.graph).items if view.graph.zone(subnet).missing]
        what = f"the zone of {', '.join(open_)}" if open_ else f"where {member.owner.label} may stand"
        violation = replace(violation, message=f"{what} is not known; {wanted} zones are asked for")
    yield from require(enough, violation, seen)
