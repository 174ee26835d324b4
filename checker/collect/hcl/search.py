"""Look-ups of things that another of the root modules makes: by id, name, tags or filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from checker.collect.hcl.certain import made_type
from checker.collect.hcl.instances import Instance
from checker.collect.hcl.values import Unordered, Value
from checker.collect.terraform.types import canonical
from checker.model.fact import Missing
from checker.model.symbol import Symbol

# Look-ups of many, the type that they find and the attribute that lists them.
_MANY = {
    "aws_subnets": ("aws_subnet", "ids", "id"),
    "aws_subnet_ids": ("aws_subnet", "ids", "id"),
    "aws_security_groups": ("aws_security_group", "ids", "id"),
    "aws_route_tables": ("aws_route_table", "ids", "id"),
    "aws_vpcs": ("aws_vpc", "ids", "id"),
}
# The names of EC2's filters for attributes.
# Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html
_FILTERS = {
    "vpc-id": "vpc_id",
    "subnet-id": "id",
    "group-id": "id",
    "group-name": "name",
    "availability-zone": "availability_zone",
    "availabilityZone": "availability_zone",
    "cidr": "cidr_block",
    "cidr-block": "cidr_block",
    "route-table-id": "id",
    "map-public-ip-on-launch": "map_public_ip_on_launch",
}
# What a look-up goes by: arguments that are attributes of the thing, under the names they have there.
_ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "aws_vpc": {"id": "id", "cidr_block": "cidr_block"},
    "aws_subnet": {key: key for key in ("id", "vpc_id", "cidr_block", "availability_zone")},
    "aws_security_group": {"id": "id", "name": "name", "vpc_id": "vpc_id"},
    "aws_route_table": {"route_table_id": "id", "vpc_id": "vpc_id"},
    "aws_lb": {"arn": "arn", "name": "name"},
    "aws_lb_target_group": {"arn": "arn", "name": "name"},
    "aws_lb_listener": {"arn": "arn", "load_balancer_arn": "load_balancer_arn", "port": "port"},
    "aws_db_instance": {"db_instance_identifier": "identifier"},
    "aws_db_subnet_group": {"name": "name"},
    "aws_rds_cluster": {"cluster_identifier": "cluster_identifier"},
    "aws_db_proxy": {"name": "name"},
    "aws_elasticache_cluster": {"cluster_id": "cluster_id"},
    "aws_elasticache_replication_group": {"replication_group_id": "replication_group_id"},
    "aws_elasticache_subnet_group": {"name": "name"},
    "aws_efs_file_system": {"file_system_id": "id", "creation_token": "creation_token"},
    "aws_dynamodb_table": {"name": "name"},
    "aws_internet_gateway": {"internet_gateway_id": "id"},
    "aws_nat_gateway": {"id": "id", "vpc_id": "vpc_id", "subnet_id": "subnet_id"},
    "aws_autoscaling_group": {"name": "name"},
    "aws_launch_template": {"id": "id", "name": "name"},
    "aws_iam_role": {"name": "name"},
    "aws_iam_instance_profile": {"name": "name"},
    "aws_route53_zone": {"zone_id": "zone_id", "name": "name"},
    "aws_acm_certificate": {"domain": "domain_name"},
    "aws_ssm_parameter": {"name": "name"},
    "aws_ecs_cluster": {"cluster_name": "name"},
    "aws_kms_key": {"key_id": "key_id"},
    "aws_ec2_managed_prefix_list": {"id": "id", "name": "name"},
    "aws_ec2_transit_gateway": {"id": "id"},
    "aws_network_interface": {"id": "id"},
    "aws_instance": {"instance_id": "id"},
    "aws_eip": {"id": "id", "public_ip": "public_ip"},
}  # fmt: skip


# What a look-up may say beside, without another answer than the one that exists.
_BESIDE = frozenset(
    {"count", "for_each", "provider", "depends_on", "region", "tags", "filter", "state", "statuses", "types"}
    | {"most_recent", "with_decryption", "private_zone", "lifecycle", "timeouts"}
)

# What the provider makes unique names of: a time in eighteen digits and a count in eight hexadecimal ones.
_UNIQUE = re.compile("[0-9]{18}[0-9a-f]{8}")


@dataclass
class Search:
    """The resources of all root modules that are read together; with one alone only ids are looked up.

    `resources` lists all instances of a type, with whether the asking one is of another root module.
    """

    resources: Callable[[str], Sequence[Instance]]
    is_foreign: Callable[[Instance, Instance], bool]
    _matches: dict[str, Instance | None] = field(default_factory=dict)

    def attribute(self, instance: Instance, name: str) -> Value:
        """Return what a look-up of many finds, None for any other."""
        many = _MANY.get(instance.resource.type)
        if many is None or name != many[1]:
            return None
        type_, _, attribute = many
        wanted = self._wanted(instance, {"vpc_id": "vpc_id"})
        found = self._found(instance, type_, wanted) if wanted else None
        return Unordered(one.attribute(attribute) for one in found) if found else None  # in an order of AWS's own

    def match(self, instance: Instance) -> Instance | None:
        """Return the one resource that a look-up surely finds."""
        type_ = canonical(instance.resource.type)
        if type_ not in _ARGUMENTS:
            return None
        if instance.address not in self._matches:
            self._matches[instance.address] = None  # while it is being looked for
            wanted = self._wanted(instance, _ARGUMENTS[type_])
            found = self._found(instance, type_, wanted) if wanted else None
            self._matches[instance.address] = found[0] if found and len(found) == 1 else None
        return self._matches[instance.address]

    def _wanted(self, instance: Instance, arguments: Mapping[str, str]) -> list[tuple[str, list[Value]]] | None:
        """Return what has to hold: attributes with the values they may have; None where not all of it is known."""
        wanted: list[tuple[str, list[Value]]] = []
        shape = instance.resource.shape
        if not {*shape.attributes, *shape.blocks} <= {*arguments, *_BESIDE}:
            return None
        for argument, attribute in arguments.items():
            value = instance.given(argument)
            if isinstance(value, Missing):
                return None
            if value is not None:
                wanted.append((attribute, [value]))
        tags = instance.given("tags")
        if isinstance(tags, Missing):
            return None
        wanted.extend((f"tag:{key}", [value]) for key, value in (tags.items() if isinstance(tags, dict) else ()))
        filters = instance.given("filter")
        for one in filters if isinstance(filters, list) else ():
            name, values = (one.get("name"), one.get("values")) if isinstance(one, dict) else (None, None)
            if (
                not isinstance(name, str)
                or not isinstance(values, list)
                or any(isinstance(it, Missing) for it in values)
            ):
                return None
            attribute = name if name.startswith("tag:") else _FILTERS.get(name, "")
            if not attribute:
                return None
            wanted.append((attribute, values))
        return wanted

    def _found(self, instance: Instance, type_: str, wanted: list[tuple[str, list[Value]]]) -> list[Instance] | None:
        """Return the resources that fit; None where one may or may not."""
        by_id = any(attribute in ("id", "arn") for attribute, _ in wanted)
        found: list[Instance] = []
        for other in self.resources(type_):
            if not by_id and not self.is_foreign(instance, other):
                continue
            if _are_elsewhere(instance, other):
                continue
            fits = list(_fits(other, wanted))
            if False in fits:
                continue
            if None in fits or other.is_open:
                return None
            found.append(other)
        return found


def _are_elsewhere(one: Instance, other: Instance) -> bool:
    """Tell whether two stand in different Regions or accounts, or one is a private zone and the other is asked for."""
    if one.region and other.region and one.region != other.region:
        return True
    accounts = (one.resource.provider.account, other.resource.provider.account)
    if all(accounts) and accounts[0] != accounts[1]:
        return True
    is_zone = canonical(one.resource.type) == "aws_route53_zone"
    return is_zone and bool(one.given("private_zone")) is not bool(other.given("vpc"))


def _fits(instance: Instance, wanted: list[tuple[str, list[Value]]]) -> Iterator[bool | None]:
    """Yield for each condition whether it holds, None where that is not known; a symbol equals itself only."""
    for attribute, values in wanted:
        if attribute.startswith("tag:"):
            tags = instance.given("tags_all")
            value = tags.get(attribute[4:]) if isinstance(tags, dict) else tags
        else:
            value = instance.attribute(attribute)
        results = [
            False if attribute == "name" and _is_not_generated(instance, one) else _same(value, one) for one in values
        ]
        yield True if True in results else None if None in results else False


def _is_not_generated(instance: Instance, name: Value) -> bool:
    """Tell whether the name that the provider makes of a `name_prefix` is surely not this one.

    Source: https://github.com/hashicorp/terraform-plugin-sdk/blob/main/helper/id/id.go (`PrefixedUniqueId`)
    """
    prefix = instance.given("name_prefix")
    if type(prefix) is not str or type(name) is not str or instance.given("name") is not None:
        return False
    wild = "*" in name or "?" in name
    return not wild and not (name.startswith(prefix) and _UNIQUE.fullmatch(name.removeprefix(prefix)))


def _same(value: Value, wanted: Value) -> bool | None:
    if isinstance(value, Missing):
        return None
    if isinstance(value, Symbol) and isinstance(wanted, Symbol):
        # Two symbols that differ may yet be two names of one thing, but no two resources of a type have the same id.
        return True if value == wanted else False if made_type(value) == made_type(wanted) != "" else None
    if isinstance(value, Symbol) or isinstance(wanted, Symbol):
        return None
    if isinstance(value, str) and isinstance(wanted, str) and ("*" in wanted or "?" in wanted):
        return fnmatchcase(value, wanted.replace("[", "[[]"))  # as EC2's filters do
    return str(value) == str(wanted)
