"""The source `pulumi-state`: a stack as `pulumi stack export` writes it, or as a backend of one's own keeps it."""

from checker.collect.pulumi_state.source import NAME, recognise, source_of
from checker.collect.source import FileSourceSpec

SOURCE = FileSourceSpec(
    name=NAME,
    looks_for="a Pulumi state: the output of `pulumi stack export`, or a file from `.pulumi/stacks`",
    recognise=recognise,
    open=source_of,
)
