"""The numbers of protocols that go by names.

Source: https://www.iana.org/assignments/protocol-numbers/protocol-numbers.xhtml
"""

from collections.abc import Mapping

# TCP, UDP, ICMP and ICMPv6 have ports or types, and the model knows their names itself.
NUMBERS: Mapping[str, int] = {
    "igmp": 2,
    "ipv4": 4,
    "egp": 8,
    "igp": 9,
    "dccp": 33,
    "ipv6": 41,
    "rsvp": 46,
    "gre": 47,
    "esp": 50,
    "ah": 51,
    "ipv6-icmp": 58,
    "eigrp": 88,
    "ospf": 89,
    "ipip": 94,
    "pim": 103,
    "vrrp": 112,
    "l2tp": 115,
    "sctp": 132,
}


def number_of(name: str) -> str:
    """Return a protocol's number as text where its name is known here, else the name as it is."""
    return str(NUMBERS.get(name.lower(), name))
