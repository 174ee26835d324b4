"""The source `pulumi-program`: a Pulumi program in Python, executed by us, without credentials and without network."""

from checker.collect.pulumi_program.source import recognise, source_of, suggested
from checker.collect.source import FileSourceSpec

SOURCE = FileSourceSpec(
    name="pulumi-program",
    looks_for="Pulumi projects, which are executed and so have to be asked for with --from",
    recognise=recognise,
    open=source_of,
    suggest=suggested,
)
