"""What neither the SDK nor the provider's schema tells: pairs of types, and names of properties, each with its page."""

from __future__ import annotations

from collections.abc import Mapping

# Functions whose properties and names are both unlike Terraform's.
# Source: https://github.com/pulumi/pulumi-aws/blob/master/provider/resources.go (DataSources)
PAIRS: Mapping[str, str] = {
    "aws:wafregional/getRateBasedMod:getRateBasedMod": "aws_wafregional_rate_based_rule",
}
# The beginnings of Terraform's names by module and first word of the token, for types younger than the schema.
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/bedrockagentcore_agent_runtime
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3files_file_system
BEGINNINGS: Mapping[tuple[str, str], str] = {
    ("bedrock", "agentcore"): "aws_bedrockagentcore_",
    ("s3", "files"): "aws_s3files_",
}
# Properties that are called otherwise, by dotted path of Terraform names.
# Source: https://github.com/pulumi/pulumi-aws/blob/master/provider/resources.go (Fields)
NAMES: Mapping[str, str] = {
    "aws_api_gateway_base_path_mapping.api_id": "restApi",
    "aws_elastic_beanstalk_environment.version_label": "version",
    "aws_lambda_function.filename": "code",
    "aws_lambda_layer_version.filename": "code",
    "aws_s3_bucket_website_configuration.routing_rule": "routingRules",
    "aws_s3_bucket_website_configuration.routing_rules": "routingRuleDetails",
}
