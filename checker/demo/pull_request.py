"""A pull request with one bad commit: the documented shop as a Terraform configuration, and what the commit changes."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from checker.errors import ConfigurationError

EXAMPLE = "examples/terraform"
TITLE = "Reach the instances from home while we debug"


@dataclass(frozen=True)
class Edit:
    """A place in a file, and what stands there afterwards."""

    file: str
    old: str
    new: str


COMMIT = (
    Edit(
        "app.tf",
        "  vpc_security_group_ids = [aws_security_group.app.id]\n  update_default_version = true\n",
        """\
  update_default_version = true

  network_interfaces {
    associate_public_ip_address = true
    security_groups             = [aws_security_group.app.id]
  }
""",
    ),
    Edit(
        "app.tf",
        "  vpc_zone_identifier       = module.network.app_subnet_ids\n",
        "  vpc_zone_identifier       = module.network.public_subnet_ids\n",
    ),
    Edit(
        "security.tf",
        """\
  description                  = "The load balancer"
  referenced_security_group_id = aws_security_group.edge.id
""",
        """\
  description                  = "The load balancer, and home"
  cidr_ipv4                    = "0.0.0.0/0"
""",
    ),
)


def write(folder: Path) -> None:
    """Write the configuration as it is before the commit.

    Raises:
        ConfigurationError: the example did not come with this installation.
    """
    _copy(_example(), folder)


def commit(folder: Path) -> str:
    """Make the commit's changes and return them as a patch; raises `ValueError` for one that finds no place."""
    patch: list[str] = []
    for name in dict.fromkeys(edit.file for edit in COMMIT):
        file = folder / name
        before = after = file.read_text(encoding="utf-8")
        for edit in COMMIT:
            if edit.file != name:
                continue
            if after.count(edit.old) != 1:
                raise ValueError(f"{name}: the place of a change is not there once")
            after = after.replace(edit.old, edit.new)
        file.write_text(after, encoding="utf-8")
        patch += unified_diff(before.splitlines(True), after.splitlines(True), f"a/{name}", f"b/{name}", n=1)
    return "".join(patch)


def _example() -> Traversable:
    """Return the folder of the example: inside the package when installed, beside it in a checkout."""
    package = files("checker")
    inside = package.joinpath(EXAMPLE)
    if inside.is_dir():
        return inside
    beside = Path(str(package)).parent / EXAMPLE
    if not beside.is_dir():
        raise ConfigurationError("the example configuration is missing", hint="install tierproof again")
    return beside


def _copy(source: Traversable, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for item in source.iterdir():
        if item.is_dir() and not item.name.startswith("."):
            _copy(item, target / item.name)
        elif item.name.endswith(".tf"):
            (target / item.name).write_bytes(item.read_bytes())
