"""EC2: NAT gateways, interface endpoints, network ACLs, launch templates and gateway attachments."""

import json
from collections.abc import Callable
from functools import cache
from inspect import signature
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.instances import Instance
from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend
from moto.ec2.models.network_acls import NetworkAclBackend
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.models.subnets import Subnet
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses.transit_gateway_attachments import TransitGatewayAttachment

from checker.demo.emulator import interfaces
from checker.demo.emulator.patching import replaces

EVERYTHING = json.dumps(
    {"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
)
LAST_ENTRY = 32767

# What a terminated instance answers.
# Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
GONE = {
    "private_ip": None,
    "private_ip_address": None,
    "private_dns_name": "",
    "public_ip": None,
    "public_ip_address": None,
    "public_dns_name": "",
}


def _no_groups() -> list[str]:
    return []


@cache
def apply() -> None:
    """Patch moto's EC2 models."""
    interfaces.apply()
    _terminations()
    _ipv6()
    _nat_gateways()
    _endpoints()
    _network_acls()
    _launch_templates()
    _transit_gateways()
    _rule_descriptions()


def _rule_descriptions() -> None:
    """A rule has a description whatever it names; moto keeps those of address blocks only.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
    """

    @replaces(SecurityGroupRule, "__init__")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        named = signature(original).bind(self, *args, **kwargs).arguments
        peers = (named.get(each) or {} for each in ("ip_range", "source_group", "prefix_list_id"))
        if described := next((text for each in peers if (text := each.get("Description"))), None):
            self.ip_range = {**self.ip_range, "Description": described}


def _terminations() -> None:
    """An instance's primary interface goes with it, unless the launch said otherwise; moto leaves it attached.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html (DeleteOnTermination)
    """

    @replaces(Instance, "prep_nics")
    def _(original: Any, self: Any, nic_spec: list[dict[str, Any]], *args: Any, **kwargs: Any) -> None:
        kept = any(
            spec.get("NetworkInterfaceId") or str(spec.get("DeleteOnTermination")).lower() == "false"
            for spec in nic_spec
            if int(spec.get("DeviceIndex", 0)) == 0
        )
        original(self, nic_spec, *args, **kwargs)
        if 0 in self.nics and not kept:
            self.nics[0].delete_on_termination = True

    @replaces(Instance, "terminate")
    def _(original: Any, self: Any) -> Any:
        held = list(self.nics.values())
        going = [each for each in held if each.delete_on_termination]
        for interface in going:
            interface.delete_on_termination = False  # moto's own way refuses an interface that is still attached
        state = original(self)
        for interface in held:
            self.detach_eni(interface)
        interfaces.remove(self.ec2_backend, going)
        return state

    # What is gone has no addresses, and DescribeInstances still lists it.
    for name, nothing in GONE.items():
        setattr(Instance, name, _while_attached(vars(Instance)[name].fget, nothing))


def _while_attached(read: Callable[[Any], object], nothing: str | None) -> property:
    return property(lambda instance: read(instance) if instance.nics else nothing)


def _ipv6() -> None:
    """Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SubnetIpv6CidrBlockAssociation.html."""
    stock = vars(Subnet)["ipv6_cidr_block_association_set"].fget

    def blocks(self: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = stock(self)
        # moto puts the whole state where its name belongs
        return [{**each, "ipv6CidrBlockState": {"state": "associated"}} for each in found]

    setattr(Subnet, "ipv6_cidr_block_association_set", property(blocks))  # noqa: B010  # a property, as above

    @replaces(EC2Backend, "create_vpc")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        vpc = original(self, *args, **kwargs)
        _admit_ipv6(self, vpc.id)
        return vpc

    @replaces(EC2Backend, "associate_vpc_cidr_block")
    def _(original: Any, self: Any, vpc_id: str, *args: Any, **kwargs: Any) -> Any:
        association = original(self, vpc_id, *args, **kwargs)
        _admit_ipv6(self, vpc_id)
        return association


def _admit_ipv6(backend: Any, vpc_id: str) -> None:
    """Give the default network ACL of a VPC with IPv6 addresses the entries that allow all IPv6 traffic.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
    """
    if not backend.get_vpc(vpc_id).get_cidr_block_association_set(ipv6=True):
        return
    default = next(acl for acl in backend.network_acls.values() if acl.vpc_id == vpc_id and acl.default)
    for egress in (False, True):
        if not any(entry.ipv6_cidr_block and entry.egress == egress for entry in default.network_acl_entries):
            backend.create_network_acl_entry(
                network_acl_id=default.id, rule_number=101, protocol="-1", rule_action="allow", egress=egress,
                cidr_block=None, icmp_code=None, icmp_type=None, port_range_from=None, port_range_to=None,
                ipv6_cidr_block="::/0",
            )  # fmt: skip


def _nat_gateways() -> None:
    """Source: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html (no security groups)."""

    @replaces(NatGateway, "__init__")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        description = f"Interface for NAT Gateway {self.id}"
        interfaces.own(self._eni, description=description, groups=_no_groups, kind="nat_gateway")
        self.private_ip = interfaces.readdress(self._eni)

    @replaces(NatGatewayBackend, "delete_nat_gateway")
    def _(original: Any, self: Any, nat_gateway_id: str) -> Any:
        gateway = original(self, nat_gateway_id)
        interfaces.remove(self, [gateway._eni])
        return gateway


def _endpoints() -> None:
    """Source: https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html."""

    @replaces(EC2Backend, "create_vpc_endpoint")
    def _(original: Any, self: Any, vpc_id: str, *args: Any, **kwargs: Any) -> Any:
        endpoint = original(self, vpc_id, *args, **kwargs)
        if not endpoint.policy_document:
            endpoint.policy_document = EVERYTHING
        if endpoint.network_interface_ids and not endpoint.security_group_ids:
            endpoint.security_group_ids = [self.get_default_security_group(vpc_id).id]
        for interface_id in endpoint.network_interface_ids or []:
            _adopt(endpoint, self.enis[interface_id])
        return endpoint

    @replaces(VPCEndPoint, "modify")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        before = list(self.subnet_ids or [])
        original(self, *args, **kwargs)
        if self.vpc_endpoint_type.lower() != "interface":
            return
        backend, after = self.ec2_backend, list(self.subnet_ids or [])
        held = [backend.enis[each] for each in self.network_interface_ids or []]
        interfaces.remove(backend, (each for each in held if each.subnet.id not in after))
        added = [backend.create_network_interface(each, None) for each in after if each not in before]
        for interface in added:
            _adopt(self, interface)
        self.network_interface_ids = [each.id for each in [*held, *added] if each.id in backend.enis]


def _adopt(endpoint: Any, interface: Any) -> None:
    description = f"VPC Endpoint Interface {endpoint.id}"
    interfaces.own(interface, description=description, groups=lambda: endpoint.security_group_ids, kind="vpc_endpoint")
    interfaces.readdress(interface)


def _network_acls() -> None:
    """Source: https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html (the entry that denies)."""

    @replaces(NetworkAclBackend, "create_network_acl")
    def _(original: Any, self: Any, vpc_id: str, tags: Any = None, default: bool = False) -> Any:
        acl = original(self, vpc_id, tags=tags, default=default)
        for egress in () if default else (False, True):
            self.create_network_acl_entry(
                network_acl_id=acl.id, rule_number=LAST_ENTRY, protocol="-1", rule_action="deny", egress=egress,
                cidr_block="0.0.0.0/0", icmp_code=None, icmp_type=None, port_range_from=None, port_range_to=None,
                ipv6_cidr_block=None,
            )  # fmt: skip
        return acl


def _keep_only(name: str, type_: str) -> None:
    @replaces(EC2Backend, name)
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return [each for each in original(self, *args, **kwargs) if each.resource_type == type_]


def _launch_templates() -> None:
    """A template's own tags are not part of its data."""

    @replaces(EC2Backend, "create_launch_template")
    def _(original: Any, self: Any, name: str, description: str, data: dict[str, Any], tags: Any) -> Any:
        kept = [each for each in data.pop("TagSpecifications", []) if each["ResourceType"] != "launch-template"]
        return original(self, name, description, data | ({"TagSpecifications": kept} if kept else {}), tags)


def _transit_gateways() -> None:
    """A new attachment carries its tags, and is held by one interface per subnet, without groups.

    The listings of VPCs' attachments and of peerings hold no others, as moto's do.
    """
    for name, type_ in {
        "describe_transit_gateway_vpc_attachments": "vpc",
        "describe_transit_gateway_peering_attachments": "peering",
    }.items():
        _keep_only(name, type_)

    @replaces(TransitGatewayAttachment, "create_transit_gateway_vpc_attachment")
    def _(original: Any, self: Any) -> Any:
        result = original(self)
        attachment = result.result["TransitGatewayVpcAttachment"]
        attachment.add_tags(self._parse_tag_specification().get("transit-gateway-attachment", {}))
        attachment.interfaces = [
            interfaces.place(
                self.ec2_backend, subnet,
                description=f"Network Interface for Transit Gateway Attachment {attachment.id}",
                groups=_no_groups, kind="transit_gateway",
            )
            for subnet in attachment.subnet_ids
        ]  # fmt: skip
        return result

    @replaces(EC2Backend, "search_transit_gateway_routes")
    def _(original: Any, self: Any, transit_gateway_route_table_id: str, filters: Any, max_results: Any = None) -> Any:
        del max_results  # moto slices a dict with it, which fails; the pages are cut by `paging`
        return original(self, transit_gateway_route_table_id, filters)

    @replaces(EC2Backend, "delete_transit_gateway_vpc_attachment")
    def _(original: Any, self: Any, transit_gateway_attachment_id: str) -> Any:
        attachment = original(self, transit_gateway_attachment_id)
        interfaces.remove(self, getattr(attachment, "interfaces", []))
        return attachment
