"""A root module: its variables as they were set, its backend and its outputs."""

from __future__ import annotations

from pathlib import Path

from checker.collect.hcl.blocks import Expander
from checker.collect.hcl.calls import Place
from checker.collect.hcl.context import Context, Library
from checker.collect.hcl.declarations import Configuration, Declaration
from checker.collect.hcl.files import RootFiles
from checker.collect.hcl.module import Module
from checker.collect.hcl.scopes import NOTHING
from checker.collect.hcl.sources import Copies
from checker.collect.hcl.tree import Tree
from checker.collect.hcl.values import Value
from checker.collect.hcl.variables import Given, given, value_of
from checker.collect.source import Inputs
from checker.model.symbol import Symbol

WORKSPACE = "terraform.workspace"


class Root:
    """One root module; `label` tells it from others that are read with it and is empty for one alone."""

    def __init__(self, path: Path, label: str, library: Library, inputs: Inputs) -> None:
        tree = Tree.around(path)
        self.path = path
        self.folder = path if path.is_dir() else path.parent
        self.label = label
        self.configuration: Configuration = library.configuration(path, tree)
        self.context = Context(
            tree=tree,
            library=library,
            copies=Copies.beside(self.folder, tree),
            files=RootFiles(self.folder, tree),
            workspace=inputs.variables.get(WORKSPACE, Symbol(WORKSPACE)),
        )
        self.given: Given = given(self.folder, tree, inputs, self.configuration.table("variable"))
        prefix = f"{label}//" if label else ""
        self.module = Module(self.configuration, Place(prefix), self.context, self._variable, {})

    def _variable(self, declaration: Declaration, symbol: Symbol) -> Value:
        return value_of(declaration, self.given, symbol)

    def backend(self) -> tuple[str, dict[str, Value]] | None:
        """Return the type and settings of the backend that keeps its state, None where none is configured."""
        block = next(self.configuration.backends(), None)
        if block is None:
            return None
        return block.labels[0] if block.labels else block.type, Expander("backend").body(block.body, NOTHING)

    def output(self, name: str) -> Value:
        """Return an output."""
        return self.module.outputs.attribute(name)

    def has_output(self, name: str) -> bool:
        """Tell whether it declares an output."""
        return (name,) in self.configuration.table("output")
