"""What resources of Pulumi's are called: their URNs, and names in the shape of Terraform's addresses.

Source: https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_URN = re.compile(r"urn:pulumi:(?P<stack>.*?)::(?P<project>.*?)::(?P<type>.*?)::(?P<name>.*)", re.DOTALL)
_STRANGE = re.compile(r"[^\w-]+")
_FIRST = re.compile("[A-Za-z_]")
_NAMELESS = "unnamed"


def stack_of(urn: str) -> tuple[str, str]:
    """Return the project and the stack that a URN is of, empty for what is none."""
    found = _URN.fullmatch(urn)
    return (found["project"], found["stack"]) if found else ("", "")


def name_of(urn: str) -> str:
    """Return the name at the end of a URN."""
    found = _URN.fullmatch(urn)
    return found["name"] if found else urn


def type_of(urn: str) -> str:
    """Return the token of a URN's own type, without those of its parents."""
    found = _URN.fullmatch(urn)
    return found["type"].rpartition("$")[2] if found else ""


def addresses(called: Iterable[tuple[str, str, str]], worlds: Mapping[str, str]) -> dict[str, str]:
    """Return an address for each key of (key, type, name): `TYPE.NAME`, the name without what no address can hold.

    Where names clash the first of the keys in alphabetical order keeps it and the others get a number, so that an
    address hangs on the program and not on the order in which it registers. `worlds` are the texts that stand before
    the addresses of some keys.
    """
    wanted = {key: f"{worlds.get(key, '')}{type_}.{plain_name(name)}" for key, type_, name in called}
    own = set(wanted.values())
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key in sorted(wanted):
        address, number = wanted[key], 2
        while address in taken or (number > 2 and address in own):
            address = f"{wanted[key]}-{number}"
            number += 1
        taken.add(address)
        found[key] = address
    return found


def plain_name(name: str) -> str:
    """Return a name made of what an address can hold; it begins as a name does."""
    plain = _STRANGE.sub("-", name).strip("-") or _NAMELESS
    return plain if _FIRST.match(plain) else f"_{plain}"
