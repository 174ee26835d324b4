"""Rules that make chosen calls fail, late or unreadable."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from checker.demo.emulator.protocol import Call


@dataclass(frozen=True)
class Fault:
    """
    One rule; it matches calls by service (IAM prefix or boto3's name, `*` for all) and action (regex, whole).

    Of the matching calls the first `after` pass, then every `every`-th fails, at most `times` of them.
    `delay` is in seconds; a rule with nothing but a delay lets the call go on. `code` is DENY, THROTTLE
    or an AWS error code; `reset` drops the connection; `garbage` answers 200 with a torn XML body.
    """

    service: str = "*"
    action: str = ".*"
    code: str | None = None
    status: int | None = None
    message: str = ""
    times: int | None = None
    after: int = 0
    every: int = 1
    delay: float = 0.0
    reset: bool = False
    garbage: bool = False

    @property
    def ends_call(self) -> bool:
        """Whether the call gets no answer of the emulated service."""
        return bool(self.code or self.reset or self.garbage)

    def matches(self, call: Call) -> bool:
        """Whether the rule speaks of this call."""
        return self.service in ("*", *call.names) and re.fullmatch(self.action, call.action) is not None


@dataclass
class Counted:
    """A rule with the number of calls it matched and of those it failed."""

    fault: Fault
    seen: int = 0
    fired: int = field(default=0)

    def fires(self, call: Call) -> bool:
        """Count the call and tell whether the rule strikes it."""
        fault = self.fault
        if not fault.matches(call):
            return False
        self.seen += 1
        turn = self.seen - fault.after
        spent = fault.times is not None and self.fired >= fault.times
        if turn <= 0 or turn % fault.every or spent:
            return False
        self.fired += 1
        return True


def parse(rule: Fault | Mapping[str, object]) -> Fault:
    """Return the rule written as a mapping; raise ValueError on a key that is none of its fields."""
    if isinstance(rule, Fault):
        return rule
    known = {each.name for each in fields(Fault)}
    if unknown := set(rule) - known:
        raise ValueError(
            f"unknown key {', '.join(sorted(unknown))} in fault {dict(rule)}; use {', '.join(sorted(known))}"
        )
    return Fault(**rule)  # type: ignore[arg-type]  # the values come from JSON, the keys were checked
