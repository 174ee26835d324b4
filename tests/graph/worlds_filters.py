"""Groups and lists, drawn: few rules, whose borders lie close together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from tests.graph.oracle import ICMP, ICMPV6, TCP, UDP, Entry, Rule

T = TypeVar("T")
# What picks one of several: hypothesis, or `random`.
Pick = Callable[[Sequence[object]], object]

PEERS = (
    "0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/24", "10.0.0.0/25", "10.0.0.16/28", "10.0.0.17/32", "10.0.1.0/24",
    "10.1.0.0/24", "10.1.0.128/25", "128.0.0.0/1", "8.0.0.0/6", "203.0.113.0/24", "::/0", "2600:1f18:a::/64",
)  # fmt: skip
# Of services, and of the ranges that clients choose from: both ends of a list's entries for answers are of interest.
PORTS = (0, 80, 443, 1024, 40000, 65535)
PROTOCOLS = (-1, TCP, TCP, UDP, ICMP, 47, ICMPV6)
# What a list ends with: everything, a service and one half of the client ports, or nothing.
REST = (
    ((-1, 0, 65535),), ((-1, 0, 65535),), ((TCP, 80, 80), (TCP, 1024, 40000)), ((TCP, 0, 1024), (TCP, 40001, 65535)),
    (),
)  # fmt: skip


class Dice:
    """Choices, one after the other."""

    def __init__(self, pick: Pick) -> None:
        self._pick = pick

    def pick(self, options: Sequence[T]) -> T:
        """Return one of several."""
        return self._pick(options)  # type: ignore[return-value]  # what picks knows no types

    def rarely(self, of: int) -> bool:
        """Return true once in so many times."""
        return self.pick(range(of)) == of - 1


class Filters(Dice):
    """Draws groups and lists: where `is_open` they let nearly everything through, so that all depends on the ways."""

    def __init__(self, pick: Pick, *, is_open: bool, with_v6: bool) -> None:
        super().__init__(pick)
        self._open = is_open
        self._with_v6 = with_v6

    def traffic(self) -> tuple[int, int, int]:
        """Return a protocol and its first and last port, or its ICMP type and code."""
        protocol = self.pick(PROTOCOLS)
        if protocol in (ICMP, ICMPV6):
            kind = self.pick((-1, 8, 128, 0, 3))
            return protocol, kind, -1 if kind == -1 else self.pick((-1, 0, 1))
        if protocol not in (TCP, UDP):
            return protocol, 0, 65535
        first, last = sorted((self.pick(PORTS), self.pick(PORTS)))
        return protocol, first, last

    def rules(self, groups: tuple[str, ...]) -> tuple[Rule, ...]:
        """Return the rules of a group; `groups` are those that a rule may name."""
        if self._open:
            let_in = self.pick((("0.0.0.0/0", "::/0"), ("0.0.0.0/0", "::/0"), groups[-2:], groups))
            out = groups if self.rarely(5) else ("0.0.0.0/0", "::/0")
            return (
                *(Rule(True, -1, 0, 65535, peer) for peer in let_in),
                *(Rule(False, -1, 0, 65535, peer) for peer in out),
            )
        peers = (*PEERS, "pl-1", *groups, *groups)
        rules = [
            Rule(self.pick((True, True, False)), *self.traffic(), self.pick(peers))
            for _ in range(self.pick((0, 1, 2, 3)))
        ]
        # Most groups may send anything, as those that AWS makes do, and many are too open.
        if not self.rarely(6):
            rules += [Rule(False, -1, 0, 65535, block) for block in ("0.0.0.0/0", "::/0")]
        if self.pick((True, False)):
            peer = self.pick(("0.0.0.0/0", *groups, "10.0.0.0/8", "::/0"))
            rules.append(Rule(True, -1, 0, 65535, peer))
        return tuple(rules)

    def entries(self) -> tuple[Entry, ...]:
        """Return the entries of a list."""
        found = []
        for at in range(0 if self._open and not self.rarely(6) else self.pick((0, 0, 1, 2))):
            number = (100 + at, 150 - at)[self.pick((0, 1))]
            found.append(Entry(number, self.pick((True, False)), self.pick((True, False)), *self.traffic(),
                               self.pick(PEERS)))  # fmt: skip
        for egress in (True, False):
            for at, (protocol, first, last) in enumerate(REST[0] if self._open else self.pick(REST)):
                found += [
                    Entry(200 + 2 * at + v6, egress, True, protocol, first, last, ("0.0.0.0/0", "::/0")[v6])
                    for v6 in range(2 if self._with_v6 else 1)
                ]
        # A list has one entry of a number in a direction.
        return tuple({(entry.egress, entry.number): entry for entry in found}.values())
