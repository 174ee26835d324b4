"""Tiny networks drawn by hypothesis, and the same networks as the product reads them."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network

from hypothesis import strategies as st

from tests.graph.network import Network
from tests.graph.oracle import ICMP, TCP, UDP, Entry, Interface, Peering, Route, Rule, Subnet, World

A, B, C = "vpc-a", "vpc-b", "vpc-c"
BLOCKS = {A: ("10.0.0.0/24", "10.0.1.0/24"), B: ("10.1.0.0/24",)}
SUBNETS = {
    "subnet-1": (A, "10.0.0.0/25"),
    "subnet-2": (A, "10.0.0.128/25"),
    "subnet-3": (A, "10.0.1.0/24"),
    "subnet-4": (B, "10.1.0.0/24"),
}
# The same blocks in a network of its own: an address means nothing without its VPC (semantics 37).
TWIN = {"subnet-4": (B, "10.0.0.0/25")}
HOSTS = (5, 17, 66, 100)
FAR = ("203.0.113.9", "198.51.100.77", "8.8.8.8", "129.0.0.1")
PEERS = (
    "0.0.0.0/0", "0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/24", "10.0.0.0/25", "10.0.0.64/26", "10.0.0.17/32",
    "10.0.0.17/28", "10.0.1.0/24", "10.1.0.0/24", "10.1.0.66/31", "128.0.0.0/1", "203.0.113.0/24", "::/0",
)  # fmt: skip
# Of services, and of the ranges that clients choose from: both ends of an ACL's reply entries are of interest.
PORTS = (0, 80, 443, 1024, 40000, 65535)
PROTOCOLS = (-1, TCP, TCP, TCP, UDP, ICMP, 47)
# What a list ends with: everything, a service and one half of the client ports, or nothing.
REST = (*4 * (((-1, 0, 65535),),), ((TCP, 80, 80), (TCP, 1024, 40000)), ((TCP, 0, 1024), (TCP, 40001, 65535)), ())
NAMES = {-1: "all", TCP: "tcp", UDP: "udp", ICMP: "icmp"}


@st.composite
def _traffic(draw: st.DrawFn) -> tuple[int, int, int]:
    protocol = draw(st.sampled_from(PROTOCOLS))
    if protocol == ICMP:
        return protocol, draw(st.sampled_from((-1, 8, 0, 3))), -1
    if protocol not in (TCP, UDP):
        return protocol, 0, 65535
    first, last = sorted(draw(st.tuples(st.sampled_from(PORTS), st.sampled_from(PORTS))))
    return protocol, first, last


@st.composite
def _rules(draw: st.DrawFn, groups: tuple[str, ...]) -> tuple[Rule, ...]:
    peers = st.sampled_from((*PEERS, *groups, *groups))
    drawn = draw(st.lists(st.tuples(st.booleans(), _traffic(), peers), max_size=3))
    rules = tuple(Rule(ingress, *traffic, peer) for ingress, traffic, peer in drawn)
    # Most groups may send anything, as those that AWS makes do, and many are too open.
    sends = () if draw(st.integers(0, 5)) == 0 else (Rule(False, -1, 0, 65535, "0.0.0.0/0"),)
    takes = (Rule(True, -1, 0, 65535, draw(peers)),) if draw(st.booleans()) else ()
    return (*rules, *sends, *takes)


@st.composite
def _entries(draw: st.DrawFn) -> tuple[Entry, ...]:
    drawn = draw(st.lists(st.tuples(st.booleans(), st.booleans(), _traffic(), st.sampled_from(PEERS)), max_size=3))
    numbers = draw(st.permutations(range(100, 100 + len(drawn))))
    found = tuple(
        Entry(number, egress, allow, *traffic, block)
        for number, (egress, allow, traffic, block) in zip(numbers, drawn, strict=True)
    )
    rest = [
        Entry(200 + at, egress, True, protocol, first, last, "0.0.0.0/0")
        for egress in (True, False)
        for at, (protocol, first, last) in enumerate(draw(st.sampled_from(REST)))
    ]
    return (*found, *rest)


@st.composite
def _table(draw: st.DrawFn, targets: tuple[str, ...]) -> tuple[Route, ...]:
    routes: dict[str, Route] = {}
    if draw(st.integers(0, 4)):
        routes["0.0.0.0/0"] = Route("0.0.0.0/0", "igw-a", True)
        routes["10.1.0.0/24"] = Route("10.1.0.0/24", "pcx-a", True)
        routes["10.0.0.0/23"] = Route("10.0.0.0/23", "pcx-a", True)
    for block in draw(
        st.lists(st.sampled_from(PEERS[2:-1]), max_size=2, unique_by=lambda text: ip_network(text, strict=False))
    ):
        canonical = str(ip_network(block, strict=False))
        routes[canonical] = Route(canonical, draw(st.sampled_from(targets)), draw(st.integers(0, 4)) > 0)
    return tuple(routes.values())


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw one or two VPCs, two or three subnets, two to four interfaces and what filters them."""
    twin = draw(st.integers(0, 4)) == 0
    known = {**SUBNETS, **(TWIN if twin else {})}
    names = draw(st.lists(st.sampled_from(sorted(known)), min_size=2, max_size=3, unique=True))
    acls = {f"acl-{at}": draw(_entries()) for at in range(draw(st.integers(1, 2)))}
    tables = {
        f"rtb-{at}": draw(_table(("igw-a", "igw-b", "pcx-a", "eigw-a", "local")))
        for at in range(draw(st.integers(1, 2)))
    }
    subnets = {}
    for name in names:
        vpc, block = known[name]
        # A list and a table belong to one VPC, so the other VPC has copies of its own.
        acl, table = draw(st.sampled_from(sorted(acls))), draw(st.sampled_from(sorted(tables)))
        subnets[name] = Subnet(vpc, block, f"{acl}-{vpc}", f"{table}-{vpc}")
    ids = {vpc: tuple(f"sg-{vpc[-1]}{at}" for at in range(2)) for vpc in (A, B)}
    every = (*ids[A], *ids[B])
    groups = {group: draw(_rules(every)) for group in every}
    interfaces: dict[str, Interface] = {}
    places = [(name, host) for name in names for host in HOSTS]
    for name, host in draw(st.lists(st.sampled_from(places), min_size=2, max_size=4, unique=True)):
        subnet = subnets[name]
        worn = (
            draw(st.lists(st.sampled_from(ids[subnet.vpc]), min_size=1, max_size=2, unique=True))
            if draw(st.integers(0, 9))
            else []
        )
        address = str(ip_network(subnet.block)[host])
        interfaces[f"eni-{len(interfaces)}"] = Interface(name, address, tuple(worn), draw(st.integers(0, 3)) > 0)
    blocks = {A: BLOCKS[A], B: ("10.0.0.0/25",) if twin else BLOCKS[B], C: BLOCKS[B]}
    # VPCs whose blocks overlap cannot be peered (semantics 36): then, and at times else, the peering is with a third.
    ends = (A, C) if twin or draw(st.integers(0, 5)) == 0 else (A, B)
    peering = Peering(ends, draw(st.integers(0, 4)) > 0, draw(st.integers(0, 3)) > 0)
    return World(
        vpcs=blocks,
        subnets=subnets,
        groups=groups,
        acls={f"{name}-{vpc}": entries for name, entries in acls.items() for vpc in (A, B)},
        tables={f"{name}-{vpc}": routes for name, routes in tables.items() for vpc in (A, B)},
        interfaces=interfaces,
        peerings={"pcx-a": peering},
        gateways={"igw-a": A, "igw-b": draw(st.sampled_from((B, None)))},
    )


def ports_of(world: World) -> list[int]:
    """Return the ports at which some rule or entry begins or ends, and their neighbours."""
    ends = {port for rules in world.groups.values() for rule in rules for port in (rule.first, rule.last)}
    ends |= {port for entries in world.acls.values() for entry in entries for port in (entry.first, entry.last)}
    return sorted({port for end in ends for port in (end - 1, end, end + 1) if 0 <= port <= 65535} | {22})


def packets(world: World) -> list[tuple[int, int]]:
    """Return `(protocol, port)` at every border of the drawn rules; of ICMP the echo request, which has an answer."""
    return [(protocol, port) for protocol in (TCP, UDP) for port in ports_of(world)] + [(ICMP, 8 * 256), (47, 0)]


def clients_of(world: World, first: int, last: int) -> list[int]:
    """Return the client ports of a range that stand for all: no rule tells those between them apart."""
    return sorted({first, last, *(port for port in ports_of(world) if first <= port <= last)})


def spell(world: World, blank: tuple[str, str, int] | None = None) -> Network:
    """Return a drawn network as records; `blank` takes away one fact, `(kind, id, number)`."""
    net = Network()
    for vpc, blocks in world.vpcs.items():
        net.vpc(vpc, *blocks)
    for id, subnet in world.subnets.items():
        net.subnet(id, subnet.block, vpc=subnet.vpc)
    for id, rules in world.groups.items():
        net.group(id, *_lines(rules, _rule, ("peer", "traffic"), blank, id), vpc=f"vpc-{id[3]}")
    for id, entries in world.acls.items():
        worn = [name for name, subnet in world.subnets.items() if subnet.acl == id]
        net.acl(
            id, worn, *_lines(entries, _entry, ("entry-peer", "entry-traffic", "entry-action"), blank, id), vpc=id[-5:]
        )
    for id, routes in world.tables.items():
        used = [name for name, subnet in world.subnets.items() if subnet.table == id]
        net.table(id, used, *_lines(routes, _route, ("route-target",), blank, id), vpc=id[-5:])
    for id, home in world.gateways.items():
        net.gateway(id, home or "none")
    for id, peering in world.peerings.items():
        net.add(
            "VpcPeeringConnection",
            VpcPeeringConnectionId=id,
            Status={"Code": "active" if peering.active else "deleted"},
            RequesterVpcInfo=_end(world, peering.vpcs[0], "eu-west-1"),
            AccepterVpcInfo=_end(world, peering.vpcs[1], "eu-west-1" if peering.same_region else "us-east-1"),
        )
    for at, (id, one) in enumerate(world.interfaces.items()):
        groups = None if blank and blank[:2] == ("groups", id) else one.groups
        public = f"192.0.2.{at + 1}" if one.public else None
        net.interface(id, one.subnet, one.address, groups=groups, public=public, vpc=world.subnets[one.subnet].vpc)
    return net


def _end(world: World, vpc: str, region: str) -> dict[str, object]:
    return {
        "VpcId": vpc,
        "Region": region,
        "OwnerId": "111122223333",
        "CidrBlockSet": [{"CidrBlock": text} for text in world.vpcs[vpc]],
    }


def _lines(
    items: tuple[object, ...],
    write: Callable[..., str],
    kinds: tuple[str, ...],
    blank: tuple[str, str, int] | None,
    id: str,
) -> list[str]:
    hit = blank if blank and blank[0] in kinds and blank[1] == id else None
    return [write(item, hit[0] if hit and hit[2] == at else "") for at, item in enumerate(items)]


def _spelled(protocol: int, first: int, last: int) -> str:
    name = NAMES.get(protocol, str(protocol))
    if protocol == ICMP:
        return name if first == -1 else f"{name} {first}"
    return f"{name} {first}-{last}" if protocol in (TCP, UDP) else name


def _rule(rule: Rule, blank: str) -> str:
    what = "?" if blank == "traffic" else _spelled(rule.protocol, rule.first, rule.last)
    return f"{'in' if rule.ingress else 'out'} {what} {'?' if blank == 'peer' else rule.peer}"


def _entry(entry: Entry, blank: str) -> str:
    what = "?" if blank == "entry-traffic" else _spelled(entry.protocol, entry.first, entry.last)
    action = "?" if blank == "entry-action" else "allow" if entry.allow else "deny"
    block = "?" if blank == "entry-peer" else entry.block
    return f"{entry.number} {'out' if entry.egress else 'in'} {action} {what} {block}"


def _route(route: Route, blank: str) -> str:
    return f"{route.block} {'?' if blank == 'route-target' else route.target}{'' if route.active else ' blackhole'}"


def blanks(world: World) -> st.SearchStrategy[tuple[str, str, int]]:
    """Draw one fact of a network that could go unseen."""
    found = [("groups", id, 0) for id in world.interfaces]
    for kinds, holders in (
        (("peer", "traffic"), world.groups),
        (("entry-peer", "entry-traffic", "entry-action"), world.acls),
        (("route-target",), world.tables),
    ):
        found += [(kind, id, at) for id, items in holders.items() for at in range(len(items)) for kind in kinds]
    return st.sampled_from(found)
