"""Options that several subcommands share, as they are declared to typer."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Level(StrEnum):
    """The severities of `--fail-on`."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


# Whom to read, and as whom.
Region = Annotated[
    list[str], typer.Option(help="Region to look at; repeat for several. Default: boto3's own.", metavar="REGION")
]
AllRegions = Annotated[bool, typer.Option("--all-regions", help="Look at every Region the account has opted in to.")]
Profile = Annotated[str | None, typer.Option(help="Profile of the AWS configuration.", metavar="NAME")]
EndpointUrl = Annotated[
    str | None, typer.Option(help="Another endpoint for every service, such as an emulator's.", metavar="URL")
]
RoleArn = Annotated[str | None, typer.Option(help="Role to assume before reading.", metavar="ARN")]
ExternalId = Annotated[str | None, typer.Option(help="External id that the role asks for.", metavar="ID")]

# What to judge by, and how strictly.
Blueprint = Annotated[
    Path | None, typer.Option(help="The architecture to prove. Default: the three-tier web shop.", metavar="FILE")
]
Select = Annotated[list[str], typer.Option(help="Only these rules: ids, beginnings of ids, names.", metavar="RULE")]
Ignore = Annotated[list[str], typer.Option(help="Not these rules.", metavar="RULE")]
FailOn = Annotated[Level, typer.Option(help="Least severity that ends with exit code 1.", show_default="any")]
AllowUnknown = Annotated[bool, typer.Option("--allow-unknown", help="End with 0 though something is UNKNOWN.")]
AllowNoStack = Annotated[bool, typer.Option("--allow-no-stack", help="End with 0 though there was nothing to judge.")]
AllStacks = Annotated[
    bool, typer.Option("--all-stacks", help="Judge groups of tiers without an internet-facing load balancer too.")
]

# How to tell it.
FormatNames = Annotated[
    list[str],
    typer.Option(
        help="text or json, to stdout or to a file; repeat for several.", metavar="NAME[=FILE]", show_default="text"
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no remarks on stderr.")]
