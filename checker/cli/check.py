"""`tierproof check`: judge files and folders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from checker.cli.command import Command, tell
from checker.cli.options import (
    CHECKOV,
    CHECKOV_SECONDS,
    STACK_SECONDS,
    AllowNoStack,
    AllowUnknown,
    AllStacks,
    Base,
    Baseline,
    Blueprint,
    CheckovCommand,
    CheckovTimeout,
    Config,
    FailOn,
    FormatNames,
    Hcl,
    Ignore,
    InlineWaivers,
    ProgramTimeout,
    Python,
    Quiet,
    Select,
    Since,
    StackName,
    StackOutputs,
    Unsandboxed,
    Var,
    VarFile,
    Waivers,
    WithCheckov,
)
from checker.cli.output import outputs, progress
from checker.errors import UsageError


def run(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Terraform folder, plan or state, Pulumi project, snapshot, AWS CLI output; several are one.",
            metavar="PATH...",
        ),
    ],
    *,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from", help="What the paths are, instead of looking, such as terraform-hcl or snapshot.", metavar="NAME"
        ),
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
    var: Var = [],  # noqa: B006  # as above
    var_file: VarFile = [],  # noqa: B006  # as above
    hcl: Hcl = None,
    stack: StackName = None,
    stack_outputs: StackOutputs = None,
    python: Python = None,
    program_timeout: ProgramTimeout = STACK_SECONDS,
    unsandboxed: Unsandboxed = False,
    config: Config = None,
    base: Base = None,
    baseline: Baseline = None,
    since: Since = None,
    with_checkov: WithCheckov = False,
    checkov_command: CheckovCommand = CHECKOV,
    checkov_timeout: CheckovTimeout = CHECKOV_SECONDS,
    format: FormatNames = [],  # noqa: B006  # as above
    quiet: Quiet = False,
) -> int:
    """Judge files: Terraform folders, plans and states, snapshots of tierproof collect, or AWS CLI output.

    What each path is is found by looking into it, and told on stderr; nothing in it is executed and no call is made.
    A Pulumi program alone is executed, shut in, and only with --from pulumi-program.
    A file that is missing is a fact that is missing: what rests on it is UNKNOWN, never PASS.
    """
    # Everything below is imported when the command runs: --help must not wait for it.
    from checker.app import check, prepare, recognised
    from checker.cli.shared.judging import choices, deliver, execution, given, refuse_in_vain, remark_on_settings
    from checker.collect.checkov.run import checkov_at

    wanted = outputs(format)
    how = execution(
        stack=stack, stack_outputs=stack_outputs, python=python, seconds=program_timeout, unsandboxed=unsandboxed
    )
    beside = given(var=var, var_file=var_file, hcl=hcl, execution=how)
    if not with_checkov and (checkov_command, checkov_timeout) != (CHECKOV, CHECKOV_SECONDS):
        raise UsageError("--checkov-command and --checkov-timeout are for --with-checkov", hint="give it too")
    peer = checkov_at(checkov_command, checkov_timeout, os.environ) if with_checkov else None
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
        base=base,
        baseline=baseline,
        since=since,
        paths=paths,
    )
    prepare(chosen)  # what cannot be meant is told before anything is read
    inputs = recognised(paths, from_)
    refuse_in_vain(inputs, beside)
    if not quiet:
        for one in inputs:
            tell(f"{one.path}: {one.what}")
        remark_on_settings(chosen, paths)
    with progress(quiet) as told:
        report = check(inputs, chosen, told, beside, peer)
    return deliver(report, wanted, quiet=quiet)


COMMAND = Command(
    "check",
    run,
    (
        "tierproof check snapshot/",
        "tierproof check exports/ --format text --format json=report.json",
        "tierproof check network/ data/ --select NET --fail-on medium",
        "tierproof check answers/ --from aws-json",
        "tierproof check infra/ --base origin/main",
        "tierproof check infra/ --config tierproof.toml --waivers waivers.yaml --inline-waivers",
        "tierproof check infra/ --baseline report.json",
        "tierproof check plan.json --hcl infra/",
        "tierproof check infra/ --with-checkov --checkov-command '/opt/checkov/bin/checkov --skip-check CKV_AWS_18'",
        "tierproof check infra/ --var-file production.tfvars --var region=eu-west-1",
        "tierproof check . --from pulumi-program --stack prod",
    ),
)
