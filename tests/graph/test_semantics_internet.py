"""Ways in from the internet, held to AWS's documentation; each test names the row of the table it covers."""

import pytest

from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.flows import FlowSet
from tests.graph.network import BLANK, ELSEWHERE, Network, place
from tests.graph.shop import Change, verdicts

FAR, FAR6 = "203.0.113.9", "2620:0:ccc::2"
WEB = traffic.tcp(443)
OPEN_ACL = (
    "100 in allow all 0.0.0.0/0",
    "100 out allow all 0.0.0.0/0",
    "101 in allow all ::/0",
    "101 out allow all ::/0",
)


def world(
    *,
    public: str | None = "198.51.100.7",
    routes: tuple[str, ...] = ("0.0.0.0/0 igw-a",),
    attached: str = "vpc-a",
    entries: tuple[str, ...] = OPEN_ACL,
    rules: tuple[str, ...] = ("in tcp 443 0.0.0.0/0", "in tcp 443 ::/0"),
) -> Network:
    """Return a server that takes HTTPS, with everything that it needs to be reached."""
    net = (
        Network()
        .vpc("vpc-a", "10.0.0.0/16", "2600:1f18::/56")
        .subnet("subnet-a", "10.0.1.0/24", "2600:1f18::/64", public=True)
    )
    net.table("rtb-a", ["subnet-a"], *routes).gateway("igw-a", attached).acl("acl-a", ["subnet-a"], *entries).group(
        "sg-a", *rules
    )
    return net.interface("eni-a", "subnet-a", "10.0.1.10", "2600:1f18::a", groups=["sg-a"], public=public)


def arrivals(net: Network, *, v6: bool = False) -> Bounds[FlowSet]:
    """Return what the internet gets through to the server."""
    graph = net.graph()
    return graph.reachability.from_internet(place(graph, "eni-a", v6=v6)).passes


def gets_in(net: Network, far: str = FAR) -> bool:
    """Tell whether HTTPS from an address gets in; nothing may be open about it."""
    passes = arrivals(net, v6=":" in far)
    assert passes.exact

    return not WEB - passes.must.at(line.union(far).first)


def test_all_parts_together_let_the_internet_in() -> None:  # semantics 30
    assert gets_in(world())


@pytest.mark.parametrize(
    "part",
    [
        {"public": None},
        {"attached": "none"},
        {"attached": "vpc-other"},
        {"routes": ()},
        {"routes": ("0.0.0.0/0 nat-a",)},
        {"routes": ("0.0.0.0/0 igw-a", "203.0.113.0/24 tgw-a")},
        {"entries": ("100 out allow all 0.0.0.0/0",)},
        {"entries": ("100 in allow all 0.0.0.0/0",)},
        {"rules": ("in tcp 443 10.0.0.0/8",)},
    ],
)
def test_without_any_one_of_them_it_stays_out(part: dict[str, tuple[str, ...]]) -> None:  # semantics 30
    assert not gets_in(world(**part))  # type: ignore[arg-type]  # each part is of its own type


def test_a_gateway_that_another_account_owns_may_let_the_internet_in() -> None:  # semantics 30, 55
    passes = arrivals(world(routes=("0.0.0.0/0 igw-other",)))

    assert not passes.must
    assert passes.may
    assert any("igw-other" in gap.fact for gap in passes.missing)


def test_a_public_subnet_alone_is_no_proof() -> None:  # semantics 30
    assert not gets_in(world(public=None))  # a default route to the gateway, and addresses on launch


def test_an_elastic_address_belongs_to_one_private_address() -> None:  # semantics 30
    net = world().subnet("subnet-b", "10.0.2.0/24")
    listed = [
        {"PrivateIpAddress": "10.0.1.20"},
        {"PrivateIpAddress": "10.0.1.21", "Association": {"PublicIp": "198.51.100.8"}},
    ]
    net.group("sg-b", "in all 10.0.1.21/32").interface(
        "eni-b", "subnet-a", groups=["sg-b"], more={"PrivateIpAddresses": listed}
    )
    graph = net.graph()
    (interface,) = {one.owner for one in graph.endpoints.all() if "eni-b" in one.interfaces}
    shown = {one.addresses: one.place.public for one in graph.endpoints.of(interface)}

    assert shown == {("10.0.1.20",): False, ("10.0.1.21",): True}


def test_the_filters_see_the_private_address() -> None:  # semantics 31
    assert gets_in(
        world(entries=("90 in deny all 198.51.100.7/32", *OPEN_ACL))
    )  # the public one stands in no packet here


def test_the_gateway_drops_what_has_no_public_address() -> None:  # semantics 31
    graph = world(public=None).graph()

    assert not graph.reachability.gateway_addresses(place(graph, "eni-a")).may
    assert (
        line.union("8.8.8.8") <= (shown := world().graph()).reachability.gateway_addresses(place(shown, "eni-a")).must
    )


@pytest.mark.parametrize(
    ("subnet", "template", "wanted"),
    [(True, None, True), (False, None, False), (True, False, False), (False, True, True)],
)
def test_what_is_launched_has_the_templates_word_or_the_subnets(
    subnet: bool, template: bool | None, wanted: bool
) -> None:  # semantics 32
    change: Change = {
        "subnet": {f"subnet-app-{at}": {"public_on_launch": subnet} for at in "abc"},
        "launch_template": {"lt-1:1": {"associate_public": template}},
    }

    assert verdicts("APP003", change)["shop-app"] == ("FAIL" if wanted else "PASS")


def test_an_address_that_is_there_stays_whatever_the_subnet_now_says() -> None:  # semantics 32
    assert verdicts("APP003", {"network_interface": {"eni-app-a": {"public": ["198.51.100.99"]}}})["shop-app"] == "FAIL"


def test_an_ipv6_address_needs_a_route_and_a_rule_and_no_more() -> None:  # semantics 33
    assert gets_in(world(public=None, routes=("::/0 igw-a",)), FAR6)
    assert not gets_in(world(public=None, routes=("0.0.0.0/0 igw-a",)), FAR6)
    assert not gets_in(world(routes=("::/0 igw-a",), rules=("in tcp 443 0.0.0.0/0",)), FAR6)


def test_an_egress_only_gateway_lets_nobody_in() -> None:  # semantics 33
    assert not gets_in(world(routes=("::/0 eigw-a",)), FAR6)


def blocked(mode: object = "block-bidirectional", state: object = "update-complete") -> Network:
    """Return the server under a block on public access."""
    return world().add("VpcBlockPublicAccess", InternetGatewayBlockMode=mode, State=state, AwsRegion="eu-west-1")


def excluded(
    resource: object = "vpc-a", mode: object = "allow-bidirectional", state: object = "create-complete"
) -> Network:
    """Return the server under a block, with an exclusion."""
    arn = f"arn:aws:ec2:eu-west-1:111122223333:vpc/{resource}" if isinstance(resource, str) else resource
    return blocked().add(
        "VpcBlockPublicAccessExclusion",
        ExclusionId="x-1",
        ResourceArn=arn,
        InternetGatewayExclusionMode=mode,
        State=state,
    )


@pytest.mark.parametrize(("mode", "opens"), [("off", True), ("block-bidirectional", False), ("block-ingress", False)])
def test_a_block_on_public_access_overrides_all_below_it(mode: str, opens: bool) -> None:  # semantics 34
    assert gets_in(blocked(mode)) is opens


@pytest.mark.parametrize(
    ("net", "opens"),
    [
        (excluded("vpc-a"), True),
        (excluded("subnet-a"), True),
        (excluded("vpc-other"), False),
        (excluded(mode="allow-egress"), False),
        (excluded(state="delete-complete"), False),
    ],
)
def test_an_exclusion_in_both_directions_lifts_it(net: Network, opens: bool) -> None:  # semantics 34
    assert gets_in(net) is opens


@pytest.mark.parametrize(
    "net",
    [
        blocked(mode=BLANK), blocked(state="update-in-progress"), excluded(resource=BLANK), excluded(mode=BLANK),
        excluded(state=BLANK), excluded(state="delete-in-progress"), blocked().hide("VpcBlockPublicAccessExclusion"),
        world().hide("VpcBlockPublicAccess"),
    ],
)  # fmt: skip
def test_a_block_that_is_not_wholly_known_is_unknown(net: Network) -> None:  # semantics 34, 55
    passes = arrivals(net)

    assert not passes.must and passes.missing
    assert not WEB - passes.may.at(line.union(FAR).first)


def test_a_block_of_another_region_is_none_here() -> None:  # semantics 34
    net = world().elsewhere(
        "VpcBlockPublicAccess", InternetGatewayBlockMode="block-bidirectional", State="update-complete"
    )

    assert gets_in(net.hide("VpcBlockPublicAccess", ELSEWHERE))
