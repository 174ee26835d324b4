"""Values with the defaults of their type filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from checker.collect.terraform.defaults import data, edge, network
from checker.collect.terraform.types import canonical


@dataclass(frozen=True)
class _Block:
    """Defaults of one block: its own attributes', and those of the blocks in it."""

    values: tuple[tuple[str, object], ...]
    blocks: tuple[tuple[str, "_Block"], ...]


@cache
def _block(type_: str) -> _Block:
    found = {path: value for part in (network, edge, data) for path, value in part.DEFAULTS.get(type_, {}).items()}
    return _made(found)


def _made(paths: Mapping[str, object]) -> _Block:
    inner: dict[str, dict[str, object]] = {}
    for path, value in paths.items():
        key, _, rest = path.partition(".")
        if rest:
            inner.setdefault(key, {})[rest] = value
    return _Block(
        tuple((path, value) for path, value in paths.items() if "." not in path),
        tuple((key, _made(rest)) for key, rest in inner.items()),
    )


def default_of(type_: str, name: str) -> object:
    """Return what the provider fills in for an attribute of a resource that is not set, None for nothing."""
    return dict(_block(canonical(type_)).values).get(name)


def fill(type_: str, raw: dict[str, object]) -> None:
    """Put the defaults of a canonical type into `raw` where nothing stands; blocks that get some are copied first.

    What is not known stays so: a default is only for what was not set.
    """
    _fill(raw, _block(type_))


def _fill(raw: dict[str, object], defaults: _Block) -> None:
    for key, value in defaults.values:
        if raw.get(key) is None:
            raw[key] = value
    for key, inner in defaults.blocks:
        blocks = raw.get(key)
        if isinstance(blocks, (list, tuple)):
            raw[key] = [_filled(block, inner) for block in blocks]
        elif isinstance(blocks, Mapping):
            raw[key] = _filled(blocks, inner)


def _filled(block: object, defaults: _Block) -> object:
    if not isinstance(block, Mapping):
        return block
    copy = dict(block)
    _fill(copy, defaults)
    return copy
