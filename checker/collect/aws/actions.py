"""The IAM actions behind the declared calls."""

from collections.abc import Iterable, Mapping

from checker.model.call import Call, Listed

# Where the prefix of IAM actions is not boto3's name of the service.
# Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
PREFIXES = {"elb": "elasticloadbalancing", "elbv2": "elasticloadbalancing", "efs": "elasticfilesystem"}
LIST_REGIONS = "ec2:DescribeRegions"


def action_name(call: Call, operations: Mapping[str, str]) -> str:
    """Return the IAM action of a call; `operations` maps boto3's names of the service's operations to AWS's."""
    spelled = operations.get(call.operation) or "".join(word.capitalize() for word in call.operation.split("_"))
    return call.action or f"{PREFIXES.get(call.service, call.service)}:{spelled}"


def permissions(kinds: Iterable[Listed], *, all_regions: bool = True) -> list[str]:
    """Return the IAM actions that the calls of `kinds` need, sorted, with the one that `--all-regions` needs.

    sts:GetCallerIdentity is called too and is absent: AWS lets every caller do it.
    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    """
    from checker.collect.aws.session import operation_names  # botocore takes a quarter of a second to import

    calls = [call for kind in kinds for call in kind.calls]
    names = operation_names({call.service for call in calls})
    actions = {action_name(call, names[call.service]) for call in calls}
    return sorted(actions | ({LIST_REGIONS} if all_regions else set()))


def policy_document(actions: Iterable[str]) -> dict[str, object]:
    """Return the identity policy that allows `actions` on everything: listing calls cannot be narrowed to resources."""
    statement = {"Sid": "TierproofReadOnly", "Effect": "Allow", "Action": sorted(set(actions)), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}
