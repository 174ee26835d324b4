"""Reads the texts of a stack's configuration, and keeps what is wrong with them so that all of it is told at once."""

import re
from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from ipaddress import IPv4Network
from typing import TypeVar

from pulumi.runtime import config

# Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html (RFC 1918; AWS refuses others outright)
PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
Choice = TypeVar("Choice", bound=str)


def keys(project: str) -> Collection[str]:
    """Return the keys that the running stack sets for a project."""
    every = {**config.get_config_env(), **config.CONFIG.get()}
    return [key.removeprefix(f"{project}:") for key in every if key.startswith(f"{project}:")]


class Reader:
    """Reads one key after another; what is refused stands in `problems`, and its default takes its place."""

    def __init__(self, get: Callable[[str], str | None], project: str) -> None:
        """Read by `get`, which returns the text of a key, None where it is not set."""
        self.problems: list[str] = []
        self._get = get
        self._asked: dict[str, None] = {}
        self._project = project

    def optional(self, key: str, shape: re.Pattern[str], allowed: str) -> str | None:
        """Return a text of the given shape, None where it is not set."""
        value = self._value(key)
        if value is None or shape.fullmatch(value):
            return value
        self._refuse(key, value, allowed)
        return None

    def text(self, key: str, shape: re.Pattern[str], allowed: str, default: str) -> str:
        """Return a text of the given shape."""
        return self.optional(key, shape, f"{allowed}, such as {default}") or default

    def required(self, key: str, shape: re.Pattern[str], allowed: str) -> str:
        """Return a text of the given shape, which has no default."""
        if self._value(key) is None:
            name = f"{self._project}:{key}"
            self.problems.append(f"{name} is not set; it has to be {allowed}: pulumi config set {key} VALUE")
        return self.optional(key, shape, allowed) or ""

    def number(self, key: str, lowest: int, highest: int, default: int) -> int:
        """Return a whole number, both ends of its range included."""
        value = self._value(key)
        if value is None:
            return default
        if re.fullmatch(r"[0-9]{1,9}", value) and lowest <= int(value) <= highest:
            return int(value)
        self._refuse(key, value, f"a whole number from {lowest} to {highest}")
        return default

    def switch(self, key: str, *, default: bool) -> bool:
        """Return a yes or no."""
        return self.choice(key, ("true", "false"), str(default).lower()) == "true"

    def choice(self, key: str, choices: Iterable[Choice], default: Choice) -> Choice:
        """Return one of some words."""
        value = self._value(key)
        for choice in choices:
            if value == choice:
                return choice
        if value is not None:
            self._refuse(key, value, " or ".join(choices))
        return default

    def block(self, key: str, largest: int, smallest: int, default: IPv4Network) -> IPv4Network:
        """Return a block of private addresses whose prefix has from `largest` to `smallest` bits, both included."""
        value = self._value(key)
        if value is None:
            return default
        try:
            block = IPv4Network(value)
        except ValueError:
            block = None
        if block and any(map(block.subnet_of, PRIVATE)) and largest <= block.prefixlen <= smallest:
            return block
        self._refuse(key, value, f"a block of private IPv4 addresses from /{largest} to /{smallest}, such as {default}")
        return default

    def refuse_others(self, given: Iterable[str]) -> None:
        """Refuse keys that nobody asked for: a setting that is misspelled would be one that is not set."""
        for key in given:
            if key not in self._asked:
                near = get_close_matches(key, self._asked, n=1)
                known = f"did you mean {near[0]}?" if near else f"there are {', '.join(self._asked)}."
                self.problems.append(f"{self._project}:{key} is no setting; {known} pulumi config rm {key}")

    def _value(self, key: str) -> str | None:
        self._asked[key] = None
        return self._get(key)

    def _refuse(self, key: str, value: str, allowed: str) -> None:
        name = f"{self._project}:{key}"
        self.problems.append(f"{name} is {value!r}; it has to be {allowed}: pulumi config set {key} VALUE")
