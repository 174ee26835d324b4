"""Policies of IAM, written as JSON so that what they name stays visible."""

import json
from collections.abc import Sequence

import pulumi


def trust(service: str) -> str:
    """Return the policy by which a service may take on a role."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def allow(actions: Sequence[str], *resources: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return a policy that allows actions on resources, and nothing else."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [statement]})
