"""What we make of a configuration, held to what Terraform plans for it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from checker.model.fact import Missing
from checker.model.symbol import Symbol
from tests.collect.hcl.programs import by_address, read

PLANNED = Path(__file__).parent / "planned"
Plan = Mapping[str, Mapping[str, object]]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Return the planned change of each resource by address."""
    terraform, mirror = shutil.which("terraform"), os.environ.get("TF_PLUGIN_MIRROR", "")
    if terraform is None or not mirror or not Path(mirror).is_dir():
        pytest.skip("terraform, or a mirror of its AWS provider (TF_PLUGIN_MIRROR), is not here")
    folder = tmp_path_factory.mktemp("planned") / "root"
    shutil.copytree(PLANNED, folder)
    settings = folder.parent / "terraform.rc"
    mirrored = f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
    settings.write_text(f"{mirrored}disable_checkpoint = true\n")
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(folder.parent), "TF_CLI_CONFIG_FILE": str(settings)}

    def run(*words: str) -> str:
        done = subprocess.run(
            [terraform, *words], cwd=folder, env=surroundings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("init", "-input=false", "-no-color")
    run("plan", "-input=false", "-no-color", "-refresh=false", "-out=plan")
    changes = json.loads(run("show", "-json", "plan"))["resource_changes"]
    return {change["address"]: change["change"] for change in changes if change["mode"] == "managed"}


def alike(value: object) -> object:
    """Return a value so that what a provider's types make of it is the same: `"80"` is 80, `true` is "true"."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value[:1] in ("{", "["):
        return json.dumps(json.loads(value), sort_keys=True)
    return str(value)


def is_unknown(value: object) -> bool:
    return isinstance(value, (Missing, Symbol))


def differences(path: str, ours: object, planned: object, unknown: object) -> Iterator[str]:
    """Yield where a value that is known in the plan is another here, and where only one of the two knows it."""
    if unknown is True or (isinstance(unknown, list) and any(unknown)):
        return
    if isinstance(ours, Mapping) and isinstance(planned, Mapping):
        later = unknown if isinstance(unknown, Mapping) else {}
        for key in ours.keys() - {"~line"}:
            yield from differences(f"{path}.{key}", ours[key], planned.get(key), later.get(key))
    elif isinstance(ours, list) and isinstance(planned, list):
        yield from _of_lists(path, ours, planned)
    elif is_unknown(ours) or (ours is not None and alike(ours) != alike(planned)):
        yield f"{path}: {ours!r}, planned {planned!r}"


def _of_lists(path: str, ours: Sequence[object], planned: Sequence[object]) -> Iterator[str]:
    """Compare without regard to the order: sets are planned in another one."""
    rest = list(planned)
    for item in ours:
        same = [other for other in rest if not list(differences(path, item, other, None))]
        if not same:
            yield f"{path}: {item!r} is not among {rest!r}"
            continue
        rest.remove(same[0])
    if rest:
        yield f"{path}: {rest!r} is planned besides"


@pytest.mark.terraform
def test_the_same_instances_stand_with_the_same_values(plan: Plan) -> None:
    found = read(PLANNED, variables={"terraform.workspace": "default"})
    ours = {address: one for address, one in by_address(found).items() if not one.is_data}

    assert set(ours) == set(plan)
    assert found.gaps == ()
    assert [
        line
        for address, one in ours.items()
        for line in differences(address, dict(one.values), plan[address]["after"], plan[address]["after_unknown"])
    ] == []


@pytest.mark.terraform
def test_nothing_is_known_here_that_an_apply_would_tell(plan: Plan) -> None:
    found = by_address(read(PLANNED, variables={"terraform.workspace": "default"}))
    told = []
    for address, change in plan.items():
        unknown, before = change["after_unknown"], found[address].values
        assert isinstance(unknown, Mapping)
        told.extend(
            f"{address}.{name}: {before[name]!r}"
            for name, later in unknown.items()
            if later is True and isinstance(before.get(name), (bool, int, float))
        )

    assert told == []


def test_the_comparison_finds_every_kind_of_difference() -> None:
    planned = {"a": "80", "b": [{"c": 1, "d": True}, {"c": 2, "d": False}], "e": None, "f": ["x", "y"]}
    same = {"a": 80, "b": [{"c": 2}, {"c": 1, "d": "true"}], "f": ["y", "x"], "g": None}

    assert list(differences("x", same, planned, {})) == []
    for change in ({"a": 81}, {"a": Missing("x")}, {"b": [{"c": 1}]}, {"e": 1}, {"f": ["x", "z"]}, {"f": ["x"]}):
        assert list(differences("x", {**same, **change}, planned, {})), change
    assert list(differences("x", {"a": Missing("x")}, planned, {"a": True})) == []
