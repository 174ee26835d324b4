"""Runs the evaluator on a program as the checker does, and gives its events back."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

EVALUATOR = Path(__file__).parents[3] / "checker" / "collect" / "pulumi_program" / "evaluator"


@dataclass(frozen=True)
class Evaluated:
    """What one run told; `code` is the exit status of its process."""

    events: tuple[Mapping[str, object], ...]
    code: int
    printed: str

    def of(self, event: str) -> list[dict]:
        return [dict(each) for each in self.events if each["event"] == event]

    def named(self, name: str) -> dict:
        return next(each for each in self.of("resource") if each["name"] == name)


def evaluate(folder: Path, source: str, spelling: str, **request: object) -> Evaluated:
    """Write a program into a folder and run it in one spelling."""
    (folder / "__main__.py").write_text(source)
    asked = {
        "project": "shop",
        "stack": "dev",
        "organization": "organization",
        "folder": str(folder),
        "main": str(folder),
        "config": {},
        "secret_keys": [],
        "stack_outputs": {},
        "spelling": spelling,
        "region": "eu-west-1",
        "zones": [],
        **request,
    }
    reading, writing = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-u", str(EVALUATOR), str(writing)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=[writing],
        text=True,
        cwd=folder,
    ) as process:
        os.close(writing)
        process.stdin.write(json.dumps(asked))
        process.stdin.close()
        with os.fdopen(reading) as events:
            told = tuple(json.loads(line) for line in events)
        printed = process.stdout.read()
    return Evaluated(told, process.returncode, printed)
