"""Things that a name which is not known may mean: those whose names users choose, before an apply settles which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from checker.collect.terraform.identity import chosen_name
from checker.collect.terraform.inside import Inside
from checker.collect.terraform.instance import Instance
from checker.collect.terraform.types import family, is_global
from checker.model.fact import Missing
from checker.model.ids import managed_type
from checker.model.symbol import Symbol

# What stands before a name in an ARN.
# Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
_ARN = "arn:"
_BEFORE_A_NAME = (":", "/")
_REGION = 3


class Namesakes:
    """The instances of an input whose names users choose, by what those names may be.

    An id that AWS gives can stand in no variable before there is one. A name can: `var.cluster` may well be `shop`, and
    `shop` may be what `var.cluster` says.
    """

    def __init__(self, pairs: Iterable[tuple[Instance, Mapping[str, object]]], inside: Inside) -> None:
        self._inside = inside
        self._called: dict[str, list[tuple[Instance, _Spelling]]] = defaultdict(list)
        for instance, _ in pairs:
            name = chosen_name(instance.type)
            spelling = _configured(instance.values, name) if name else None
            if spelling is not None:
                self._called[family(instance.type)].append((instance, spelling))

    def of(self, types: Iterable[str], name: str, asker: Instance) -> tuple[Instance, ...]:
        """Return the instances of some types that `name` may mean for `asker`, none where it is known whom it means."""
        wanted = sorted({family(type_) for type_ in types} & self._called.keys())
        if not wanted or any(self._inside.has(type_, name) or _is_another(type_, name) for type_ in wanted):
            return ()
        meant = _spelled(name)
        # A plain text that is nobody's name here can only be one that is not known.
        plain = meant.exact and not meant.begin.startswith(_ARN)
        return tuple(
            instance
            for type_ in wanted
            for instance, spelling in self._called[type_]
            if not (plain and spelling.exact)
            and instance.address != asker.address
            and ((_near(instance, asker) and meant.may_be(spelling)) or _by_arn(meant, spelling, instance))
        )


@dataclass(frozen=True)
class _Spelling:
    """How a text begins and ends, as far as that is known; `exact` where this is all of it."""

    begin: str
    end: str
    exact: bool = False

    def may_be(self, other: _Spelling) -> bool:
        """Tell whether two texts may be the same."""
        if self.exact and other.exact:
            return self.begin == other.begin
        if other.exact:
            return other.may_be(self)
        if self.exact and len(self.begin) < len(other.begin) + len(other.end):
            return False
        return _one_begins_the_other(self.begin, other.begin) and _one_begins_the_other(self.end[::-1], other.end[::-1])


def _one_begins_the_other(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


@lru_cache(maxsize=10_000)
def _composed(text: str) -> _Spelling:
    begin, hole, rest = text.partition("${")
    return _Spelling(begin, rest.rpartition("}")[2]) if hole else _Spelling("", "")


def _spelled(name: str) -> _Spelling:
    return _composed(str(name)) if isinstance(name, Symbol) else _Spelling(str(name), str(name), exact=True)


def _configured(values: Mapping[str, object], name: str) -> _Spelling | None:
    """Return how a configured name may be spelled; None for one that is made up when the thing is."""
    value = values.get(name)
    if isinstance(value, str) and value:
        return _spelled(value)
    made_up = isinstance(values.get(f"{name}_prefix"), str)
    return _Spelling("", "") if isinstance(value, Missing) and not made_up else None


def _is_another(type_: str, name: str) -> bool:
    """Tell whether a name is that of one more resource of the same type."""
    return isinstance(name, Symbol) and "${" not in name and family(managed_type(name)) == family(type_)


def _near(instance: Instance, asker: Instance) -> bool:
    """Tell whether one can name the other by name alone, which holds within a Region."""
    return is_global(instance.type) or not instance.region or not asker.region or instance.region == asker.region


def _by_arn(meant: _Spelling, spelling: _Spelling, instance: Instance) -> bool:
    region = meant.begin.split(":")[_REGION : _REGION + 2]
    if len(region) > 1 and region[0] and instance.region and region[0] != instance.region:
        return False
    before = _BEFORE_A_NAME if spelling.exact else ("",)
    return any(meant.may_be(_Spelling(_ARN, f"{mark}{spelling.end}")) for mark in before)
