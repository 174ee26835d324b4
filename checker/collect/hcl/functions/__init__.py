"""The functions of Terraform's language, by subject."""
