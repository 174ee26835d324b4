"""What the subcommands that judge have in common; imported when one of them runs, since it imports everything."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from checker.app import Choices, settings
from checker.cli.command import NOTHING, tell
from checker.cli.options import Level
from checker.cli.output import Output, step_summary, write
from checker.collect.aws.settings import LiveSettings
from checker.collect.catalog import Recognised
from checker.collect.source import Execution, Inputs
from checker.errors import UsageError
from checker.model.finding import Severity
from checker.model.report import Report
from checker.settings.settings import lying_about


def live_settings(
    *,
    region: Sequence[str],
    all_regions: bool,
    profile: str | None,
    endpoint_url: str | None,
    role_arn: str | None,
    external_id: str | None,
) -> LiveSettings:
    """Return the settings of a live collection; raises `UsageError` for options that exclude each other."""
    if region and all_regions:
        raise UsageError("--region and --all-regions exclude each other")
    if external_id and not role_arn:
        raise UsageError("--external-id is for assuming a role", hint="give --role-arn too")
    return LiveSettings(
        regions=tuple(part.strip() for text in region for part in text.split(",") if part.strip()),
        all_regions=all_regions,
        profile=profile,
        endpoint_url=endpoint_url,
        role_arn=role_arn,
        external_id=external_id,
    )


_MOST_SECONDS = 86_400


def execution(
    *, stack: str | None, stack_outputs: Path | None, python: Path | None, seconds: float, unsandboxed: bool
) -> Execution:
    """Return how a program is executed; raises `UsageError` for a time that cannot be meant and files not there."""
    if not 0 < seconds <= _MOST_SECONDS:
        raise UsageError(f"{seconds:g} is not between 0 and {_MOST_SECONDS} seconds", where="--program-timeout")
    if stack_outputs is not None and not stack_outputs.is_file():
        raise UsageError(f"{stack_outputs}: there is no such file", where="--stack-outputs")
    if stack is not None and not stack.strip("/ "):
        raise UsageError("a name is needed", where="--stack")
    return Execution(
        stack=stack, stack_outputs=stack_outputs, python=python, seconds=seconds, sandboxed=not unsandboxed
    )


def given(
    *, var: Sequence[str], var_file: Sequence[Path], hcl: Path | None, execution: Execution | None = None
) -> Inputs:
    """Return what was given beside the paths; raises `UsageError` for what is not there or has no value."""
    for text in var:
        if not text.partition("=")[1] or not text.partition("=")[0].strip():
            raise UsageError(f"{text!r} gives no value", where="--var", hint="write --var NAME=VALUE")
    for path in var_file:
        if not path.is_file():
            what = "this is a folder" if path.is_dir() else "there is no such file"
            raise UsageError(f"{path}: {what}", where="--var-file")
    if hcl is not None and not hcl.is_dir():
        raise UsageError(f"{hcl}: there is no such folder", where="--hcl")
    values = (text.partition("=") for text in var)
    return Inputs(
        variables={name.strip(): value for name, _, value in values},
        variable_files=tuple(var_file),
        program=hcl,
        execution=execution or Execution(),
    )


def refuse_in_vain(inputs: Sequence[Recognised], beside: Inputs) -> None:
    """Raise `UsageError` for what another source than those that are read takes: no option is ignored in silence."""
    names = {one.spec.name for one in inputs}
    read = ", ".join(f"{one.path} is {one.spec.name}" for one in inputs)
    if (beside.variables or beside.variable_files) and "terraform-hcl" not in names:
        raise UsageError("--var and --var-file are for Terraform configuration: a plan has its values", hint=read)
    if beside.program and "terraform-plan" not in names:
        raise UsageError("--hcl is for a Terraform plan, of which it is the program", hint=read)
    if beside.execution != Execution() and "pulumi-program" not in names:
        options = "--stack, --stack-outputs, --python, --program-timeout and --unsandboxed"
        raise UsageError(f"{options} are for a Pulumi program that is executed: --from pulumi-program", hint=read)


def choices(
    *,
    blueprint: Path | None,
    select: Sequence[str],
    ignore: Sequence[str],
    fail_on: Level | None,
    allow_unknown: bool | None,
    allow_no_stack: bool | None,
    all_stacks: bool | None,
    waivers: Sequence[Path] = (),
    inline_waivers: bool | None = None,
    config: Path | None = None,
    base: str | None = None,
    baseline: Path | None = None,
    since: Path | None = None,
    paths: Sequence[Path] = (),
) -> Choices:
    """Return what to judge by, as of today: each option that was given, else what the settings say.

    Raises `UsageError` and `ConfigurationError` for a revision or settings that cannot be meant.
    """
    written, at = settings(config, base, paths)
    level = fail_on or Level(written.fail_on or Level.LOW)
    return Choices(
        blueprint=blueprint or written.blueprint,
        select=tuple(select) or written.select,
        ignore=tuple(ignore) or written.ignore,
        fail_on=Severity[level.name],
        allow_unknown=_first(allow_unknown, written.allow_unknown),
        allow_no_stack=_first(allow_no_stack, written.allow_no_stack),
        all_stacks=_first(all_stacks, written.all_stacks),
        today=datetime.now(tz=UTC).date(),
        waivers=tuple(waivers) or written.waivers,
        inline_waivers=_first(inline_waivers, written.inline_waivers),
        base=at,
        baseline=baseline,
        since=since,
        settings=written.documents,
    )


def _first(given: bool | None, written: bool | None) -> bool:
    return bool(written if given is None else given)


def remark_on_settings(chosen: Choices, paths: Sequence[Path]) -> None:
    """Tell on stderr that settings lie in the tree under review and are not used, or that the revision has none."""
    if chosen.settings:
        return
    if chosen.base:
        tell(f"{chosen.base.name} ({chosen.base.label}) has no tierproof.toml: judged by the options alone")
        return
    for path in dict.fromkeys(found for found in map(lying_about, paths) if found):
        tell(
            f"{path} was found and not used, since what is judged must not say how;"
            f" --config {path} uses it, --base REV uses it as it is at a revision"
        )


def deliver(report: Report, wanted: Sequence[Output], *, quiet: bool) -> int:
    """Write the report, remark on stderr what its reader would miss, and return the exit code."""
    write(report, wanted, step_summary(os.environ))
    sys.stdout.flush()
    if not quiet:
        _remark(report, shown=any(output.file is None and output.format.name == "text" for output in wanted))
    return report.exit_code


def _remark(report: Report, *, shown: bool) -> None:
    """Tell on stderr what a reader of the report's file or of the exit code would miss."""
    if report.exit_code == NOTHING:
        candidates = sum(not stack.judged for stack in report.stacks)
        what = "no rule found a subject" if len(report.stacks) > candidates else "no stack was found"
        hint = "--all-stacks judges the candidates" if candidates else "look at the Regions, or give --allow-no-stack"
        tell(f"nothing was judged: {what} in {', '.join(report.regions) or 'any Region'} ({hint})")
    if not shown:
        from checker.report.text_summary import summary

        tell(summary(report).plain.strip())
