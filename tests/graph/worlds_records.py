"""A drawn network as the records that the product reads, whole or with a fact taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hypothesis import strategies as st

from tests.graph.network import ELSEWHERE, SCOPE, Network
from tests.graph.oracle import ICMP, ICMPV6, TCP, UDP, Entry, Route, Rule, World, vpc_of

Blank = tuple[str, str, int]
NAMES = {-1: "all", TCP: "tcp", UDP: "udp", ICMP: "icmp", ICMPV6: "icmpv6"}
# The kinds of facts to take away, and what holds them.
OF_RULES, OF_ENTRIES, OF_ROUTES = (
    ("peer", "traffic"),
    ("entry-peer", "entry-traffic", "entry-action"),
    ("route-target",),
)


def spell(world: World, blank: Blank | None = None) -> Network:
    """Return a drawn network as records; `blank` takes away one fact, `(kind, id, number)`."""
    net = Network()
    for vpc, blocks in world.vpcs.items():
        _at(net, world, vpc).vpc(vpc, *blocks)
    for id, subnet in world.subnets.items():
        _at(net, world, subnet.vpc).subnet(id, *subnet.blocks, vpc=subnet.vpc, zone=subnet.zone)
    for id, rules in world.groups.items():
        _at(net, world, vpc_of(world, id)).group(id, *_lines(rules, _rule, OF_RULES, blank, id), vpc=vpc_of(world, id))
    for id, entries in world.acls.items():
        home = vpc_of(world, id)
        default = id.startswith("acl-default")
        worn = [
            name
            for name, one in world.subnets.items()
            if one.vpc == home and (one.acl == id or (default and one.acl is None))
        ]
        _at(net, world, home).acl(id, worn, *_lines(entries, _entry, OF_ENTRIES, blank, id), vpc=home, default=default)
    for id, routes in world.tables.items():
        if id.startswith("tgw"):
            continue
        home = vpc_of(world, id)
        used = [name for name, one in world.subnets.items() if one.table == id]
        _at(net, world, home).table(
            id, used, *_lines(routes, _route, OF_ROUTES, blank, id), vpc=home, main=id.startswith("rtb-main"),
            gateways=[gateway for gateway, table in world.edges.items() if table == id],
        )  # fmt: skip
    _gateways(net, world, blank)
    _transit(net, world, blank)
    for id, blocks in world.lists.items():
        for scope in (SCOPE, ELSEWHERE):
            net.scope = scope
            if blank == ("list", id, 0):
                net.prefix_list(id)
            else:
                net.prefix_list(id, *blocks)
    _interfaces(net, world, blank)
    return net


def _at(net: Network, world: World, vpc: str) -> Network:
    net.scope = ELSEWHERE if vpc in world.elsewhere else SCOPE
    return net


def _gateways(net: Network, world: World, blank: Blank | None) -> None:
    for id, home in world.gateways.items():
        _at(net, world, f"vpc-{id[-1]}")
        if id.startswith("eigw"):
            attached = [{"VpcId": home, "State": "attached"}] if home else []
            net.add("EgressOnlyInternetGateway", EgressOnlyInternetGatewayId=id, Attachments=attached)
        elif id.startswith("vgw"):
            tied = [{"VpcId": home or f"vpc-{id[-1]}", "State": "attached" if home else "detached"}]
            net.add("VpnGateway", VpnGatewayId=id, State="available", VpcAttachments=tied)
        else:
            net.gateway(id, home or "none")
    for id, peering in world.peerings.items():
        ends = [_end(world, vpc) for vpc in peering.vpcs]
        net.scope = SCOPE
        net.add(
            "VpcPeeringConnection", VpcPeeringConnectionId=id, RequesterVpcInfo=ends[0], AccepterVpcInfo=ends[1],
            Status={"Code": "active" if peering.active else "deleted"},
        )  # fmt: skip
    for id, nat in world.nats.items():
        vpc = world.subnets[nat.subnet].vpc
        _at(net, world, vpc).add(
            "NatGateway", NatGatewayId=id, VpcId=vpc, SubnetId=nat.subnet,
            State="available" if nat.active else "failed",
            ConnectivityType="public" if nat.public else "private",
            NatGatewayAddresses=[{"NetworkInterfaceId": f"eni-{id}", "PrivateIp": nat.address}],
        )  # fmt: skip
    for scope in (SCOPE, ELSEWHERE):
        net.scope = scope
        net.add("VpcBlockPublicAccess", InternetGatewayBlockMode=world.block, State="update-complete",
                AwsRegion=scope.region)  # fmt: skip
    for id, mode in world.exclusions.items():
        net.scope = SCOPE
        arn = f"arn:aws:ec2:eu-west-1:111122223333:{id.partition('-')[0]}/{id}"
        net.add("VpcBlockPublicAccessExclusion", ExclusionId=f"x-{id}", ResourceArn=arn, State="create-complete",
                InternetGatewayExclusionMode=mode)  # fmt: skip


def _end(world: World, vpc: str) -> dict[str, object]:
    blocks = world.vpcs[vpc]
    return {
        "VpcId": vpc, "Region": (ELSEWHERE if vpc in world.elsewhere else SCOPE).region, "OwnerId": SCOPE.account,
        "CidrBlockSet": [{"CidrBlock": text} for text in blocks if ":" not in text],
        "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": text} for text in blocks if ":" in text],
    }  # fmt: skip


def _switch(on: bool) -> str:
    return "enable" if on else "disable"


def _transit(net: Network, world: World, blank: Blank | None) -> None:
    scopes = {id: ELSEWHERE if id == "tgw-2" else SCOPE for id in world.transits}
    for id, references in world.transits.items():
        net.scope = scopes[id]
        net.add("TransitGateway", TransitGatewayId=id, OwnerId=SCOPE.account,
                Options={"SecurityGroupReferencingSupport": _switch(references)})  # fmt: skip
    for id, one in world.attachments.items():
        net.scope = scopes[one.gateway]
        # Both ends of a peering see it by one id.
        shown, state = "tgw-attach-p" if one.peer else id, "available" if one.active else "failed"
        tied: Mapping[str, object] = (
            {"Association": {"TransitGatewayRouteTableId": one.table, "State": "associated"}} if one.table else {}
        )
        net.add(
            "TransitGatewayAttachment", TransitGatewayAttachmentId=shown, TransitGatewayId=one.gateway,
            TransitGatewayOwnerId=SCOPE.account, ResourceType="peering" if one.peer else "vpn" if one.vpn else "vpc",
            ResourceId=one.peer or one.vpc or "vpn-1", ResourceOwnerId=SCOPE.account, State=state, **tied,
        )  # fmt: skip
        if one.peer:
            ends = [{"TransitGatewayId": end, "Region": scopes[end].region, "OwnerId": SCOPE.account} for end in scopes]
            net.add("TransitGatewayPeeringAttachment", TransitGatewayAttachmentId=shown, State=state,
                    RequesterTgwInfo=ends[0], AccepterTgwInfo=ends[1])  # fmt: skip
        elif one.vpc:
            net.add(
                "TransitGatewayVpcAttachment", TransitGatewayAttachmentId=id, TransitGatewayId=one.gateway,
                VpcId=one.vpc, VpcOwnerId=SCOPE.account, SubnetIds=list(one.subnets), State=state,
                Options={
                    "SecurityGroupReferencingSupport": _switch(one.references), "Ipv6Support": "enable",
                    "ApplianceModeSupport": _switch(one.appliance), "DnsSupport": "enable",
                },
            )  # fmt: skip
    for id, routes in world.tables.items():
        if id.startswith("tgw"):
            net.scope = scopes[f"tgw-{id[-1]}"]
            listed = [_transit_route(route, blank == ("route-target", id, at)) for at, route in enumerate(routes)]
            net.add("TransitGatewayRouteTable", TransitGatewayRouteTableId=id, TransitGatewayId=f"tgw-{id[-1]}",
                    State="available", Search={"Routes": listed, "AdditionalRoutesAvailable": False})  # fmt: skip


def _transit_route(route: Route, unseen: bool) -> dict[str, object]:
    target = "tgw-attach-p" if route.target.startswith("tgw-attach-p") else route.target
    found: dict[str, object] = {
        "DestinationCidrBlock": route.block,
        "Type": "propagated" if route.propagated else "static",
        "State": "active" if route.active else "blackhole",
    }
    if route.active:
        found["TransitGatewayAttachments"] = [{"TransitGatewayAttachmentId": target}]
    return found


def _interfaces(net: Network, world: World, blank: Blank | None) -> None:
    for at, (id, one) in enumerate(world.interfaces.items()):
        vpc = world.subnets[one.subnet].vpc
        groups = None if blank == ("groups", id, 0) else one.groups
        more: dict[str, object] = {
            "SourceDestCheck": one.checks, "InterfaceType": one.kind,
            "AvailabilityZone": world.subnets[one.subnet].zone,
        }  # fmt: skip
        public = f"192.0.2.{at + 1}" if one.public else None
        _at(net, world, vpc).interface(id, one.subnet, *one.addresses, groups=groups, public=public, vpc=vpc, more=more)
    for id, nat in world.nats.items():
        vpc = world.subnets[nat.subnet].vpc
        _at(net, world, vpc).interface(
            f"eni-{id}", nat.subnet, nat.address, public="192.0.2.99" if nat.public else None, vpc=vpc,
            more={"InterfaceType": "nat_gateway", "AvailabilityZone": world.subnets[nat.subnet].zone,
                  "SourceDestCheck": False},
        )  # fmt: skip


def _lines(
    items: tuple[object, ...], write: Callable[..., str], kinds: tuple[str, ...], blank: Blank | None, id: str
) -> list[str]:
    hit = blank if blank and blank[0] in kinds and blank[1] == id else None
    return [write(item, hit[0] if hit and hit[2] == at else "") for at, item in enumerate(items)]


def _spelled(protocol: int, first: int, last: int) -> str:
    name = NAMES.get(protocol, str(protocol))
    if protocol in (ICMP, ICMPV6):
        return name if first == -1 else f"{name} {first}" if last == -1 else f"{name} {first}/{last}"
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
    flags = f"{'' if route.active else ' blackhole'}{' propagated' if route.propagated else ''}"
    return f"{route.block} {'?' if blank == 'route-target' else route.target}{flags}"


def blanks(world: World) -> list[Blank]:
    """Return the facts of a network that could go unseen."""
    found: list[Blank] = [("groups", id, 0) for id in world.interfaces] + [("list", id, 0) for id in world.lists]
    holders: tuple[tuple[tuple[str, ...], Mapping[str, tuple[object, ...]]], ...] = (
        (OF_RULES, world.groups),
        (OF_ENTRIES, world.acls),
        (OF_ROUTES, {id: routes for id, routes in world.tables.items() if not id.startswith("tgw")}),
    )
    for kinds, items in holders:
        found += [(kind, id, at) for id, held in items.items() for at in range(len(held)) for kind in kinds]
    return found


def blank_of(world: World) -> st.SearchStrategy[Blank]:
    """Draw one fact of a network that could go unseen."""
    return st.sampled_from(blanks(world))
