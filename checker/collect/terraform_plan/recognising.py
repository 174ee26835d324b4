"""Plans in the forms that cannot be read, and what a plan is in words."""

import re
from pathlib import Path

from checker.collect.terraform.shapes import Shape, shape_of
from checker.errors import SourceError

_HEAD = 4096
_FORMAT = re.compile(rb'"format_version"\s*:\s*"([0-9.]+)"')


def refuse(path: Path) -> None:
    """Raise a `SourceError` with the right command for a plan that is not in JSON."""
    match shape_of(path):
        case Shape.BINARY_PLAN:
            raise SourceError(
                "this is a binary plan", where=str(path), hint=f"run: terraform show -json {path.name} > plan.json"
            )
        case Shape.LOG:
            raise SourceError(
                "this is the log of `terraform plan -json`, not the plan",
                where=str(path),
                hint="run: terraform plan -out tfplan; terraform show -json tfplan > plan.json",
            )
        case _:
            return


def what_it_is(path: Path) -> str:
    """Return a plan in words."""
    with path.open("rb") as file:
        head = file.read(_HEAD).replace(b"\0", b"")
    found = _FORMAT.search(head)
    return f"a Terraform plan (format {found[1].decode()})" if found else "a Terraform plan"
