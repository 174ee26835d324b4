"""What was recorded of Terraform and Pulumi is what they say today; `python -m tests.parity.recording` asks anew."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from checker.app import Choices, check, recognised
from checker.collect.source import Inputs
from tests.parity.real import has_terraform, of_pulumi, of_terraform
from tests.parity.recorded import document
from tests.parity.spelling import Fault, table, write_hcl
from tests.parity.verdicts import Verdicts, verdicts

TABLE = table()
NAMED = {"argvalues": TABLE, "ids": [fault.name for fault in TABLE]}


def judged(folder: Path, text: str, program: Path | None = None) -> Verdicts:
    file = folder / "document.json"
    file.write_text(text, encoding="utf-8")
    return verdicts(check(recognised([file]), Choices(), given=Inputs(program=program)))


def planned(plan: str) -> Mapping[str, str]:
    """Return the types of all that a plan makes, by address."""
    changes: list[Mapping[str, Any]] = json.loads(plan)["resource_changes"]
    return {one["address"]: one["type"] for one in changes}


def created(preview: str) -> frozenset[str]:
    """Return the URNs of all that a preview makes, without the name of its stack and the stack itself."""
    urns = (step["urn"].partition("::")[2] for step in json.loads(preview)["steps"])
    return frozenset(urn for urn in urns if "pulumi:pulumi:Stack" not in urn)


@pytest.mark.slow
@pytest.mark.terraform
@pytest.mark.sampled(one_in=16)
@pytest.mark.parametrize("fault", **NAMED)
def test_terraform_plans_what_was_recorded(fault: Fault, tmp_path: Path) -> None:
    if not has_terraform():
        pytest.skip("terraform and a mirror of its AWS provider (TF_PLUGIN_MIRROR) are not here")
    told = dict(of_terraform(fault, tmp_path, applied=False))["plan"]
    kept = document("terraform-plan", fault.name)
    beside = write_hcl(fault, tmp_path / "beside")

    assert planned(told) == planned(kept)
    assert judged(tmp_path, told, beside) == judged(tmp_path, kept, beside)


@pytest.mark.slow
@pytest.mark.pulumi
@pytest.mark.sampled(one_in=16)
@pytest.mark.parametrize("fault", **NAMED)
def test_pulumi_previews_what_was_recorded(fault: Fault, tmp_path: Path) -> None:
    ((_, told),) = of_pulumi(fault, tmp_path, applied=False)
    kept = document("pulumi-preview", fault.name)

    assert created(told) == created(kept)
    assert judged(tmp_path, told) == judged(tmp_path, kept)
