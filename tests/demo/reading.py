"""Questions the demo's tests ask again and again."""

from typing import Any

from tests.demo.conftest import Network


def interfaces(ec2: Any, network: Network, description: str) -> list[dict[str, Any]]:
    """Return the network's interfaces whose description starts so."""
    found = ec2.describe_network_interfaces(Filters=[{"Name": "vpc-id", "Values": [network.vpc]}])
    return [each for each in found["NetworkInterfaces"] if each["Description"].startswith(description)]


def groups(interface: dict[str, Any]) -> list[str]:
    """Return the ids of an interface's groups."""
    return [each["GroupId"] for each in interface["Groups"]]
