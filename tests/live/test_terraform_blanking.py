"""Parts of a Terraform configuration made unknown in turn: what was not read never becomes PASS, and is no fault."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks import repository
from checker.app import Choices, check, recognised
from checker.collect.source import Inputs
from checker.model.finding import Verdict
from checker.model.report import Report
from tests.live.terraform_blanks import VARIABLE, Blank, Change, blanks, lost, verdicts, worse
from tests.live.terraform_stacks import BROKEN, write

# Faults that do not hide each other, so that each blank is tried on many failures at once.
FAULTS = {
    "one": (
        "the database is open to the world",
        "no standby",
        "one subnet for the app",
        "content by plain HTTP",
        "one instance",
        "old TLS",
        "no backups",
        "one NAT gateway for all",
    ),
    "other": (
        "the app is open to the world",
        "the load balancer has another port open",
        "no read replica",
        "sessions that do not stick",
        "a database on plain disks",
        "a cache in clear text",
        "the app in public subnets",
        "old metadata",
        "the app misses its cache",
    ),
}


@dataclass(frozen=True)
class Stack:
    """A stack on disk, with the variable that blanks stand for."""

    folder: Path
    inputs: Inputs

    def judged(self) -> Report:
        return check(recognised([self.folder]), Choices(), given=self.inputs)

    @cached_property
    def before(self) -> Report:
        return self.judged()

    @cached_property
    def blanks(self) -> list[Blank]:
        return [blank for blank in blanks(self.folder) if blank.file.name != "blank.tf"]

    def without(self, blank: Blank) -> Report:
        before = blank.file.read_bytes()
        blank.file.write_bytes(blank.applied())
        try:
            return self.judged()
        finally:
            blank.file.write_bytes(before)


@contextmanager
def stack(folder: Path, *faults: str, **variables: str) -> Iterator[Stack]:
    """Give the example with some lines broken; every module of it knows the variable `blank`."""
    root = write(folder / "stack", *faults)
    for place in {file.parent for file in root.rglob("*.tf")}:
        (place / "blank.tf").write_text(VARIABLE)
    try:
        yield Stack(root, Inputs(variables=variables))
    finally:
        shutil.rmtree(root)


def draws(share: float) -> settings:
    """Return settings that try a share of the profile's examples: `--hypothesis-profile=long` tries them all."""
    return settings(
        max_examples=max(5, int(settings().max_examples * share)),
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_not_known_never_makes_a_failure_pass(name: str, tmp_path: Path) -> None:
    with stack(tmp_path, *FAULTS[name]) as broken:
        rules = {key[0] for key, verdict in verdicts(broken.before).items() if verdict is Verdict.FAIL}
        expected = set().union(*(BROKEN[fault].rules for fault in FAULTS[name]))

        @draws(0.06)
        @given(st.sampled_from([blank for blank in broken.blanks if not blank.is_another]))
        def law(blank: Blank) -> None:
            after = broken.without(blank)
            assert after.crashes == ()
            assert [f"{change} without {blank}" for change in lost(broken.before, after)] == []
            assert after.exit_code in (1, 3, 4)

        # One zone for the app leaves no second one whose way out could be in another.
        assert expected - rules <= {"AZ006"}
        law()


@pytest.mark.parametrize("store", ["cache", "table"])
def test_what_is_not_known_is_no_fault(store: str, tmp_path: Path) -> None:
    with stack(tmp_path, session_store=store) as good:
        assert good.before.exit_code == 0

        # A variable in place of a reference leads to something else, and what it led to is surely not reached then.
        @draws(0.05)
        @given(st.sampled_from([blank for blank in good.blanks if blank.kind != "value"]))
        def law(blank: Blank) -> None:
            after = good.without(blank)
            assert [f"{change} without {blank}" for change in worse(good.before, after)] == []
            assert after.exit_code in (0, 3, 4)

        law()


@pytest.mark.sampled(one_in=4)
@pytest.mark.parametrize("name", BROKEN)
def test_each_fault_alone_breaks_its_rule(name: str, tmp_path: Path) -> None:
    with stack(tmp_path, name) as broken:
        failed = {key[0] for key, verdict in verdicts(broken.before).items() if verdict is Verdict.FAIL}

    assert BROKEN[name].rules <= failed


# Several roots


def found_by(look_up: str) -> str:
    return f'data "aws_security_group" "it" {{\n  {look_up}\n}}\n'


LED_TO = {
    "a variable": ("", "var.unknown"),
    "a look-up by an unknown name": (found_by("name = var.unknown"), "data.aws_security_group.it.id"),
    "a look-up by an unknown tag": (found_by('tags = { Name = "${var.unknown}-db" }'), "data.aws_security_group.it.id"),
    "an unknown state": (
        'data "terraform_remote_state" "it" {\n  backend = "s3"\n  config = { key = var.unknown }\n}\n',
        "data.terraform_remote_state.it.outputs.group",
    ),
}


@pytest.mark.parametrize("name", LED_TO)
def test_what_may_lead_to_another_root_is_not_taken_for_something_else(name: str, tmp_path: Path) -> None:
    look_up, group = LED_TO[name]
    app = tmp_path / "app"
    app.mkdir()
    (app / "main.tf").write_text(
        f"""
        provider "aws" {{
          region = "eu-west-1"
        }}
        variable "unknown" {{}}
        {look_up}
        resource "aws_vpc_security_group_ingress_rule" "open" {{
          security_group_id = {group}
          cidr_ipv4         = "0.0.0.0/0"
          ip_protocol       = "tcp"
          from_port         = 5432
          to_port           = 5432
        }}
        """
    )
    report = check(recognised([write(tmp_path / "network"), app]), Choices())
    found = {verdict for key, verdict in verdicts(report).items() if key[0] == "NET005"}

    assert found == {Verdict.UNKNOWN}
    assert report.exit_code == 4


# Plans


def leaves(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each attribute, block and item in a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*path, key)
        yield from leaves(item, (*path, key))


def marked(value: object, path: tuple[str | int, ...]) -> object:
    """Return the marks that say of one place in a value that it is not known."""
    if not path:
        return True
    if isinstance(value, list):
        return [marked(item, path[1:]) if at == path[0] else False for at, item in enumerate(value)]
    assert isinstance(value, dict)
    return {path[0]: marked(value[path[0]], path[1:])}


def cleared(value: object, path: tuple[str | int, ...]) -> object:
    """Return a value without one place in it; what stood in a list leaves a null."""
    if isinstance(value, list):
        rest = path[1:]
        return [(cleared(item, rest) if rest else None) if at == path[0] else item for at, item in enumerate(value)]
    assert isinstance(value, dict)
    kept = {key: item for key, item in value.items() if key != path[0]}
    return kept if len(path) == 1 else {**kept, path[0]: cleared(value[path[0]], path[1:])}


def test_what_a_plan_does_not_know_never_makes_a_failure_pass(tmp_path: Path) -> None:
    plan = json.loads(json.dumps(repository.plan(list(repository.shop(0)))))
    changes = {one["address"]: one["change"] for one in plan["resource_changes"]}
    changes["aws_lb_target_group.s000_app"]["after"]["stickiness"][0]["enabled"] = False
    changes["aws_lb_listener.s000_https"]["after"]["ssl_policy"] = "ELBSecurityPolicy-2016-08"
    redirect = changes["aws_lb_listener.s000_http"]["after"]["default_action"][0]
    redirect["redirect"][0]["protocol"] = "HTTP"
    file = tmp_path / "plan.json"

    def judged() -> Report:
        file.write_text(json.dumps(plan))
        return check(recognised([file]), Choices())

    before = judged()
    failed = {key[0] for key, verdict in verdicts(before).items() if verdict is Verdict.FAIL}
    edge = [address for address in changes if address.startswith("aws_lb")]
    places = [(address, path) for address in edge for path in leaves(changes[address]["after"])]

    @draws(0.06)
    @given(st.sampled_from(places))
    def law(place: tuple[str, tuple[str | int, ...]]) -> None:
        address, path = place
        change, known = changes[address], changes[address].copy()
        change["after_unknown"] = {**known["after_unknown"], **marked(known["after"], path)}  # type: ignore[dict-item]
        change["after"] = cleared(known["after"], path)
        after = judged()
        change.update(known)
        assert after.crashes == ()
        assert [f"{one} without {address} {path}" for one in lost(before, after)] == []

    assert failed >= {"SES001", "EDG001", "EDG003"}
    law()


# What notices it


def broken_route(stack_: Stack) -> Blank:
    """Return the mistake in the routes of the app's subnets."""
    ends = "resource.aws_route.app"
    [found] = [one for one in stack_.blanks if one.kind == "syntax error in" and one.where.endswith(ends)]
    return found


def test_a_broken_block_is_told_by_file_and_line_and_the_rest_is_judged(tmp_path: Path) -> None:
    with stack(tmp_path, "the app in public subnets", "no standby") as broken:
        blank = broken_route(broken)
        after = broken.without(blank)
        line = blank.file.read_text(encoding="utf-8").count("\n", 0, blank.start) + 2
        found = verdicts(after)
        unread = [line for line in after.coverage if line.error]

    assert [line.item for line in unread] == [f"{tmp_path}/stack/network/routes.tf:{line}"]
    assert found["AZ004", "database", "aws_db_instance.main"] is Verdict.FAIL
    assert found["NET009", "app_group", "aws_autoscaling_group.app"] is Verdict.UNKNOWN


def test_the_law_notices_parts_that_vanish_with_a_broken_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.collect.terraform.records.lose", lambda *_: None)
    with stack(tmp_path, "the app in public subnets") as broken:
        found = list(lost(broken.before, broken.without(broken_route(broken))))

    key = ("NET009", "app_group", "aws_autoscaling_group.app")
    assert found == [Change(key, Verdict.FAIL, Verdict.PASS)]
