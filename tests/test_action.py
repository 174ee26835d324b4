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
STUB = """#!{python}
import json, os, sys
json.dump(sys.argv[1:], open(os.environ["SEEN"], "w"))
sys.exit(int(os.environ["ENDS_WITH"]))
"""


class Runner:
    """Runs the step that judges with a stand-in for tierproof, which keeps what it was called with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        program = folder / "temp" / "tierproof" / "bin" / "tierproof"
        program.parent.mkdir(parents=True)
        program.write_text(STUB.format(python=sys.executable), encoding="utf-8")
        program.chmod(0o755)
        self.repository = folder / "repository"
        self.repository.mkdir()
        for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "base"]):
            self.git(*command)

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
            "SEEN": str(seen),
            "ENDS_WITH": str(ends_with),
        }
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", JUDGE["run"]]
        done = subprocess.run(shell, cwd=self.repository, env=environment, check=False)
        told = dict(line.split("=", 1) for line in outputs.read_text(encoding="utf-8").splitlines())
        return done.returncode, yaml.safe_load(seen.read_text(encoding="utf-8")), told


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
