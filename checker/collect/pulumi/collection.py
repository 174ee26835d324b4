"""One collection from what Pulumi registered, planned or made, whichever source told it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from checker.collect.hcl.zones import ASSUMED
from checker.collect.pulumi.instances import instances_of
from checker.collect.pulumi.leaving import Leaving
from checker.collect.pulumi.registered import LookedUp, Registered
from checker.collect.terraform.instance import Instance
from checker.collect.terraform.ledger import by_type
from checker.collect.terraform.places import scope_of
from checker.collect.terraform.records import DIALECT, records, wanted
from checker.collect.terraform.types import GLOBAL, canonical, is_global
from checker.model.call import Listed
from checker.model.record import ANYTHING, Collection, Comment, Coverage, Gap, Scope

_NOWHERE = Scope("", "")
_ZONES = "getAvailabilityZones"
_CLOUDS = frozenset(
    {"azure", "azure-native", "azuread", "gcp", "google-native", "alicloud", "oci", "digitalocean", "openstack"}
)


def collection_of(  # noqa: PLR0913 - all that a source knows, by name
    name: str,
    registered: Sequence[Registered],
    looked_up: Sequence[LookedUp],
    kinds: Sequence[Listed],
    *,
    gaps: Sequence[Gap] = (),
    coverage: Sequence[Coverage] = (),
    comments: Sequence[Comment] = (),
    paths: Sequence[str] = (),
    config: Mapping[str, str] | None = None,
    leaving: Leaving | None = None,
) -> Collection:
    """Return the collection of the source `name`: the records of all that stands in the stacks.

    `gaps` without a place are told for every place in which anything stands; `leaving` is what an update takes away.
    """
    instances, hidden, lines = instances_of(registered, looked_up, config or {}, leaving)
    types = wanted(kinds)
    every = tuple(_spread((*gaps, *hidden), instances, kinds))
    told = [one for one in instances if canonical(one.type) in types]
    read, unread = records(told, kinds, every)
    return Collection(
        source=name,
        records=read,
        gaps=tuple(dict.fromkeys((*every, *unread))),
        coverage=(*coverage, *lines, *by_type(name, told)),
        paths=tuple(paths),
        facts={**_assumed(looked_up), **_of_others(registered)},
        comments=tuple(comments),
    )


def _spread(gaps: Iterable[Gap], instances: Iterable[Instance], kinds: Sequence[Listed]) -> Iterator[Gap]:
    """Yield the gaps, those without a place once for each in which they may hide something.

    Where no Region is, a gap that may hide anything hides only what lives in no Region.
    """
    found = {scope_of(instance) for instance in instances}
    scopes = sorted(found | {Scope(scope.account, GLOBAL) for scope in found}) or [_NOWHERE]
    types = {type_ for kind in kinds for dialect, type_ in kind.spellings if dialect == DIALECT}
    for gap in gaps:
        if gap.scope != _NOWHERE:
            yield gap
            continue
        for scope in scopes:
            here = replace(gap, scope=scope)
            if gap.type == ANYTHING and scope.region == GLOBAL:
                yield from (replace(here, type=type_) for type_ in sorted(types) if is_global(type_))
            elif gap.type == ANYTHING or scope == _NOWHERE or is_global(gap.type) is (scope.region == GLOBAL):
                yield here


def _assumed(looked_up: Sequence[LookedUp]) -> dict[str, str]:
    return {"assumed": ASSUMED} if any(one.token.endswith(f":{_ZONES}") for one in looked_up) else {}


def _of_others(registered: Sequence[Registered]) -> dict[str, str]:
    """Return, for those who read the report, how many resources of other clouds the stacks hold."""
    packages = (one.type.partition(":")[0] for one in registered if one.is_custom)
    counted = Counter(package for package in packages if package in _CLOUDS)
    text = ", ".join(f"{count} {package} resources" for package, count in sorted(counted.items()))
    return {"not_read": f"{text}, which are not of AWS"} if text else {}
