"""Real plans of a program: what the plan tells by itself, with its program, and the program by itself."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from checker.collect.source import Inputs
from checker.collect.terraform.references import references
from checker.collect.terraform_hcl.source import TerraformSource
from checker.model.fact import Missing
from checker.model.record import Collection
from checker.resources.catalog import kinds
from tests.collect.terraform.plans import raw, read

PROGRAM = Path(__file__).parent / "program"
pytestmark = pytest.mark.terraform


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a real plan, in a folder without the program."""
    terraform, mirror = shutil.which("terraform"), os.environ.get("TF_PLUGIN_MIRROR", "")
    if terraform is None or not mirror or not Path(mirror).is_dir():
        pytest.skip("terraform, or a mirror of its AWS provider (TF_PLUGIN_MIRROR), is not here")
    folder = tmp_path_factory.mktemp("program")
    shutil.copytree(PROGRAM, folder, dirs_exist_ok=True)
    settings = folder / "terraform.rc"
    mirrored = f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
    settings.write_text(f"{mirrored}disable_checkpoint = true\n")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TF_CLI_CONFIG_FILE": str(settings)}

    def run(*words: str) -> bytes:
        done = subprocess.run([terraform, *words], cwd=folder, env=environment, check=True, capture_output=True)
        return done.stdout

    run("init", "-input=false")
    run("plan", "-input=false", "-refresh=false", "-out=saved")
    file = tmp_path_factory.mktemp("plan") / "plan.json"
    file.write_bytes(run("show", "-json", "saved"))
    return file


def wiring(found: Collection) -> Mapping[tuple[str, str], list[object]]:
    """Return what each record names, by its address and the type of what is named."""
    named: dict[tuple[str, str], list[object]] = {}
    for record in found.records:
        if record.origin.address and not record.type.startswith("data."):
            for type_, value in references(record.type, record.raw):
                items = value if isinstance(value, list) else [value]
                named.setdefault((record.origin.address, type_), []).extend(map(str, items))
    return named


def test_the_program_beside_a_plan_tells_all_that_the_program_alone_does(planned: Path) -> None:
    both = wiring(read(planned, program=PROGRAM))
    alone = wiring(TerraformSource((PROGRAM,), Inputs()).collect(kinds()))

    assert {key: sorted(map(str, value)) for key, value in both.items()} == {
        key: sorted(map(str, value)) for key, value in alone.items()
    }


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield each value that is neither a block nor a list of blocks, with its path."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not key.startswith("~"):
                yield from leaves(item, f"{path}.{key}")
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}[{index}]")
    else:
        yield path, value


def test_what_a_plan_tells_alone_is_never_something_else_than_its_program_tells(planned: Path) -> None:
    alone, both = read(planned), read(planned, program=PROGRAM)
    told = {
        (record.origin.address, path): value
        for record in alone.records
        for path, value in leaves(record.raw)
        if record.origin.address and not record.type.startswith("data.") and not isinstance(value, Missing)
    }
    fuller = {(record.origin.address, path): value for record in both.records for path, value in leaves(record.raw)}

    assert len(told) > 300
    assert {key: value for key, value in told.items() if fuller.get(key, value) != value} == {}


def test_a_literal_in_a_list_is_not_lost(planned: Path) -> None:
    alone, both = read(planned), read(planned, program=PROGRAM)

    assert isinstance(raw(alone, "aws_lb.mixed")["security_groups"], Missing)
    assert sorted(raw(both, "aws_lb.mixed")["security_groups"]) == ["aws_security_group.lb", "sg-11111111"]  # type: ignore[call-overload]  # raw values are objects


def test_dynamic_rules_over_what_is_not_known_are_rules_of_unknown_traffic(planned: Path) -> None:
    rules = raw(read(planned), "aws_security_group.open")["ingress"]

    assert isinstance(rules, list)
    assert all(isinstance(rule["from_port"], Missing) and isinstance(rule["cidr_blocks"], Missing) for rule in rules)
