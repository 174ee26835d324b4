"""Where packets start and end: a position in the network, and who holds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from checker.model import addresses as line
from checker.model.fact import Missing
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource


class Initiates(Enum):
    """Which connections an endpoint can open: none, those to its registered targets, or any."""

    NEVER = "never"
    TARGETS = "registered-targets"
    ANY = "any"


@dataclass(frozen=True)
class Place:
    """A position in a network: everything that decides what gets through, and nothing else.

    Endpoints in one place are alike: one answer serves them all. `addresses` are of one family and lie in the same
    address blocks of every rule, list entry and route in view. `groups` is None where they are not known, `public`
    where it is not known whether a public IPv4 address belongs to it; a place that is not `filtered` has no security
    groups at all, such as a NAT gateway or a Network Load Balancer without groups (semantics 35, 46). One that is
    `hidden` is kept from internet gateways although it is an IPv6 one (semantics 69). One that
    never `answers` takes no connections, such as a NAT gateway.
    """

    vpc: str
    subnet: str
    groups: tuple[str, ...] | None
    addresses: IntervalSet
    public: bool | None = False
    filtered: bool = True
    hidden: bool | None = False
    answers: bool = True
    missing: tuple[Missing, ...] = field(default=(), compare=False)
    _hash: int = field(default=0, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # Answers are kept by place, so a place is looked up far more often than it is made.
        known = (self.vpc, self.subnet, self.groups, self.addresses, self.public, self.filtered)
        object.__setattr__(self, "_hash", hash(known))

    def __hash__(self) -> int:
        return self._hash

    @property
    def is_v6(self) -> bool:
        """Tell whether the addresses are of IPv6."""
        return self.addresses.first >= line.V6

    @property
    def family(self) -> str:
        """Return `ipv4` or `ipv6`."""
        return "ipv6" if self.is_v6 else "ipv4"


@dataclass(frozen=True, eq=False, slots=True)
class Endpoint:
    """An owner in a place; `standing` tells whether it is there now, or could be put there by its owner.

    `addresses` are the texts of the addresses that it has now, empty where they are not known.
    """

    owner: Resource
    place: Place
    initiates: Initiates
    standing: bool
    interfaces: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def witness(self) -> str:
        """Return an address to name in a witness: one it has, or one it could have.

        The first four addresses of a subnet are AWS's own.
        Source: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
        """
        return self.addresses[0] if self.addresses else _possible(self.place.addresses, 4)

    def beside(self, taken: str) -> str:
        """Return a witness that is another address than one that is taken: nobody sends packets to itself."""
        found = next((text for text in (*self.addresses, self.witness) if text != taken), None)
        return found or _possible(self.place.addresses, 5)


def _possible(addresses: IntervalSet, number: int) -> str:
    """Return the address with a number, where there is one."""
    found = addresses.first + number
    return line.witness(addresses & IntervalSet.span(found, found) or addresses)


def worn(place: Place) -> str:
    """Return the groups worn at a place, in words."""
    if place.groups:
        return ", ".join(place.groups)
    return "no security group" if place.groups is not None else "unknown groups"
