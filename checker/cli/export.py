"""`tierproof export`: an input in the words of another tool."""

from __future__ import annotations

import sys
from collections import Counter
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from checker.cli.command import Command, tell
from checker.cli.options import (
    STACK_SECONDS,
    ProgramTimeout,
    Python,
    Quiet,
    StackName,
    StackOutputs,
    Unsandboxed,
    Var,
    VarFile,
)
from checker.cli.output import progress
from checker.errors import UsageError


class Form(Enum):
    """What an input can be exported as."""

    TERRAFORM_PLAN = "terraform-plan"


def run(
    path: Annotated[Path, typer.Argument(help="Pulumi program, preview or state, or Terraform folder.")],
    *,
    as_: Annotated[Form, typer.Option("--as", help="The form of the JSON.")],
    from_: Annotated[
        str | None,
        typer.Option("--from", help="What PATH is, instead of looking, such as pulumi-program.", metavar="NAME"),
    ] = None,
    output: Annotated[Path | None, typer.Option(help="File to write instead of stdout.", metavar="FILE")] = None,
    var: Var = [],  # noqa: B006  # typer wants the default itself, and nothing changes it
    var_file: VarFile = [],  # noqa: B006  # as above
    stack: StackName = None,
    stack_outputs: StackOutputs = None,
    python: Python = None,
    program_timeout: ProgramTimeout = STACK_SECONDS,
    unsandboxed: Unsandboxed = False,
    quiet: Quiet = False,
) -> int:
    """Write an input as the JSON of a Terraform plan, for tools that read plans.

    What only an apply would tell is marked as known after it; secrets are marked as sensitive and left out. What could
    not be told at all is named on stderr, the plan says that it is not complete, and the exit code is 4.
    """
    # Everything below is imported when the command runs: --help must not wait for it.
    import msgspec

    from checker.app import export, recognised
    from checker.cli.shared.judging import execution, given, refuse_in_vain

    del as_  # there is but one
    if output is not None:
        _refuse(output)
    how = execution(
        stack=stack, stack_outputs=stack_outputs, python=python, seconds=program_timeout, unsandboxed=unsandboxed
    )
    beside = given(var=var, var_file=var_file, hcl=None, execution=how)
    [one] = recognised([path], from_)
    refuse_in_vain([one], beside)
    if not quiet:
        tell(f"{one.path}: {one.what}")
    with progress(quiet) as told:
        found = export(one, beside, told)
    text = msgspec.json.format(msgspec.json.encode(found.plan.document), indent=2) + b"\n"
    if output is None:
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
    else:
        _write(output, text)
    # What may be hidden in several places is told once.
    for item, error, supply in dict.fromkeys((gap.item, gap.error, gap.supply) for gap in found.gaps):
        tell(f"not exported: {item}: {error}", supply)
    for type_, count in Counter(found.strange).items():
        tell(f"not exported: {count} of {type_}, which has no name in Terraform's AWS provider")
    if not quiet:
        count, unknown = len(found.plan.instances), found.plan.unknown
        what = "resource or look-up" if count == 1 else "resources and look-ups"
        values = "value is" if unknown == 1 else "values are"
        tell(f"{count} {what} exported" + (f"; {unknown} {values} not known" if unknown else ""))
    return found.exit_code


def _refuse(file: Path) -> None:
    """Raise `UsageError` for a place where no file can be written, before any work is done."""
    if file.is_dir():
        raise UsageError("this is a folder", where=f"--output {file}", hint="name a file in it")
    if not file.parent.is_dir():
        raise UsageError(f"there is no folder {file.parent}", where=f"--output {file}")


def _write(file: Path, text: bytes) -> None:
    try:
        file.write_bytes(text)
    except OSError as error:
        raise UsageError(f"the plan could not be written: {error.strerror}", where=f"--output {file}") from error


COMMAND = Command(
    "export",
    run,
    (
        "tierproof export . --from pulumi-program --as terraform-plan > plan.json",
        "tierproof export preview.json --as terraform-plan --output plan.json",
        "checkov -f plan.json --framework terraform_plan",
    ),
)
