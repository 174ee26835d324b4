"""What data sources find, as far as the configuration itself tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from checker.collect.hcl.instances import Instance
from checker.collect.hcl.policies import document
from checker.collect.hcl.remote import Outputs
from checker.collect.hcl.search import Search
from checker.collect.hcl.values import Value
from checker.collect.hcl.zones import Zones

_PARTITIONS = {"cn": ("aws-cn", "amazonaws.com.cn"), "us-gov": ("aws-us-gov", "amazonaws.com")}


@dataclass
class DataAnswers:
    """The answers for one root module; `outputs` are those of the others that are read with it."""

    zones: Zones
    search: Search
    outputs: Outputs
    _by_type: Mapping[str, Callable[[Instance, str], Value]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_type = {
            "aws_availability_zones": self.zones.attribute,
            "aws_caller_identity": _caller,
            "aws_iam_policy_document": document,
            "aws_partition": _partition,
            "aws_region": _region,
            "terraform_remote_state": self.outputs.attribute,
        }

    def attribute(self, instance: Instance, name: str) -> Value:
        """Return an attribute that a data source would find, None where it is not known."""
        find = self._by_type.get(instance.resource.type, self.search.attribute)
        return find(instance, name)

    def match(self, instance: Instance) -> Instance | None:
        """Return the resource that a data source surely finds, if it is one of those that are read."""
        return None if instance.resource.type in self._by_type else self.search.match(instance)


def _region(instance: Instance, name: str) -> Value:
    """Return what a Region is called, where the provider tells.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/region
    """
    return instance.region or None if name in ("name", "region", "id") else None


def _caller(instance: Instance, name: str) -> Value:
    """Return the account, where the provider tells.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/caller_identity
    """
    return instance.resource.provider.account or None if name in ("account_id", "id") else None


def _partition(instance: Instance, name: str) -> Value:
    """Return the names of the partition that the Region belongs to.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/partition
    """
    start = next((start for start in _PARTITIONS if instance.region.startswith(f"{start}-")), "")
    partition, suffix = _PARTITIONS.get(start, ("aws", "amazonaws.com"))
    reverse = ".".join(reversed(suffix.split(".")))
    found = {"partition": partition, "id": partition, "dns_suffix": suffix, "reverse_dns_prefix": reverse}
    return found.get(name)
