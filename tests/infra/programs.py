"""Runs of the program without an engine: what it registers and exports."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("registrations.py")


@dataclass(frozen=True)
class Registration:
    """A resource by the last part of its type, with its inputs by Pulumi's names; `secrets` are those kept secret.

    `after` holds the URNs of what it waits for.
    """

    type: str
    name: str
    inputs: Mapping[str, Any]
    protect: bool
    secrets: frozenset[str]
    after: frozenset[str]

    @property
    def plain(self) -> str:
        """The inputs that anybody may read."""
        return json.dumps({key: value for key, value in self.inputs.items() if key not in self.secrets})


@dataclass(frozen=True)
class Program:
    """What one run of the program registers and exports."""

    resources: tuple[Registration, ...]
    exports: frozenset[str]

    def all(self, *types: str) -> list[Registration]:
        """Return the resources of some types, of which there has to be one."""
        found = [resource for resource in self.resources if resource.type in types]
        assert found
        return found


def project(folder: Path, stack: str, settings: Mapping[str, str]) -> Path:
    """Copy the project of the program into a folder, with further settings for a stack, and return the folder."""
    shutil.copytree(ROOT / "infra", folder / "infra", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    name = f"Pulumi.{stack}.yaml"
    values = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    values["config"].update({f"myclothes:{key}": value for key, value in settings.items()})
    (folder / name).write_text(yaml.safe_dump(values), encoding="utf-8")
    return folder


def program(stack: str, *settings: str) -> Program:
    """Return what the program registers for a stack with further settings (`KEY=VALUE`)."""
    pytest.importorskip("pulumi_aws")
    command = [sys.executable, str(SCRIPT), stack, *settings]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ), cwd=ROOT)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    resources = tuple(
        Registration(
            one["type"].rpartition(":")[2],
            one["name"],
            one["inputs"],
            one["protect"],
            frozenset(one["secrets"]),
            frozenset(one["after"]),
        )
        for one in told["resources"]
    )
    return Program(resources, frozenset(told["exports"]))
