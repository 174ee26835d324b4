"""What traffic a question is about: protocols and ports as people type them."""

from __future__ import annotations

import re
from difflib import get_close_matches

from checker.errors import UsageError
from checker.model import traffic
from checker.model.intervals import IntervalSet

# Source: https://www.iana.org/assignments/service-names-port-numbers/service-names-port-numbers.xhtml
SERVICES = {
    "dns": 53,
    "domain": 53,
    "ftp": 21,
    "http": 80,
    "https": 443,
    "imaps": 993,
    "kerberos": 88,
    "ldap": 389,
    "ldaps": 636,
    "memcached": 11211,
    "mongodb": 27017,
    "ms-sql": 1433,
    "mssql": 1433,
    "mysql": 3306,
    "nfs": 2049,
    "ntp": 123,
    "oracle": 1521,
    "postgres": 5432,
    "postgresql": 5432,
    "rdp": 3389,
    "redis": 6379,
    "smb": 445,
    "smtp": 25,
    "ssh": 22,
    "valkey": 6379,
    "winrm": 5986,
}
# Numbers of thousands of digits are none to Python.
_NUMBER = re.compile(r"[0-9]{1,20}")
_BY_UDP = ("dns", "domain", "kerberos", "ntp")


def asked(port: str | None = None, protocol: str | None = None) -> IntervalSet:
    """Return the traffic of a port (`443`, `8000-8080`, `https`) and a protocol (a name, `all` or a number).

    Without a protocol a port is one of TCP, or of UDP too where the service uses both. Without either it is all
    traffic but ICMP errors, which only answer packets already sent. Raises `UsageError`.
    """
    if port is None:
        return _whole(protocol) if protocol is not None else traffic.EVERYTHING - traffic.ICMP_ERRORS
    first, last = _ports(port)
    number = _protocol(protocol) if protocol is not None else None
    if number not in (None, -1, traffic.TCP, traffic.UDP):
        raise UsageError(f"{protocol} has no ports", where="--port", hint="leave --port out, or ask for tcp or udp")
    if number is None:
        wanted = [traffic.TCP, *([traffic.UDP] if port.lower() in _BY_UDP else [])]
    else:
        wanted = [traffic.TCP, traffic.UDP] if number == -1 else [number]
    return IntervalSet.of(run for one in wanted for run in traffic.ports(one, first, last).intervals)


def _whole(protocol: str) -> IntervalSet:
    number = _protocol(protocol)
    return traffic.EVERYTHING if number == -1 else traffic.ports(number)


def _protocol(text: str) -> int:
    """Return a protocol's number, -1 for every one."""
    if text.lower() in ("all", "any", "-1"):
        return -1
    number = traffic.NUMBERS.get(text.lower(), int(text) if _NUMBER.fullmatch(text) else -1)
    if not 0 <= number <= 255:
        raise UsageError(
            f"no protocol is called {text!r}",
            where="--protocol",
            hint="give tcp, udp, icmp, icmpv6, all or a number from 0 to 255",
        )
    return number


def _ports(text: str) -> tuple[int, int]:
    if text.lower() in SERVICES:
        return SERVICES[text.lower()], SERVICES[text.lower()]
    low, dash, high = text.partition("-")
    first, last = low.strip(), high.strip() if dash else low.strip()
    if not (_NUMBER.fullmatch(first) and _NUMBER.fullmatch(last)):
        near = get_close_matches(text.lower(), SERVICES, n=1)
        hint = f"did you mean {near[0]}?" if near else "give 443, 8000-8080 or a service such as https"
        raise UsageError(f"{text!r} is no port", where="--port", hint=hint)
    if not int(first) <= int(last) <= 65535:
        what = f"{text!r} are no ports" if dash else f"{text!r} is no port"
        raise UsageError(what, where="--port", hint="ports are 0 to 65535, of a range the lower one first")
    return int(first), int(last)
