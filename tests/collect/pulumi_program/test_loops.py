"""Which of what is registered at one line hangs on how much is looked up."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from checker.collect.pulumi.registered import LookedUp, Reference, Registered, Text
from checker.collect.pulumi_program.loops import in_doubt
from checker.model.record import Origin

IDS, ZONES = "ids#1", "zones#1"
LOOKED_UP = [
    LookedUp(name=name, token=f"aws:ec2/x:{function}", arguments={}, origin=Origin("pulumi-program"))
    for name, function in ((IDS, "getSubnets"), (ZONES, "getAvailabilityZones"))
]
SOURCE = """\
for id in ids: Instance(id)
for n in range(2): Instance(ids[n])
for n in range(len(ids)): Instance(ids[n])
def make(name, id): Instance(name, id)
found = [Instance(zone) for zone in zones]
for name in ("a", "b"): Instance(ids[names.index(name)])
"""


def instance(name: str, file: Path, line: int, *, uncertain: bool = False, **properties: object) -> Registered:
    origin = Origin("pulumi-program", str(file), line)
    return Registered(
        urn=name, type="aws:ec2/x:X", name=name, properties=properties, origin=origin, uncertain=uncertain
    )


def item(number: int, look_up: str = IDS) -> Reference:
    return Reference(look_up, f"ids.{number}")


def doubted(file: Path, line: int, *each: Mapping[str, object]) -> list[bool]:
    file.write_text(SOURCE, encoding="utf-8")
    resources = [instance(f"r{n}", file, line, **properties) for n, properties in enumerate(each)]  # type: ignore[arg-type]  # any of them
    return [one.uncertain for one in in_doubt(resources, LOOKED_UP)]


@pytest.mark.parametrize("line", [1, 3, 4])
def test_different_items_of_one_list_at_one_line_may_not_be_there(tmp_path: Path, line: int) -> None:
    text = Text(("on ", item(1)))

    assert doubted(tmp_path / "a.py", line, {"id": item(0)}, {"tags": {"of": [text]}}) == [True, True]


@pytest.mark.parametrize("line", [2, 6])
def test_items_that_the_program_counts_itself_are_there(tmp_path: Path, line: int) -> None:
    assert doubted(tmp_path / "a.py", line, {"id": item(0)}, {"id": item(1)}) == [False, False]


def test_zones_and_the_same_item_twice_are_there(tmp_path: Path) -> None:
    file = tmp_path / "a.py"

    assert doubted(file, 5, {"id": item(0, ZONES)}, {"id": item(1, ZONES)}) == [False, False]
    assert doubted(file, 4, {"id": item(0)}, {"id": item(0)}, {}) == [False, False, False]
    assert doubted(file, 4, {"ids": [item(0), item(1)]}, {"ids": [item(0), item(1)]}) == [False, False]


def test_a_round_that_one_run_alone_makes_puts_the_whole_loop_in_doubt(tmp_path: Path) -> None:
    file = tmp_path / "a.py"

    assert doubted(file, 1, {}, {"uncertain": True}) == [True, True]
    # The function may be called once under a condition and once without.
    assert doubted(file, 4, {}, {"uncertain": True}) == [False, True]
