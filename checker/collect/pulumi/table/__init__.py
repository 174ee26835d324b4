"""What Pulumi's AWS provider calls the types, properties and functions of Terraform's: generated data, and its reader.

`resources.json`, `functions.json` and `tokens.json` are made by `tests/collect/pulumi/generating`.
"""
