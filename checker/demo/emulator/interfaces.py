"""Network interfaces that AWS services put into a subnet on their own account (requester-managed)."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import Any

from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.utils import random_public_ip

from checker.demo.emulator.patching import replaces

Groups = Callable[[], Sequence[str]]


@cache
def apply() -> None:
    """
    Let an interface take its groups from the service that owns it, and name the owner of its public address.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
    """
    stock_groups = vars(NetworkInterface)["group_set"].fget
    stock_association = vars(NetworkInterface)["association"].fget

    def group_set(self: Any) -> Any:
        owner_groups: Groups | None = self.__dict__.get("owner_groups")
        if owner_groups is None:
            return stock_groups(self)
        found = (self.ec2_backend.get_security_group_from_id(group) for group in owner_groups())
        return [group for group in found if group]

    def association(self: Any) -> dict[str, Any]:
        answer: dict[str, Any] = stock_association(self)
        if answer and "address_owner" in self.__dict__:
            answer["ipOwnerId"] = self.address_owner
        return answer

    setattr(NetworkInterface, "group_set", property(group_set))  # noqa: B010  # a property, which mypy takes for a method
    setattr(NetworkInterface, "association", property(association))  # noqa: B010  # as above

    @replaces(NetworkInterface, "get_filter_value")
    def _(original: Any, self: Any, filter_name: str, method_name: str | None = None) -> Any:
        own = {
            "group-id": lambda: [group.id for group in self.group_set],
            "interface-type": lambda: self.interface_type,
            "requester-managed": lambda: str(self.requester_managed).lower(),
            "status": lambda: self.status,
        }
        answer: Any = own[filter_name] if filter_name in own else partial(original, self, filter_name, method_name)
        return answer()


def place(
    ec2: Any,
    subnet_id: str,
    *,
    description: str,
    groups: Groups,
    kind: str = "interface",
    owner: str = "amazon-aws",
    public: bool = False,
) -> Any:
    """Put a requester-managed interface into a subnet and return it; `groups` is asked at each read."""
    subnet = ec2.get_subnet(subnet_id)
    address = subnet.get_available_subnet_ip(None) if subnet.cidr_block else None
    interface = ec2.create_network_interface(subnet, address, description=description)
    own(interface, description=description, groups=groups, kind=kind, owner=owner)
    if public:
        interface.public_ip, interface.address_owner = random_public_ip(), owner
    return interface


def own(
    interface: Any, *, description: str, groups: Groups, kind: str = "interface", owner: str = "amazon-aws"
) -> None:
    """Turn an interface moto made for a service into the requester-managed one AWS makes."""
    interface.description, interface.interface_type = description, kind
    interface.requester_managed, interface.requester_id, interface.status = True, owner, "in-use"
    interface.owner_groups = groups


def readdress(interface: Any) -> str:
    """Give an interface the next free address of its subnet, where moto invents one anywhere in 10.0.0.0/8."""
    address: str = interface.subnet.get_available_subnet_ip(None)
    interface.private_ip_address = address
    interface.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": address}]
    return address


def remove(ec2: Any, interfaces: Iterable[Any]) -> None:
    """Delete the interfaces and free their addresses."""
    for interface in interfaces:
        if ec2.enis.pop(interface.id, None):
            interface.subnet.del_subnet_ip(interface.private_ip_address)
