"""Stacks behind Network and Classic Load Balancers: what the rules say of the documented shop with one before it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy

import pytest

from checker.evaluate.engine import evaluate
from checker.graph.graph import Graph
from checker.graph.stacks import Discovery, discover
from checker.graph.view import View
from checker.model.blueprint import Blueprint
from checker.model.finding import Result
from checker.rules.catalog import rules
from tests.graph.shop import ALB, HTTPS, TARGETS, Change, blueprint, shop
from tests.rules.cases_reader import blueprint as changed

NLB, TO_443, TO_80 = "loadbalancer/net/shop-nlb/n1", "targetgroup/to-443/h1", "targetgroup/to-80/h2"
ON_443, ON_80 = "listener/net/shop-nlb/n1/443", "listener/net/shop-nlb/n1/80"
PUBLIC = ["subnet-public-a", "subnet-public-b", "subnet-public-c"]
APP = ["subnet-app-a", "subnet-app-b", "subnet-app-c"]
BAD = ("FAIL", "UNKNOWN", "ERROR")
NO_NODES: Change = {"network_interface": {f"eni-alb-{at}": None for at in "abc"}}
OFFICE = "203.0.113.0/24"


def merged(*changes: Change) -> Change:
    """Return several changes as one; a later field wins."""
    found: dict[str, dict[str, dict[str, object] | None]] = {}
    for change in changes:
        for kind, items in change.items():
            for id, fields in items.items():
                old = found.setdefault(kind, {}).get(id)
                if fields is None and old is not None:
                    del found[kind][id]  # an earlier change has added it
                else:
                    found[kind][id] = None if fields is None else {**(old or {}), **deepcopy(dict(fields))}
    return found


def network(groups: list[str], **more: object) -> Mapping[str, object]:
    """Return the fields of the Network Load Balancer."""
    return {
        "name": "shop-nlb", "type": "network", "vpc": "vpc-1", "subnets": PUBLIC, "groups": groups,
        "cross_zone": False, "dns_name": "shop-nlb-1.elb.us-east-1.amazonaws.com", **more,
    }  # fmt: skip


def to_alb(port: int) -> Mapping[str, object]:
    """Return the fields of a target group whose target is the application load balancer."""
    return {
        "name": f"to-{port}", "target_type": "alb", "protocol": "TCP", "port": port, "vpc": "vpc-1",
        "load_balancers": [NLB], "targets": [f"{ALB} {port}"], "stickiness": False, "preserve_client_ip": True,
    }  # fmt: skip


# The application load balancer is internal, and a public Network Load Balancer without groups leads to it.
CHAIN: Change = merged(
    NO_NODES,
    {
        "load_balancer": {ALB: {"internet_facing": False, "subnets": APP}, NLB: network([])},
        "target_group": {TO_443: to_alb(443), TO_80: to_alb(80)},
        "listener": {
            ON_443: {"load_balancer": NLB, "port": 443, "protocol": "TCP", "actions": [f"forward {TO_443}"]},
            ON_80: {"load_balancer": NLB, "port": 80, "protocol": "TCP", "actions": [f"forward {TO_80}"]},
        },
        "hosted_zone": {"Z1": {"records": ["shop.example.com A shop-nlb-1.elb.us-east-1.amazonaws.com"]}},
    },
)


def found(*changes: Change, plan: Blueprint | None = None) -> tuple[Discovery, dict[tuple[str, str], Result]]:
    """Return the stacks of the shop as changed, and what every rule says of them, by rule and subject."""
    graph = shop(merged(*changes))
    return judged(graph, plan or blueprint())


def judged(graph: Graph, plan: Blueprint) -> tuple[Discovery, dict[tuple[str, str], Result]]:
    """Return the stacks of a graph, and what every rule says of them."""
    stacks = discover(graph, plan)
    results, crashes = evaluate([View(stack, graph, plan) for stack in stacks.stacks], rules(), plan)
    assert not crashes, crashes
    return stacks, {(one.rule, one.subject.name): one for one in results}


def told(*changes: Change, plan: Blueprint | None = None) -> dict[tuple[str, str], str]:
    """Return the alarms, by rule and subject."""
    _, results = found(*changes, plan=plan)
    return {key: one.verdict.value for key, one in results.items() if one.verdict.value in BAD}


def admits(peer: str, rule: str = "sgr-alb-https") -> Change:
    """Return the change of whom the application load balancer's group lets in on a port."""
    return {"security_group_rule": {rule: {"peer": peer}}}


def test_a_public_network_load_balancer_before_an_internal_one_is_an_edge_of_its_stack() -> None:  # semantics 43
    stacks, _ = found(CHAIN)

    assert [[one.owner.label for one in stack.tier("edge")] for stack in stacks.stacks] == [["shop-alb", "shop-nlb"]]
    assert not stacks.candidates
    assert told(CHAIN) == {}


def test_behind_an_internal_one_the_stack_stays_a_candidate() -> None:  # semantics 42, 43
    stacks, _ = found(CHAIN, {"load_balancer": {NLB: {"internet_facing": False}}})

    assert not stacks.stacks
    assert {one.name for one in stacks.candidates} == {"shop-alb", "shop-nlb"}


def test_the_inner_groups_must_admit_the_clients_own_addresses() -> None:  # semantics 43, 47
    _, results = found(CHAIN, admits("10.0.0.0/18"))
    result = results["NET001", "shop-alb"]

    assert result.verdict.value == "FAIL"
    assert [step.code for step in result.path if step.code] == ["ENI_SG_RULES_MISMATCH"]
    assert result.witness is not None
    assert result.witness.source == "203.0.113.9"
    assert told(CHAIN, admits("10.0.0.0/18")) == {("NET001", "shop-alb"): "FAIL"}


def test_the_inner_groups_may_name_the_outer_one() -> None:  # semantics 46
    grouped: Change = {
        "security_group": {"sg-nlb": {"vpc": "vpc-1"}},
        "load_balancer": {NLB: {"groups": ["sg-nlb"]}},
        "security_group_rule": {
            "sgr-nlb-https": {"group": "sg-nlb", "traffic": "tcp 443", "peer": "0.0.0.0/0"},
            "sgr-nlb-http": {"group": "sg-nlb", "traffic": "tcp 80", "peer": "0.0.0.0/0"},
            "sgr-nlb-out": {"group": "sg-nlb", "ingress": False, "traffic": "all", "peer": "0.0.0.0/0"},
        },
    }
    named = merged(admits("sg-nlb"), admits("sg-nlb", "sgr-alb-http"))

    assert told(CHAIN, grouped, named) == {}
    # Its own outbound rules hold for what it hands on and for its health checks.
    shut: Change = {"security_group_rule": {"sgr-nlb-out": {"traffic": "tcp 22"}}}
    assert told(CHAIN, grouped, named, shut) == {("NET001", "shop-alb"): "FAIL"}


def test_health_checks_come_from_the_outer_nodes() -> None:  # semantics 41, 47
    plan = changed({"tiers": {"edge": {"front": {"ranges": [OFFICE]}}}})
    only = merged(admits(OFFICE), admits(OFFICE, "sgr-alb-http"))
    checks: Change = {
        "security_group_rule": {"sgr-health": {"group": "sg-alb", "traffic": "tcp 80-443", "peer": "10.0.0.0/18"}}
    }

    assert ("NET001", "shop-alb") in told(CHAIN, only, plan=plan)
    assert ("NET001", "shop-alb") not in told(CHAIN, only, checks, plan=plan)


def test_the_inner_one_must_listen_where_it_is_sent_to() -> None:  # semantics 43
    moved: Change = {"target_group": {TO_443: {"port": 8443, "targets": [f"{ALB} 8443"]}}}
    _, results = found(CHAIN, moved)
    result = results["NET001", "shop-alb"]

    assert result.verdict.value == "FAIL"
    assert "no listener" in result.message
    assert "ELBV2_LISTENERS_MISMATCH" in [step.code for step in result.path]


def test_ports_that_are_mapped_are_admitted_as_they_arrive() -> None:  # semantics 41
    moved: Change = {
        "target_group": {TO_443: {"port": 8443, "targets": [f"{ALB} 8443"]}},
        "listener": {HTTPS: {"port": 8443}},
        "security_group_rule": {"sgr-alb-https": {"traffic": "tcp 8443"}},
    }

    assert told(CHAIN, moved) == {}
    # Without the mapping the same grant is one that nobody asked for.
    assert ("NET002", "shop-alb") in told({"security_group_rule": {"sgr-alb-https": {"traffic": "tcp 8443"}}})


def test_a_port_on_which_the_outer_one_does_not_listen_is_its_own_fault() -> None:  # semantics 41
    assert told(CHAIN, {"listener": {ON_80: None}}) == {("NET001", "shop-nlb"): "FAIL"}


def test_a_listener_that_leads_elsewhere_does_not_lead_here() -> None:  # semantics 44
    elsewhere: Change = {"listener": {ON_80: {"actions": []}}}

    assert told(CHAIN, elsewhere) == {("NET001", "shop-alb"): "FAIL"}


def test_without_groups_only_its_listeners_let_anybody_in() -> None:  # semantics 46
    ssh: Change = {
        "listener": {"listener/net/22": {"load_balancer": NLB, "port": 22, "protocol": "TCP", "actions": []}}
    }
    quic: Change = {
        "listener": {"listener/net/q": {"load_balancer": NLB, "port": 443, "protocol": "UDP", "actions": []}}
    }

    assert told(CHAIN, ssh) == told(CHAIN, quic) == {("NET002", "shop-nlb"): "FAIL"}


def test_an_inner_zone_without_an_outer_node_is_sent_nothing() -> None:  # semantics 48
    fewer: Change = {"load_balancer": {NLB: {"subnets": PUBLIC[:2]}}}
    _, results = found(CHAIN, fewer)
    result = results["NET001", "shop-alb"]

    assert result.verdict.value == "FAIL"
    assert "ELB_INSTALLED_AZ_RESTRICTION" in [step.code for step in result.path]


def test_before_a_public_load_balancer_it_is_one_more_door() -> None:  # semantics 43
    public: Change = {"load_balancer": {ALB: {"internet_facing": True, "subnets": PUBLIC}}}
    only_https = merged(CHAIN, public, {"listener": {ON_80: None}})
    nlb = changed({"tiers": {"edge": {"front": "nlb"}}})

    # The shop's own name leads to the other one here, which is a finding of its own.
    assert set(told(only_https)) == {("EDG002", "shop-alb")}
    # Where the blueprint puts it before the shop, nobody may come around it.
    assert told(CHAIN, public, plan=nlb) == {("NET002", "shop-alb"): "FAIL"}
    assert told(CHAIN, plan=nlb) == {}


def test_a_blueprint_with_one_in_front_wants_it() -> None:  # semantics 43
    stacks, _ = found(plan=changed({"tiers": {"edge": {"front": "nlb"}}}))

    assert not stacks.stacks
    assert stacks.candidates


# -- A Network Load Balancer as the edge itself -----------------------------------------------------------------------

DIRECT = changed({"tiers": {"edge": {"type": "network"}}, "sessions": {"stickiness": "optional"}})


def direct(peer: str, groups: list[str], *, preserves: bool = True) -> Change:
    """Return the shop with a Network Load Balancer in the place of its edge; the app's group admits `peer`."""
    return merged(
        NO_NODES,
        {
            "security_group": {"sg-nlb": {"vpc": "vpc-1"}},
            "load_balancer": {ALB: {"type": "network", "groups": groups, "cross_zone": False}},
            "target_group": {TARGETS: {"protocol": "TCP", "preserve_client_ip": preserves}},
            "listener": {
                HTTPS: {"protocol": "TCP", "certificates": [], "policy": None},
                "listener/app/shop-alb/a1/80": {"protocol": "TCP", "actions": [f"forward {TARGETS}"], "rules": []},
            },
            "security_group_rule": {
                "sgr-app": {"peer": peer},
                "sgr-nlb-in": {"group": "sg-nlb", "traffic": "tcp 80", "peer": "0.0.0.0/0"},
                "sgr-nlb-tls": {"group": "sg-nlb", "traffic": "tcp 443", "peer": "0.0.0.0/0"},
                "sgr-nlb-out": {"group": "sg-nlb", "ingress": False, "traffic": "all", "peer": "0.0.0.0/0"},
            },
        },
    )


def alarms(change: Change, *wanted: str, plan: Blueprint = DIRECT) -> dict[str, str]:
    """Return what some rules say of the app and of what leads to it."""
    return {rule: verdict for (rule, _), verdict in told(change, plan=plan).items() if rule in wanted}


def test_its_targets_may_name_its_group_and_nobody_else_gets_in() -> None:  # semantics 46, 47
    assert alarms(direct("sg-nlb", ["sg-nlb"]), "NET001", "NET003", "NET007") == {}
    assert alarms(direct("sg-nlb", []), "NET007") == {"NET007": "FAIL"}


def test_clients_that_keep_their_addresses_must_be_admitted() -> None:  # semantics 47
    nodes = "10.0.0.0/18"

    assert alarms(direct(nodes, []), "NET007") == {"NET007": "FAIL"}
    assert alarms(direct(nodes, [], preserves=False), "NET007") == {}
    assert alarms(direct(OFFICE, [], preserves=False), "NET007") == {"NET007": "FAIL"}


def test_clients_addresses_are_no_opening_and_the_private_ones_beside_them_are() -> None:  # semantics 47
    office = changed(
        {"tiers": {"edge": {"type": "network", "front": {"ranges": [OFFICE]}}}, "sessions": {"stickiness": "optional"}}
    )

    # Only the front's addresses, on the targets' ports: nobody else comes to the app, by whatever way.
    assert alarms(direct(OFFICE, []), "NET003", plan=office) == {}
    # Without preservation no packet comes from there, and the grant is an opening.
    assert alarms(direct(OFFICE, [], preserves=False), "NET003", plan=office) == {"NET003": "FAIL"}
    # The whole of IPv4 holds the VPC's own addresses too, from which the app is reached without its edge.
    assert alarms(direct("0.0.0.0/0", []), "NET003", "NET007") == {"NET003": "FAIL"}


# -- A Classic Load Balancer beside the edge --------------------------------------------------------------------------


def beside(*, facing: bool, registered: bool = True) -> Change:
    """Return a Classic Load Balancer beside the edge, whose group the app admits."""
    return {
        "security_group": {"sg-old": {"vpc": "vpc-1"}},
        "security_group_rule": {
            "sgr-old-in": {"group": "sg-old", "traffic": "tcp 80", "peer": "0.0.0.0/0"},
            "sgr-old-out": {"group": "sg-old", "ingress": False, "traffic": "all", "peer": "0.0.0.0/0"},
            "sgr-app-old": {"group": "sg-app", "traffic": "tcp 8080", "peer": "sg-old"},
        },
        "classic_load_balancer": {
            "old": {
                "internet_facing": facing, "vpc": "vpc-1", "subnets": PUBLIC, "groups": ["sg-old"],
                "instances": ["i-app-a"] if registered else [],
            }
        },
    }  # fmt: skip


def test_a_public_classic_load_balancer_is_a_side_door() -> None:  # semantics 41, 43
    _, results = found(beside(facing=True))
    result = results["NET003", "shop-app"]

    assert (result.verdict.value, result.state and result.state.value) == ("FAIL", "reachable")
    assert "old" in result.message


@pytest.mark.parametrize(("facing", "registered", "expected"), [(False, True, {}), (True, False, "latent")])
def test_an_inner_one_is_the_apps_own_and_one_without_it_sends_it_nothing(
    facing: bool, registered: bool, expected: object
) -> None:  # semantics 43, 45
    _, results = found(beside(facing=facing, registered=registered))
    result = results["NET003", "shop-app"]

    assert (result.verdict.value == "PASS") is (expected == {})
    assert result.state is None or result.state.value == expected


# -- A Network Load Balancer beside the edge --------------------------------------------------------------------------

SIDE, TO_APP = "loadbalancer/net/side/n2", "targetgroup/side/h3"


def side_door(peer: str, *, preserves: bool) -> Change:
    """Return a public Network Load Balancer beside the edge, to the app on 8080; the app's group admits `peer` too."""
    return {
        "load_balancer": {SIDE: {**network([]), "name": "side"}},
        "target_group": {
            TO_APP: {
                "name": "side", "protocol": "TCP", "port": 8080, "vpc": "vpc-1", "load_balancers": [SIDE],
                "preserve_client_ip": preserves,
            }
        },
        "listener": {
            "listener/net/side/n2/8080": {
                "load_balancer": SIDE, "port": 8080, "protocol": "TCP", "actions": [f"forward {TO_APP}"],
            }
        },
        "auto_scaling_group": {"shop-app": {"target_groups": [TARGETS, TO_APP]}},
        "security_group_rule": {"sgr-side": {"group": "sg-app", "traffic": "tcp 8080", "peer": peer}},
    }  # fmt: skip


@pytest.mark.parametrize(("preserves", "state"), [(True, "reachable"), (False, "latent")])
def test_a_grant_to_clients_is_used_where_a_side_door_hands_on_their_addresses(
    preserves: bool, state: str
) -> None:  # semantics 47
    _, results = found(side_door(OFFICE, preserves=preserves))
    result = results["NET003", "shop-app"]

    assert (result.verdict.value, result.state and result.state.value) == ("FAIL", state)
