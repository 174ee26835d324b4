"""The documented web shop, built through boto3 in whatever AWS the session reaches."""

import boto3

from checker.demo import app, edge, groups, network, storage
from checker.demo.plan import Plan, ShopOptions

__all__ = ["ShopOptions", "build"]

DEFAULTS = ShopOptions()


def build(session: boto3.Session, name: str, options: ShopOptions = DEFAULTS) -> dict[str, str]:
    """
    Create one shop and return its ids under stable keys.

    `name` prefixes every resource's name (at most 20 characters, so that AWS's limits hold) and has to be
    unique in the account. `tests/demo/test_shop.py` lists the keys of every choice.
    """
    plan = Plan(session, name, options)
    for part in (network, groups, edge, storage, app):
        part.build(plan)
    return plan.ids
