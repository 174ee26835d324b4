"""IAM: the policies that AWS keeps in every account."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend

from checker.demo.emulator.patching import replaces


@cache
def apply() -> None:
    """
    Let a role have a policy of AWS's; moto knows them all, and has them in an account only if it makes 1,400 of them.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
    """

    @replaces(IAMBackend, "attach_role_policy")
    def _(original: Any, self: Any, policy_arn: str, role_name: str) -> None:
        _admit(self, policy_arn)
        original(self, policy_arn, role_name)

    @replaces(IAMBackend, "get_policy")
    def _(original: Any, self: Any, policy_arn: str) -> Any:
        _admit(self, policy_arn)
        return original(self, policy_arn)


def _admit(backend: Any, arn: str) -> None:
    """Put AWS's policy of that ARN into an account that lacks it; another ARN changes nothing."""
    name = arn.rpartition("/")[2]
    if arn in backend.managed_policies or ":iam::aws:policy/" not in arn or name not in _known():
        return
    policy = AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, _known()[name])
    if policy.arn == arn:
        backend.managed_policies[arn] = policy


@cache
def _known() -> Mapping[str, Any]:
    known: dict[str, Any] = json.loads(aws_managed_policies_data)
    return known
