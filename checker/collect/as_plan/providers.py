"""The providers of a plan: one configuration for each Region that resources are made in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from checker.collect.terraform.instance import Instance

_REGISTRY = "registry.terraform.io/hashicorp"


def local_name(type_: str) -> str:
    """Return the name of the provider that a type's name begins with: `aws` of `aws_vpc`."""
    return type_.partition("_")[0]


def full_name(type_: str) -> str:
    """Return where the provider of a type comes from, for those that HashiCorp publishes."""
    return f"{_REGISTRY}/{local_name(type_)}"


@dataclass(frozen=True)
class Providers:
    """The configurations of providers; `usual` is the Region of the one that has no alias."""

    usual: str
    document: dict[str, object]

    @classmethod
    def of(cls, instances: Iterable[Instance]) -> Providers:
        """Return the configurations that instances need; the one of the commonest Region has no alias."""
        regions = Counter((local_name(one.type), one.region) for one in instances)
        usual = next((region for (name, region), _ in regions.most_common() if name == "aws" and region), "")
        found: dict[str, object] = {}
        for name, region in sorted(regions):
            alias = _alias(region, usual)
            configuration: dict[str, object] = {"name": name, "full_name": full_name(f"{name}_")}
            if alias:
                configuration["alias"] = alias
            if region or (name == "aws" and usual):
                configuration["expressions"] = {"region": {"constant_value": region or usual}}
            found[f"{name}.{alias}" if alias else name] = configuration
        return cls(usual, found)

    def key(self, instance: Instance) -> str:
        """Return the key of an instance's provider."""
        alias = _alias(instance.region, self.usual)
        name = local_name(instance.type)
        return f"{name}.{alias}" if alias else name


def _alias(region: str, usual: str) -> str:
    return "" if region in ("", usual) else region.replace("-", "_")
