"""Instances of any source as the JSON of a Terraform plan, for tools that read plans."""
