"""Expressions against the real `terraform console`: equal where it has an answer, not known where it refuses."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.collect.hcl.values import first_unknown
from tests.collect.hcl.evaluating import expressions, value_of

TERRAFORM = shutil.which("terraform")
pytestmark = [
    pytest.mark.terraform,
    pytest.mark.skipif(TERRAFORM is None, reason="the program terraform is not installed"),
]
VALUES = {"number": 7, "text": "a-b", "flag": True, "list": ["b", "a", "b"]}
DECLARED = 'locals {\n  number = 7\n  text = "a-b"\n  flag = true\n  list = ["b", "a", "b"]\n}\n'
REFUSED = object()


def console(sources: list[str], folder: Path) -> list[object]:
    """Return what Terraform gives for expressions, as JSON values; it reads lines of at most 64 KB, and prints one."""
    (folder / "main.tf").write_text(DECLARED)
    (folder / "terraform.rc").write_text("")
    answers: list[str] = []
    tried = [f'try(base64encode(jsonencode({source.replace("var.", "local.")})), "!")' for source in sources]
    while tried:
        count = 0
        while count < len(tried) and sum(len(source.encode()) + 2 for source in tried[: count + 1]) < 60_000:
            count += 1
        run = subprocess.run(
            [str(TERRAFORM), "console", "-no-color"],
            input=f'join(" ", [{", ".join(tried[:count])}])\n',
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            env={**os.environ, "TF_CLI_CONFIG_FILE": str(folder / "terraform.rc"), "CHECKPOINT_DISABLE": "1"},
        )
        assert run.returncode == 0, run.stderr
        answers.extend(json.loads(run.stdout).split(" "))
        tried = tried[count:]
    assert len(answers) == len(sources)
    return [REFUSED if answer == "!" else json.loads(base64.b64decode(answer)) for answer in answers]


def same(ours: object, theirs: object) -> bool:
    if isinstance(ours, bool) or isinstance(theirs, bool) or ours is None:
        return ours is theirs
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return abs(ours - theirs) <= 1e-12 * max(abs(ours), abs(theirs))
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    return ours == theirs


def differences(sources: list[str], folder: Path) -> list[str]:
    found = []
    for source, theirs in zip(sources, console(sources, folder), strict=True):
        ours = value_of(source, var={**VALUES})
        agrees = first_unknown(ours) is not None if theirs is REFUSED else same(ours, theirs)
        if not agrees:
            found.append(f"{source}: ours {ours!r}, Terraform {'refuses' if theirs is REFUSED else repr(theirs)}")
    return found


def test_a_list_of_expressions(tmp_path: Path) -> None:
    sources = Path(__file__).with_name("console.txt").read_text().splitlines()
    assert len(sources) > 900
    assert not differences(sources, tmp_path)


@settings(max_examples=2, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(sources=st.lists(expressions, min_size=80, max_size=120))
def test_expressions_drawn_at_random(sources: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    assert not differences(sources, tmp_path_factory.mktemp("console"))
