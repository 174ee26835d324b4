"""VPC Block Public Access: the switch of an account and Region that shuts every internet gateway at once."""

from __future__ import annotations

from checker.graph.index import Index
from checker.graph.place import Place
from checker.model.fact import Answer, all_of, any_of
from checker.resources.vpc import Vpc
from checker.resources.vpc_public_access import VpcPublicAccess
from checker.resources.vpc_public_access_exclusion import VpcPublicAccessExclusion


class PublicAccess:
    """The blocks on public access, with the VPCs and subnets excluded from them (semantics 34).

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._free: dict[tuple[str, str, bool], Answer] = {}

    def free(self, place: Place, *, outbound: bool = False) -> Answer:
        """Answer whether a place may use the VPC's gateways; with `outbound`, for connections opened from inside.

        Of its two modes the one that blocks ingress lets NAT gateways and egress-only gateways open connections.
        """
        key = (place.vpc, place.subnet, outbound)
        if key not in self._free:
            self._free[key] = self._find(place, outbound=outbound)
        return self._free[key]

    def _find(self, place: Place, *, outbound: bool) -> Answer:
        home = self._index.get(Vpc, place.vpc)
        scope = home.scope if home else None
        blocks = [item for item in self._index.all(VpcPublicAccess).items if item.scope == scope]
        passing = ("off", "block-ingress") if outbound else ("off",)
        free = all_of(item.mode.holds(lambda mode: mode in passing) for item in blocks)
        if gaps := self._index.missing(VpcPublicAccess, scope):
            free &= Answer(None, gaps)
        if free.is_yes:
            return free
        modes = ("allow-bidirectional", "allow-egress") if outbound else ("allow-bidirectional",)
        listed = any_of(
            item.resource.holds(lambda id: id in (place.vpc, place.subnet))
            & item.active.is_(True)
            & item.mode.holds(lambda mode: mode in modes)
            for item in self._index.all(VpcPublicAccessExclusion).items
        )
        gaps = self._index.missing(VpcPublicAccessExclusion, scope)
        return free | (listed | Answer(None, gaps) if gaps else listed)
