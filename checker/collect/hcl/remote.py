"""Outputs of other root modules, as remote state hands them over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from checker.collect.hcl.instances import Instance
from checker.collect.hcl.tree import real
from checker.collect.hcl.values import Failure, Value
from checker.model.fact import Missing
from checker.model.symbol import Symbol

# What tells one state of a backend from another; what is not listed is access and encryption.
# Source: https://developer.hashicorp.com/terraform/language/settings/backends/configuration
_KEYS = {
    "s3": ("bucket", "key"),
    "gcs": ("bucket", "prefix"),
    "azurerm": ("storage_account_name", "container_name", "key"),
    "http": ("address",),
    "consul": ("path",),
    "pg": ("conn_str", "schema_name"),
    "kubernetes": ("secret_suffix", "namespace"),
    "oss": ("bucket", "prefix", "key"),
    "cos": ("bucket", "prefix", "key"),
}
_REMOTE = ("remote", "cloud")


class Fit(Enum):
    """Whether a state is the one that is asked for."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


class Root(Protocol):
    """A root module that others may ask for its outputs."""

    folder: Path
    label: str

    def backend(self) -> tuple[str, dict[str, Value]] | None:
        """Return the type and settings of the backend that keeps its state, None where none is configured."""

    def output(self, name: str) -> Value:
        """Return an output."""

    def has_output(self, name: str) -> bool:
        """Tell whether it declares an output."""


class RemoteOutputs:
    """The outputs of a state, from the root module that makes it, if that is one of those that are read."""

    __slots__ = ("_address", "_defaults", "_maybe", "_surely")

    def __init__(self, address: str, surely: Sequence[Root], maybe: Sequence[Root], defaults: Value) -> None:
        self._address = address
        self._surely = surely
        self._maybe = maybe
        self._defaults = defaults

    def attribute(self, name: str) -> Value:
        """Return an output; without a root that surely keeps the state, that of the only one that may and has it."""
        symbol = Symbol(f"{self._address}.{name}")
        if len(self._surely) == 1:
            root = self._surely[0]
            if root.has_output(name):
                return root.output(name)
            if isinstance(self._defaults, dict) and name in self._defaults:
                return self._defaults[name]
            return Failure(f"{symbol}: {root.label} has no such output", "declare the output there")
        having = [root for root in self._maybe if root.has_output(name)]
        return having[0].output(name) if not self._surely and len(having) == 1 else symbol

    def whole(self) -> Value:
        """Return that they are not known as a whole."""
        return Missing(self._address, "name the outputs one by one")


@dataclass
class Outputs:
    """The states of the root modules that are read with one of them."""

    own: Root | None
    roots: Sequence[Root]

    def attribute(self, instance: Instance, name: str) -> Value:
        """Return the outputs of the state that a data source reads.

        Source: https://developer.hashicorp.com/terraform/language/state/remote-state-data
        """
        if name != "outputs":
            return None
        others = [root for root in self.roots if root is not self.own]
        fits = [(root, self._fit(instance, root)) for root in others]
        surely = [root for root, fit in fits if fit is Fit.YES]
        maybe = [root for root, fit in fits if fit is Fit.MAYBE]
        return RemoteOutputs(f"{instance.address}.outputs", surely, maybe, instance.given("defaults"))

    def _fit(self, instance: Instance, root: Root) -> Fit:
        type_, config = instance.given("backend"), instance.given("config")
        found = root.backend()
        if not isinstance(type_, str) or isinstance(type_, Symbol) or not isinstance(config, dict):
            return Fit.MAYBE
        if found is None:
            # Without a backend the state is a file beside the configuration; a -backend-config cannot change that.
            found = ("local", {})
        if type_ == "local" and found[0] == "local":
            return self._local(config, found[1], root)
        if type_ != found[0] and not (type_ in _REMOTE and found[0] in _REMOTE):
            return Fit.NO
        wanted = list(_remote(config) if type_ in _REMOTE else _plain(type_, config))
        kept = dict(_remote(found[1]) if type_ in _REMOTE else _plain(type_, found[1]))
        return _compare(wanted, kept)

    def _local(self, config: dict[str, Value], kept: dict[str, Value], root: Root) -> Fit:
        path, own = config.get("path", "terraform.tfstate"), kept.get("path", "terraform.tfstate")
        if self.own is None or not _is_text(path) or not _is_text(own):
            return Fit.MAYBE
        return Fit.YES if real(self.own.folder / str(path)) == real(root.folder / str(own)) else Fit.NO


def _plain(type_: str, config: dict[str, Value]) -> Iterator[tuple[str, Value]]:
    return ((key, config.get(key)) for key in _KEYS.get(type_, tuple(sorted(config))))


def _remote(config: dict[str, Value]) -> Iterator[tuple[str, Value]]:
    yield "organization", config.get("organization")
    workspaces = config.get("workspaces")
    block = workspaces[0] if isinstance(workspaces, list) and workspaces else workspaces
    yield "workspace", block.get("name") if isinstance(block, dict) else None


def _compare(wanted: list[tuple[str, Value]], kept: dict[str, Value]) -> Fit:
    """Compare settings one by one; one that is not known on either side leaves it open."""
    is_sure = bool(wanted)
    for key, value in wanted:
        other = kept.get(key)
        if value is None and other is None:
            continue
        if isinstance(value, Symbol) and value == other:
            continue
        if not _is_text(value) or not _is_text(other):
            is_sure = False
        elif value != other:
            return Fit.NO
    return Fit.YES if is_sure else Fit.MAYBE


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and not isinstance(value, Symbol)
