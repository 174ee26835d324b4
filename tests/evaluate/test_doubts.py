"""Doubts of discovery are results like all others."""

from checker.evaluate.doubts import doubt_results
from checker.graph.stacks import Doubt
from checker.model.fact import Missing
from checker.model.finding import Verdict
from checker.model.record import Scope
from tests.evaluate.made_rules import SCOPE, make_blueprint

OTHER = Scope("123456789012", "eu-central-1")
LOST = Missing("elasticloadbalancing:DescribeLoadBalancers", "allow it")


def test_each_scope_has_one_unknown() -> None:
    doubts = [Doubt("b", SCOPE, (LOST,)), Doubt("a", SCOPE, ()), Doubt("c", OTHER, (LOST,))]
    results = doubt_results(doubts, make_blueprint())

    assert [(item.subject.id, item.message, item.also) for item in results] == [
        ("123456789012/eu-central-1", "c", ()),
        ("123456789012/eu-west-1", "a", ("b",)),
    ]
    assert {(item.rule, item.verdict, item.stack, item.counts) for item in results} == {
        ("STACKS", Verdict.UNKNOWN, None, True)
    }


def test_doubt_without_missing_fact_still_names_one() -> None:
    assert doubt_results([Doubt("a", SCOPE, ())], make_blueprint())[0].missing


def test_blueprint_may_only_report_doubts() -> None:
    assert not doubt_results([Doubt("a", SCOPE, (LOST,))], make_blueprint(STACKS="report"))[0].counts
