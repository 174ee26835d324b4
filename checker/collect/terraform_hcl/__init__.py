"""The source `terraform-hcl`: Terraform's own files, read without Terraform and without credentials."""

from checker.collect.source import FileSourceSpec
from checker.collect.terraform_hcl.source import NAME, recognise, source_of, worlds

SOURCE = FileSourceSpec(
    name=NAME,
    looks_for="files that end in .tf or .tf.json",
    recognise=recognise,
    open=source_of,
    worlds=worlds,
)
