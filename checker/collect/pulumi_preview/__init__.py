"""The source `pulumi-preview`: what an update would do, as `pulumi preview --json` writes it."""

from checker.collect.pulumi_preview.source import NAME, recognise, source_of
from checker.collect.source import FileSourceSpec

SOURCE = FileSourceSpec(
    name=NAME,
    looks_for="a Pulumi preview: the output of `pulumi preview --json --show-sames`",
    recognise=recognise,
    open=source_of,
)
