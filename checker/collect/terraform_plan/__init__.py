"""The source `terraform-plan`: what `terraform show -json PLAN` writes."""

from checker.collect.source import FileSourceSpec
from checker.collect.terraform_plan.source import recognise, source_of

SOURCE = FileSourceSpec(
    name="terraform-plan",
    looks_for="the JSON of a Terraform plan, as `terraform show -json PLAN > plan.json` writes it",
    recognise=recognise,
    open=source_of,
)
