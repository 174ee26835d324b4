"""Addresses of resources, taken apart.

Source: https://developer.hashicorp.com/terraform/cli/state/resource-addressing
"""

import re
from functools import lru_cache

import msgspec

Key = int | str | None
_STEP = re.compile(r'(?P<name>[^.\[\]]+)(?:\[(?P<key>"(?:[^"\\]|\\.)*"|\d+)\])?(?:\.|$)')


@lru_cache(maxsize=100_000)
def steps(address: str) -> tuple[tuple[str, Key], ...]:
    """Return the names between the dots of an address, each with its key; none for what is no address."""
    found: list[tuple[str, Key]] = []
    at = 0
    while at < len(address):
        step = _STEP.match(address, at)
        if step is None:
            return ()
        found.append((step["name"], key_of(step["key"])))
        at = step.end()
    return tuple(found)


def key_of(text: str | None) -> Key:
    """Return the key that stands between brackets: a number or a quoted text."""
    if text is None:
        return None
    if text.startswith('"'):
        try:
            return msgspec.json.decode(text, type=str)
        except msgspec.DecodeError:
            return text[1:-1]
    return int(text)


def suffix(key: Key) -> str:
    """Return a key as it stands in an address."""
    if key is None:
        return ""
    return f"[{key}]" if isinstance(key, int) else f'["{key}"]'


def modules_of(module_address: str) -> tuple[tuple[str, Key], ...]:
    """Return the (name, key) of each call on the way to a module: `module.a["x"].module.b` is (a, x), (b, None)."""
    return steps(module_address)[1::2]


def prefix(modules: tuple[tuple[str, Key], ...]) -> str:
    """Return what stands before the addresses of a module's resources, the last dot included."""
    return "".join(f"module.{name}{suffix(key)}." for name, key in modules)
