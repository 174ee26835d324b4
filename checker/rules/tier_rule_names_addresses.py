"""
Rule between tiers that names addresses.

What it checks
    Ingress from one tier to the next names the other tier's security group where a reference is possible: in the same
    VPC, or over a peering in the same Region. Rules that NET003 to NET006 already report are not told twice.

Why it matters
    Addresses outlive what they were written for: the next thing that is started in that subnet inherits the right.

How to fix
    Replace the address block by a reference to the other tier's security group.

References
    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
"""

from collections.abc import Iterator

from checker.graph.mending import name_groups
from checker.graph.view import View
from checker.model import traffic
from checker.model.fact import Known, known_or, merge
from checker.model.finding import NotApplicable, Outcome, Seen, Severity, Unsettled, Violation
from checker.model.intervals import IntervalSet
from checker.resources.security_group_rule import GroupPeer
from checker.rules.interface import rule
from checker.rules.openings import spell, step
from checker.rules.subjects import INGRESS_RULES, RuleUse, open_sources


@rule("NET008", subject=INGRESS_RULES, severity=Severity.MEDIUM)
def check(use: RuleUse, view: View) -> Iterator[Outcome]:
    """See whether the rule's addresses are those of a tier that may get in."""
    ingress, group = use.rule, known_or(use.rule.group, "")
    if not isinstance(ingress.peer, Known):
        yield Unsettled(
            f"whether {ingress.id} names addresses is not known", ingress.peer.missing, (step(ingress, group),)
        )
        return
    if isinstance(ingress.peer.value, GroupPeer):
        yield Seen(step(ingress, group))
        return
    if isinstance(ingress.traffic, Known) and not ingress.traffic.value - traffic.ICMP_ERRORS:
        yield NotApplicable("lets in ICMP errors only, which may come from everywhere")
        return
    reach = view.graph.groups.peer_addresses(ingress.peer.value)
    if not isinstance(reach, Known):
        yield Unsettled(f"the addresses that {ingress.id} names are not known", reach.missing, (step(ingress, group),))
        return
    for member in use.members:
        openings = [one for one in view.openings(member) if one.rule is ingress]
        if any(not opening.missing for opening in openings):
            hidden = open_sources(use, view)
            yield (
                Unsettled(f"whose addresses {ingress.id} names is not known", hidden)
                if hidden
                else NotApplicable("already reported as a way in")
            )
            return
        tiers = sorted({owner.label for owner in view.allowed(member).owners if _stands_in(owner, reach.value, view)})
        if tiers and not isinstance(ingress.traffic, Known):
            # It may let in ICMP errors only, or nothing at all where it stands for an unknown number of rules.
            yield Unsettled(f"what {ingress.id} lets in is not known", ingress.traffic.missing, (step(ingress, group),))
            return
        if tiers:
            remedy = name_groups(ingress, group, view)
            yield Violation(
                message=f"{ingress.id} of {group} names addresses ({spell(ingress)}) to let in {', '.join(tiers)}",
                fix=remedy.text,
                path=(step(ingress, group),),
                changes=remedy.changes,
            )
            return
        if openings:
            missing = merge(*(opening.missing for opening in openings))
            yield Unsettled(f"whose addresses {ingress.id} names is not known", missing, (step(ingress, group),))


def _stands_in(owner: object, addresses: IntervalSet, view: View) -> bool:
    return any(endpoint.place.addresses & addresses for endpoint in view.graph.endpoints.of(owner))  # type: ignore[arg-type]  # owners are resources
