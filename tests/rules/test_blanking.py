"""What was not seen never becomes PASS, and what a verdict does not rest on never changes it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping

import pytest

from checker.model.finding import Verdict
from checker.resources.inventory import Inventory
from checker.rules.catalog import rules
from tests.rules.blanking import Blank, blanks, chosen, facts, without
from tests.rules.cases_reader import Case, blueprint, cases, stack
from tests.rules.test_cases import judged, one_rule
from tests.rules.world import build

RULES = [rule.id for rule in rules()]


@pytest.mark.sampled(one_in=4)
@pytest.mark.parametrize("rule", RULES)
def test_an_unseen_fact_never_turns_a_failure_into_a_pass(rule: str) -> None:
    failing = [case for case in cases() if case.rule == rule and "FAIL" in case.verdicts]
    seen: Counter[tuple[str, str]] = Counter()
    found = [line for case in failing for line in _turned(case, seen)]

    assert failing
    assert found == []


def _turned(case: Case, seen: Counter[tuple[str, str]]) -> list[str]:
    """Return each blank of a case that makes a failure disappear, with what became of it."""
    world, plan, one = case.world(), blueprint(case.blueprint), one_rule(case.rule)
    results, _ = judged(world, plan, one)
    failed = [result for result in results if result.verdict is Verdict.FAIL]
    found = []
    tries = chosen(case, world, failed, seen)
    random.shuffle(tries)
    for blank in tries:
        after, discovery = judged(without(world, blank), plan, one)
        verdicts = {result.subject.id: result.verdict for result in after}
        replaced = bool(discovery.doubts) or Verdict.UNKNOWN in verdicts.values()
        for result in failed:
            now = verdicts.get(result.subject.id)
            if now not in (Verdict.FAIL, Verdict.UNKNOWN) and not (now is None and replaced):
                found.append(f"{case.rule}, {case.name}: {result.subject.name} is {now} without {blank}")
    return found


# What no verdict of a rule can rest on: kinds, or `kind.field`.
NOWHERE = (
    "certificate.expires",
    "hosted_zone.private",
    "db_subnet_group.tags",
    "vpc.is_default",
    "subnet.owner",
    "network_interface.owner",
    "target_group.tags",
    "route_table.tags",
    "network_acl.tags",
    "instance.zone",
)
DNS, SCALING, TLS = "hosted_zone", "scaling_policy", "certificate"
SETTINGS = (
    "db_instance.encrypted",
    "db_instance.backup_days",
    "db_instance.deletion_protection",
    "file_system.encrypted",
)
TEMPLATE = ("launch_template.imds", "launch_template.imds_endpoint")
RESTS_NOT_ON: Mapping[str, tuple[str, ...]] = {
    "NET001": (
        DNS,
        SCALING,
        TLS,
        *SETTINGS,
        *TEMPLATE,
        "db_instance.groups",
        "auto_scaling_group.health_check",
        "nat_gateway",
    ),
    "NET002": (DNS, SCALING, TLS, *SETTINGS, *TEMPLATE, "db_instance.port", "nat_gateway", "instance"),
    "NET003": (DNS, SCALING, TLS, *SETTINGS, *TEMPLATE, "nat_gateway", "target_group.stickiness"),
    "NET004": (DNS, SCALING, TLS, *SETTINGS, *TEMPLATE, "nat_gateway", "target_group.stickiness"),
    "NET005": (DNS, SCALING, TLS, *SETTINGS, *TEMPLATE, "nat_gateway", "cache_cluster.port", "listener.policy"),
    "NET006": (DNS, SCALING, TLS, *SETTINGS, *TEMPLATE, "nat_gateway", "cache_cluster.port", "listener.policy"),
    "NET007": (DNS, SCALING, TLS, *SETTINGS, *TEMPLATE, "listener.policy"),
    "NET008": (DNS, SCALING, TLS, *SETTINGS, *TEMPLATE, "nat_gateway", "route_table", "network_acl"),
    "NET009": (DNS, SCALING, TLS, *SETTINGS, *TEMPLATE, "nat_gateway", "network_acl", "security_group_rule"),
    "NET010": (DNS, SCALING, TLS, *SETTINGS, *TEMPLATE, "nat_gateway", "route_table", "network_acl"),
    "AZ001": (DNS, SCALING, TLS, "security_group_rule.traffic", "route_table", "network_acl"),
    "AZ002": (DNS, SCALING, TLS, "security_group_rule.traffic", "route_table", "network_acl"),
    "AZ003": (DNS, SCALING, TLS, "security_group_rule.traffic", "route_table", "network_acl"),
    "AZ004": (DNS, SCALING, TLS, "security_group_rule.traffic", "route_table", "network_acl"),
    "AZ005": (DNS, SCALING, TLS, "security_group_rule.traffic", "route_table", "network_acl"),
    "AZ006": (DNS, SCALING, TLS, "security_group_rule", "network_acl", "db_instance.port"),
    "AZ007": (DNS, SCALING, TLS, *SETTINGS, *TEMPLATE),
    "SES001": (DNS, SCALING, TLS, "security_group_rule", "route_table", "network_acl"),
    "SES002": (DNS, SCALING, TLS, *TEMPLATE, "file_system.encrypted"),
    "DAT001": (DNS, SCALING, TLS, "security_group_rule.traffic", "route_table", "network_acl"),
    "DAT002": (DNS, SCALING, TLS, "security_group_rule.traffic", "route_table", "network_acl"),
    "DAT003": (DNS, SCALING, TLS, "security_group_rule.traffic", "route_table", "network_acl"),
    "DAT004": (DNS, SCALING, TLS, "security_group_rule.traffic", "route_table", "network_acl"),
    "DAT005": (DNS, SCALING, TLS, "security_group_rule.traffic", "route_table", "network_acl"),
    "EDG001": (DNS, SCALING, "security_group_rule", "route_table", "network_acl"),
    "EDG002": (SCALING, TLS, "security_group_rule", "route_table", "network_acl"),
    "EDG003": (DNS, SCALING, "security_group_rule", "route_table", "network_acl"),
    "APP001": (DNS, SCALING, TLS, "security_group_rule", "route_table", "network_acl"),
    "APP002": (DNS, SCALING, TLS, "security_group_rule", "route_table", "network_acl"),
    "APP003": (DNS, SCALING, TLS, "security_group_rule", "route_table", "network_acl"),
    "APP004": (DNS, TLS, "security_group_rule", "route_table", "network_acl"),
}


@pytest.fixture(scope="module")
def documented() -> Inventory:
    return build(stack("documented"))


@pytest.mark.parametrize("rule", RULES)
def test_what_a_verdict_does_not_rest_on_does_not_change_it(rule: str, documented: Inventory) -> None:
    before = _verdicts(documented, rule)
    found = []
    for blank in _once(documented, RESTS_NOT_ON[rule] + NOWHERE):
        after = _verdicts(without(documented, blank), rule)
        found += [
            f"{subject} is {after.get(subject)} without {blank}"
            for subject in before
            if after.get(subject) is not before[subject]
        ]

    assert found == []


def _verdicts(world: Inventory, rule: str) -> dict[str, Verdict]:
    results, _ = judged(world, blueprint({}), one_rule(rule))
    return {result.subject.id: result.verdict for result in results}


def _once(world: Inventory, names: tuple[str, ...]) -> list[Blank]:
    """Return the blanks that `names` mean: each field of a kind on one resource, and listings of whole kinds."""
    every = [blank for blank in blanks(world) if blank.kind in names or f"{blank.kind}.{blank.field}" in names]
    return list({(blank.kind, blank.field): blank for blank in every}.values())


def test_the_table_names_only_kinds_and_fields_that_are_there(documented: Inventory) -> None:
    there = {
        name
        for item in documented.resources
        for name in (item.kind, *(f"{item.kind}.{field}" for field in facts(item)))
    }

    assert {name for names in (*RESTS_NOT_ON.values(), NOWHERE) for name in names} <= there
    assert set(RESTS_NOT_ON) == set(RULES)


def test_unlisted_instances_do_not_matter_where_every_interface_is_listed(documented: Inventory) -> None:
    unlisted = Inventory([item for item in documented.resources if item.kind != "instance"], documented.gaps)

    assert set(_verdicts(without(unlisted, Blank("instance")), "NET005").values()) == {Verdict.PASS}
