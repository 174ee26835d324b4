"""Permissions of the API as sets of traffic.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.model import traffic
from checker.model.intervals import IntervalSet

ports = st.integers(0, 65535)


def test_minus_one_is_all_traffic_whatever_the_ports_say() -> None:  # semantics 11
    assert traffic.permitted("-1", 80, 80) == traffic.permitted("-1", None, None) == traffic.EVERYTHING


@given(st.integers(0, 255).filter(lambda number: number not in traffic.NAMES), ports, ports)
def test_protocols_without_ports_are_admitted_whole(number: int, one: int, two: int) -> None:  # semantics 11
    found = traffic.permitted(str(number), min(one, two), max(one, two))

    assert found == traffic.ports(number)
    assert not found & traffic.ports(traffic.TCP)


@given(
    st.sampled_from([("tcp", traffic.TCP), ("TCP", traffic.TCP), ("6", traffic.TCP), ("udp", traffic.UDP)]),
    ports,
    ports,
)
def test_ports_are_those_of_the_destination_and_of_the_protocol_alone(  # semantics 11
    protocol: tuple[str, int], one: int, two: int
) -> None:
    first, last = min(one, two), max(one, two)
    found = traffic.permitted(protocol[0], first, last)

    assert list(traffic.spans(found)) == [(protocol[1], first, last)]


@pytest.mark.parametrize("given_", [("tcp", None, None), ("6", -1, -1), ("tcp", 0, 65535)])
def test_absent_ports_are_every_port(given_: tuple[str, int | None, int | None]) -> None:  # semantics 21
    assert traffic.permitted(*given_) == traffic.ports(traffic.TCP)


@pytest.mark.parametrize("given_", [("icmp", -1, -1), ("1", None, None), ("icmp", -1, 4)])
def test_icmp_minus_one_is_every_type(given_: tuple[str, int | None, int | None]) -> None:  # semantics 12
    assert traffic.permitted(*given_) == traffic.ports(traffic.ICMP)


def test_icmpv6_without_a_pair_is_every_type_of_its_own_protocol() -> None:  # semantics 12
    assert traffic.permitted("icmpv6", None, None) == traffic.ports(traffic.ICMPV6)
    assert not traffic.permitted("icmpv6", None, None) & traffic.permitted("icmp", -1, -1)


def test_icmp_has_its_type_in_from_and_its_code_in_to() -> None:  # semantics 12
    assert traffic.permitted("icmp", 8, -1) == traffic.ports(traffic.ICMP, 8 * 256, 8 * 256 + 255)
    assert traffic.permitted("icmp", 3, 4) == traffic.ports(traffic.ICMP, 3 * 256 + 4, 3 * 256 + 4)
    assert not traffic.permitted("icmp", 8, -1) & traffic.permitted("icmp", 0, -1)


@pytest.mark.parametrize("protocol", ["", "http", "256", "-2", "6.0", "tcp udp"])
def test_what_is_no_protocol_is_an_error(protocol: str) -> None:
    with pytest.raises(ValueError, match=r"no such protocol|invalid literal"):
        traffic.permitted(protocol, 80, 80)


@pytest.mark.parametrize(
    ("protocol", "first", "last"),
    [
        ("tcp", 80, 65536),
        ("udp", 70000, 70001),
        ("tcp", 90, 80),
        ("tcp", -5, 80),
        ("tcp", 80, -1),
        ("icmp", 256, -1),
        ("icmp", 8, 256),
        ("58", 300, 0),
    ],
)
def test_ports_and_types_that_cannot_be_are_an_error(protocol: str, first: int, last: int) -> None:
    """Taken for numbers, they would run into the next protocol, or permit nothing at all."""
    with pytest.raises(ValueError, match="no such"):
        traffic.permitted(protocol, first, last)


@given(st.lists(st.tuples(st.sampled_from([0, 1, 6, 17, 255]), ports, ports), max_size=5))
def test_spans_write_a_set_out_without_loss(runs: list[tuple[int, int, int]]) -> None:
    found = IntervalSet.of(
        run for number, one, two in runs for run in traffic.ports(number, min(one, two), max(one, two)).intervals
    )
    written = [traffic.ports(*span) for span in traffic.spans(found)]

    assert IntervalSet.of(run for one in written for run in one.intervals) == found


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (traffic.EVERYTHING, "all traffic"),
        (traffic.NOTHING, "no traffic"),
        (traffic.tcp(80) | traffic.tcp(443), "tcp 80, 443"),
        (traffic.tcp(80, 90), "tcp 80-90"),
        (traffic.ports(traffic.TCP), "tcp every port"),
        (traffic.icmp(1, 8, -1), "icmp type 8"),
        (traffic.ports(50), "protocol 50"),
        (traffic.EVERYTHING - traffic.tcp(443), "all traffic but tcp 443"),
        (traffic.EVERYTHING - traffic.ICMP_ERRORS, "all traffic"),
        (
            IntervalSet.of(run for port in range(0, 12, 2) for run in traffic.tcp(port).intervals),
            "tcp 0, 2, 4, 6; and 2 more",
        ),
    ],
)
def test_describe_is_short(found: IntervalSet, text: str) -> None:
    assert traffic.describe(found) == text
