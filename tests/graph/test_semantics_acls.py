"""Network ACLs, held to the facts of AWS's documentation; each test names the row of the table it covers."""

import pytest

from checker.graph.connections import attempts
from checker.graph.flows import required_flows
from checker.graph.hops import INSTANCE_CLIENT
from checker.model import traffic
from checker.model.intervals import IntervalSet
from tests.graph.network import ELSEWHERE, Network, between, two_hosts
from tests.graph.shop import blueprint, shop, stack_of, verdicts

WEB = traffic.tcp(80)
ALL_IN, ALL_OUT = "100 in allow all 0.0.0.0/0", "100 out allow all 0.0.0.0/0"


def listed(*entries: str, of: str = "subnet-b") -> Network:
    """Return two hosts that may do anything, with a list of one's own for the subnet of one."""
    other = {"subnet-a": "subnet-b", "subnet-b": "subnet-a"}[of]
    net = two_hosts("in all 0.0.0.0/0", acls=False).acl("acl-o", [other], ALL_IN, ALL_OUT)
    return net.acl("acl-l", [of], *entries)


def sent(net: Network, clients: tuple[int, int] = (1024, 65535), *, every: bool = False) -> IntervalSet:
    """Return what surely gets from `eni-a` to `eni-b`; nothing may be open about it."""
    passes = between(net.graph(), "eni-a", "eni-b", clients, every=every).passes
    assert passes.exact

    return passes.must


def test_the_lowest_number_that_matches_decides() -> None:  # semantics 17
    assert sent(listed("90 in deny tcp 80 10.0.1.0/24", ALL_IN, ALL_OUT)) == traffic.EVERYTHING - WEB
    assert sent(listed("110 in deny tcp 80 10.0.1.0/24", ALL_IN, ALL_OUT)) == traffic.EVERYTHING


def test_entries_are_numbered_not_ordered_as_they_come() -> None:  # semantics 17
    assert sent(listed(ALL_IN, "90 in deny tcp 80 10.0.1.0/24", ALL_OUT)) == traffic.EVERYTHING - WEB


def test_what_no_entry_matches_is_denied() -> None:  # semantics 17
    assert sent(listed("100 in allow tcp 80 10.0.1.0/24", ALL_OUT)) == WEB
    assert sent(listed(ALL_OUT)) == traffic.NOTHING


def test_lists_have_no_memory_the_answer_needs_an_entry() -> None:  # semantics 17
    assert sent(listed(ALL_IN, "100 out allow tcp 1024-65535 10.0.1.0/24")) == traffic.ports(traffic.TCP)
    assert (
        sent(listed(ALL_IN, "100 out allow tcp 80 10.0.1.0/24")) == traffic.NOTHING
    )  # port 80 is where nobody listens


def test_the_answer_must_pass_the_list_of_the_sender_too() -> None:  # semantics 17
    assert sent(listed(ALL_OUT, "100 in allow tcp 1024-65535 10.0.2.0/24", of="subnet-a")) == traffic.ports(traffic.TCP)
    assert sent(listed(ALL_OUT, of="subnet-a")) == traffic.NOTHING


def test_both_lists_must_pass_the_answer_on_one_and_the_same_port() -> None:  # semantics 17, 18
    net = two_hosts("in all 0.0.0.0/0", acls=False)
    net.acl("acl-1", ["subnet-a"], ALL_OUT, "100 in allow tcp 1024-30000 0.0.0.0/0")
    net.acl("acl-2", ["subnet-b"], ALL_IN, "100 out allow tcp 30000-65535 0.0.0.0/0")

    assert sent(net) == traffic.ports(traffic.TCP)  # by port 30000 alone
    assert sent(net, (1024, 29999)) == sent(net, (30001, 65535)) == traffic.NOTHING


def test_the_echo_reply_is_what_answers_a_ping() -> None:  # semantics 12, 17
    assert traffic.icmp(1, 8, 0) <= sent(listed(ALL_IN, "100 out allow icmp 0 10.0.1.0/24"))
    assert sent(listed(ALL_IN, "100 out allow icmp 8 10.0.1.0/24")) == traffic.NOTHING


def test_every_client_port_needs_an_answer_where_the_flow_is_required() -> None:  # semantics 18
    replies = "100 out allow tcp 32768-60999 10.0.1.0/24"

    assert sent(listed(ALL_IN, replies), INSTANCE_CLIENT, every=True) == traffic.ports(traffic.TCP)
    assert sent(listed(ALL_IN, replies), every=True) == traffic.NOTHING
    assert sent(listed(ALL_IN, replies)) == traffic.ports(traffic.TCP)


def app_list(low: int, high: int) -> dict[str, dict[str, dict[str, object]]]:
    """Return the change that lets app subnets answer only to some client ports, and send to the stores."""
    subnets = [f"subnet-app-{letter}" for letter in "abc"]
    rest = [f"subnet-{tier}-{letter}" for tier in ("public", "data") for letter in "abc"]
    out = ["90 out allow tcp 1-20000 to 10.0.128.0/17", f"100 out allow tcp {low}-{high} to 10.0.0.0/17"]
    return {
        "network_acl": {
            "acl-1": {"subnets": rest},
            "acl-x": {"vpc": "vpc-1", "subnets": subnets, "entries": ["100 in allow all from 0.0.0.0/0", *out]},
        }
    }


def test_a_load_balancer_picks_from_1024_on() -> None:  # semantics 18
    assert "FAIL" not in verdicts("NET007", app_list(1024, 65535)).values()
    assert "FAIL" in verdicts("NET007", app_list(32768, 60999)).values()


def test_an_instance_picks_from_32768_on() -> None:  # semantics 18
    def data_list(low: int) -> dict[str, dict[str, dict[str, object]]]:
        subnets = [f"subnet-data-{letter}" for letter in "abc"]
        rest = [f"subnet-{tier}-{letter}" for tier in ("public", "app") for letter in "abc"]
        entries = ["100 in allow all from 0.0.0.0/0", f"100 out allow tcp {low}-60999 to 10.0.0.0/16"]
        return {
            "network_acl": {
                "acl-1": {"subnets": rest},
                "acl-x": {"vpc": "vpc-1", "subnets": subnets, "entries": entries},
            }
        }

    assert "FAIL" not in verdicts("NET007", data_list(32768)).values()
    assert "FAIL" in verdicts("NET007", data_list(40000)).values()


def test_a_list_is_at_the_border_of_the_subnet_only() -> None:  # semantics 19
    inside = two_hosts("in all 0.0.0.0/0", subnet="subnet-a", acls=False).acl("acl-l", ["subnet-a", "subnet-b"])

    assert sent(inside) == traffic.EVERYTHING
    assert sent(two_hosts("in all 0.0.0.0/0", acls=False).acl("acl-l", ["subnet-a", "subnet-b"])) == traffic.NOTHING


def test_a_subnet_without_a_list_of_its_own_has_the_default_one() -> None:  # semantics 20
    def world(*entries: str, default: bool) -> Network:
        net = two_hosts("in all 0.0.0.0/0", acls=False).acl("acl-a", ["subnet-a"], ALL_IN, ALL_OUT)
        return net.acl("acl-b", [], *entries, default=default)

    assert sent(world(ALL_IN, ALL_OUT, default=True)) == traffic.EVERYTHING
    assert sent(world(default=True)) == traffic.NOTHING
    unknown = between(world(ALL_IN, ALL_OUT, default=False).graph(), "eni-a", "eni-b").passes
    assert not unknown.must and unknown.missing  # a list of no subnet is nobody's list


def test_lists_of_another_region_that_were_not_read_do_not_matter() -> None:  # semantics 20, 23
    net = two_hosts("in tcp 80 sg-a", acls=False).acl("acl-a", [], ALL_IN, ALL_OUT, default=True)
    net.hide("NetworkAcl", ELSEWHERE).hide("RouteTable", ELSEWHERE)

    assert sent(net) == WEB


def test_lists_of_this_region_that_were_not_read_do() -> None:  # semantics 20, 23, 55
    for type in ("NetworkAcl", "RouteTable"):
        net = two_hosts("in tcp 80 sg-a", acls=False).acl("acl-a", [], ALL_IN, ALL_OUT, default=True).hide(type)
        passes = between(net.graph(), "eni-a", "eni-b").passes

        assert not passes.must and passes.may == WEB and passes.missing


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ("in allow all 0.0.0.0/0", traffic.EVERYTHING),
        ("in allow 6 0.0.0.0/0", traffic.ports(traffic.TCP)),
        ("in allow 17 53 0.0.0.0/0", traffic.ports(traffic.UDP, 53, 53)),
        ("in allow 6 80-81 0.0.0.0/0", traffic.tcp(80, 81)),
        ("in allow 1 0.0.0.0/0", traffic.ports(traffic.ICMP)),
        ("in allow 1 8 0.0.0.0/0", traffic.icmp(1, 8, -1)),
        ("in allow 50 0.0.0.0/0", traffic.ports(50)),
        ("in allow all ::/0", traffic.NOTHING),
    ],
)
def test_entries_name_protocols_by_number(entry: str, wanted: IntervalSet) -> None:  # semantics 21
    assert sent(listed(f"100 {entry}", ALL_OUT)) == wanted


def test_an_entry_of_the_other_family_denies_nothing() -> None:  # semantics 21
    assert sent(listed("90 in deny all ::/0", ALL_IN, ALL_OUT)) == traffic.EVERYTHING


def public_list(*entries: str) -> dict[str, dict[str, dict[str, object]]]:
    """Return the change that gives the public subnets, with load balancer and NAT gateways, a list of their own."""
    subnets = [f"subnet-public-{letter}" for letter in "abc"]
    rest = [f"subnet-{tier}-{letter}" for tier in ("app", "data") for letter in "abc"]
    return {
        "network_acl": {
            "acl-1": {"subnets": rest},
            "acl-x": {"vpc": "vpc-1", "subnets": subnets, "entries": list(entries)},
        }
    }


def test_the_list_of_the_load_balancers_subnet_filters_both_of_its_legs() -> None:  # semantics 22
    both = ("100 in allow all from 0.0.0.0/0", "100 out allow all to 0.0.0.0/0")
    to_targets = (
        "100 in allow all from 0.0.0.0/0",
        "90 out deny tcp 8080 to 10.0.64.0/18",
        "100 out allow all to 0.0.0.0/0",
    )
    from_world = ("90 in deny tcp 443 from 0.0.0.0/0", *both)

    assert "FAIL" not in {
        *verdicts("NET007", public_list(*both)).values(),
        *verdicts("NET001", public_list(*both)).values(),
    }
    assert "FAIL" in verdicts("NET007", public_list(*to_targets)).values()
    assert "FAIL" in verdicts("NET001", public_list(*from_world)).values()


@pytest.mark.parametrize(
    ("entries", "passes"),
    [
        (("100 in allow all from 0.0.0.0/0", "100 out allow all to 0.0.0.0/0"), True),
        (("100 in allow all from 10.0.0.0/16", "100 out allow all to 10.0.0.0/16"), False),
    ],
)  # fmt: skip
def test_the_list_of_the_nat_gateways_subnet_filters_what_it_sends_on(
    entries: tuple[str, ...], passes: bool
) -> None:  # semantics 22
    table = {
        "dynamo_table": {"sessions": {}},
        "replication_group": {"shop-cache": None},
        "cache_cluster": dict.fromkeys(f"shop-cache-00{at}" for at in (1, 2, 3)),
    }
    view = stack_of(shop({**table, **public_list(*entries)}))  # type: ignore[dict-item]  # None takes a resource away
    flows = [flow for flow in required_flows(view.stack, view.graph, blueprint()) if flow.target.tier == "table"]
    tried = [attempt for flow in flows for attempt in attempts(flow, view.graph)]
    assert tried

    assert all((traffic.tcp(443) <= attempt.passes.must) is passes for attempt in tried)
