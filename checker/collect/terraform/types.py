"""The names of types: a provider may spell one type in two ways, and some live in no Region."""

# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb ("aws_alb is known as aws_lb")
_ALIASES = {
    "aws_alb": "aws_lb",
    "aws_alb_listener": "aws_lb_listener",
    "aws_alb_listener_certificate": "aws_lb_listener_certificate",
    "aws_alb_listener_rule": "aws_lb_listener_rule",
    "aws_alb_target_group": "aws_lb_target_group",
    "aws_alb_target_group_attachment": "aws_lb_target_group_attachment",
}
# The default things of a VPC are such things too.
_DEFAULTS = "aws_default_"
DATA = "data."
# Services without a Region, by the beginning of their types' names.
# Source: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
_GLOBAL = ("aws_iam_", "aws_route53_", "aws_cloudfront_", "aws_globalaccelerator_")
_REGIONAL = ("aws_route53_resolver_",)
GLOBAL = "global"


def canonical(type_: str) -> str:
    """Return the one name of a type of resource."""
    return _ALIASES.get(type_, type_)


def family(type_: str) -> str:
    """Return the type whose ids those of `type_` are: a default subnet is a subnet."""
    type_ = canonical(type_.removeprefix(DATA))
    return f"aws_{type_.removeprefix(_DEFAULTS)}" if type_.startswith(_DEFAULTS) else _SAME_IDS.get(type_, type_)


# One that accepts or completes another has that other's id.
_SAME_IDS = {
    "aws_vpc_peering_connection_accepter": "aws_vpc_peering_connection",
    "aws_vpc_peering_connection_options": "aws_vpc_peering_connection",
    "aws_ec2_transit_gateway_vpc_attachment_accepter": "aws_ec2_transit_gateway_vpc_attachment",
    "aws_ec2_transit_gateway_peering_attachment_accepter": "aws_ec2_transit_gateway_peering_attachment",
}


def is_global(type_: str) -> bool:
    """Tell whether things of a type belong to an account and to no Region."""
    type_ = type_.removeprefix(DATA)
    return type_.startswith(_GLOBAL) and not type_.startswith(_REGIONAL)
