"""The GitHub Action's own script, run as a runner would: with its inputs in the environment, in a real repository."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
JUDGE = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "check")
INSTALL = next(step for step in ACTION["runs"]["steps"] if step.get("name") == "Install tierproof")
SHELL = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
STUB = """#!{python}
import json, os, sys
json.dump(sys.argv[1:], open(os.environ["SEEN"], "w"))
sys.exit(int(os.environ["ENDS_WITH"]))
"""
TIERPROOF = """#!{python}
import sys
sys.path.insert(0, {root!r})
from checker.cli.main import run
run()
"""


class Runner:
    """Runs the step that judges with a stand-in for tierproof, which keeps what it was called with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = ""
        self.program = folder / "temp" / "tierproof" / "bin" / "tierproof"
        self.program.parent.mkdir(parents=True)
        self.install(STUB)
        self.repository = folder / "repository"
        self.repository.mkdir()
        for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "base"]):
            self.git(*command)

    def install(self, program: str) -> None:
        self.program.write_text(program.format(python=sys.executable, root=str(ROOT)), encoding="utf-8")
        self.program.chmod(0o755)

    def git(self, *arguments: str) -> str:
        person = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        done = subprocess.run(["git", *person, *arguments], cwd=self.repository, capture_output=True, check=True)
        return done.stdout.decode().strip()

    def run(self, ends_with: int = 0, **inputs: str) -> tuple[int, list[str], dict[str, str]]:
        given = {name: str(one.get("default", "")) for name, one in ACTION["inputs"].items()} | {"base": ""}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        named = {f"INPUT_{name.upper().replace('-', '_')}": value for name, value in given.items()}
        outputs, seen = self.folder / "outputs", self.folder / "seen.json"
        environment = {
            **os.environ,
            **{name: value for name, value in named.items() if name in JUDGE["env"]},
            "RUNNER_TEMP": str(self.folder / "temp"),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "SEEN": str(seen),
            "ENDS_WITH": str(ends_with),
        }
        done = subprocess.run(
            [*SHELL, JUDGE["run"]], cwd=self.repository, env=environment, check=False, capture_output=True, text=True
        )
        self.log = done.stdout
        told = dict(line.split("=", 1) for line in outputs.read_text(encoding="utf-8").splitlines())
        arguments = yaml.safe_load(seen.read_text(encoding="utf-8")) if seen.exists() else []
        return done.returncode, arguments, told


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def test_the_code_of_the_check_is_that_of_the_step_and_an_output(runner: Runner) -> None:
    for code in (0, 1, 4):
        ended, _, told = runner.run(ends_with=code)

        assert (ended, told["exit-code"]) == (code, str(code))


def test_the_base_of_the_pull_request_decides_what_counts(runner: Runner) -> None:
    base = runner.git("rev-parse", "HEAD")
    _, seen, _ = runner.run(base=base)

    assert seen[seen.index("--base") + 1] == base


def test_outside_of_pull_requests_no_base_is_asked_for(runner: Runner) -> None:
    assert "--base" not in runner.run()[1]


def test_paths_and_options_are_one_for_each_line_and_never_shell(runner: Runner) -> None:
    _, seen, _ = runner.run(path="network\napp; touch made\n", arguments="--select=NET\n--ignore=$(touch made)")

    assert seen[seen.index("--") + 1 :] == ["network", "app; touch made"]
    assert seen[seen.index("--") - 2 : seen.index("--")] == ["--select=NET", "--ignore=$(touch made)"]
    assert not (runner.repository / "made").exists()


def test_step_works_with_tierproof_itself(runner: Runner) -> None:
    runner.install(TIERPROOF)
    (runner.repository / "main.tf").write_text(
        'resource "aws_lb" "a" {\n  name = "::stop-commands::x"\n}\n', encoding="utf-8"
    )
    outside = runner.folder / "outside"
    outside.write_text("mine", encoding="utf-8")
    (runner.repository / "tierproof.sarif").symlink_to(outside)
    base = runner.git("rev-parse", "HEAD")
    ended, _, told = runner.run(base=base)

    lines = runner.log.splitlines()
    assert ended in (1, 3, 4)
    assert told == {"exit-code": str(ended), "sarif": "tierproof.sarif"}
    assert '"version": "2.1.0"' in (runner.repository / "tierproof.sarif").read_text(encoding="utf-8")
    assert "STACKS" in (runner.folder / "summary.md").read_text(encoding="utf-8")
    assert outside.read_text(encoding="utf-8") == "mine"
    assert lines[0].startswith("::stop-commands::tierproof-")
    report, annotations = runner.log.split(f"::{lines[0].removeprefix('::stop-commands::')}::\n")
    assert "::stop-commands::x" in report.removeprefix(lines[0])
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in annotations.splitlines())
    assert annotations


def test_installing_looks_for_no_module_in_the_tree(tmp_path: Path) -> None:
    (tmp_path / "tierproof" / "bin").mkdir(parents=True)
    for program in (tmp_path / "python", tmp_path / "tierproof" / "bin" / "python"):
        program.write_text('#!/bin/sh\necho "$@" >> "$RUNNER_TEMP/called"\n', encoding="utf-8")
        program.chmod(0o755)
    environment = {
        **os.environ,
        "PYTHON": str(tmp_path / "python"),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ACTION_PATH": str(ROOT),
    }
    subprocess.run([*SHELL, INSTALL["run"]], env=environment, check=True)

    called = (tmp_path / "called").read_text(encoding="utf-8").splitlines()
    assert [line.split()[:3] for line in called] == [["-I", "-m", "venv"], ["-I", "-m", "pip"]]


def test_no_input_is_written_into_a_script() -> None:
    assert all("${{" not in step.get("run", "") for step in ACTION["runs"]["steps"])


def test_every_input_of_the_step_is_declared_and_used() -> None:
    used = {value.removeprefix("${{ inputs.").removesuffix(" }}") for value in JUDGE["env"].values()}

    assert used == set(ACTION["inputs"]) - {"python-version"}
    assert all(f"${name}" in JUDGE["run"] for name in JUDGE["env"])


def test_the_hook_of_pre_commit_calls_a_command_that_there_is() -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

    assert hook["entry"].split() == ["tierproof", "check"]
    assert hook["pass_filenames"] is False
