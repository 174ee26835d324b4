"""Addresses and blocks as ends of a question: whose they are, in which VPC, or outside of every one."""

from __future__ import annotations

import re
from dataclasses import replace

from checker.errors import UsageError
from checker.graph.graph import Graph
from checker.graph.interfaces import owner_of
from checker.graph.query.end import End, spots, spots_at
from checker.model import addresses as line
from checker.model.fact import known_or, merge
from checker.model.intervals import IntervalSet
from checker.resources.network_interface import NetworkInterface
from checker.resources.subnet import Subnet
from checker.resources.vpc import Vpc

_PLACED = re.compile(r"^(vpc-[0-9a-z-]+|on-premises)/(.+)$")


def is_address(text: str) -> bool:
    """Tell whether a text is an address or a block, with or without the VPC that it is meant in."""
    match = _PLACED.match(text)
    return _block(match[2] if match else text) is not None


def end_at(text: str, graph: Graph) -> End:
    """Return the end at an address or block.

    An address is that of the interface that has it, as its own or as the public one in front; without one it lies
    outside: on the internet, or on premises if it is private. In the block of a VPC it is vacant. Raises `UsageError`
    where interfaces of several VPCs have it.
    """
    match = _PLACED.match(text)
    where, block = (match[1], _block(match[2])) if match else (None, _block(text))
    if block is None:
        raise UsageError(f"{text!r} is no address")
    addresses = block.addresses
    kind = "address" if addresses.size == 1 else "addresses"
    name = line.address(addresses.first) if addresses.size == 1 else str(block)
    if where == "on-premises":
        return End(text, kind, text, f"{name} on premises", outside=addresses)
    if addresses.size == 1:
        return _single(text, name, addresses, where, graph)
    inside = graph.endpoints.inside(where) if where else graph.endpoints.all()
    found = spots_at(inside, addresses, graph)
    outside = IntervalSet() if where else (addresses & line.INTERNET) | (addresses - line.INTERNET - _homes(graph))
    missing = graph.endpoints.unseen() if addresses & _homes(graph) else ()
    if not found and not outside and not missing:
        raise UsageError(f"nothing has an address in {text}", hint="name what you mean by its id")
    return End(text, kind, text, name, None, tuple({spot.owner: None for spot in found}), found, outside, (), missing)


def _single(text: str, name: str, addresses: IntervalSet, where: str | None, graph: Graph) -> End:
    holders = [item for item in _having(name, addresses, graph) if where is None or item.vpc.is_(where).is_yes]
    vpcs = sorted({known_or(item.vpc, "an unknown VPC") for item in holders})
    if len(vpcs) > 1:
        hint = "\n  ".join(
            f"{item.id} in {known_or(item.vpc, '?')}: ask for {_exactly(item, name)}" for item in holders
        )
        raise UsageError(f"interfaces of {len(vpcs)} VPCs have {name}", hint=hint)
    if holders:
        interface = holders[0]
        owner = owner_of(interface, graph.index)
        every = spots(graph.endpoints.of(owner), graph, {interface.id})
        own = tuple(spot for spot in every if spot.place.addresses & addresses)
        whose = f"{interface.id}" + (f", of {owner.label}" if owner is not interface else "")
        if own:
            found, note = tuple(replace(spot, address=name) for spot in own), f"{name} is an address of {whose}"
        else:
            found = tuple(replace(spot, public=(name,)) for spot in every if name in spot.public) or every
            note = f"{name} is in front of {found[0].address if found else 'an address'} of {whose}"
        return End(
            text, "address", interface.id, name, interface.scope, (owner,), found, notes=(note,), fronted=not own
        )
    homes = [
        vpc
        for vpc in graph.index.all(Vpc).items
        if where in (None, vpc.id) and any(addresses <= block.addresses for block in known_or(vpc.cidrs, ()))
    ]
    if homes:
        if gaps := merge(graph.index.missing(NetworkInterface)):
            return End(text, "address", text, name, missing=gaps)
        return End(text, "address", text, name, vacant=f"is no interface's: {_lies_in(addresses, homes, graph)}")
    if where:
        raise UsageError(f"{name} is no address of {where}")
    place = "an address of the internet" if addresses <= line.INTERNET else "an address outside of every VPC read"
    return End(text, "address", name, name, outside=addresses, notes=(f"{name} is taken for {place}",))


def _having(name: str, addresses: IntervalSet, graph: Graph) -> list[NetworkInterface]:
    def keys(item: NetworkInterface) -> tuple[str, ...]:
        own = (
            line.address(block.addresses.first) for block in known_or(item.addresses, ()) if block.addresses.size == 1
        )
        return (*own, *known_or(item.public, ()))

    found = list(graph.index.by(NetworkInterface, "own or public address", keys, name))
    return found or [
        item
        for item in graph.index.all(NetworkInterface).items
        if any(addresses <= block.addresses for block in known_or(item.addresses, ()) if block.addresses.size > 1)
    ]


def _exactly(item: NetworkInterface, name: str) -> str:
    return f"{known_or(item.vpc, '')}/{name}" if item.vpc.is_("").is_no else item.id


def _lies_in(addresses: IntervalSet, homes: list[Vpc], graph: Graph) -> str:
    subnets = [
        item
        for item in graph.index.all(Subnet).items
        if any(item.vpc.is_(home.id).is_yes for home in homes)
        and any(addresses <= block.addresses for block in known_or(item.cidrs, ()))
    ]
    where = subnets[0].id + " of " + homes[0].id if subnets else homes[0].id
    return f"it lies in {where}, where nobody has it"


def _homes(graph: Graph) -> IntervalSet:
    blocks = (block for vpc in graph.index.all(Vpc).items for block in known_or(vpc.cidrs, ()))
    return IntervalSet.of(run for block in blocks for run in block.addresses.intervals)


def _block(text: str) -> line.Cidr | None:
    # A bare number is an address to Python and a name to everybody else.
    if text.isdecimal():
        return None
    try:
        return line.Cidr.parse(text)
    except ValueError:
        return None
