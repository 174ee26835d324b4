"""What becomes of properties that a program gave before an update and does not give any more."""

from __future__ import annotations

from collections.abc import Mapping

from checker.collect.pulumi.shape import attribute
from checker.collect.pulumi.states import State
from checker.collect.pulumi.tokens import terraform_type
from checker.collect.terraform.filling import default_of
from checker.collect.terraform.types import canonical
from checker.model.fact import Missing

# What stays as it is where it is not given, whoever made it: these are removed by giving an empty list only.
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route_table (route)
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group (ingress, egress)
# Source: https://developer.hashicorp.com/terraform/language/attr-as-blocks
_STAYS: Mapping[str, frozenset[str]] = {
    "aws_default_route_table": frozenset({"route"}),
    "aws_default_security_group": frozenset({"egress", "ingress"}),
    "aws_network_acl": frozenset({"egress", "ingress"}),
    "aws_route_table": frozenset({"route"}),
    "aws_security_group": frozenset({"egress", "ingress"}),
}
# Tags that are not given are taken away.
_GOES = frozenset({"tags"})


def dropped(new: State, before: Mapping[str, object], told: Mapping[str, object]) -> dict[str, object]:
    """Return the properties of a resource that were given `before` and are not now, where no default takes their place.

    Whether the provider keeps what it was told once is for each property its own affair, so most are not known; `told`
    are the outputs before the update.
    """
    type_ = canonical(terraform_type(new.type) or "")
    found: dict[str, object] = {}
    for name in before:
        terraform = attribute(type_, name)
        if name in (new.inputs or {}) or name.startswith("__") or terraform in _GOES:
            continue
        if terraform in _STAYS.get(type_, ()) and name in told:
            found[name] = told[name]
        elif default_of(type_, terraform) is None:
            why = f"{name} (given before and not any more, which the provider may keep as it was)"
            found[name] = Missing(why, "give it, or audit the account after the update")
    return found
