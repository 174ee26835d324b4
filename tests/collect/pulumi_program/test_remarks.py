"""What a program missed is told where it is missed: outputs of other stacks, and variables of the environment."""

import os
from pathlib import Path

import pytest

from checker.collect.pulumi_program.evaluator.positions import Positions
from checker.collect.pulumi_program.evaluator.variables import tell_absent
from checker.collect.pulumi_program.events import read
from checker.collect.pulumi_program.reading import reading
from checker.model.fact import Missing

UNKNOWN = b"04da6b54-80e4-46f7-96ec-b56ff0331ba9"
LISTENER = b"urn:pulumi:dev::shop::aws:lb/listener:Listener::https"
OTHER = b"urn:pulumi:dev::shop::pulumi:pulumi:StackReference::acme/net/dev"
LINES = (
    b'{"event":"resource","urn":"%s","type":"pulumi:pulumi:StackReference","name":"net","read":true,"id":"acme/net/dev"}'
    % OTHER,
    b'{"event":"stack_reference","name":"net","stack":"acme/net/dev","given":false}',
    b'{"event":"resource","urn":"%s","type":"aws:lb/listener:Listener","name":"https","inputs":{"certificateArn":"%s",'
    b'"loadBalancerArn":"%s"},"needs":{"certificateArn":["%s"],"loadBalancerArn":["%s","%s"]}}'
    % (LISTENER, UNKNOWN, UNKNOWN, OTHER, OTHER, LISTENER),
)


def test_an_output_of_another_stack_is_asked_of_who_may_give_it() -> None:
    found = reading(read(LINES), Path("shop")).resources[LISTENER.decode()].properties

    certificate, balancer = found["certificateArn"], found["loadBalancerArn"]
    assert isinstance(certificate, Missing) and isinstance(balancer, Missing)
    assert "acme/net/dev" in certificate.fact and "--stack-outputs" in certificate.supply
    # It may hang on the update as well.
    assert "acme/net/dev" not in balancer.fact and "update" in balancer.supply


class Told:
    """Events as they are told."""

    def __init__(self) -> None:
        self.all: list[tuple[str, dict[str, object]]] = []

    def tell(self, event: str, **fields: object) -> None:
        self.all.append((event, fields))


def test_variables_that_the_project_asks_for_and_does_not_get_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os.environ, "__class__", type(os.environ))
    monkeypatch.setenv("GIVEN", "yes")
    file = tmp_path / "__main__.py"
    file.write_text(
        'import os\nos.getenv("GIVEN")\nos.getenv("STAGE", "dev")\n"OPEN" in os.environ\nos.getenv("STAGE")\n'
    )
    told = Told()

    tell_absent(told, Positions(str(tmp_path)))  # type: ignore[arg-type]  # all that is asked of events
    os.getenv("ELSEWHERE")
    exec(compile(file.read_text(), str(file), "exec"), {})

    assert [(event, fields["name"], fields["line"]) for event, fields in told.all] == [
        ("variable", "STAGE", 3),
        ("variable", "OPEN", 4),
    ]
    with pytest.raises(KeyError):
        os.environ["ABSENT_HERE"]
