"""Addresses of both families on one line."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.model import addresses as line
from checker.model.addresses import Cidr, union
from checker.model.intervals import EMPTY, IntervalSet

v4 = st.tuples(st.ip_addresses(v=4), st.integers(0, 32)).map(lambda pair: f"{pair[0]}/{pair[1]}")
v6 = st.tuples(st.ip_addresses(v=6), st.integers(0, 128)).map(lambda pair: f"{pair[0]}/{pair[1]}")


@given(v4, v6)
def test_families_never_mix(four: str, six: str) -> None:  # semantics 13
    assert union(four) <= line.ALL_V4 and not union(four) & line.ALL_V6
    assert union(six) <= line.ALL_V6 and not union(six) & line.ALL_V4
    assert not union(four) & union(six)


def test_each_world_is_its_own() -> None:  # semantics 13
    assert union("0.0.0.0/0") == line.ALL_V4
    assert union("::/0") == line.ALL_V6
    assert union("0.0.0.0/0", "::/0") == line.EVERYWHERE


@given(st.one_of(v4, v6))
def test_host_bits_are_dropped(text: str) -> None:  # semantics 15
    network = ipaddress.ip_network(text, strict=False)

    assert Cidr.parse(text).text == str(network)
    assert Cidr.parse(text).addresses.size == network.num_addresses
    assert Cidr.parse(text).prefix == network.prefixlen
    assert Cidr.parse(text).is_v6 is (network.version == 6)


def test_halves_and_many_ranges_make_the_world() -> None:  # semantics 15
    assert union("0.0.0.0/1", "128.0.0.0/1") == line.ALL_V4
    assert union(*(f"{first}.0.0.0/8" for first in range(256))) == line.ALL_V4
    assert union("0.0.0.0/1", "128.0.0.0/2") != line.ALL_V4


@pytest.mark.parametrize("text", ["", "10.0.0.0/33", "10.0.0", "::/129", "sg-1", "10.0.0.0/8,10.1.0.0/16"])
def test_what_is_no_block_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="does not appear"):
        Cidr.parse(text)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_an_address_and_its_place_on_the_line_are_one(one: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert line.address(union(str(one)).first) == str(one)


@given(st.lists(st.one_of(v4, v6), min_size=1, max_size=4))
def test_a_witness_is_a_member(texts: list[str]) -> None:
    found = union(*texts)

    assert union(line.witness(found)) <= found


def test_the_witness_of_the_world_is_an_example_address() -> None:
    assert line.witness(line.INTERNET) == "203.0.113.9"
    assert line.witness(line.INTERNET_V6) == "2001:db8::9"
    with pytest.raises(IndexError):
        line.witness(EMPTY)


@given(st.lists(st.one_of(v4, v6), min_size=1, max_size=3))
def test_describe_names_every_block_where_there_are_few(texts: list[str]) -> None:
    """Read back, the text is the set: blocks as blocks, other runs by their ends."""
    found = union(*texts)
    parts = line.describe(found, most=1000).split(", ")
    again = IntervalSet.of(run for part in parts for run in _read(part).intervals)

    assert again == found


_NAMES = {
    "anywhere": line.EVERYWHERE,
    "the internet": line.INTERNET,
    "the IPv4 internet": line.INTERNET_V4,
    "the IPv6 internet": line.INTERNET_V6,
}


def _read(part: str) -> IntervalSet:
    if part in _NAMES:
        return _NAMES[part]
    first, dash, last = part.partition("-")
    return IntervalSet.span(union(first).first, union(last).first) if dash else union(part)


@pytest.mark.parametrize(
    ("texts", "written"),
    [
        (("10.0.0.0/16",), "10.0.0.0/16"),
        (("10.0.0.5/16", "10.2.0.0/16"), "10.0.0.0/16, 10.2.0.0/16"),
        (("0.0.0.0/0",), "0.0.0.0/0"),
        (("::/0",), "::/0"),
        (("128.0.0.0/1", "::/1"), "128.0.0.0/1, ::/1"),
        (("0.0.0.0/0", "::/0"), "anywhere"),
        (("10.0.0.0/32", "10.0.0.2/32", "10.0.0.4/32", "10.0.0.6/32"), "10.0.0.0/32, 10.0.0.2/32, 10.0.0.4/32, …"),
    ],
)
def test_describe_is_short(texts: tuple[str, ...], written: str) -> None:
    assert line.describe(union(*texts)) == written


@pytest.mark.parametrize(
    "text",
    ["10.1.2.3", "172.31.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "127.0.0.1", "fd00::1", "fe80::1"],
)
def test_special_addresses_are_not_of_the_internet(text: str) -> None:
    assert not union(text) & line.INTERNET


@pytest.mark.parametrize("text", ["8.8.8.8", "203.0.113.9", "2600::1", "2001:db8::9"])
def test_public_addresses_are_of_the_internet(text: str) -> None:
    assert union(text) <= line.INTERNET
