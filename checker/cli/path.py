"""`tierproof path`: ask who reaches whom."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checker.cli.command import Command
from checker.cli.options import AllRegions, EndpointUrl, ExternalId, PathFormatNames, Profile, Region, RoleArn
from checker.cli.output import outputs, progress, write_each
from checker.errors import UsageError


def run(
    source: Annotated[
        str | None, typer.Argument(help="Where packets come from; with --who, where they go.", metavar="SRC")
    ] = None,
    target: Annotated[str | None, typer.Argument(help="Where packets go.", metavar="DST")] = None,
    *,
    all_: Annotated[bool, typer.Option("--all", help="List everything that SRC reaches.")] = False,
    who: Annotated[bool, typer.Option("--who", help="List everything that reaches DST.")] = False,
    port: Annotated[
        str | None, typer.Option(help="Destination port: 443, 8000-8080 or a service such as https.", metavar="PORT")
    ] = None,
    protocol: Annotated[
        str | None, typer.Option(help="tcp, udp, icmp, icmpv6, all or a number. With --port: tcp.", metavar="NAME")
    ] = None,
    from_: Annotated[
        list[Path],
        typer.Option("--from", help="File or folder to read, not an account; repeat for several.", metavar="PATH"),
    ] = [],  # noqa: B006  # typer wants the default itself, and nothing changes it
    region: Region = [],  # noqa: B006  # as above
    all_regions: AllRegions = False,
    profile: Profile = None,
    endpoint_url: EndpointUrl = None,
    role_arn: RoleArn = None,
    external_id: ExternalId = None,
    blueprint: Annotated[
        Path | None, typer.Option(help="The architecture whose tiers can be named.", metavar="FILE")
    ] = None,
    format: PathFormatNames = [],  # noqa: B006  # as above
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")] = False,
) -> int:
    """Ask whether packets get from SRC to DST, by which hops, or what stops them.

    SRC and DST are ids, names, ARNs, addresses, blocks (in one VPC: vpc-.../10.0.0.5), internet, on-premises, or tiers
    of a stack (app, STACK/app). Nothing is sent: the answer is worked out from what AWS says of the network.

    \b
    Exit codes:
      0  REACHABLE, or a complete list
      1  NOT_REACHABLE
      2  wrong usage: among others a name that nothing has, or several things have
      3  nothing could be read
      4  UNKNOWN: a fact is missing, which is named
    """  # noqa: D301  # the backspace tells click to leave the lines as they are
    # Everything below is imported when the command runs: --help must not wait for it.
    from checker.app import ask
    from checker.cli.shared.judging import live_settings
    from checker.graph.query.asked import asked
    from checker.graph.query.question import Question
    from checker.report import path_json, path_text

    writers = {"text": path_text.write, "json": path_json.write}
    wanted = outputs(format)
    if strange := [output.format.name for output in wanted if output.format.name not in writers]:
        hint = f"give {' or '.join(writers)}"
        raise UsageError(f"a path cannot be written as {strange[0]}", where="--format", hint=hint)
    settings = live_settings(
        region=region,
        all_regions=all_regions,
        profile=profile,
        endpoint_url=endpoint_url,
        role_arn=role_arn,
        external_id=external_id,
    )
    live = [name for name, given in _live(region, all_regions, profile, endpoint_url, role_arn) if given]
    if from_ and live:
        raise UsageError(f"--from reads files, and {live[0]} is for an account")
    # What cannot be meant is told before anything is read.
    asked(port, protocol)
    question = Question(*_ends(source, target, all_=all_, who=who), port, protocol)
    with progress(quiet) as told:
        report = ask(question, from_ or settings, blueprint, told)
    write_each(wanted, lambda format, out: writers[format.name](report, out))
    return report.answer.exit_code


def _live(
    region: list[str], all_regions: bool, profile: str | None, endpoint_url: str | None, role_arn: str | None
) -> tuple[tuple[str, object], ...]:
    return (
        ("--region", region),
        ("--all-regions", all_regions),
        ("--profile", profile),
        ("--endpoint-url", endpoint_url),
        ("--role-arn", role_arn),
    )


def _ends(source: str | None, target: str | None, *, all_: bool, who: bool) -> tuple[str | None, str | None]:
    """Return SRC and DST as they are meant; what is asked for is None."""
    if all_ and who:
        raise UsageError("--all and --who exclude each other")
    if source is None:
        missing = "DST is missing" if who else "SRC is missing" if all_ else "SRC and DST are missing"
        raise UsageError(missing, hint="tierproof path SRC DST, --all SRC or --who DST")
    if all_ or who:
        if target is not None:
            raise UsageError(f"{'--all' if all_ else '--who'} takes one end", hint="leave the other one out")
        return (source, None) if all_ else (None, source)
    if target is None:
        raise UsageError("DST is missing", hint="tierproof path SRC DST, --all SRC or --who DST")
    return source, target


COMMAND = Command(
    "path",
    run,
    (
        "tierproof path internet shop-alb --port 443",
        "tierproof path app data --region eu-west-1",
        "tierproof path i-0123456789abcdef0 10.0.3.7 --port 5432 --from snapshot/",
        "tierproof path --all shop/app --format json=reach.json",
        "tierproof path --who shop-db --from aws-json/",
    ),
)
