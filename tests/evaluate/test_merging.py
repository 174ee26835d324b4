"""Reports of several roots as one: nothing is lost, and equal ids of two roots stay apart."""

import pytest

from checker.evaluate.merging import merged
from checker.model.finding import Verdict
from checker.model.report import Report
from tests.report.sample_report import sample_report


@pytest.fixture
def two() -> Report:
    return merged({"envs/dev": sample_report(), "envs/prod": sample_report()})


def test_one_report_is_itself() -> None:
    assert merged({"": sample_report()}) == sample_report()


def test_every_result_and_stack_is_there_once_for_each_root(two: Report) -> None:
    one = sample_report()

    assert len(two.results) == 2 * len(one.results)
    assert len({result.key for result in two.results}) == len(two.results)
    assert len({stack.id for stack in two.stacks}) == 2 * len(one.stacks)


def test_results_name_the_stack_of_their_own_root(two: Report) -> None:
    roots = {stack.id: stack.root for stack in two.stacks}

    assert all(roots[result.stack] == result.root for result in two.results if result.stack)


def test_crashes_name_the_result_of_their_own_root(two: Report) -> None:
    crashed = [result.key for result in two.results if result.verdict is Verdict.ERROR]

    assert crashed
    assert sorted(crash.subject for crash in two.crashes) == sorted(crashed)
