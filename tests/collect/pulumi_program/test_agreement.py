"""What runs with other placeholders agree on."""

from collections.abc import Mapping
from pathlib import Path

from checker.collect.pulumi.registered import Reference, Registered, Text
from checker.collect.pulumi_program.agreement import Run, agreed
from checker.collect.pulumi_program.events import Begin, Events, LookUp, Resource
from checker.collect.pulumi_program.reading import reading
from checker.model.fact import Missing

VPC, GROUP = "urn:vpc", "urn:group"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def run(
    marker: str,
    inputs: Mapping[str, object],
    *,
    more: Mapping[str, Mapping[str, object]] | None = None,
    is_whole: bool = True,
    is_preview: bool = False,
    zones: tuple[str, ...] = (),
) -> Run:
    """Return a run that registers a VPC, whose id is `vpc-MARKER`, a group with the inputs, and more resources."""
    events = Events(begin=Begin("one", marker))
    issued = {} if is_preview else {f"vpc-{marker}": "id", f"arn:{marker}:vpc": "arn"}
    events.resources[VPC] = Resource(urn=VPC, type="aws:ec2/vpc:Vpc", name="vpc", issued=issued)
    for urn, given in {GROUP: inputs, **(more or {})}.items():
        type_ = "aws:ec2/securityGroup:SecurityGroup"
        events.resources[urn] = Resource(urn=urn, type=type_, name=urn[4:], inputs=dict(given), file="a.py", line=3)
    if zones:
        answer = {zone: f"names.{index}" for index, zone in enumerate(zones)}
        events.look_ups["zones"] = LookUp(name="zones", token="aws:index/x:getAvailabilityZones", issued=answer)
    return Run(reading(events, Path("infra")), is_whole, is_preview)


def group(*runs: Run, urn: str = GROUP) -> Registered:
    resources, _ = agreed(runs)
    return next(one for one in resources if one.urn == urn)


def test_placeholders_are_what_they_stand_for_and_the_rest_is_the_same_in_both() -> None:
    def inputs(id_: str) -> Mapping[str, object]:
        return {"vpcId": id_, "name": f"of {id_}!", "ports": [80, 443], "on": True}

    found = group(run("aa", inputs("vpc-aa")), run("bbb", inputs("vpc-bbb")))

    assert found.properties == {
        "vpcId": Reference(VPC, "id"),
        "name": Text(("of ", Reference(VPC, "id"), "!")),
        "ports": [80, 443],
        "on": True,
    }
    assert not found.uncertain
    assert (found.origin.file, found.origin.line, found.origin.address) == ("infra/a.py", 3, GROUP)


def test_what_a_program_makes_of_a_placeholder_is_not_known() -> None:
    one = {"upper": "VPC-AA", "length": 6, "same": "x", "in": {"a": 1, "b": 2}, "absent": 1, "truth": True}
    two = {"upper": "VPC-BBB", "length": 7, "same": "x", "in": {"a": 1, "b": 3}, "truth": 1}
    found = group(run("aa", one), run("bbb", two)).properties

    assert found["same"] == "x"
    inside = found["in"]
    assert isinstance(inside, Mapping) and inside["a"] == 1 and isinstance(inside["b"], Missing)
    assert all(isinstance(found[name], Missing) for name in ("upper", "length", "absent", "truth"))


def test_list_of_what_is_looked_up_goes_on_after_what_both_find() -> None:
    one = run("aa", {"zones": ["a", "b", "c"]}, zones=("a", "b", "c"))
    two = run("bb", {"zones": ["d", "e"]}, zones=("d", "e"))
    found = group(one, two).properties["zones"]

    assert isinstance(found, list)
    assert found[:2] == [Reference("zones", "names.0"), Reference("zones", "names.1")]
    assert isinstance(found[2], Missing) and len(found) == 3


def test_list_that_may_be_empty_in_truth_says_nothing() -> None:
    # A look-up other than of zones finds less in the second run, and may find nothing.
    one, two = run("aa", {"cidrs": ["10.0.0.0/24", "10.0.1.0/24"]}), run("bb", {"cidrs": ["10.0.0.0/24"]})

    assert isinstance(group(one, two).properties["cidrs"], Missing)


def test_resource_of_one_run_alone_is_uncertain() -> None:
    one, two = run("aa", {}, more={"urn:extra": {"name": "x"}}), run("bb", {})

    assert group(one, two, urn="urn:extra").uncertain
    assert group(two, one, urn="urn:extra").uncertain
    assert not group(one, two).uncertain


def test_preview_is_the_base_where_a_placeholder_breaks_a_run_off() -> None:
    inputs = {"vpcId": "vpc-aa", "name": "x"}
    one = run("aa", inputs, more={"urn:late": {"name": "y"}})
    two = run("bb", {**inputs, "vpcId": "vpc-bb"}, is_whole=False)
    preview = run("cc", {"vpcId": UNKNOWN, "name": "x"}, more={"urn:late": {"name": "y"}}, is_preview=True)
    found = group(one, two, preview)

    assert found.properties == {"vpcId": Reference(VPC, "id"), "name": "x"}
    assert not found.uncertain
    # The run that broke off does not say that there is no such thing.
    assert not group(one, two, preview, urn="urn:late").uncertain


def test_what_both_register_and_the_preview_waits_for_is_there() -> None:
    late = {"urn:late": {"name": "y"}}
    one, two = run("aa", {}, more=late, is_whole=False), run("bb", {}, more=late, is_whole=False)
    preview = run("cc", {}, is_preview=True)

    assert not group(one, two, preview, urn="urn:late").uncertain
    assert group(one, run("bb", {}, is_whole=False), preview, urn="urn:late").uncertain


def test_preview_says_what_is_not_known_and_nobody_else_does() -> None:
    broken = [run(mark, {}, is_whole=False) for mark in ("aa", "bb")]
    preview = run("cc", {}, more={"urn:late": {"vpcId": UNKNOWN, "name": "y"}}, is_preview=True)
    found = group(*broken, preview, urn="urn:late")

    assert isinstance(found.properties["vpcId"], Missing) and found.properties["name"] == "y"
    assert not found.uncertain


def test_preview_that_looked_something_up_decides_nothing_alone() -> None:
    broken = [run(mark, {}, is_whole=False, zones=(mark,)) for mark in ("aa", "bb")]
    late = {"zone": "dd", "made": "dd-cc-x", "name": "y"}
    preview = run("cc", {}, more={"urn:late": late}, is_preview=True, zones=("dd",))
    found = group(*broken, preview, urn="urn:late")

    assert found.uncertain
    assert found.properties["zone"] == Reference("zones", "names.0")
    assert found.properties["name"] == "y"


def test_look_ups_of_both_runs_are_kept() -> None:
    one, two = run("aa", {}, zones=("a",)), run("bb", {}, zones=("b",))

    assert [found.name for found in agreed([one, two])[1]] == ["zones"]
    assert agreed([one, run("bb", {})])[1] == ()
