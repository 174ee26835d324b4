"""The documented stack in each language that people write one in, as it is and with one fault."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
LEFT_BEHIND = shutil.ignore_patterns(".terraform*", "*.tfstate*", "__pycache__", ".venv")
AS_DOCUMENTED = "as-documented"
STACK = "prod"


@dataclass(frozen=True)
class Edit:
    """A text of a file and what stands there instead; of several, the first behind `after`."""

    file: str
    old: str
    new: str
    after: str = ""

    def make(self, folder: Path) -> None:
        """Change the file below a folder."""
        path = folder / self.file
        before, anchor, rest = path.read_text(encoding="utf-8").partition(self.after or "\n")
        assert anchor and self.old in rest, f"{self.file} has no {self.old!r}"
        path.write_text(before + anchor + rest.replace(self.old, self.new, 1), encoding="utf-8")


@dataclass(frozen=True, eq=False)
class Fault:
    """One change to the documented stack and what fails then, by rule: the tiers or kinds of the subjects."""

    name: str
    expect: Mapping[str, frozenset[str]]
    live: tuple[Mapping[str, Any], ...] = ()
    hcl: Edit | None = None
    pulumi: Edit | None = None


def table() -> tuple[Fault, ...]:
    """Return the documented stack, at which nothing fails, and then every fault."""
    faults = (
        Fault(
            one["name"],
            {rule: frozenset(tiers) for rule, tiers in one["expect"].items()},
            tuple(one["live"]),
            Edit(**one["hcl"]),
            Edit(**one["pulumi"]),
        )
        for one in _read()["faults"]
    )
    return (Fault(AS_DOCUMENTED, {}), *faults)


def doubts() -> Mapping[str, frozenset[str]]:
    """Return the rules that may be UNKNOWN in a dialect that cannot know all of a stack."""
    return {dialect: frozenset(one["rules"]) for dialect, one in _read()["doubts"].items()}


def _read() -> Any:
    return yaml.safe_load(Path(__file__).with_name("faults.yaml").read_text(encoding="utf-8"))


def write_hcl(fault: Fault, folder: Path) -> Path:
    """Write the stack in Terraform's language and return its folder."""
    shutil.copytree(ROOT / "examples/terraform", folder, ignore=LEFT_BEHIND)
    if fault.hcl:
        fault.hcl.make(folder)
    return folder


def write_pulumi(fault: Fault, folder: Path) -> Path:
    """Write the stack as the product's own Pulumi program and return the folder of its project."""
    shutil.copytree(ROOT / "infra", folder / "infra", ignore=LEFT_BEHIND)
    for name in ("Pulumi.yaml", f"Pulumi.{STACK}.yaml"):
        shutil.copy(ROOT / name, folder)
    if fault.pulumi:
        fault.pulumi.make(folder / "infra")
    return folder
