"""Whether this machine lets programs be shut in, as a container or a security module may not."""

import time
from pathlib import Path

import pytest

from checker.collect.enclosure.running import Job, NotEnclosedError, run


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
