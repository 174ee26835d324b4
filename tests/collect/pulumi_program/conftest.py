"""Whether this machine lets programs be shut in, as a container or a security module may not."""

import time
from pathlib import Path

import pytest

from checker.collect.enclosure.running import Job, NotEnclosedError, run
from tests.collect.pulumi_program.evaluated import Evaluated, evaluate
from tests.collect.pulumi_program.spelled import PROGRAM, QUESTIONS, REQUEST


@pytest.fixture(scope="session")
def refusal(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return why programs cannot be shut in here, empty if they can."""
    project: Path = tmp_path_factory.mktemp("enclosure")
    job = Job(command=("/bin/true",), document={}, environment={}, project=project)
    try:
        run([job], time.monotonic() + 20, enclosed=True)
    except NotEnclosedError as error:
        return str(error)
    return ""


def _spelled(spelling: str, folders: pytest.TempPathFactory) -> Evaluated:
    folder = folders.mktemp(spelling)
    (folder / "questions.py").write_text(QUESTIONS)
    return evaluate(folder, PROGRAM, spelling, **REQUEST)


@pytest.fixture(scope="session")
def one(tmp_path_factory: pytest.TempPathFactory) -> Evaluated:
    """Return what the program of many habits tells in the first spelling."""
    return _spelled("one", tmp_path_factory)


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Evaluated:
    """Return the same in the second one."""
    return _spelled("two", tmp_path_factory)
