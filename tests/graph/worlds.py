"""Tiny networks, drawn: few of everything, and the edges of every rule close together.

What draws is a function that picks one of several: hypothesis's, which shrinks towards the first, or `random`'s, which
is fast. First comes what lets most through, so that what remains of a failing network is what matters.
"""

from __future__ import annotations

from functools import cache
from ipaddress import ip_network

from hypothesis import strategies as st

from tests.graph.oracle import Attachment, Interface, Nat, Peering, Route, Subnet, World
from tests.graph.worlds_filters import Dice, Filters, Pick

V4 = {"vpc-a": ("10.0.0.0/24", "10.0.1.0/24"), "vpc-b": ("10.1.0.0/24",), "vpc-c": ("10.2.0.0/24",)}
V6 = {"vpc-a": "2600:1f18:a::/56", "vpc-b": "2600:1f18:b::/56", "vpc-c": "2600:1f18:c::/56"}
# The zone and the blocks of each subnet; 1 and 2 of a VPC are in different zones, 3 is in the first one's.
PLAN = {
    "subnet-a1": ("eu-west-1a", "10.0.0.0/25", "2600:1f18:a::/64"),
    "subnet-a2": ("eu-west-1b", "10.0.0.128/25", "2600:1f18:a:1::/64"),
    "subnet-a3": ("eu-west-1a", "10.0.1.0/24", "2600:1f18:a:2::/64"),
    "subnet-b1": ("eu-west-1a", "10.1.0.0/25", "2600:1f18:b::/64"),
    "subnet-b2": ("eu-west-1b", "10.1.0.128/25", "2600:1f18:b:1::/64"),
    "subnet-c1": ("eu-west-1a", "10.2.0.0/24", "2600:1f18:c::/64"),
}
# The same blocks in a VPC of its own: an address means nothing without its VPC (semantics 37).
TWINS = {"subnet-b1": "10.0.0.0/25", "subnet-b2": "10.0.0.128/25"}
HOSTS = (5, 17, 66)
FAR = ("203.0.113.9", "8.8.8.8")
FAR_V6 = "2620:0:ccc::2"
OUT = ("192.168.7.9", "10.9.9.9")


@cache
def _among(options: tuple[object, ...]) -> st.SearchStrategy[object]:
    return st.sampled_from(options)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw a network by hypothesis."""
    return drawn(lambda options: draw(_among(tuple(options))))


class Drawing(Dice):
    """One network on the way to be drawn."""

    def __init__(self, pick: Pick) -> None:
        super().__init__(pick)
        self.links = self.pick(("none", "peering", "transit", "peering", "transit", "far-transit"))
        self.with_v6 = self.pick((False, False, True)) and self.links != "far-transit"
        self.with_nat = self.pick((False, True))
        # In half of the networks the filters let nearly everything through, so that all depends on the ways.
        self.filters = Filters(pick, is_open=self.pick((True, False)), with_v6=self.with_v6)
        self.twin = self.links == "none" and self.rarely(3)
        self.same_region = self.links != "far-transit" and not (self.links == "peering" and self.rarely(6))
        self.subnets: dict[str, Subnet] = {}
        self.interfaces: dict[str, Interface] = {}
        self.nats: dict[str, Nat] = {}

    def world(self) -> World:
        """Return the network."""
        letters = ("a",) if self.links == "none" and not self.twin else ("a", "b")
        third = self.links in ("peering", "transit") and self.rarely(4)
        letters = (*letters, "c") if third else letters
        vpcs = {f"vpc-{letter}": self._blocks(letter) for letter in letters}
        self._place(letters)
        tables = {
            f"rtb-{name}-{letter}": self._table(letter, None if name == "main" else f"rtb-{name}-{letter}")
            for letter in letters
            for name in ("main", "0", "1")
        }
        acls = {f"acl-{name}-{letter}": self.filters.entries() for letter in letters for name in ("default", "0")}
        every = tuple(f"sg-{at}-{letter}" for letter in letters for at in range(2))
        transits, attachments = self._transits(), self._attachments(letters)
        if attachments:
            for gateway in transits:
                tables |= {f"tgw-rtb-{at}-{gateway[-1]}": self._transit_table(gateway, attachments) for at in range(2)}
        gateways: dict[str, str | None] = {}
        for letter in letters:
            gateways[f"igw-{letter}"] = f"vpc-{letter}" if not self.rarely(8) else None
            gateways[f"eigw-{letter}"] = f"vpc-{letter}" if not self.rarely(8) else None
            gateways[f"vgw-{letter}"] = f"vpc-{letter}" if not self.rarely(4) else None
        edges = {}
        edge = self.pick((None, None, "igw-a", "vgw-a"))
        if edge and gateways[edge]:
            edges[edge] = "rtb-edge-a"
            tables["rtb-edge-a"] = self._edge()
        return World(
            vpcs=vpcs,
            subnets=self.subnets,
            groups={group: self.filters.rules(every) for group in every},
            acls=acls,
            tables=tables,
            interfaces=self.interfaces,
            peerings=self._peerings(letters),
            gateways=gateways,
            edges=edges,
            nats=self.nats,
            transits=transits,
            attachments=attachments,
            lists={"pl-1": self.pick((("10.0.0.0/15",), ("10.3.0.0/16", "203.0.113.0/28"), ("8.8.8.0/24",)))},
            block=self.pick(("off", "off", "off", "block-bidirectional", "block-ingress")),
            exclusions=self._exclusions(),
            elsewhere=() if self.same_region else ("vpc-b",),
        )

    def _blocks(self, letter: str) -> tuple[str, ...]:
        v4 = ("10.0.0.0/24",) if letter == "b" and self.twin else V4[f"vpc-{letter}"]
        return (*v4, V6[f"vpc-{letter}"]) if self.with_v6 else v4

    def _place(self, letters: tuple[str, ...]) -> None:
        for id, (zone, block, v6) in PLAN.items():
            if id[-2] not in letters or (id == "subnet-a3" and self.rarely(2)):
                continue
            v4 = TWINS.get(id, block) if self.twin else block
            acl = self.pick((None, f"acl-0-{id[-2]}"))
            table = self.pick((f"rtb-0-{id[-2]}", f"rtb-1-{id[-2]}", None))
            region = "us-west-2" if id[-2] == "b" and not self.same_region else "eu-west-1"
            blocks = (v4, v6) if self.with_v6 else (v4,)
            self.subnets[id] = Subnet(f"vpc-{id[-2]}", blocks, zone.replace("eu-west-1", region), acl, table)
        homes = [self.pick([id for id in self.subnets if id[-2] == letter]) for letter in letters]
        homes += [self.pick(tuple(self.subnets)) for _ in range(self.pick((1, 2)) if len(letters) < 3 else 1)]
        for at, home in enumerate(homes):
            self.interfaces[f"eni-{at}"] = self._interface(home, HOSTS[sum(home == one for one in homes[:at]) % 3])
        self.interfaces = {id: one for id, one in self.interfaces.items() if one.addresses}
        for letter in letters if self.with_nat else ():
            if letter == "a" or self.rarely(3):
                self._nat(f"nat-{letter}")

    def _nat(self, id: str) -> None:
        here = [name for name in self.subnets if name[-2] == id[-1]]
        # The second table leads past the gateway, so most gateways stand in a subnet that has it.
        outer = [name for name in here if self.subnets[name].table == f"rtb-1-{id[-1]}"]
        subnet = self.pick(outer if outer and not self.rarely(8) else here)
        address = str(ip_network(self.subnets[subnet].blocks[0])[100])
        self.nats[id] = Nat(subnet, address, self.pick((True, False)), not self.rarely(8))

    def _interface(self, home: str, host: int) -> Interface:
        letter = home[-2]
        blocks = self.subnets[home].blocks
        addresses = tuple(str(ip_network(block)[host]) for block in blocks)
        if self.with_v6:
            addresses = self.pick((addresses, addresses, addresses[:1], addresses[1:]))
        worn = self.pick(((f"sg-0-{letter}",), (f"sg-1-{letter}",), (f"sg-0-{letter}", f"sg-1-{letter}"), ()))
        if letter == "b" and self.same_region and self.rarely(5):
            worn = (*worn, "sg-1-a")  # a group of another VPC that is associated with this one
        public = self.pick((True, False)) and ":" not in addresses[0]
        kind = "vpc_endpoint" if self.rarely(8) else "interface"
        checks = kind == "vpc_endpoint" or self.pick((True, True, False))
        return Interface(home, addresses, worn, public and kind == "interface", checks, kind)

    def _table(self, letter: str, table: str | None) -> tuple[Route, ...]:
        routes: dict[tuple[str, bool], Route] = {}

        def put(route: Route) -> None:
            routes[route.block, route.propagated] = route

        link = {"peering": "pcx-1", "transit": "tgw-1", "far-transit": "tgw-2" if letter == "b" else "tgw-1"}
        nats = [id for id in self.nats if id[-1] == letter and table != f"rtb-1-{letter}"]
        ways = [link[self.links], *nats] if self.links in link else nats
        appliances = [id for id, one in self.interfaces.items() if one.subnet[-2] == letter and one.kind == "interface"]
        for other in self._others(letter) if ways else ():
            if not self.rarely(6):
                put(Route(other, self.pick(ways) if ":" not in other else ways[0]))
        if self.pick((False, True)):
            put(Route("192.168.0.0/16", self.pick((f"vgw-{letter}", *ways)), propagated=False))
        put(Route("0.0.0.0/0", self.pick((f"igw-{letter}", *nats, *nats, *ways))))
        if self.with_v6:
            put(Route("::/0", self.pick((f"igw-{letter}", f"eigw-{letter}"))))
        targets = (*ways, *nats, *appliances, f"igw-{letter}", f"vgw-{letter}")
        for _ in range(self.pick((0, 0, 1, 2))):
            block = self.pick((*self._others(letter), "8.8.8.0/24", "203.0.113.8/29", "10.0.0.0/8", "pl-1"))
            target = self.pick([one for one in targets if not (one.startswith(("nat", "eni")) and ":" in block)])
            put(Route(block, target, not self.rarely(4)))
        # More specific than the local route: the whole of another subnet, to an interface or a NAT gateway.
        inside = [one.blocks[0] for id, one in self.subnets.items() if id[-2] == letter and one.table != table]
        if inside and appliances + nats and self.rarely(3):
            put(Route(self.pick(inside), self.pick([*nats, *appliances]), not self.rarely(4)))
        if self.rarely(6):
            put(
                Route(
                    self.pick(("10.0.0.128/25", "10.1.0.0/24", "8.8.8.0/24", "10.9.0.0/16")),
                    f"vgw-{letter}",
                    propagated=True,
                )
            )
        return tuple(routes.values())

    def _others(self, letter: str) -> list[str]:
        blocks = [block for name in "abc" if name != letter for block in V4[f"vpc-{name}"]]
        if letter == "b" and self.twin:
            return ["10.2.0.0/24"]  # a route may not lead into part of the VPC itself
        halves = ["10.1.0.0/25"] if letter != "b" else ["10.0.0.0/25"]
        return blocks + halves + ([V6[f"vpc-{name}"] for name in "abc" if name != letter] if self.with_v6 else [])

    def _edge(self) -> tuple[Route, ...]:
        inside = [one.blocks[0] for id, one in self.subnets.items() if id[-2] == "a"]
        targets = [id for id, one in self.interfaces.items() if one.subnet[-2] == "a"]
        return (Route(self.pick(inside), self.pick(targets), not self.rarely(4)),)

    def _peerings(self, letters: tuple[str, ...]) -> dict[str, Peering]:
        if self.links != "peering":
            return {}
        ends = ("vpc-a", "vpc-c") if "c" in letters and self.rarely(3) else ("vpc-a", "vpc-b")
        same = self.same_region or "vpc-b" not in ends
        return {"pcx-1": Peering(ends, not self.rarely(6), same)}

    def _transits(self) -> dict[str, bool]:
        gateways = {"transit": ("tgw-1",), "far-transit": ("tgw-1", "tgw-2")}.get(self.links, ())
        return {id: self.pick((True, False)) for id in gateways}

    def _attachments(self, letters: tuple[str, ...]) -> dict[str, Attachment]:
        if self.links not in ("transit", "far-transit"):
            return {}
        found = {}
        for letter in letters:
            gateway = "tgw-2" if self.links == "far-transit" and letter == "b" else "tgw-1"
            here = [id for id in self.subnets if id[-2] == letter]
            wide = [tuple(here[:2]), tuple(here[:2]), tuple(here[:1]), tuple(here[-1:])]
            found[f"tgw-attach-{letter}"] = Attachment(
                gateway, f"vpc-{letter}", self.pick(wide), self._associated(gateway), not self.rarely(10),
                not self.rarely(5), self.rarely(6),
            )  # fmt: skip
        if self.pick((False, True)):
            found["tgw-attach-v"] = Attachment("tgw-1", "", (), self._associated("tgw-1"), not self.rarely(8), vpn=True)
        if self.links == "far-transit":
            active = not self.rarely(8)
            for gateway, peer in (("tgw-1", "tgw-2"), ("tgw-2", "tgw-1")):
                found[f"tgw-attach-p-{gateway[-1]}"] = Attachment(
                    gateway, "", (), self._associated(gateway), active, peer=peer
                )
        return found

    def _associated(self, gateway: str) -> str | None:
        at = self.pick((0, 0, 0, 1, None))
        return None if at is None else f"tgw-rtb-{at}-{gateway[-1]}"

    def _transit_table(self, gateway: str, attachments: dict[str, Attachment]) -> tuple[Route, ...]:
        routes: dict[tuple[str, bool], Route] = {}
        mine = {id: one for id, one in attachments.items() if one.gateway == gateway}
        for id, one in attachments.items():
            for block in self._blocks(one.vpc[-1]) if one.vpc else ():
                if id in mine and not self.rarely(6):
                    routes[block, True] = Route(block, id, one.active, propagated=True)
                elif id not in mine and not self.rarely(6):  # a peering attachment needs static routes
                    routes[block, False] = Route(block, f"tgw-attach-p-{gateway[-1]}", one.active)
        if "tgw-attach-v" in mine and not self.rarely(4):
            routes["192.168.0.0/16", False] = Route("192.168.0.0/16", "tgw-attach-v", mine["tgw-attach-v"].active)
        for _ in range(self.pick((0, 1, 1, 2))):
            block = self.pick(
                ("10.1.0.0/24", "10.0.0.0/24", "10.0.0.0/25", "10.1.0.128/25", "10.0.1.0/24", "0.0.0.0/0", "10.0.0.0/8")
            )
            routes[block, False] = Route(block, self.pick(tuple(mine)), self.pick((True, False)))
        return tuple(routes.values())

    def _exclusions(self) -> dict[str, str]:
        mode = self.pick((None, "allow-bidirectional", "allow-egress"))
        return {self.pick(("vpc-a", *(id for id in self.subnets if id[-2] == "a"))): mode} if mode else {}


def drawn(pick: Pick) -> World:
    """Return the network that a picking function draws."""
    return Drawing(pick).world()
