"""Where instances live: what an input does not tell is one place for all of its instances that do not tell it."""

from checker.collect.terraform.instance import Instance
from checker.collect.terraform.types import GLOBAL, is_global
from checker.model.record import Scope

# A program seldom names its account, and its Region is often a variable. Empty is what reports leave out.
ACCOUNT_NOT_TOLD = ""
REGION_NOT_TOLD = ""


def scope_of(instance: Instance, type_: str = "") -> Scope:
    """Return the scope of an instance, or of something of another type that it names."""
    account = instance.account or ACCOUNT_NOT_TOLD
    return Scope(account, GLOBAL if is_global(type_ or instance.type) else instance.region or REGION_NOT_TOLD)
