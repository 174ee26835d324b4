"""What the subcommands that judge have in common; imported when one of them runs, since it imports everything."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from checker.app import Choices
from checker.cli.command import NOTHING, tell
from checker.cli.options import Level
from checker.cli.output import Output, write
from checker.collect.aws.settings import LiveSettings
from checker.errors import UsageError
from checker.model.finding import Severity
from checker.model.report import Report


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


def choices(
    *,
    blueprint: Path | None,
    select: Sequence[str],
    ignore: Sequence[str],
    fail_on: Level,
    allow_unknown: bool,
    allow_no_stack: bool,
    all_stacks: bool,
) -> Choices:
    """Return what to judge by, as of today."""
    return Choices(
        blueprint=blueprint,
        select=tuple(select),
        ignore=tuple(ignore),
        fail_on=Severity[fail_on.name],
        allow_unknown=allow_unknown,
        allow_no_stack=allow_no_stack,
        all_stacks=all_stacks,
        today=datetime.now(tz=UTC).date(),
    )


def deliver(report: Report, wanted: Sequence[Output], *, quiet: bool) -> int:
    """Write the report, remark on stderr what its reader would miss, and return the exit code."""
    write(report, wanted)
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
