"""The short texts in which cases write traffic, peers, list entries, actions and the like."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from checker.model import traffic
from checker.model.addresses import Cidr
from checker.model.fact import Fact, Known, Missing, Unknown
from checker.model.intervals import IntervalSet
from checker.resources.auto_scaling_group import TemplateRef
from checker.resources.db_cluster import ClusterMember
from checker.resources.hosted_zone import DnsRecord
from checker.resources.listener import Action
from checker.resources.network_acl import AclEntry
from checker.resources.route_table import Route
from checker.resources.security_group_rule import GroupPeer, PrefixListPeer
from checker.resources.target_group import Target

UNKNOWN = "?"


def missing(what: str) -> Unknown:
    """Return the unknown fact that `what` names."""
    return Unknown(Missing(what, "supply it in the case"))


def permission(text: str) -> IntervalSet:
    """Return the traffic of `all`, `tcp`, `tcp 3306`, `tcp 8000-8080`, `icmp 3`, `icmp 3/4`; commas join several."""
    found = IntervalSet()
    for part in str(text).split(","):
        protocol, _, ports = part.strip().partition(" ")
        if protocol in ("icmp", "icmpv6"):
            kind, _, code = ports.partition("/")
            found |= traffic.permitted(protocol, int(kind or -1), int(code or -1))
        else:
            first, _, last = ports.strip().partition("-")
            found |= traffic.permitted(protocol, int(first) if first else None, int(last or first) if first else None)
    return found


def peer(text: str) -> Cidr | GroupPeer | PrefixListPeer:
    """Return a block of addresses, a security group (`sg-…`) or a prefix list (`pl-…`)."""
    if text.startswith("sg-"):
        return GroupPeer(text)
    return PrefixListPeer(text) if text.startswith("pl-") else Cidr.parse(text)


def _fact(value: object, what: str, read: Callable[[str], object]) -> Fact[object]:
    return missing(what) if value == UNKNOWN else Known(read(str(value)))


def _acl_entry(text: object) -> AclEntry:
    """Read `100 in allow tcp 80 from 0.0.0.0/0`, `32767 out deny all to ::/0`; each word may be `?`."""
    number, direction, verdict, rest = str(text).split(" ", 3)
    passes, _, block = rest.replace(" to ", " from ").partition(" from ")
    return AclEntry(
        number=int(number),
        egress=_fact(direction, f"direction of entry {text}", {"in": False, "out": True}.__getitem__),  # type: ignore[arg-type]  # a flag
        allow=_fact(verdict, f"action of entry {text}", {"allow": True, "deny": False}.__getitem__),  # type: ignore[arg-type]  # a flag
        traffic=_fact(passes, f"traffic of entry {text}", permission),  # type: ignore[arg-type]  # a set of traffic
        peer=_fact(block, f"block of entry {text}", Cidr.parse),  # type: ignore[arg-type]  # a block
    )


def _route(raw: object) -> Route:
    """Read `{to: 0.0.0.0/0, via: igw-1}`; `blackhole: true` for a route that drops, `propagated: true`."""
    if not isinstance(raw, Mapping):
        raise TypeError(f"not a route: {raw}")
    via = raw.get("via", "")
    dropped = raw.get("blackhole", False)
    return Route(
        destination=_fact(raw["to"], f"destination of route {raw}", peer),  # type: ignore[arg-type]  # a block or list
        target=_fact(via, f"target of route {raw}", str),  # type: ignore[arg-type]  # an id
        active=missing(f"state of route {raw}") if dropped == UNKNOWN else Known(not dropped),
        propagated=Known(bool(raw.get("propagated", False))),
    )


def _action(raw: object) -> Action:
    """Read `redirect https 443`, `fixed-response`, `forward TARGET-GROUP`, `forward ONE:9 TWO:1 [sticky]`."""
    kind, *words = str(raw).split()
    if kind == "redirect":
        protocol, port = words
        return Action("redirect", protocol=protocol.upper(), port=port, status_code="HTTP_301")
    if kind != "forward":
        return Action(kind)
    pairs = [word.partition(":")[::2] for word in words if word != "sticky"]
    return Action("forward", tuple((id, int(weight or 1)) for id, weight in pairs), sticky="sticky" in words)


def _template(raw: object) -> TemplateRef:
    """Read `lt-1 $Latest`."""
    id, _, version = str(raw).partition(" ")
    return TemplateRef(id, "", version or "$Default")


def _member(raw: object) -> ClusterMember:
    """Read `shop-db-1 writer` or `shop-db-2 reader`."""
    id, _, part = str(raw).partition(" ")
    return ClusterMember(id, part == "writer")


def _target(raw: object) -> Target:
    """Read `i-1 8080` or `i-1`."""
    id, _, port = str(raw).partition(" ")
    return Target(id, int(port) if port else None, None)


def _dns(raw: object) -> DnsRecord:
    """Read `shop.example.com A one.example.com two.example.com`."""
    name, kind, *targets = str(raw).split()
    return DnsRecord(name, kind, tuple(targets))


SHORTHAND: Mapping[type, Callable[[object], object]] = {
    AclEntry: _acl_entry,
    Route: _route,
    Action: _action,
    TemplateRef: _template,
    ClusterMember: _member,
    Target: _target,
    DnsRecord: _dns,
}
