"""Protocol and destination port as one number line, so that a set of traffic is a set of whole numbers.

Protocol `p` occupies `p * 65536 .. p * 65536 + 65535`: by destination port for TCP and UDP, by `type * 256 + code` for
ICMP and ICMPv6. Other protocols have no ports; their whole range stands for them.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
"""

from collections.abc import Iterator

from checker.model.intervals import IntervalSet

ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58
WIDTH = 65536
NAMES = {ICMP: "icmp", TCP: "tcp", UDP: "udp", ICMPV6: "icmpv6"}
NUMBERS = {name: number for number, name in NAMES.items()}
EVERYTHING = IntervalSet.span(0, 256 * WIDTH - 1)
NOTHING = IntervalSet()


def ports(protocol: int, first: int = 0, last: int = 65535) -> IntervalSet:
    """Return the traffic of `protocol` to ports `first` to `last`, both included."""
    return IntervalSet.span(protocol * WIDTH + first, protocol * WIDTH + last)


def tcp(first: int, last: int | None = None) -> IntervalSet:
    """Return TCP to ports `first` to `last`, or to `first` alone."""
    return ports(TCP, first, first if last is None else last)


def icmp(protocol: int, kind: int, code: int) -> IntervalSet:
    """Return ICMP or ICMPv6 of a type and code; -1 means every one."""
    if kind < 0:
        return ports(protocol)
    low, high = (0, 255) if code < 0 else (code, code)
    return ports(protocol, kind * 256 + low, kind * 256 + high)


def permitted(protocol: str, first: int | None, last: int | None) -> IntervalSet:
    """Return the traffic of an API permission: a protocol's name or number, and its port pair.

    `-1` is everything; ports are ignored for protocols without them; ICMP has its type in `first` and its code in
    `last`. Raises `ValueError` for a protocol that is neither a known name nor a number from -1 to 255, and for ports
    or types that no packet has.
    """
    number = NUMBERS.get(protocol.lower())
    if number is None:
        number = -1 if protocol.lower() == "all" else int(protocol)
    if number == -1:
        return EVERYTHING
    if not 0 <= number <= 255:
        raise ValueError(f"no such protocol: {protocol}")
    if number in (ICMP, ICMPV6):
        kind, code = -1 if first is None else first, -1 if last is None else last
        if not (-1 <= kind <= 255 and -1 <= code <= 255):
            raise ValueError(f"no such type and code: {kind}, {code}")
        return icmp(number, kind, code)
    if number not in (TCP, UDP) or first is None or first == -1:
        return ports(number)
    end = first if last is None else last
    if not 0 <= first <= end <= 65535:
        raise ValueError(f"no such ports: {first}-{end}")
    return ports(number, first, end)


# Errors that answer packets already sent; a path needs them to find its packet size (RFC 792, RFC 4443).
ICMP_ERRORS = IntervalSet.of(
    [
        interval
        for protocol, kinds in ((ICMP, (3, 11, 12)), (ICMPV6, (1, 2, 3, 4)))
        for kind in kinds
        for interval in icmp(protocol, kind, -1).intervals
    ]
)


def spans(traffic: IntervalSet) -> Iterator[tuple[int, int, int]]:
    """Yield `(protocol, first port, last port)` for each run of a set, ascending."""
    for first, last in traffic.intervals:
        for protocol in range(first // WIDTH, last // WIDTH + 1):
            start, end = protocol * WIDTH, protocol * WIDTH + WIDTH - 1
            yield protocol, max(first, start) - start, min(last, end) - start


def describe(traffic: IntervalSet, most: int = 4) -> str:
    """Return a short text such as `tcp 80, 443` or `all traffic`; at most `most` runs are written out."""
    if traffic | ICMP_ERRORS == EVERYTHING:
        return "all traffic"
    if not traffic:
        return "no traffic"
    rest = EVERYTHING - traffic
    if rest.size < WIDTH:
        return f"all traffic but {describe(rest, most)}"
    groups: dict[str, list[str]] = {}
    count = 0
    for protocol, first, last in spans(traffic):
        count += 1
        if count <= most:
            groups.setdefault(NAMES.get(protocol, f"protocol {protocol}"), []).append(_run(protocol, first, last))
    texts = [" ".join([name, ", ".join(run for run in runs if run)]).strip() for name, runs in groups.items()]
    return "; ".join(texts) + (f"; and {count - most} more" if count > most else "")


def _run(protocol: int, first: int, last: int) -> str:
    if (first, last) == (0, 65535):
        return "" if protocol not in (TCP, UDP) else "every port"
    if protocol in (ICMP, ICMPV6):
        return f"type {first // 256}" + (f"-{last // 256}" if last // 256 != first // 256 else "")
    return str(first) if first == last else f"{first}-{last}"
