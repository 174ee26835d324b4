"""Steps of a path say where what they name stands in the files, where that is one place."""

from dataclasses import replace

from checker.evaluate.places import located
from checker.model.finding import Result, Severity, Step, Subject, Verdict
from checker.model.record import Origin, Scope
from checker.model.resource import Resource

SCOPE = Scope("", "eu-west-1")
HERE = Origin("terraform-hcl", "network/main.tf", 12, "aws_subnet.a")


def subnet(id_: str, origin: Origin, name: str = "") -> Resource:
    return Resource(id=id_, scope=SCOPE, origin=origin, name=name)


def steps(*path: Step) -> Result:
    subject = Subject("subnet", "aws_subnet.a", "", SCOPE)
    return Result("NET009", Verdict.FAIL, Severity.LOW, subject, "stack", "message", path=path)


def test_a_step_gets_the_place_of_the_resource_it_names() -> None:
    [result] = located([steps(Step("aws_subnet.a", "is public"))], [subnet("aws_subnet.a", HERE)])

    assert result.path[0].origin == HERE


def test_a_place_that_a_step_has_stays() -> None:
    own = replace(HERE, line=99)
    [result] = located([steps(Step("aws_subnet.a", "is public", own))], [subnet("aws_subnet.a", HERE)])

    assert result.path[0].origin == own


def test_a_name_that_two_resources_have_stays_without_a_place() -> None:
    both = [subnet("aws_subnet.a", HERE), subnet("aws_subnet.a", replace(HERE, file="other.tf"))]
    [result] = located([steps(Step("aws_subnet.a", "is public"))], both)

    assert result.path[0].origin is None


def test_live_resources_have_no_place() -> None:
    before = [steps(Step("subnet-1", "is public"))]

    assert located(before, [subnet("subnet-1", Origin("aws"))]) == tuple(before)
