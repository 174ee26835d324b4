"""A fact that goes unseen only widens the bounds: `must` goes down, `may` goes up, and what is missing is told."""

from __future__ import annotations

import dataclasses
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.graph.graph import Graph
from checker.graph.groups import Groups
from checker.model.bounds import Bounds
from checker.resources.inventory import Inventory
from tests.graph.laws import draws, notices, replaced
from tests.graph.laws_answers import Answers, answers
from tests.graph.network import OPEN, Network, two_hosts
from tests.graph.oracle import World
from tests.graph.worlds import worlds
from tests.graph.worlds_records import spell
from tests.rules.blanking import Blank, blanks, without

DRAWN = {"world": worlds(), "chance": st.randoms(use_true_random=False)}
SHARE = 0.15
BLANKS = 4


def said(world: Inventory) -> Answers:
    """Return every answer about an inventory."""
    return answers(Graph(world))


def blank_law(world: World, chance: Random, kind: str = "") -> None:
    """A fact that goes unseen takes `must` down and `may` up, and says what is missing."""
    before = spell(world).inventory()
    one = said(before)
    every = [blank for blank in blanks(before) if blank.kind.startswith(kind)]
    for blank in chance.sample(every, min(BLANKS, len(every))):
        two = said(without(before, blank))
        for at in one.keys() & two.keys():
            assert two[at].must <= one[at].must, (str(blank), at)
            assert one[at].may <= two[at].may, (str(blank), at)
            assert two[at].exact or two[at].missing, (str(blank), at)


@draws(SHARE)
@given(**DRAWN)
def test_an_unseen_fact_only_widens_the_bounds(world: World, chance: Random) -> None:
    blank_law(world, chance)


def widened(net: Network, blank: Blank) -> None:
    """Check one fact of a network: without it nothing is sure that was not, and nothing is ruled out that was not."""
    before = net.inventory()
    one, two = said(before), said(without(before, blank))
    both = one.keys() & two.keys()

    assert both
    assert [at for at in both if not (two[at].must <= one[at].must and one[at].may <= two[at].may)] == []


@pytest.mark.parametrize(("id", "field"), [("eni-c", "subnet"), ("eni-b", "vpc")])
def test_an_interface_in_an_unseen_subnet_could_be_in_any(id: str, field: str) -> None:
    net = two_hosts("in tcp 80 0.0.0.0/0").acl("acl-b", [], "100 in deny all 0.0.0.0/0", vpc="vpc-b", default=True)
    net.vpc("vpc-b", "10.1.0.0/16").subnet("subnet-c", "10.0.3.0/24").table(
        "rtb-c", ["subnet-c"], "10.0.2.0/24 pcx-none"
    )
    net.acl("acl-c", ["subnet-c"], "100 in allow tcp 22 0.0.0.0/0", "100 out allow all 0.0.0.0/0")
    net.interface("eni-c", "subnet-c", "10.0.3.10", groups=["sg-b"])
    widened(net, Blank("network_interface", field, id))


def test_what_comes_by_an_unseen_route_may_come_in_by_the_subnet_itself() -> None:
    # A transit gateway's packets do not cross the border of the subnet that its attachment is in.
    # Source: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
    net = Network().gateway("igw-a", "none")
    for at, vpc in enumerate(("vpc-a", "vpc-b")):
        home, far, subnet = f"10.{at}.0.0/16", f"10.{1 - at}.0.0/16", f"subnet-{vpc[-1]}"
        net.vpc(vpc, home).subnet(subnet, f"10.{at}.1.0/24", vpc=vpc).group(f"sg-{vpc[-1]}", *OPEN, vpc=vpc)
        net.table(f"rtb-{vpc[-1]}", [], f"{far} tgw-1", vpc=vpc, main=True)
        allowed = "100 in allow tcp 80 0.0.0.0/0" if at else "100 in allow all 0.0.0.0/0"
        net.acl(f"acl-{vpc[-1]}", [subnet], allowed, "100 out allow all 0.0.0.0/0", vpc=vpc, default=True)
        net.interface(f"eni-{vpc[-1]}", subnet, f"10.{at}.1.10", groups=[f"sg-{vpc[-1]}"], vpc=vpc)
        net.add("TransitGatewayAttachment", TransitGatewayAttachmentId=f"tgw-attach-{at}", TransitGatewayId="tgw-1",
                ResourceType="vpc", ResourceId=vpc, State="available",
                Association={"TransitGatewayRouteTableId": "tgw-rtb-1", "State": "associated"})  # fmt: skip
        net.add("TransitGatewayVpcAttachment", TransitGatewayAttachmentId=f"tgw-attach-{at}", TransitGatewayId="tgw-1",
                VpcId=vpc, VpcOwnerId="111122223333", SubnetIds=[subnet], State="available",
                Options={"SecurityGroupReferencingSupport": "enable", "Ipv6Support": "disable",
                         "ApplianceModeSupport": "disable", "DnsSupport": "enable"})  # fmt: skip
    net.add("TransitGateway", TransitGatewayId="tgw-1", OwnerId="111122223333",
            Options={"SecurityGroupReferencingSupport": "enable"})  # fmt: skip
    routes = [
        {"DestinationCidrBlock": f"10.{at}.0.0/16", "Type": "propagated", "State": "active",
         "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": f"tgw-attach-{at}"}]} for at in (0, 1)
    ]  # fmt: skip
    net.add("TransitGatewayRouteTable", TransitGatewayRouteTableId="tgw-rtb-1", TransitGatewayId="tgw-1",
            State="available", Search={"Routes": routes, "AdditionalRoutesAvailable": False})  # fmt: skip
    widened(net, Blank("route_table", "is_main", "rtb-a"))


filters_ = Groups.filters


def _half_read(self: Groups, groups: tuple[str, ...], *, ingress: bool) -> object:
    found = filters_(self, groups, ingress=ingress)
    exactly = Bounds.exactly(found.by_address.must)
    return dataclasses.replace(found, by_address=exactly, any_group=Bounds.exactly(found.any_group.must))


def _blank_rules_law(world: World, chance: Random) -> None:
    blank_law(world, chance, "security_group")


def test_the_law_notices_what_was_not_read_taken_for_absent() -> None:
    with replaced(Groups, "filters", _half_read):
        found = notices(_blank_rules_law, DRAWN)

    assert found
