"""The source of plans, and how a path is recognised as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.collect.source import Inputs, Progress, silent
from checker.collect.terraform.shapes import Shape, files_of, shape_of
from checker.collect.terraform_plan.recognising import refuse, what_it_is
from checker.errors import SourceError
from checker.model.call import Listed
from checker.model.record import Collection

NAME = "terraform-plan"


@dataclass(frozen=True)
class PlanSource:
    """Files that `terraform show -json PLAN` wrote, or folders of them."""

    paths: tuple[Path, ...]
    inputs: Inputs

    def collect(self, kinds: Sequence[Listed], progress: Progress = silent) -> Collection:
        """Return what the plans hold, as it will be after the apply.

        Raises:
            SourceError: there is no plan, or a file is none, or of a format that is not known.
            UsageError: the program that was named is that of none of the plans.
        """
        from checker.collect.terraform_plan.collection import collect  # not needed to recognise one

        files = tuple(file for path in self.paths for file in files_of(path, Shape.PLAN))
        strange = [path for path in files if shape_of(path) in (Shape.STATE, Shape.RAW_STATE)]
        if strange or not files:
            where = ", ".join(map(str, strange or self.paths))
            raise SourceError("there is no plan", where=where, hint="run: terraform show -json PLAN > plan.json")
        return collect(files, self.inputs, kinds, progress)


def source_of(paths: Sequence[Path], inputs: Inputs) -> PlanSource:
    """Return the source of some files, or of folders of them; nothing is read yet."""
    return PlanSource(tuple(paths), inputs)


def recognise(path: Path, kinds: Sequence[Listed]) -> str | None:
    """Return what a path is, if it is a plan in JSON, or a folder of such without a program.

    Raises:
        SourceError: it is a plan in another form; the command that makes one in JSON is named.
    """
    if path.is_file():
        refuse(path)
        return what_it_is(path) if shape_of(path) is Shape.PLAN else None
    files = files_of(path, Shape.PLAN) if path.is_dir() else ()
    return f"a folder of Terraform plans ({len(files)} files)" if files else None
