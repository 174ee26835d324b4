"""`tierproof audit`: judge a live account."""

from __future__ import annotations

from pathlib import Path

from checker.cli.command import Command
from checker.cli.options import (
    AllowNoStack,
    AllowUnknown,
    AllRegions,
    AllStacks,
    Baseline,
    Blueprint,
    Config,
    EndpointUrl,
    ExternalId,
    FailOn,
    FormatNames,
    Ignore,
    Profile,
    Quiet,
    Region,
    RoleArn,
    Select,
    Since,
    Waivers,
)
from checker.cli.output import outputs, progress


def run(
    *,
    region: Region = [],  # noqa: B006  # typer wants the default itself, and nothing changes it
    all_regions: AllRegions = False,
    profile: Profile = None,
    endpoint_url: EndpointUrl = None,
    role_arn: RoleArn = None,
    external_id: ExternalId = None,
    blueprint: Blueprint = None,
    select: Select = [],  # noqa: B006  # as above
    ignore: Ignore = [],  # noqa: B006  # as above
    fail_on: FailOn = None,
    allow_unknown: AllowUnknown = None,
    allow_no_stack: AllowNoStack = None,
    all_stacks: AllStacks = None,
    waivers: Waivers = [],  # noqa: B006  # as above
    config: Config = None,
    baseline: Baseline = None,
    since: Since = None,
    format: FormatNames = [],  # noqa: B006  # as above
    quiet: Quiet = False,
) -> int:
    """Audit a live AWS account.

    Its stacks are found and judged by every rule. Only reading calls are made, with the credentials boto3 finds;
    tierproof permissions prints the policy they need. The report goes to stdout, progress and remarks to stderr.
    """
    # Everything below is imported when the command runs: --help must not wait for it.
    from checker.app import audit
    from checker.cli.shared.judging import choices, deliver, live_settings, remark_on_settings

    wanted = outputs(format)
    settings = live_settings(
        region=region,
        all_regions=all_regions,
        profile=profile,
        endpoint_url=endpoint_url,
        role_arn=role_arn,
        external_id=external_id,
    )
    chosen = choices(
        blueprint=blueprint,
        select=select,
        ignore=ignore,
        fail_on=fail_on,
        allow_unknown=allow_unknown,
        allow_no_stack=allow_no_stack,
        all_stacks=all_stacks,
        waivers=waivers,
        config=config,
        baseline=baseline,
        since=since,
    )
    if not quiet:
        remark_on_settings(chosen, [Path()])
    with progress(quiet) as told:
        report = audit(settings, chosen, told)
    return deliver(report, wanted, quiet=quiet)


COMMAND = Command(
    "audit",
    run,
    (
        "tierproof audit --region eu-west-1",
        "tierproof audit --all-regions --profile production --format text --format json=report.json",
        "tierproof audit --role-arn arn:aws:iam::123456789012:role/auditor --select NET --fail-on medium",
        "tierproof audit --blueprint blueprint.yaml --ignore EDG002,NET010",
        "tierproof audit --config tierproof.toml --since yesterday.json",
    ),
)
