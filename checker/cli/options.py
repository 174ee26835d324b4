"""Options that several subcommands share, as they are declared to typer."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from checker.report.format_names import format_names


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
FailOn = Annotated[Level | None, typer.Option(help="Least severity that ends with exit code 1.", show_default="any")]
AllowUnknown = Annotated[
    bool | None,
    typer.Option(
        "--allow-unknown/--no-allow-unknown", help="End with 0 though something is UNKNOWN.", show_default=False
    ),
]
AllowNoStack = Annotated[
    bool | None,
    typer.Option(
        "--allow-no-stack/--no-allow-no-stack", help="End with 0 though there was nothing to judge.", show_default=False
    ),
]
AllStacks = Annotated[
    bool | None,
    typer.Option(
        "--all-stacks/--no-all-stacks",
        help="Judge groups of tiers without an internet-facing load balancer too.",
        show_default=False,
    ),
]
Waivers = Annotated[list[Path], typer.Option(help="YAML list of accepted risks; repeat for several.", metavar="FILE")]
InlineWaivers = Annotated[
    bool | None,
    typer.Option(
        "--inline-waivers/--no-inline-waivers",
        help="Honour tierproof:waive comments of the program that is judged.",
        show_default=False,
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(help="Settings: tierproof.toml, or a pyproject.toml with [tool.tierproof].", metavar="FILE"),
]
Base = Annotated[
    str | None,
    typer.Option(
        help="Read settings, blueprint and waivers as they are at this revision of PATH's git repository.",
        metavar="REV",
    ),
]
Baseline = Annotated[
    Path | None,
    typer.Option(help="Earlier JSON report: show and count only what is new since then.", metavar="REPORT"),
]
Since = Annotated[
    Path | None,
    typer.Option(help="Earlier JSON report: also tell what is new, fixed and still open.", metavar="REPORT"),
]

# What to read beside the paths.
Var = Annotated[
    list[str], typer.Option(help="Value of a Terraform variable; repeat for several.", metavar="NAME=VALUE")
]
VarFile = Annotated[
    list[Path], typer.Option(help="File of values of Terraform variables; the last one wins.", metavar="FILE")
]
Hcl = Annotated[
    Path | None, typer.Option(help="Folder of the program that a Terraform plan was made from.", metavar="DIR")
]

# How a program is executed that only tells what it declares by running.
STACK_SECONDS = 60
StackName = Annotated[
    str | None,
    typer.Option("--stack", help="Stack of a Pulumi program. Default: the only one there is.", metavar="NAME"),
]
StackOutputs = Annotated[
    Path | None,
    typer.Option(help="JSON file of the outputs of other stacks that a Pulumi program refers to.", metavar="FILE"),
]
Python = Annotated[
    Path | None,
    typer.Option(help="Interpreter of a Pulumi program. Default: the one of its project.", metavar="PATH"),
]
ProgramTimeout = Annotated[float, typer.Option(help="Seconds that a Pulumi program may take.", metavar="SECONDS")]
Unsandboxed = Annotated[bool, typer.Option("--unsandboxed", help="Execute a Pulumi program without shutting it in.")]

# Who else is asked.
CHECKOV, CHECKOV_SECONDS = "checkov", 300
WithCheckov = Annotated[
    bool,
    typer.Option(
        "--with-checkov", help="Run checkov on the same folders and plans, and tell what it finds under its own ids."
    ),
]
CheckovCommand = Annotated[
    str,
    typer.Option(
        help="The checkov of --with-checkov, with options: it sees no configuration that is not named here.",
        metavar="COMMAND",
    ),
]
CheckovTimeout = Annotated[float, typer.Option(help="Seconds that checkov may take for one path.", metavar="SECONDS")]

# How to tell it. The names are those of files, which are looked up as the modules of this package are.
FormatNames = Annotated[
    list[str],
    typer.Option(
        help=f"{', '.join(format_names()[:-1])} or {format_names()[-1]}, to stdout or to a file; repeat for several.",
        metavar="NAME[=FILE]",
        show_default="text",
    ),
]
PathFormatNames = Annotated[
    list[str],
    typer.Option(
        help="text or json, to stdout or to a file; repeat for several.", metavar="NAME[=FILE]", show_default="text"
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no remarks on stderr.")]
