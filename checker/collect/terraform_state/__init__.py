"""The source `terraform-state`: a state as `terraform show -json` writes it, or as Terraform keeps it."""

from checker.collect.source import FileSourceSpec
from checker.collect.terraform_state.source import recognise, source_of

SOURCE = FileSourceSpec(
    name="terraform-state",
    looks_for="a Terraform state: the output of `terraform show -json` or `terraform state pull`",
    recognise=recognise,
    open=source_of,
)
