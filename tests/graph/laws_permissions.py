"""Permissions, blocks and unseen facts as hypothesis draws them, in the words of the EC2 API."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

PORTS = (0, 22, 79, 80, 81, 443, 1023, 1024, 65534, 65535)
KINDS = (0, 3, 8, 128, 129, 255)
ODD = ("47", "50", "0", "2", "59", "255")


@dataclass(frozen=True)
class Permission:
    """A protocol as the API names it, and its pair of ports, or of ICMP its type and code."""

    protocol: str
    first: int | None
    last: int | None


def _pairs(names: tuple[str, ...], pairs: st.SearchStrategy[tuple[int | None, int | None]]) -> st.SearchStrategy:
    return st.builds(lambda name, pair: Permission(name, *pair), st.sampled_from(names), pairs)


_ports = st.tuples(st.sampled_from(PORTS), st.sampled_from(PORTS)).map(lambda pair: (min(pair), max(pair)))
_kinds = st.sampled_from(KINDS)
_icmp = st.one_of(st.just((-1, -1)), st.tuples(_kinds, st.sampled_from((-1, 0, 1, 255))))
_ignored = st.sampled_from(((None, None), (-1, -1), (0, 65535), (80, 443), (443, 80)))
# An absent pair of ICMPv6 is every type; what the pair of a protocol without ports says counts for nothing.
permissions = st.one_of(
    _pairs(("tcp", "6", "udp", "17"), _ports),
    _pairs(("tcp", "6", "udp", "17"), _ports),
    _pairs(("icmp", "1", "icmpv6", "58"), _icmp),
    _pairs(("icmpv6", "58"), st.just((None, None))),
    _pairs(ODD, _ignored),
    _pairs(("-1",), _ignored),
)

ANCHORS_V4 = (
    "0.0.0.0",
    "10.0.0.17",
    "10.0.0.200",
    "10.0.129.1",
    "128.0.0.0",
    "203.0.113.9",
    "255.255.255.255",
)  # blocks
ANCHORS_V6 = (
    "::",
    "2001:db8::9",
    "2001:db8::8000:0:0:1",
    "8000::",
    "fd00::1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
)
blocks_v4 = st.builds(
    "{}/{}".format,
    st.sampled_from(ANCHORS_V4),
    st.one_of(st.sampled_from((0, 1, 8, 16, 24, 25, 31, 32)), st.integers(0, 32)),
)
blocks_v6 = st.builds(
    "{}/{}".format,
    st.sampled_from(ANCHORS_V6),
    st.one_of(st.sampled_from((0, 1, 3, 32, 64, 127, 128)), st.integers(0, 128)),
)
# Most are of the first family, and host bits are left in: AWS drops them, and so must we (semantics 15).
blocks = st.one_of(blocks_v4, blocks_v4, blocks_v6)
