"""Configurations in files, and what they expand to."""

from collections.abc import Mapping
from pathlib import Path

from checker.collect.hcl.workspace import Expanded, expand
from checker.collect.source import Inputs
from checker.collect.terraform.instance import Instance
from checker.model.fact import Missing
from checker.model.symbol import Symbol


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files by their paths below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def read(*roots: Path, variables: Mapping[str, str] | None = None, files: tuple[Path, ...] = ()) -> Expanded:
    """Return what root modules come to together."""
    return expand(roots, Inputs(variables=variables or {}, variable_files=files), "terraform-hcl")


def by_address(found: Expanded) -> dict[str, Instance]:
    return {instance.address: instance for instance in found.instances}


def addresses(found: Expanded) -> set[str]:
    return {instance.address for instance in found.instances}


def values(found: Expanded, address: str) -> Mapping[str, object]:
    return by_address(found)[address].values


def is_symbol(value: object, name: str) -> bool:
    """Tell whether a value is the symbol of that name, not a text that reads the same."""
    return isinstance(value, Symbol) and value == name


def is_missing(value: object) -> bool:
    return isinstance(value, Missing)


def taken(blocks: object, name: str) -> list[object]:
    """Return one attribute of each of some nested blocks."""
    assert isinstance(blocks, list)
    return [block[name] for block in blocks]
