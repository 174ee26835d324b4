"""A copy of the product's own Pulumi program, and the real Pulumi command in it against an emulated AWS."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from unittest.mock import patch
from urllib.request import urlopen

import pytest
import yaml

from checker.app import Choices, audit, check, recognised
from checker.collect.aws.settings import LiveSettings
from checker.collect.source import Execution, Inputs
from checker.model.finding import Result, Verdict
from checker.model.report import Report

ROOT = Path(__file__).parents[2]
PACK = ROOT / "policies/crossguard"
REGION = "eu-west-1"
NEEDED = ("pulumi", "pulumi-language-python", "pulumi-resource-aws")
QUIET = (Verdict.PASS, Verdict.NOT_APPLICABLE)
# The longest of all waits is that for a database, which the provider asks about once in half a minute.
PATIENCE = 900
# What Pulumi may take to end its plugins.
GRACE = 30
KEYS = {"AWS_ACCESS_KEY_ID": "emulated", "AWS_SECRET_ACCESS_KEY": "emulated", "AWS_EC2_METADATA_DISABLED": "true"}


def told(report: Report) -> list[Result]:
    """Return the results that are not as they should be."""
    return [result for result in report.results if result.verdict not in QUIET]


def verdicts(report: Report) -> Counter[tuple[str, str, str]]:
    """Return how often each rule gave each verdict on each kind of subject, whose ids differ from source to source."""
    return Counter((result.rule, result.subject.kind, result.verdict.value) for result in report.results)


@dataclass(frozen=True)
class Shop:
    """A stack of a program in a folder of its own; `sessions` are the processes that were started, by their group."""

    folder: Path
    stack: str
    address: str
    surroundings: Mapping[str, str]
    sessions: list[int] = field(default_factory=list)

    def run(self, *arguments: str, refuses: bool = False, **surroundings: str) -> str:
        """Run Pulumi and return what it printed, with all complaints where it `refuses`, as it must then."""
        with subprocess.Popen(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.folder,
            env={**self.surroundings, **surroundings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            self.sessions.append(process.pid)
            try:
                printed, complaints = process.communicate(timeout=PATIENCE)
            except BaseException:
                # Pulumi ends its plugins when it is interrupted, and not when it is killed.
                process.send_signal(signal.SIGINT)
                with suppress(subprocess.TimeoutExpired):
                    process.communicate(timeout=GRACE)
                process.kill()
                raise
        said = complaints + printed
        assert bool(process.returncode) == refuses, said[-6000:]
        return said if refuses else printed

    def written(self, name: str, *arguments: str, **surroundings: str) -> Path:
        """Run Pulumi and return the file beside the program that holds what it printed."""
        file = self.folder / name
        file.write_text(self.run(*arguments, **surroundings), encoding="utf-8")
        return file

    def state(self) -> Path:
        """Return the state as the backend keeps it."""
        return self.folder.parent / "backend/.pulumi/stacks" / yaml_of(self.folder)["name"] / f"{self.stack}.json"

    def judged(self, path: Path | None = None) -> Report:
        """Judge a file, or the program itself, which is evaluated for that."""
        if path is not None:
            return check(recognised([path]), Choices())
        # Where the system cannot keep it apart it is run all the same: it is our own.
        execution = Execution(stack=self.stack, python=Path(sys.executable), sandboxed=False)
        return check(recognised([self.folder], "pulumi-program"), Choices(), given=Inputs(execution=execution))

    def audited(self) -> Report:
        """Judge what is in the account."""
        with patch.dict(os.environ, KEYS):
            return audit(LiveSettings(regions=(REGION,), endpoint_url=self.address), Choices())

    def changes(self) -> list[str]:
        """Return the calls so far that did more than read, as `service.Action`."""
        with urlopen(f"{self.address}/_calls", timeout=10) as answer:
            calls = json.load(answer)
        return [call for call in calls if not call.partition(".")[2].startswith(("Get", "List", "Describe"))]


def yaml_of(folder: Path) -> dict[str, object]:
    """Return the project file of a program."""
    project: dict[str, object] = yaml.safe_load((folder / "Pulumi.yaml").read_text(encoding="utf-8"))
    return project


@contextmanager
def account() -> Iterator[str]:
    """Yield the address of an empty emulated AWS, served by a process of its own."""
    command = [sys.executable, "-m", "checker.demo.emulator.server", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@contextmanager
def shop(folder: Path, stack: str, settings: Mapping[str, str]) -> Iterator[Shop]:
    """Yield the product's program, its stack made and empty; `settings` stand beside those of the stack's file."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not on PATH: {', '.join(missing)}")
    if "TIERPROOF_E2E" not in os.environ:
        pytest.skip("it takes half an hour, and is asked for by make e2e (TIERPROOF_E2E=1)")
    program = folder / "program"
    shutil.copytree(ROOT / "infra", program / "infra", ignore=shutil.ignore_patterns("__pycache__"))
    # The interpreter of this test has everything that the program needs: no environment is made for it.
    project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))
    _write(program / "Pulumi.yaml", {**project, "runtime": "python"})
    file = f"Pulumi.{stack}.yaml"
    config = yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))["config"]
    # Credentials that nobody issued are as good as any to an emulator.
    known = {"aws:skipMetadataApiCheck": "true", "aws:skipCredentialsValidation": "true"}
    own = {f"{project['name']}:{key}": value for key, value in settings.items()}
    _write(program / file, {"config": {**config, **known, **own}})
    with account() as address:
        made = Shop(program, stack, address, _surroundings(folder, address))
        try:
            made.run("stack", "init", stack)
            yield made
        finally:
            deadline = monotonic() + GRACE
            while (left := [process for session in made.sessions for process in _processes(session)]) and (
                monotonic() < deadline
            ):
                sleep(0.1)
            for process in left:
                os.kill(process, signal.SIGKILL)
        assert left == [], "Pulumi left processes behind"


def _write(file: Path, content: Mapping[str, object]) -> None:
    file.write_text(yaml.safe_dump(dict(content)), encoding="utf-8")


def _surroundings(folder: Path, address: str) -> Mapping[str, str]:
    backend = folder / "backend"
    backend.mkdir()
    return {
        **KEYS,
        # The first Python is the one that runs programs and policy packs.
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": backend.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "only-for-the-emulator",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "AWS_ENDPOINT_URL": address,
        "AWS_REGION": REGION,
    }


def _processes(session: int) -> Iterator[int]:
    """Yield the processes of a session that are still there, where the system tells.

    Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    """
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of = stat.read_text(encoding="utf-8").rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(of) == session and state != "Z":
            yield int(stat.parent.name)
