"""`tierproof audit`: judge a live account."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from checker.cli.command import NOTHING, Command, tell
from checker.cli.output import outputs, progress, write
from checker.errors import UsageError
from checker.model.finding import Severity
from checker.model.report import Report


class Level(StrEnum):
    """The severities of `--fail-on`."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


def run(
    *,
    region: Annotated[
        list[str], typer.Option(help="Region to look at; repeat for several. Default: boto3's own.", metavar="REGION")
    ] = [],  # noqa: B006  # typer wants the default itself, and nothing changes it
    all_regions: Annotated[
        bool, typer.Option("--all-regions", help="Look at every Region the account has opted in to.")
    ] = False,
    profile: Annotated[str | None, typer.Option(help="Profile of the AWS configuration.", metavar="NAME")] = None,
    endpoint_url: Annotated[
        str | None, typer.Option(help="Another endpoint for every service, such as an emulator's.", metavar="URL")
    ] = None,
    role_arn: Annotated[str | None, typer.Option(help="Role to assume before reading.", metavar="ARN")] = None,
    external_id: Annotated[str | None, typer.Option(help="External id that the role asks for.", metavar="ID")] = None,
    blueprint: Annotated[
        Path | None, typer.Option(help="The architecture to prove. Default: the three-tier web shop.", metavar="FILE")
    ] = None,
    select: Annotated[
        list[str], typer.Option(help="Only these rules: ids, beginnings of ids, names.", metavar="RULE")
    ] = [],  # noqa: B006  # as above
    ignore: Annotated[list[str], typer.Option(help="Not these rules.", metavar="RULE")] = [],  # noqa: B006  # as above
    fail_on: Annotated[
        Level, typer.Option(help="Least severity that ends with exit code 1.", show_default="any")
    ] = Level.LOW,
    allow_unknown: Annotated[
        bool, typer.Option("--allow-unknown", help="End with 0 though something is UNKNOWN.")
    ] = False,
    allow_no_stack: Annotated[
        bool, typer.Option("--allow-no-stack", help="End with 0 though there was nothing to judge.")
    ] = False,
    all_stacks: Annotated[
        bool, typer.Option("--all-stacks", help="Judge groups of tiers without an internet-facing load balancer too.")
    ] = False,
    format: Annotated[
        list[str],
        typer.Option(
            help="text or json, to stdout or to a file; repeat for several.", metavar="NAME[=FILE]", show_default="text"
        ),
    ] = [],  # noqa: B006  # as above
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no remarks on stderr.")] = False,
) -> int:
    """Audit a live AWS account.

    Its stacks are found and judged by every rule. Only reading calls are made, with the credentials boto3 finds;
    tierproof permissions prints the policy they need. The report goes to stdout, progress and remarks to stderr.
    """
    # Everything below is imported when the command runs: --help must not wait for it.
    from checker.app import Choices, audit
    from checker.collect.aws.settings import LiveSettings

    wanted = outputs(format)
    if region and all_regions:
        raise UsageError("--region and --all-regions exclude each other")
    if external_id and not role_arn:
        raise UsageError("--external-id is for assuming a role", hint="give --role-arn too")
    settings = LiveSettings(
        regions=tuple(part.strip() for text in region for part in text.split(",") if part.strip()),
        all_regions=all_regions,
        profile=profile,
        endpoint_url=endpoint_url,
        role_arn=role_arn,
        external_id=external_id,
    )
    choices = Choices(
        blueprint=blueprint,
        select=tuple(select),
        ignore=tuple(ignore),
        fail_on=Severity[fail_on.name],
        allow_unknown=allow_unknown,
        allow_no_stack=allow_no_stack,
        all_stacks=all_stacks,
        today=datetime.now(tz=UTC).date(),
    )
    with progress(quiet) as told:
        report = audit(settings, choices, told)
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


COMMAND = Command(
    "audit",
    run,
    (
        "tierproof audit --region eu-west-1",
        "tierproof audit --all-regions --profile production --format text --format json=report.json",
        "tierproof audit --role-arn arn:aws:iam::123456789012:role/auditor --select NET --fail-on medium",
        "tierproof audit --blueprint blueprint.yaml --ignore EDG002,NET010",
    ),
)
