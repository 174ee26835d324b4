"""What the absence of a file means: nearly always that something is not known, and now and then that there is nothing.

There is nothing where other files, complete themselves, would name it: a gateway that no route and no interface names
carries nothing, whether or not it is there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from checker.collect.aws_json.keys import is_list_of_all
from checker.collect.aws_json.listings import Listings
from checker.model.call import Call, ListCall
from checker.model.record import Scope

# Off unless somebody switched it on, and younger than most exports.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
_OFF_BY_DEFAULT = ("VpcBlockPublicAccess",)
TAKEN_AS_OFF = "taken as off, which is AWS's default"
# By type: what ids of it look like, and the listings that name each one that is used.
_NAMED: Mapping[str, tuple[re.Pattern[str], tuple[str, ...]]] = {
    "VpcEndpoint": (re.compile(r"\bvpce-"), ("RouteTable", "NetworkInterface")),
    "NatGateway": (re.compile(r"\bnat-"), ("RouteTable", "NetworkInterface")),
    "InternetGateway": (re.compile(r"\bigw-"), ("RouteTable",)),
    "PrefixList": (re.compile(r"\bpl-"), ("RouteTable", "SecurityGroup")),
    # A load balancer has an interface in each of its subnets, which says so in its description or type.
    # Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
    "LoadBalancer": (re.compile(r"^ELB (?:app|net|gwy)/|load_balancer$"), ("NetworkInterface",)),
    "ClassicLoadBalancer": (re.compile(r"^ELB [A-Za-z0-9-]+$"), ("NetworkInterface",)),
}


def nothing_there(call: Call, scope: Scope, listings: Listings, calls: Sequence[Call]) -> str | None:
    """Return why a listing that no file holds is empty all the same, or nothing if it may not be."""
    if not isinstance(call, ListCall):
        return None
    if call.type in _OFF_BY_DEFAULT:
        return TAKEN_AS_OFF
    if call.type == "SecurityGroupRule":
        return "the groups hold their rules" if _groups_hold_rules(scope, listings, calls) else None
    if call.type not in _NAMED:
        return None
    pattern, types = _NAMED[call.type]
    for type_ in types:
        items = _complete(type_, scope, listings, calls)
        if items is None or any(pattern.search(text) for text in _texts(items)):
            return None
    return f"no {' and no '.join(types)} names one"


def _groups_hold_rules(scope: Scope, listings: Listings, calls: Sequence[Call]) -> bool:
    groups = _complete("SecurityGroup", scope, listings, calls)
    return groups is not None and all(
        isinstance(group, Mapping) and "IpPermissions" in group and "IpPermissionsEgress" in group for group in groups
    )


def _complete(type_: str, scope: Scope, listings: Listings, calls: Sequence[Call]) -> list[object] | None:
    """Return what was listed of a type in a scope, or nothing if that is not all."""
    for call in calls:
        if isinstance(call, ListCall) and call.type == type_ and is_list_of_all(call):
            listing = listings.get(call, scope)
            found = listing.values.get(call.result) if listing and listing.ends and not listing.differs else None
            return found if isinstance(found, list) else None
    return None


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, Mapping)):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(inner)
