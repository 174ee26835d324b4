"""`tierproof collect`: save what a live account says, to be judged later."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checker.cli.command import Command, tell
from checker.cli.options import AllRegions, EndpointUrl, ExternalId, Profile, Quiet, Region, RoleArn
from checker.cli.output import progress


def run(
    *,
    to: Annotated[Path, typer.Option(help="Folder to write; a snapshot that is there is replaced.", metavar="DIR")],
    region: Region = [],  # noqa: B006  # typer wants the default itself, and nothing changes it
    all_regions: AllRegions = False,
    profile: Profile = None,
    endpoint_url: EndpointUrl = None,
    role_arn: RoleArn = None,
    external_id: ExternalId = None,
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that holds other files too.")] = False,
    quiet: Quiet = False,
) -> int:
    """Save a snapshot of a live account.

    tierproof check judges it as tierproof audit would have judged the account, today's rules or tomorrow's. User data,
    passwords and other secrets are left out; what is there still describes the account, so only its owner may read it.
    """
    # Everything below is imported when the command runs: --help must not wait for it.
    from datetime import UTC, datetime

    from checker.app import collect
    from checker.cli.shared.judging import live_settings

    settings = live_settings(
        region=region,
        all_regions=all_regions,
        profile=profile,
        endpoint_url=endpoint_url,
        role_arn=role_arn,
        external_id=external_id,
    )
    with progress(quiet) as told:
        found = collect(settings, to, now=datetime.now(tz=UTC), force=force, progress=told)
    if not quiet:
        scopes = sorted({str(record.scope) for record in found.records})
        lost = len({(gap.scope, gap.item) for gap in found.gaps})
        unread = f"; {lost} calls were not answered, see the ledger in its manifest" if lost else ""
        tell(f"{to}: {len(found.records)} records of {', '.join(scopes) or 'an empty account'}{unread}")
    return 0


COMMAND = Command(
    "collect",
    run,
    (
        "tierproof collect --to snapshot --region eu-west-1",
        "tierproof collect --to nightly --all-regions --profile production",
        "tierproof check snapshot",
    ),
)
