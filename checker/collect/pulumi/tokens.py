"""Which of Terraform's types a token of Pulumi's AWS provider stands for.

A token is `aws:ec2/vpc:Vpc`, or `aws:ec2:Vpc` as Pulumi YAML spells it. Providers that are generated from a Terraform
provider on the spot have Terraform's own names in one module: `aws:index/instance:Instance`.
Source: https://www.pulumi.com/docs/iac/concepts/resources/names/#types
Source: https://www.pulumi.com/registry/packages/terraform-provider/
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

import msgspec

from checker.collect.pulumi import table
from checker.collect.pulumi.table.blocks import shapes
from checker.collect.pulumi.table.rule import snake

_PACKAGE = "aws"
# The module of a provider that is generated from a Terraform provider, and of Pulumi's own provider's few functions.
_INDEX = "index"
_GET = "get"


class _Names(msgspec.Struct, frozen=True):
    """The types of tokens: `modules` tells for each module what stands before those of its names that follow the rule.

    `others` are types of names that do not follow it (`alb:LoadBalancer`), `aliases` old tokens, each with that of
    today. `young` are types that the provider's schema does not have which
    the table was made from: their names are likely, not sure.
    """

    modules: Mapping[str, Mapping[str, frozenset[str]]]
    others: Mapping[str, str]
    aliases: Mapping[str, str]
    young: frozenset[str]

    def type(self, module: str, name: str) -> str | None:
        """Return the type of a name of a module, None where the table does not tell it."""
        other = self.others.get(f"{module}:{name}")
        if other is not None:
            return other
        starts = self.modules.get(module, {})
        return next((start + snake(name) for start, names in starts.items() if name in names), None)

    def likely(self, module: str, name: str) -> tuple[str, ...]:
        """Return what the type of a name may be that the table does not tell, the likeliest first."""
        starts = self.modules.get(module, {})
        usual = sorted(starts, key=lambda start: -len(starts[start]))
        return tuple(start + snake(name) for start in (*usual, f"aws_{snake(module)}_", "aws_"))


class _Tokens(msgspec.Struct, frozen=True):
    """All tokens, and modules that are no more, each with what it is called today."""

    resources: _Names
    functions: _Names
    renamed: Mapping[str, str]


@lru_cache(maxsize=4096)  # a program has many resources of few types
def terraform_type(token: str) -> str | None:
    """Return the type of a resource, None for what is not of the AWS provider; that of a young one may be a guess."""
    return _type(token, _tokens().resources, is_data=False)


def data_type(token: str) -> str | None:
    """Return the type of the data source that a function calls, None for what calls none."""
    return _type(token, _tokens().functions, is_data=True)


def is_sure(token: str, *, is_data: bool = False) -> bool:
    """Tell whether the type of a token is known, not only likely as that of one younger than the table."""
    names = _tokens().functions if is_data else _tokens().resources
    found = _type(token, names, is_data=is_data)
    return found is not None and found in _known(is_data) and found not in names.young


def is_looked_up(type_: str) -> bool:
    """Tell whether Terraform can look up things of a type; rules of a group, for one, it cannot."""
    return type_ in shapes().functions


def _type(token: str, names: _Names, *, is_data: bool) -> str | None:
    module, name = _parts(names.aliases.get(token, token), is_data=is_data)
    if not name:
        return None
    module = _tokens().renamed.get(module, module)
    return names.type(module, name) or _by_rule(names, module, name, is_data=is_data)


def _by_rule(names: _Names, module: str, name: str, *, is_data: bool) -> str | None:
    """Return the type that a name follows from by the rule: one that was removed, is young, or of another bridge."""
    known = _known(is_data)
    if module == _INDEX:
        bare = f"aws_{snake(name)}"
        return bare if bare in known else None
    likely = names.likely(module, name)
    return next((type_ for type_ in likely if type_ in known), likely[0])


def _known(is_data: bool) -> Mapping[str, int]:
    return shapes().functions if is_data else shapes().resources


def _parts(token: str, *, is_data: bool) -> tuple[str, str]:
    """Return the module and the name of a token, both empty for one that is not the AWS provider's.

    The name of a data source is told without its `get`; a function without one is none.
    """
    package, _, rest = token.partition(":")
    path, _, name = rest.rpartition(":")
    is_one = package == _PACKAGE and path and (name.startswith(_GET) or not is_data)
    return (path.partition("/")[0], name.removeprefix(_GET) if is_data else name) if is_one else ("", "")


@cache
def _tokens() -> _Tokens:
    return msgspec.json.decode(files(table).joinpath("tokens.json").read_bytes(), type=_Tokens)
