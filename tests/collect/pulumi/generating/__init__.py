"""Makes the table by which Pulumi's types and properties become Terraform's, from the SDK and the provider's schema.

Run from the root of the repository, in an environment with `pulumi_aws`, with Terraform on PATH and TF_PLUGIN_MIRROR
naming a mirror of its AWS provider (or `--schema FILE`, the output of `terraform providers schema -json`):

    python -m tests.collect.pulumi.generating [--schema FILE] [--folder checker/collect/pulumi/table]
"""
