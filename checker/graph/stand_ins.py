"""Address blocks that are not known, where nothing in view could tell which they are: any will do to judge by.

Renaming addresses changes no answer as long as every rule, route and list in view holds all of them or none. So where a
VPC's or a subnet's block is not known, and all that it could be is alike to everything that names addresses, blocks of
our own stand in for it, disjoint as AWS has them, and what is proved with these holds for every other choice.
Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import islice

import msgspec

from checker.graph.index import values
from checker.model.addresses import ALL_V4, V6, Cidr, address
from checker.model.fact import Known, Unknown
from checker.model.finding import Result
from checker.model.intervals import IntervalSet
from checker.model.record import Origin
from checker.model.resource import Resource
from checker.resources.inventory import Inventory
from checker.resources.subnet import Subnet
from checker.resources.vpc import Vpc

_ADDRESS = re.compile(r"[0-9a-fA-F.:]{3,39}(/[0-9]{1,3})?")
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
_LONGEST = 28
_USUAL = 24
_MOST_VPCS = 256
_MOST_TOLD = 3


@dataclass(frozen=True)
class StoodIn:
    """An inventory with blocks of our own, by the labels of whose blocks these are."""

    inventory: Inventory
    blocks: Mapping[str, str]

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what a reader has to know: which addresses of the report are nobody's."""
        if not self.blocks:
            return ()
        shown = [f"{block} for {name}" for name, block in self.blocks.items()]
        told = ", ".join(shown[:_MOST_TOLD]) + (f" and {len(shown) - _MOST_TOLD} more" if shown[_MOST_TOLD:] else "")
        return (
            f"some address blocks are not known; nothing in view tells their addresses apart, so any serve: {told}",
        )

    def honest(self, result: Result) -> Result:
        """Return a result whose fix, where it names blocks of ours, says that they are nobody's to write down."""
        ours = [
            f"{block} stands for the address block of {name}"
            for name, block in self.blocks.items()
            if block in result.fix
        ]
        return replace(result, fix=f"{result.fix} ({'; '.join(ours)}.)", changes=()) if ours else result


def with_stand_ins(inventory: Inventory, *beside: object) -> StoodIn:
    """Return the inventory with stand-ins for blocks that are not known; `beside` may name addresses as well."""
    inside: dict[str, list[Subnet]] = defaultdict(list)
    for subnet in inventory.all(Subnet).items:
        for id in values(subnet.vpc):
            inside[id].append(subnet)
    homes = [vpc for vpc in inventory.all(Vpc).items if _is_open(vpc, inside[vpc.id])]
    if not homes:
        return StoodIn(inventory, {})
    named = dict.fromkeys(one for thing in (*inventory.resources, *beside) for one in _named(thing))
    sets = [one.addresses for one in named]
    made: dict[Resource, Cidr] = {}
    for number, vpc in enumerate(homes[:_MOST_VPCS]):
        made.update(_of_vpc(vpc, inside[vpc.id], sets, number))
    changed = [_changed(one, made[one]) if one in made else one for one in inventory.resources]
    blocks = {one.label: str(block) for one, block in made.items()}
    return StoodIn(Inventory(changed, inventory.gaps, inventory.lost), blocks) if made else StoodIn(inventory, {})


def _is_open(vpc: Vpc, subnets: Iterable[Subnet]) -> bool:
    if isinstance(vpc.cidrs, Known):
        # A subnet of a VPC with IPv6 may have a block of that as well.
        plain = not any(block.is_v6 for block in vpc.cidrs.value)
        return plain and any(isinstance(subnet.cidrs, Unknown) for subnet in subnets)
    return vpc.is_plain


def _of_vpc(vpc: Vpc, subnets: list[Subnet], sets: list[IntervalSet], number: int) -> Iterator[tuple[Resource, Cidr]]:
    """Yield the blocks of a VPC and its subnets; none where something tells the addresses apart that these may have."""
    unknown = [subnet for subnet in subnets if isinstance(subnet.cidrs, Unknown)]
    taken = [block.addresses for one in subnets if isinstance(one.cidrs, Known) for block in one.cidrs.value]
    if isinstance(vpc.cidrs, Known):
        whole = free = IntervalSet.of(run for block in vpc.cidrs.value for run in block.addresses.intervals)
        for block in taken:
            free -= block
    else:
        own = Cidr.parse(f"10.{number}.0.0/16")
        whole, free = own.addresses, ALL_V4
        if taken:
            return
    if not free or not all(free <= one or not free & one for one in sets):
        return
    room = next((room for size in range(_USUAL, _LONGEST + 1) if (room := _room(whole & free, size, len(unknown)))), [])
    if len(room) < len(unknown):
        return
    if isinstance(vpc.cidrs, Unknown):
        yield vpc, own
    yield from zip(unknown, room, strict=False)


def _room(free: IntervalSet, prefix: int, wanted: int) -> list[Cidr]:
    """Return as many blocks of a size as are wanted that lie in some addresses, none where there are not as many."""
    size = 1 << (32 - prefix)
    starts = (
        start for first, last in free.intervals for start in range(-(-first // size) * size, last + 2 - size, size)
    )
    found = [Cidr.parse(f"{address(start)}/{prefix}") for start in islice(starts, wanted) if start < V6]
    return found if len(found) == wanted else []


def _changed(one: Resource, block: Cidr) -> Resource:
    if isinstance(one, Vpc):
        return replace(one, cidrs=Known((block,)))
    return replace(one, cidrs=Known((block,))) if isinstance(one, Subnet) else one


def _named(thing: object) -> Iterator[Cidr]:
    """Yield every address and block that a thing names anywhere, in whatever field."""
    if isinstance(thing, Cidr):
        yield thing
    elif isinstance(thing, str):
        if _ADDRESS.fullmatch(thing):
            with suppress(ValueError):
                yield Cidr.parse(thing)
    else:
        for part in _parts(thing):
            yield from _named(part)


def _parts(thing: object) -> Iterable[object]:
    if isinstance(thing, Known):
        return (thing.value,)
    if isinstance(thing, Mapping):
        return (*thing.keys(), *thing.values())
    if isinstance(thing, (list, tuple, set, frozenset)):
        return thing
    if isinstance(thing, msgspec.Struct):
        return (getattr(thing, name) for name in thing.__struct_fields__)
    if is_dataclass(thing) and not isinstance(thing, (Origin, type)):
        return (getattr(thing, field.name) for field in fields(thing))
    return ()
