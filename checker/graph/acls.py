"""Network ACLs: stateless, ordered lists at the border of a subnet."""

from __future__ import annotations

from checker.graph.index import Index, values
from checker.model import traffic
from checker.model.addresses import EVERYWHERE
from checker.model.bounds import Bounds
from checker.model.fact import Fact, Known, Missing, Unknown, merge
from checker.model.flows import EVERY_FLOW, NO_FLOWS, FlowSet
from checker.model.intervals import IntervalSet
from checker.resources.network_acl import AclEntry, NetworkAcl
from checker.resources.subnet import Subnet
from checker.resources.vpc import Vpc


class Acls:
    """The network ACLs of an inventory.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._flows: dict[tuple[str, bool], Bounds[FlowSet]] = {}
        self._into: dict[str, Bounds[FlowSet]] = {}
        self._lists: dict[tuple[NetworkAcl, bool], Bounds[FlowSet]] = {}

    def of(self, subnet: str, vpc: str) -> Fact[NetworkAcl]:
        """Return the one ACL of a subnet: the associated one, else the VPC's default (semantics 20)."""
        if not subnet:
            return Unknown(Missing("the subnet that something stands in", "allow ec2:DescribeNetworkInterfaces"))
        mine = self._index.by(NetworkAcl, "subnet", lambda acl: values(acl.subnets), subnet)
        if mine:
            return Known(mine[0])
        here = self._index.by(NetworkAcl, "vpc", lambda acl: values(acl.vpc), vpc)
        home = self._index.get(Vpc, vpc)
        missing = merge(
            self._index.missing(NetworkAcl, home.scope if home else None), *(acl.subnets.missing for acl in here)
        )
        default = [acl for acl in here if not acl.is_default.is_(True).is_no]
        if missing or len(default) != 1:
            lost = Missing(f"the network ACL of {subnet}", "allow ec2:DescribeNetworkAcls")
            return Unknown(*missing or (lost,))
        return Known(default[0])

    def flows(self, subnet: str, vpc: str, *, egress: bool) -> Bounds[FlowSet]:
        """Return what the subnet's ACL lets out to (or in from) each address, its own traffic aside (semantics 19)."""
        key = (subnet, egress)
        if key not in self._flows:
            acl = self.of(subnet, vpc)
            self._flows[key] = (
                self._of_list(acl.value, egress=egress)
                if isinstance(acl, Known)
                else Bounds(NO_FLOWS, EVERY_FLOW, acl.missing)
            )
        return self._flows[key]

    def _of_list(self, acl: NetworkAcl, *, egress: bool) -> Bounds[FlowSet]:
        """Return what a list lets through; many subnets may share it."""
        if (acl, egress) not in self._lists:
            entries = acl.entries
            self._lists[acl, egress] = (
                evaluate(entries.value, egress=egress)
                if isinstance(entries, Known)
                else Bounds(NO_FLOWS, EVERY_FLOW, entries.missing)
            )
        return self._lists[acl, egress]

    def into(self, subnet: str, vpc: str) -> Bounds[FlowSet]:
        """Return what gets in to an interface of a subnet past its ACL, which does not see the subnet's own packets."""
        if subnet not in self._into:
            found = self._index.get(Subnet, subnet)
            blocks = found.cidrs.value if found and isinstance(found.cidrs, Known) else ()
            own = IntervalSet.of(run for block in blocks for run in block.addresses.intervals)
            free = Bounds.exactly(FlowSet.box(own, traffic.EVERYTHING))
            self._into[subnet] = self.flows(subnet, vpc, egress=False) | free
        return self._into[subnet]


def evaluate(entries: tuple[AclEntry, ...], *, egress: bool) -> Bounds[FlowSet]:
    """Return what an ordered list lets through: the lowest number that matches decides, nothing matched is denied.

    It is worked out from the last entry to the first: each one decides what it matches, and leaves the rest to those
    after it. One that is not wholly known decides surely nothing, and possibly all that it could match.
    """
    result = Bounds(NO_FLOWS, NO_FLOWS)
    for entry in sorted(entries, key=lambda entry: -entry.number):
        direction = entry.egress.is_(egress)
        if direction.is_no:
            continue
        matched = _matched(entry)
        if direction.is_unknown:
            matched = Bounds(NO_FLOWS, matched.may, merge(matched.missing, direction.missing))
        allows = entry.allow.is_(True)
        must = result.must | matched.must if allows.is_yes else result.must - matched.may
        may = result.may - matched.must if allows.is_no else result.may | matched.may
        missing = merge(matched.missing, allows.missing, result.missing)
        result = Bounds.exactly(must) if must == may else Bounds(must, may, missing)
    return result


def _matched(entry: AclEntry) -> Bounds[FlowSet]:
    peer: IntervalSet = entry.peer.value.addresses if isinstance(entry.peer, Known) else EVERYWHERE
    passes = entry.traffic.value if isinstance(entry.traffic, Known) else traffic.EVERYTHING
    flows = FlowSet.box(peer, passes)
    missing = merge(entry.peer.missing, entry.traffic.missing)
    return Bounds(NO_FLOWS, flows, missing) if missing else Bounds.exactly(flows)
