"""What other resources still tell of those that a plan takes away.

The provider reads the rules of a security group into the group too, the routes of a table into the table, and so on,
whoever manages them. A plan shows these as they were before: it does not plan what only follows from other changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from checker.collect.terraform.types import canonical
from checker.collect.terraform_plan.planned import Planned
from checker.model import traffic

Values = Mapping[str, object]
# (item of the list, the part as it was, id of the whole) -> the item without what the part was, None for nothing left.
Without = Callable[[object, Values, object], object]


@dataclass(frozen=True)
class _Told:
    """The list `key` of the whole in which a part is told too."""

    wholes: tuple[str, ...]
    by: str
    key: str
    without: Without


def _same(field: str) -> Without:
    return lambda item, part, _: None if item == part.get(field) else item


def _same_in(key: str, field: str) -> Without:
    return lambda item, part, _: None if isinstance(item, Mapping) and item.get(key) == part.get(field) else item


def _route(item: object, part: Values, _: object) -> object:
    return None if isinstance(item, Mapping) and _destination(item) == _destination(part) else item


def _destination(route: Values) -> object:
    names = ("cidr_block", "ipv6_cidr_block")
    own = (route.get(name) or route.get(f"destination_{name}") for name in names)
    return next((found for found in (*own, route.get("destination_prefix_list_id")) if found), None)


# The peers of a block of a group, and what rules of their own call each.
_PEERS: Mapping[str, tuple[str, ...]] = {
    "cidr_blocks": ("cidr_blocks", "cidr_ipv4"),
    "ipv6_cidr_blocks": ("ipv6_cidr_blocks", "cidr_ipv6"),
    "prefix_list_ids": ("prefix_list_ids", "prefix_list_id"),
    "security_groups": ("source_security_group_id", "referenced_security_group_id"),
}


def _rule(item: object, part: Values, group: object) -> object:
    """Return a block of a group's without the peers of a rule that had the same traffic."""
    if not isinstance(item, Mapping) or _traffic(item) != _traffic(part):
        return item
    left = dict(item)
    for key, fields in _PEERS.items():
        gone = [peer for field in fields for peer in _listed(part.get(field))]
        left[key] = [peer for peer in _listed(item.get(key)) if peer not in gone]
    if part.get("self") is True or group in (part.get(field) for field in _PEERS["security_groups"]):
        left["self"] = False
    return left if left.get("self") is True or any(left[key] for key in _PEERS) else None


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _traffic(rule: Values) -> object:
    protocol, first, last = rule.get("protocol") or rule.get("ip_protocol"), rule.get("from_port"), rule.get("to_port")
    try:
        ends = [end if isinstance(end, int) else None for end in (first, last)]
        return traffic.permitted(str(protocol), *ends)
    except ValueError:
        return (protocol, first, last)  # a protocol that goes by a name


_GROUPS = ("aws_security_group", "aws_default_security_group")
_TABLES = ("aws_route_table", "aws_default_route_table")
_LISTS = ("aws_network_acl", "aws_default_network_acl")
_ENDPOINT = ("aws_vpc_endpoint",)
_ROLE = ("aws_iam_role",)
_DIRECTIONS = ("ingress", "egress")


def _is_of(part: Values, key: str) -> bool:
    """Tell whether a part that goes one way only is told in the list of a direction."""
    way = part.get("type", part.get("egress"))
    return way in (None, key) or (isinstance(way, bool) and way is (key == "egress"))


# Source: "Attribute Reference" and the notes at the top of each type's page below
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
_TOLD: Mapping[str, tuple[_Told, ...]] = {
    "aws_autoscaling_attachment": (
        _Told(("aws_autoscaling_group",), "autoscaling_group_name", "target_group_arns", _same("lb_target_group_arn")),
        _Told(("aws_autoscaling_group",), "autoscaling_group_name", "load_balancers", _same("elb")),
    ),
    "aws_db_instance": (_Told(("aws_db_instance",), "replicate_source_db", "replicas", _same("identifier")),),
    "aws_ec2_managed_prefix_list_entry": (
        _Told(("aws_ec2_managed_prefix_list",), "prefix_list_id", "entry", _same_in("cidr", "cidr")),
    ),
    "aws_elasticache_cluster": (
        _Told(("aws_elasticache_replication_group",), "replication_group_id", "member_clusters", _same("cluster_id")),
    ),
    "aws_elb_attachment": (_Told(("aws_elb",), "elb", "instances", _same("instance")),),
    "aws_iam_role_policy": (_Told(_ROLE, "role", "inline_policy", _same_in("name", "name")),),
    "aws_iam_role_policy_attachment": (_Told(_ROLE, "role", "managed_policy_arns", _same("policy_arn")),),
    "aws_network_acl_association": (_Told(_LISTS, "network_acl_id", "subnet_ids", _same("subnet_id")),),
    "aws_network_acl_rule": tuple(
        _Told(_LISTS, "network_acl_id", key, _same_in("rule_no", "rule_number")) for key in _DIRECTIONS
    ),
    "aws_network_interface_sg_attachment": (
        _Told(("aws_network_interface",), "network_interface_id", "security_groups", _same("security_group_id")),
    ),
    "aws_route": (_Told(_TABLES, "route_table_id", "route", _route),),
    "aws_security_group_rule": tuple(_Told(_GROUPS, "security_group_id", key, _rule) for key in _DIRECTIONS),
    "aws_vpc_endpoint_route_table_association": (
        _Told(_ENDPOINT, "vpc_endpoint_id", "route_table_ids", _same("route_table_id")),
    ),
    "aws_vpc_endpoint_security_group_association": (
        _Told(_ENDPOINT, "vpc_endpoint_id", "security_group_ids", _same("security_group_id")),
    ),
    "aws_vpc_endpoint_subnet_association": (_Told(_ENDPOINT, "vpc_endpoint_id", "subnet_ids", _same("subnet_id")),),
    "aws_vpc_security_group_egress_rule": (_Told(_GROUPS, "security_group_id", "egress", _rule),),
    "aws_vpc_security_group_ingress_rule": (_Told(_GROUPS, "security_group_id", "ingress", _rule),),
    "aws_vpn_gateway_route_propagation": (
        _Told(_TABLES, "route_table_id", "propagating_vgws", _same("vpn_gateway_id")),
    ),
}
_NAMES = ("id", "name", "identifier", "arn")


@dataclass(frozen=True)
class Gone:
    """A resource that is destroyed, replaced or changed, as it was before."""

    type: str
    before: Values


def is_told_elsewhere(type_: str) -> bool:
    """Tell whether other resources tell of those of a type."""
    return canonical(type_) in _TOLD


def forget(planned: Iterable[Planned], gone: Iterable[Gone]) -> None:
    """Take what is gone out of the attributes that still tell it, where the program does not write these itself."""
    lost = [(told, one.before) for one in gone for told in _TOLD.get(canonical(one.type), ())]
    if not lost:
        return
    types = {type_ for told, _ in lost for type_ in told.wholes}
    wholes: dict[tuple[str, object], list[Planned]] = defaultdict(list)
    for one in planned:
        if one.type in types and not one.is_data:
            for name in {value for key in _NAMES if isinstance(value := one.after.get(key), str)}:
                wholes[one.type, name].append(one)
    for told, part in lost:
        called = part.get(told.by)
        for whole in [one for type_ in told.wholes for one in wholes.get((type_, called), ())]:
            if told.key not in _DIRECTIONS or _is_of(part, told.key):
                _forget(whole, told, part)


def _forget(whole: Planned, told: _Told, part: Values) -> None:
    items = whole.after.get(told.key)
    is_written = whole.block is not None and told.key in whole.block.expressions
    if isinstance(items, list) and not is_written and whole.is_known(told.key):
        left = [told.without(item, part, whole.after.get("id")) for item in items]
        whole.after = {**whole.after, told.key: [item for item in left if item is not None]}
