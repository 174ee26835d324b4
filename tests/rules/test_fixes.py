"""What is shown as the fix of a failure mends it: applied to the world of every failing case, and judged again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import chain, combinations

import pytest

from checker.graph.mending_apply import apply, entry_value, route_value
from checker.graph.mending_grants import as_value
from checker.model.change import Action, Change
from checker.model.fact import Known
from checker.model.finding import Result, Verdict
from checker.resources.inventory import Inventory
from checker.resources.network_acl import NetworkAcl
from checker.resources.route_table import RouteTable
from checker.resources.security_group_rule import SecurityGroupRule
from checker.rules.catalog import rules
from tests.rules.cases_reader import Case, blueprint, cases
from tests.rules.test_cases import judged

RULES = tuple(f"NET00{number}" for number in range(1, 10))
CASES = [case for case in cases() if case.rule in RULES and "FAIL" in case.verdicts]
BADNESS = {Verdict.NOT_APPLICABLE: 0, Verdict.PASS: 0, Verdict.UNKNOWN: 1, Verdict.FAIL: 2, Verdict.ERROR: 3}

# What no rule, list entry or route can mend, and what the fix must tell to do instead.
BEYOND_RULES: Mapping[tuple[str, str], str] = {
    ("NET001", "no listener on 443"): "Add a listener on port 443",
    ("NET001", "no listener on 80"): "Add a listener on port 80",
    ("NET001", "the blueprint asks for a third port"): "Add a listener on port 8443",
    ("NET001", "the gateway is attached to no VPC"): "Attach an internet gateway to vpc-1",
    ("NET001", "public access to VPCs is blocked"): "Exclude vpc-1 from the block on public access",
    ("NET001", "public access to VPCs is blocked, and one subnet is excluded"): "Exclude vpc-1 from the block",
    ("NET001", "an exclusion for what goes out only"): "Exclude vpc-1 from the block on public access",
    ("NET001", "a network load balancer before it, sent on to a port that nobody listens on"): "listener on tcp 8443",
    ("NET001", "a network load balancer before it, without one of the ports"): "Add a listener on port 80",
    ("NET001", "a network load balancer before it, whose clients its group does not admit"): "Let sg-alb pass tcp 443",
    (
        "NET003",
        "clients that keep their addresses, and a grant to everybody, the network itself among them",
    ): "rules to name those who may come in",
    ("NET005", "a function wears the app's group"): "eni-function",
    ("NET005", "workers that no load balancer leads to wear the app's group"): "workers",
    ("NET005", "exception for one database only"): "shop-db",
    ("NET005", "a stack without a database"): "Add a database",
    ("NET007", "a table over NAT gateways whose one is deleted"): "gateway endpoint for dynamodb",
    ("NET007", "a table over a private NAT gateway"): "gateway endpoint for dynamodb",
    (
        "NET007",
        "clients that keep their addresses behind a network load balancer, and a group that admits its nodes only",
    ): "Let sg-app pass tcp 8080 from the clients' own addresses",
    ("NET007", "an app subnet in a zone where the load balancer has no node"): "Add a subnet in that zone to shop-alb",
    ("NET009", "the group may launch into a public subnet"): "Take subnet-public-b off shop-app",
    ("NET009", "the database may move to a public subnet"): "Take subnet-public-a off shop-db",
}


def before(case: Case) -> Mapping[str, Result]:
    """Return the results of all rules on a case, by key."""
    return _judged_once(case.rule, case.name)


@cache
def _judged_once(rule: str, name: str) -> Mapping[str, Result]:
    case = next(case for case in CASES if (case.rule, case.name) == (rule, name))
    return _all(case.world(), case)


def _all(world: Inventory, case: Case, only: AbstractSet[str] = frozenset()) -> Mapping[str, Result]:
    which = [rule for rule in rules() if not only or rule.id in only]
    results, _ = judged(world, blueprint(case.blueprint), which)
    return {result.key: result for result in results}


def failures(case: Case) -> list[Result]:
    """Return what the case's rule says to fail."""
    return [one for one in before(case).values() if one.rule == case.rule and one.verdict is Verdict.FAIL]


def worse(case: Case, after: Mapping[str, Result]) -> list[str]:
    """Return what has a worse verdict than before; what is new, such as a rule that was added, must not fail."""
    found = []
    for key, result in after.items():
        was = before(case).get(key)
        if result.verdict is Verdict.UNKNOWN and (case.rule, case.name) in STILL_OPEN:
            continue
        if BADNESS[result.verdict] > (BADNESS[was.verdict] if was else BADNESS[Verdict.PASS]):
            found.append(f"{result.rule} {result.subject}: {result.verdict.value} {result.message}")
    return found


def case_id(case: Case) -> str:
    return f"{case.rule} {case.name}"


MENDED = [case for case in CASES if (case.rule, case.name) not in BEYOND_RULES]


# The failure hides that something was not seen, and once it is mended that is what is left.
STILL_OPEN = {
    ("NET001", "the routes are not known, and the groups surely block"),
    ("NET002", "listeners were not all listed, and a further port is open"),
    ("NET005", "an unknown beside a sure way in"),
    ("NET007", "the entries of the network ACL are not known, and a group surely blocks"),
    ("NET009", "a route is not known beside one to the internet gateway"),
}


def remedies(case: Case) -> Iterator[tuple[tuple[Change, ...], list[Result]]]:
    """Yield each fix that a case's failures show, with the failures that it is shown for."""
    found: dict[tuple[Change, ...], list[Result]] = {}
    for result in failures(case):
        found.setdefault(result.changes, []).append(result)
    yield from found.items()


@pytest.mark.parametrize("case", MENDED, ids=map(case_id, MENDED))
def test_the_fix_mends_the_failure_and_makes_nothing_worse(case: Case) -> None:
    fine = {Verdict.PASS, Verdict.NOT_APPLICABLE, *((Verdict.UNKNOWN,) if (case.rule, case.name) in STILL_OPEN else ())}

    assert failures(case)
    for changes, results in remedies(case):
        after = _all(apply(case.world(), changes), case)
        for result in results:
            now = after.get(result.key)
            assert now is None or now.verdict in fine, f"{result.fix}\n{now.message}"
            # A rule that was removed is no subject any more; everything else still is.
            assert now is not None or case.rule == "NET008"
        assert worse(case, after) == [], changes


@pytest.mark.parametrize("rule", RULES)
def test_no_part_of_the_fix_is_enough(rule: str) -> None:
    tried = 0
    for case in (case for case in MENDED if case.rule == rule):
        for changes, results in remedies(case):
            assert changes
            for part in subsets(changes, len(changes) - 1):
                tried += 1
                assert not mends(part, results, case), f"{case.name}: {part}"
    assert tried or rule not in ("NET001", "NET002", "NET003", "NET005", "NET007")


# What is blocked is not opened by removals.
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in ("NET001", "NET007")])
def test_no_fewer_removals_mend_the_failure(rule: str) -> None:
    for case in (case for case in MENDED if case.rule == rule):
        for changes, results in remedies(case):
            for part in subsets(list(removals(case.world())), len(changes) - 1):
                assert not mends(part, results, case), f"{case.name}: {part}"


def subsets(changes: Sequence[Change], most: int) -> Iterator[tuple[Change, ...]]:
    """Yield every choice of at least one and at most `most` changes."""
    return chain.from_iterable(combinations(changes, size) for size in range(1, most + 1))


def mends(part: tuple[Change, ...], results: Sequence[Result], case: Case) -> bool:
    """Tell whether some changes mend the results and lose no flow that must work."""
    changed = apply(case.world(), part)
    after = _all(changed, case, {case.rule})
    if any(result.key in after and after[result.key].verdict is Verdict.FAIL for result in results):
        return False
    return not lost(case, _all(changed, case, {"NET001", "NET007"}))


def lost(case: Case, after: Mapping[str, Result]) -> list[str]:
    """Return what gets through before and not after: flows that must work, from the internet or between tiers."""
    return [line for line in worse(case, after) if line.startswith(("NET001", "NET007"))]


def removals(world: Inventory) -> Iterator[Change]:
    """Yield the removal of each rule, list entry and route of a world."""
    for rule in world.all(SecurityGroupRule).items:
        if (value := as_value(rule)) and isinstance(rule.group, Known):
            yield Change(Action.REMOVE, rule.group.value, value, rule=rule.id)
    for acl in world.all(NetworkAcl).items:
        for entry in acl.entries.value if isinstance(acl.entries, Known) else ():
            if found := entry_value(entry):
                yield Change(Action.REMOVE, acl.id, found)
    for table in world.all(RouteTable).items:
        for route in table.routes.value if isinstance(table.routes, Known) else ():
            if led := route_value(route):
                yield Change(Action.REMOVE, table.id, led)


BEYOND = [case for case in CASES if (case.rule, case.name) in BEYOND_RULES]


@pytest.mark.parametrize("case", BEYOND, ids=map(case_id, BEYOND))
def test_what_no_rule_can_mend_is_told_in_words(case: Case) -> None:
    for result in failures(case):
        assert result.changes == ()
        assert BEYOND_RULES[case.rule, case.name] in result.fix


def test_every_failure_beyond_rules_is_a_case() -> None:
    assert {(case.rule, case.name) for case in BEYOND} == set(BEYOND_RULES)
