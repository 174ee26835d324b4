"""The language of Terraform's files: its syntax, its expressions and what a configuration expands to."""
