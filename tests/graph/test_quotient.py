"""The quotient by classes answers as every single endpoint does: nobody is lost in a crowd, and nobody added to one."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from checker.graph.exposure import Allowed, Exposure
from checker.graph.graph import Graph
from checker.graph.place import Endpoint, Initiates
from checker.graph.stack import Member
from checker.model import traffic
from checker.model.fact import Known
from checker.model.finding import State
from checker.model.intervals import IntervalSet
from checker.resources.instance import Instance
from checker.resources.security_group_rule import GroupPeer, SecurityGroupRule
from tests.graph.network import EGRESS, SCOPE, Network

SUBNETS = {"subnet-a": ("vpc-a", "10.0.1."), "subnet-b": ("vpc-a", "10.0.2."), "subnet-p": ("vpc-p", "10.9.1.")}
GROUPS = ("sg-1", "sg-2", "sg-3")
WORN = ((), ("sg-1",), ("sg-1", "sg-2"), ("sg-3",))
PEERS = ("10.0.0.0/16", "10.0.1.0/28", "10.0.1.8/30", "10.0.2.4/32", "10.9.0.0/16", "10.9.1.0/29", "0.0.0.0/0")
ANSWERS = dict[tuple[str, State, IntervalSet], set[str]]

wide = st.sampled_from(("tcp 22", "tcp 80-90", "all", "udp 53"))
ingress = st.builds(lambda what, peer: f"in {what} {peer}", wide, st.sampled_from((*PEERS, *GROUPS)))
egress = st.one_of(
    st.just(EGRESS),
    st.builds(lambda what, peer: f"out {what} {peer}", wide, st.sampled_from((*PEERS, "10.0.2.100/31", "sg-t"))),
)
hosts = st.lists(
    st.tuples(st.sampled_from(tuple(SUBNETS)), st.integers(4, 20), st.sampled_from(WORN)),
    min_size=1, max_size=14, unique_by=lambda host: host[:2],
)  # fmt: skip
entries = st.sampled_from(
    ("90 in deny tcp 22 10.0.1.8/29", "90 out deny all 10.9.1.0/30", "90 in deny udp 10.0.2.0/25")
)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Draw a crowd of interfaces and an instance of one or two, with rules, lists and routes that tell some apart."""
    net = Network().vpc("vpc-a", "10.0.0.0/16").vpc("vpc-p", "10.9.0.0/16")
    for id_, (vpc, block) in SUBNETS.items():
        net.subnet(id_, f"{block}0/24", vpc=vpc)
    # Over a peering between Regions rules see addresses and no groups (semantics 9).
    region = draw(st.sampled_from((SCOPE.region, "us-west-2")))
    net.peering("pcx-1", ("vpc-a", "10.0.0.0/16"), ("vpc-p", "10.9.0.0/16"), region=region)
    there = draw(st.sampled_from(("10.9.0.0/16", "10.9.1.0/28", "10.9.1.4/30")))
    net.table("rtb-a", [], f"{there} pcx-1", main=True)
    net.table("rtb-p", [], "10.0.0.0/16 pcx-1", vpc="vpc-p", main=True)
    open_ = ("100 in allow all 0.0.0.0/0", "100 out allow all 0.0.0.0/0")
    net.acl("acl-a", [], *draw(st.lists(entries, max_size=2, unique=True)), *open_, default=True)
    net.acl("acl-p", [], *open_, vpc="vpc-p", default=True)
    for group in GROUPS:
        net.group(group, *draw(st.lists(egress, min_size=1, max_size=2)))
    net.group("sg-t", *draw(st.lists(ingress, min_size=1, max_size=4)), EGRESS)
    for number, (subnet, host, groups) in enumerate(draw(hosts)):
        vpc, block = SUBNETS[subnet]
        net.interface(f"eni-{number:02}", subnet, f"{block}{host}", groups=groups, vpc=vpc)
    for number in range(draw(st.integers(1, 3))):
        attached = {"Attachment": {"InstanceId": "i-t"}}
        net.interface(f"eni-t{number}", "subnet-b", f"10.0.2.{100 + number * 3}", groups=["sg-t"], more=attached)
    return net.add(
        "Instance", InstanceId="i-t", State={"Name": "running"}, VpcId="vpc-a", SubnetId="subnet-b",
        SecurityGroups=[{"GroupId": "sg-t"}], NetworkInterfaces=[{"NetworkInterfaceId": "eni-t0"}],
    )  # fmt: skip


def _admits(rule: SecurityGroupRule, source: Endpoint, graph: Graph) -> bool:
    assert isinstance(rule.peer, Known)

    if isinstance(rule.peer.value, GroupPeer):
        return rule.peer.value.id in (source.place.groups or ())
    reach = graph.groups.peer_addresses(rule.peer.value)
    return isinstance(reach, Known) and source.place.addresses <= reach.value


def _one_by_one(member: Member, graph: Graph) -> ANSWERS:
    """Return who comes in by which rule with what, each pair of endpoints asked by itself."""
    found: ANSWERS = defaultdict(set)
    senders = [one for one in graph.endpoints.all() if one.owner is not member.owner and one.initiates is Initiates.ANY]
    for target in member.endpoints:
        for rule in graph.groups.ingress_rules(target.place.groups or ()):
            assert isinstance(rule.traffic, Known) and isinstance(rule.peer, Known)

            for source in (one for one in senders if _admits(rule, one, graph)):
                wanted = rule.traffic.value - traffic.ICMP_ERRORS
                through = graph.reachability.between(source.place, target.place).passes.must & wanted
                if through:
                    found[rule.id, State.REACHABLE, through].add(source.owner.id)
                elif isinstance(rule.peer.value, GroupPeer):
                    found[rule.id, State.LATENT, wanted].add(source.owner.id)
    return found


@given(networks())
@settings(max_examples=150, deadline=None)
def test_classes_are_let_in_exactly_as_each_of_their_members_is(net: Network) -> None:
    graph = net.graph()
    owner = graph.index.get(Instance, "i-t")
    assert owner is not None
    member = Member("data", owner, graph.endpoints.of(owner))
    single = _one_by_one(member, graph)
    shown: ANSWERS = defaultdict(set)
    counted: dict[tuple[str, State, IntervalSet], int] = defaultdict(int)
    for opening in Exposure(graph).openings(member, Allowed()):
        if opening.source and opening.rule and opening.source.owner is not owner:
            key = (opening.rule.id, opening.state, opening.traffic)
            shown[key].add(opening.source.owner.id)
            counted[key] += 1 + opening.others

    assert shown.keys() == single.keys()
    assert all(shown[key] <= single[key] and min(single[key]) in shown[key] for key in single)
    if len(member.endpoints) == 1:
        assert counted == {key: len(found) for key, found in single.items()}


def test_a_crowd_is_told_once_by_its_smallest_id() -> None:
    net = Network().vpc("vpc-a", "10.0.0.0/16").subnet("subnet-a", "10.0.1.0/24").subnet("subnet-b", "10.0.2.0/24")
    net.table("rtb-a", [], main=True).acl(
        "acl-a", [], "100 in allow all 0.0.0.0/0", "100 out allow all 0.0.0.0/0", default=True
    )
    net.group("sg-1", EGRESS).group("sg-t", "in tcp 22 10.0.1.0/24")
    for number in reversed(range(50)):
        net.interface(f"eni-{number:02}", "subnet-a", f"10.0.1.{10 + number}", groups=["sg-1"])
    net.interface("eni-t", "subnet-b", "10.0.2.10", groups=["sg-t"], more={"Attachment": {"InstanceId": "i-t"}})
    net.add("Instance", InstanceId="i-t", State={"Name": "running"}, VpcId="vpc-a", SubnetId="subnet-b")
    graph = net.graph()
    owner = graph.index.get(Instance, "i-t")
    assert owner is not None
    openings = Exposure(graph).openings(Member("data", owner, graph.endpoints.of(owner)), Allowed())
    (opening,) = [one for one in openings if one.source]

    assert opening.source is not None and opening.source.owner.id == "eni-00"
    assert opening.others == 49
