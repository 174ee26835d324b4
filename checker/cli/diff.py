"""`tierproof diff`: two reports, or two inputs, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checker.cli.command import Command
from checker.cli.options import (
    STACK_SECONDS,
    AllowNoStack,
    AllowUnknown,
    AllStacks,
    Blueprint,
    Config,
    FailOn,
    Ignore,
    InlineWaivers,
    PathFormatNames,
    ProgramTimeout,
    Python,
    Quiet,
    Select,
    StackName,
    StackOutputs,
    Unsandboxed,
    Var,
    VarFile,
    Waivers,
)
from checker.cli.output import outputs, progress, write_each
from checker.errors import UsageError


def run(
    old: Annotated[Path, typer.Argument(help="Earlier JSON report, or what check takes.", metavar="OLD")],
    new: Annotated[Path, typer.Argument(help="Later JSON report, or what check takes.", metavar="NEW")],
    *,
    from_: Annotated[
        str | None, typer.Option("--from", help="What OLD and NEW are, instead of looking.", metavar="NAME")
    ] = None,
    blueprint: Blueprint = None,
    select: Select = [],  # noqa: B006  # typer wants the default itself, and nothing changes it
    ignore: Ignore = [],  # noqa: B006  # as above
    fail_on: FailOn = None,
    allow_unknown: AllowUnknown = None,
    allow_no_stack: AllowNoStack = None,
    all_stacks: AllStacks = None,
    waivers: Waivers = [],  # noqa: B006  # as above
    inline_waivers: InlineWaivers = None,
    config: Config = None,
    var: Var = [],  # noqa: B006  # as above
    var_file: VarFile = [],  # noqa: B006  # as above
    stack: StackName = None,
    stack_outputs: StackOutputs = None,
    python: Python = None,
    program_timeout: ProgramTimeout = STACK_SECONDS,
    unsandboxed: Unsandboxed = False,
    format: PathFormatNames = [],  # noqa: B006  # as above
    quiet: Quiet = False,
) -> int:
    """Tell what is new, fixed and still open between two reports.

    OLD and NEW are JSON reports of tierproof, or inputs, which are judged first: blueprint, rules and waivers are for
    these. Subjects are matched by id, address or name, so that declared and live can be compared.

    \b
    Exit codes:
      0  nothing is new
      1  a FAIL is new, or worse than it was, at or above --fail-on
      2  wrong usage or configuration: among others a file that is no report
      3  nothing could be read, or NEW judged nothing
      4  an UNKNOWN is new (--allow-unknown makes it 0)
      5  a rule crashed in NEW
    """  # noqa: D301  # the backspace tells click to leave the lines as they are
    # Everything below is imported when the command runs: --help must not wait for it.
    from checker.app import diff, is_written, prepare
    from checker.cli.shared.judging import choices, execution, given
    from checker.collect.source import Execution
    from checker.report import diff_json, diff_text

    writers = {"text": diff_text.write, "json": diff_json.write}
    wanted = outputs(format)
    if strange := [output.format.name for output in wanted if output.format.name not in writers]:
        hint = f"give {' or '.join(writers)}"
        raise UsageError(f"a difference cannot be written as {strange[0]}", where="--format", hint=hint)
    how = execution(
        stack=stack, stack_outputs=stack_outputs, python=python, seconds=program_timeout, unsandboxed=unsandboxed
    )
    beside = given(var=var, var_file=var_file, hcl=None, execution=how)
    in_vain = (blueprint, select, ignore, all_stacks, waivers, inline_waivers, var, var_file, stack, python)
    if any(value not in (None, []) for value in in_vain) and all(is_written(path, from_) for path in (old, new)):
        what = "both are reports, so that nothing is judged by blueprint, rules, waivers or variables"
        raise UsageError(what, hint="give an input, or leave these options out")
    if how != Execution() and from_ != "pulumi-program":
        what = "--stack, --stack-outputs, --python, --program-timeout and --unsandboxed are for --from pulumi-program"
        raise UsageError(what, hint="leave them out")
    chosen = choices(
        blueprint=blueprint,
        select=select,
        ignore=ignore,
        fail_on=fail_on,
        allow_unknown=allow_unknown,
        allow_no_stack=allow_no_stack,
        all_stacks=all_stacks,
        waivers=waivers,
        inline_waivers=inline_waivers,
        config=config,
    )
    prepare(chosen)  # what cannot be meant is told before anything is read
    with progress(quiet) as told:
        found = diff(old, new, chosen, from_, told, beside)
    write_each(wanted, lambda format, out: writers[format.name](found, out))
    return found.exit_code


COMMAND = Command(
    "diff",
    run,
    (
        "tierproof diff yesterday.json today.json",
        "tierproof diff infra/ snapshot/ --format json=diff.json",
        "tierproof diff main.json infra/ --fail-on high --allow-unknown",
    ),
)
