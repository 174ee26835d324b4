"""Smallest changes: minimum cuts against every smaller choice, and worlds in which the choice is not plain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checker.graph.mending_apply import apply
from checker.graph.mending_cut import Edge, minimum_cut
from checker.model import traffic
from checker.model.change import Action, Association, Change, GroupRule, ListEntry, TableRoute
from checker.model.finding import Result, Verdict
from checker.resources.inventory import Inventory
from checker.resources.network_acl import NetworkAcl
from checker.resources.security_group import SecurityGroup
from checker.resources.security_group_rule import SecurityGroupRule
from tests.rules.cases_reader import blueprint, changed, stack
from tests.rules.test_cases import judged, one_rule
from tests.rules.test_fixes import removals
from tests.rules.world import build

World = Sequence[Mapping[str, object]]

# A host of no tier in an app subnet: what names the subnet's block lets it in beside the app.
HOST: World = (
    {"add": {"kind": "security_group", "id": "sg-host", "vpc": "vpc-1"}},
    {
        "add": {
            "kind": "security_group_rule",
            "id": "sgr-host-out",
            "group": "sg-host",
            "ingress": False,
            "traffic": "all",
            "peer": "0.0.0.0/0",
        }
    },
    {
        "add": {
            "kind": "network_interface",
            "id": "eni-host",
            "vpc": "vpc-1",
            "subnet": "subnet-app-a",
            "zone": "us-east-1a",
            "groups": ["sg-host"],
            "addresses": ["10.0.64.50"],
        }
    },
)
# The data subnets' own list, which lets in one foreign block beside the app's.
LIST: World = (
    {
        "set": {
            "kind": "network_acl",
            "id": "acl-1",
            "subnets": [f"subnet-{tier}-{zone}" for tier in ("public", "app") for zone in "abc"],
        }
    },
    {
        "add": {
            "kind": "network_acl",
            "id": "acl-data",
            "vpc": "vpc-1",
            "subnets": ["subnet-data-a", "subnet-data-b", "subnet-data-c"],
            "entries": [
                "90 in allow all from 203.0.113.0/24",
                "100 in allow all from 10.0.64.0/18",
                "100 out allow all to 10.0.64.0/18",
            ],
        }
    },
)


def rule(id: str, traffic: str, peer: str, group: str = "sg-db") -> Mapping[str, object]:
    """Return the change that adds an ingress rule."""
    return {"add": {"kind": "security_group_rule", "id": id, "group": group, "traffic": traffic, "peer": peer}}


def world(*changes: Mapping[str, object]) -> Inventory:
    spec, gaps = changed(stack("documented"), changes)
    return build(spec, gaps)


def results(inventory: Inventory, *rules: str) -> dict[tuple[str, str], Result]:
    """Return what some rules say of a world, by rule and name of the subject."""
    which = [found for id in rules for found in one_rule(id)]
    found, _ = judged(inventory, blueprint({}), which)
    return {(result.rule, result.subject.name): result for result in found}


def mend(inventory: Inventory, subject: str = "shop-db", rule: str = "NET005") -> tuple[Change, ...]:
    """Return the fix of a failure, having seen that it mends it and blocks nothing."""
    failed = results(inventory, rule)[rule, subject]
    assert failed.verdict is Verdict.FAIL
    after = results(apply(inventory, failed.changes), rule, "NET007")
    assert after[rule, subject].verdict is Verdict.PASS, failed.fix
    assert not any(result.verdict is Verdict.FAIL for (id, _), result in after.items() if id == "NET007"), failed.fix
    return failed.changes


def lines(changes: Sequence[Change]) -> list[str]:
    return [str(change) for change in changes]


# The cut itself


@st.composite
def ways(draw: st.DrawFn) -> list[list[tuple[Edge, ...]]]:
    """Draw ways of one or two gates; the grants of the first gate and those of the second are different ones."""
    costs = {
        name: draw(st.one_of(st.none(), st.integers(1, 2))) for name in (f"{end}{n}" for end in "ab" for n in range(4))
    }
    found = []
    for _ in range(draw(st.integers(1, 4))):
        gates = [draw(st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True)) for _ in "ab"]
        both = draw(st.booleans())
        ends = "ab" if both else "b"
        found.append(
            [
                tuple(Edge(f"{end}{n}", costs[f"{end}{n}"], "ba".index(end)) for n in gate)
                for end, gate in zip(ends, gates, strict=False)
            ]
        )
    return found


@settings(max_examples=150, deadline=None)
@given(ways())
def test_a_cut_is_as_small_as_the_smallest_of_all_choices(drawn: list[list[tuple[Edge, ...]]]) -> None:
    costs = {edge.grant: edge.cost for way in drawn for gate in way for edge in gate}
    free = sorted((grant for grant, cost in costs.items() if cost is not None), key=str)
    choices = [set(choice) for size in range(len(free) + 1) for choice in combinations(free, size)]
    closing = [
        sum(costs[grant] or 0 for grant in choice)
        for choice in choices
        if all(any(all(edge.grant in choice for edge in gate) for gate in way) for way in drawn)
    ]
    cut = minimum_cut(drawn)

    assert (cut is None) == (not closing)
    if cut is not None:
        assert all(any(all(edge.grant in cut for edge in gate) for gate in way) for way in drawn)
        assert sum(costs[grant] or 0 for grant in cut) == min(closing)


def test_of_cuts_as_small_the_one_at_the_target_is_taken() -> None:
    assert minimum_cut([[(Edge("out", 1, 1),), (Edge("in", 1, 0),)]]) == frozenset(("in",))


def test_nothing_is_cut_where_nothing_gets_in() -> None:
    assert minimum_cut([]) == frozenset()


def test_a_way_whose_grants_must_all_stay_cannot_be_cut() -> None:
    assert minimum_cut([[(Edge("in", None),)]]) is None


# Which gate is the smallest


def test_two_rules_of_the_member_or_one_of_the_stranger() -> None:
    here = world(*HOST, rule("sgr-a", "tcp 5432", "10.0.64.0/20"), rule("sgr-b", "udp 5432", "10.0.64.0/20"))

    assert lines(mend(here)) == ["Remove from sg-host: sgr-host-out (egress all traffic to 0.0.0.0/0)."]


def test_one_rule_of_either_is_taken_from_the_member() -> None:
    here = world(*HOST, rule("sgr-a", "tcp 5432", "10.0.64.0/20"))

    assert lines(mend(here)) == ["Remove from sg-db: sgr-a (ingress tcp 5432 from 10.0.64.0/20)."]


def test_two_rules_of_the_member_where_the_stranger_wears_the_apps_group_too() -> None:
    worn = {"set": {"kind": "network_interface", "id": "eni-host", "groups": ["sg-host", "sg-efs"]}}
    out = {"set": {"kind": "security_group_rule", "id": "sgr-host-out", "group": "sg-app"}}
    here = world(
        *HOST,
        worn,
        out,
        rule("sgr-a", "tcp 5432", "10.0.64.0/20"),
        rule("sgr-b", "udp 5432", "10.0.64.0/20"),
        {"remove": {"kind": "security_group_rule", "id": "sgr-host-out"}},
    )
    # Its only egress rule is that of the file system's group, which the file system, too, wears.
    assert {change.resource for change in mend(here)} == {"sg-db"}
    assert len(mend(here)) == 2


def test_two_rules_of_the_member_or_one_entry_of_its_list() -> None:
    here = world(*LIST, rule("sgr-a", "tcp 5432", "203.0.113.0/25"), rule("sgr-b", "tcp 5432", "203.0.113.128/25"))

    assert lines(mend(here)) == ["Remove from acl-data: inbound 90 allow all traffic from 203.0.113.0/24."]


def test_an_entry_that_a_flow_needs_is_left_alone() -> None:
    needed = {
        "set": {
            "kind": "network_acl",
            "id": "acl-data",
            "entries": ["100 in allow all from 0.0.0.0/0", "100 out allow all to 0.0.0.0/0"],
        }
    }
    here = world(
        *LIST, needed, rule("sgr-a", "tcp 5432", "203.0.113.0/25"), rule("sgr-b", "tcp 5432", "203.0.113.128/25")
    )

    assert {change.resource for change in mend(here)} == {"sg-db"}


# What is narrowed and not removed


def test_the_only_rule_of_a_member_becomes_what_it_was_meant_to_be() -> None:
    here = world({"set": {"kind": "security_group_rule", "id": "sgr-db", "traffic": "all", "peer": "0.0.0.0/0"}})

    assert lines(mend(here)) == [
        "Replace in sg-db: sgr-db (ingress all traffic from 0.0.0.0/0) by ingress tcp 5432 from sg-app."
    ]


def test_of_two_rules_that_both_let_the_app_in_one_stays_to_do_so() -> None:
    here = world(
        {"set": {"kind": "security_group_rule", "id": "sgr-db", "peer": "10.0.0.0/16"}},
        rule("sgr-low", "tcp 5432", "0.0.0.0/1"),
    )
    found = mend(here)

    assert [change.action for change in found] == [Action.REPLACE, Action.REMOVE]
    assert found[0].what == GroupRule(True, traffic.tcp(5432), "sg-app")


def test_a_rule_that_lets_in_ipv6_goes_and_the_apps_stays() -> None:
    here = world(rule("sgr-six", "tcp 5432", "::/0"))

    assert lines(mend(here)) == ["Remove from sg-db: sgr-six (ingress tcp 5432 from ::/0)."]


def test_two_ports_that_are_needed_are_two_rules() -> None:
    here = world(
        {"set": {"kind": "security_group_rule", "id": "sgr-alb-http", "traffic": "all"}},
        {"remove": {"kind": "security_group_rule", "id": "sgr-alb-https"}},
    )
    changes = mend(here, "shop-alb", "NET002")

    assert lines(changes) == [
        "Replace in sg-alb: sgr-alb-http (ingress all traffic from 0.0.0.0/0) by ingress tcp 80 from 0.0.0.0/0.",
        "Add to sg-alb: ingress tcp 443 from 0.0.0.0/0.",
    ]
    assert results(apply(here, changes), "NET001")["NET001", "shop-alb"].verdict is Verdict.PASS


def test_what_one_group_hides_the_rest_is_mended_all_the_same() -> None:
    here = world(
        *HOST,
        {"set": {"kind": "network_interface", "id": "eni-host", "groups": ["sg-app"]}},
        rule("sgr-world", "tcp 5432", "0.0.0.0/0"),
    )
    failed = results(here, "NET005")["NET005", "shop-db"]

    assert [change.rule for change in failed.changes] == ["sgr-world"]
    assert "eni-host" in failed.fix
    assert "security group of its own" in failed.fix


def test_a_stranger_that_gets_a_group_of_its_own_is_out() -> None:
    stranger = {"set": {"kind": "network_interface", "id": "eni-host", "groups": ["sg-app"]}}
    own = {"set": {"kind": "network_interface", "id": "eni-host", "groups": ["sg-host"]}}

    assert results(world(*HOST, stranger), "NET005")["NET005", "shop-db"].verdict is Verdict.FAIL
    assert results(world(*HOST, stranger, own), "NET005")["NET005", "shop-db"].verdict is Verdict.PASS


# Drawn rules: always mended, and by no more changes than the fewest removals

PEERS = (
    "10.0.64.0/20",
    "10.0.80.0/20",
    "10.0.0.0/16",
    "0.0.0.0/1",
    "203.0.113.0/25",
    "sg-app",
    "sg-host",
    "sg-gone",
    "::/0",
)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(("tcp 5432", "tcp 22", "all")), st.sampled_from(PEERS)), max_size=3, unique=True
    ),
    st.booleans(),
)
@example(drawn=[("tcp 5432", "10.0.64.0/20"), ("tcp 5432", "10.0.0.0/16"), ("tcp 22", "10.0.64.0/20")], listed=False)
def test_drawn_rules_are_mended_by_the_fewest_changes(drawn: list[tuple[str, str]], listed: bool) -> None:
    added = [rule(f"sgr-x{at}", passes, peer) for at, (passes, peer) in enumerate(drawn)]
    here = world(*HOST, *(LIST if listed else ()), *added)
    if results(here, "NET005")["NET005", "shop-db"].verdict is Verdict.PASS:
        return
    changes = mend(here)
    # What shuts the stranger in instead may be fewer, and is nothing that the database's owner should be told to do.
    ours = [one for one in removals(here) if one.resource in ("sg-db", "sg-app", "acl-data")]
    for size in range(1, len(changes)):
        for part in combinations(ours, size):
            after = results(apply(here, part), "NET005", "NET007")
            lost = any(result.verdict is Verdict.FAIL for (id, _), result in after.items() if id == "NET007")
            assert lost or after["NET005", "shop-db"].verdict is Verdict.FAIL, part


# Changes as values


def test_changes_are_told_in_one_line_each() -> None:
    passes = traffic.tcp(8080)
    route = TableRoute("0.0.0.0/0", "igw-1")

    assert lines(
        [
            Change(Action.ADD, "sg-app", GroupRule(True, passes, "sg-alb")),
            Change(Action.REMOVE, "acl-1", ListEntry(90, True, False, passes, "10.0.0.0/8")),
            Change(Action.REPLACE, "rtb-1", route, TableRoute("0.0.0.0/0", "igw-0", active=False)),
            Change(Action.REPLACE, "subnet-1", Association("rtb-2"), Association("rtb-1")),
        ]
    ) == [
        "Add to sg-app: ingress tcp 8080 from sg-alb.",
        "Remove from acl-1: outbound 90 deny tcp 8080 to 10.0.0.0/8.",
        "Replace in rtb-1: route 0.0.0.0/0 to igw-0 (black hole) by route 0.0.0.0/0 to igw-1.",
        "Replace in subnet-1: route table rtb-1 by route table rtb-2.",
    ]


def test_a_change_leaves_the_inventory_as_it_was() -> None:
    here = world()
    count = len(here.all(SecurityGroupRule).items)
    after = apply(here, [Change(Action.ADD, "sg-db", GroupRule(True, traffic.tcp(22), "10.0.0.0/8"))])

    assert len(here.all(SecurityGroupRule).items) == count
    assert len(after.all(SecurityGroupRule).items) == count + 1


def test_a_rule_is_changed_where_the_group_tells_it_too() -> None:
    here = world()
    listed = next(item for item in here.all(SecurityGroupRule).items if item.id == "sgr-db")
    removal = next(change for change in removals(here) if change.rule == "sgr-db")
    after = apply(here, [removal])
    group = next(item for item in after.all(SecurityGroup).items if item.id == "sg-db")

    assert listed.id not in {item.id for item in after.all(SecurityGroupRule).items}
    assert group.permissions.map(len).is_(1).is_yes


def test_an_entry_is_added_to_its_list() -> None:
    entry = ListEntry(50, False, False, traffic.tcp(22), "0.0.0.0/0")
    after = apply(world(), [Change(Action.ADD, "acl-1", entry)])
    (acl,) = after.all(NetworkAcl).items

    assert acl.entries.holds(lambda found: any(one.number == 50 for one in found)).is_yes


@pytest.mark.parametrize(
    "change",
    [
        Change(Action.REMOVE, "sg-db", GroupRule(True, traffic.tcp(1), "0.0.0.0/0")),
        Change(Action.REMOVE, "acl-1", ListEntry(5, True, True, traffic.EVERYTHING, "0.0.0.0/0")),
        Change(Action.REMOVE, "rtb-gone", TableRoute("0.0.0.0/0", "igw-1")),
        Change(Action.ADD, "sg-gone", GroupRule(True, traffic.tcp(1), "0.0.0.0/0")),
    ],
    ids=str,
)
def test_a_change_of_what_is_not_there_is_refused(change: Change) -> None:
    with pytest.raises(ValueError, match="nothing to change"):
        apply(world(), [change])
