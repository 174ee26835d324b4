"""The values of a root module's variables: from its files of values, and from those that the user gave."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checker.collect.hcl.constraints import MismatchError, convert
from checker.collect.hcl.declarations import Declaration, Trouble
from checker.collect.hcl.evaluate import evaluate
from checker.collect.hcl.parse import parse
from checker.collect.hcl.scopes import NOTHING
from checker.collect.hcl.syntax import Call, Expression, Literal, Variable
from checker.collect.hcl.tree import OutsideError, Tree, shown
from checker.collect.hcl.values import Value
from checker.collect.source import Inputs
from checker.errors import ConfigurationError
from checker.model.fact import Missing
from checker.model.symbol import Symbol

_PRIMITIVES = ("string", "number", "bool")


@dataclass
class Given:
    """Values by variable, the files that they stand in, and what was wrong there.

    `texts` are those of the command line, still to be converted; `hidden` may be set where a file could not be read.
    """

    values: dict[str, Value] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)


def given(folder: Path, tree: Tree, inputs: Inputs, declared: Mapping[tuple[str, ...], Declaration]) -> Given:
    """Return what a root module's variables were set to, the last word for each; the environment is not asked.

    Source: https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence

    Raises:
        ConfigurationError: a file that the user named cannot be read.
    """
    result = Given(texts=dict(inputs.variables))
    for path in _files(folder):
        _read(path, tree, result, declared, confined=True)
    for path in inputs.variable_files:
        before = len(result.troubles)
        _read(path, tree, result, declared, confined=False)
        if len(result.troubles) > before:
            trouble = result.troubles[before]
            raise ConfigurationError(trouble.message, where=trouble.place, hint="give a file of variables' values")
    return result


def value_of(declaration: Declaration, given: Given, symbol: Symbol) -> Value:
    """Return the value of a root module's variable, its symbol where it was not set."""
    name = declaration.labels[0]
    if name in given.texts:
        value = _parsed(given.texts[name], declaration.body.attributes.get("type"))
    elif name in given.values:
        value = given.values[name]
    elif name in given.hidden:
        return symbol
    else:
        value = default_of(declaration, symbol)
    return settled(declaration, value, symbol)


def default_of(declaration: Declaration, symbol: Symbol) -> Value:
    """Return the default of a variable, its symbol where there is none."""
    default = declaration.body.attributes.get("default")
    return symbol if default is None else evaluate(default, NOTHING)


def settled(declaration: Declaration, value: Value, symbol: Symbol) -> Value:
    """Return a value as the variable's type asks for it; what is sensitive is only called by its name."""
    attributes = declaration.body.attributes
    if value is None and _is(attributes.get("nullable"), False):
        value = default_of(declaration, symbol)
    if _is(attributes.get("sensitive"), True) and value is not None:
        return symbol
    try:
        return convert(value, attributes.get("type"))
    except MismatchError as error:
        return Missing(f"the value of {symbol} ({error})", "give a value of the variable's type")


def _is(expression: Expression | None, value: bool) -> bool:
    return isinstance(expression, Literal) and expression.value is value


def _files(folder: Path) -> list[Path]:
    """Return the files that Terraform reads by itself, in its order."""
    first = [folder / "terraform.tfvars", folder / "terraform.tfvars.json"]
    try:
        found = [item for item in folder.iterdir() if item.name.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    except OSError:  # which is told where the configuration's own files are listed
        return []
    return [item for item in (*first, *sorted(found)) if os.path.lexists(item)]


def _read(
    path: Path, tree: Tree, result: Given, declared: Mapping[tuple[str, ...], Declaration], *, confined: bool
) -> None:
    name = shown(path)
    try:
        data = tree.read(path, confined=confined)
        read, trouble = _json(data, name) if name.endswith(".json") else _native(data, name)
    except (OSError, OutsideError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        read, trouble = {}, Trouble(name, None, f"it cannot be read: {reason}", f"make {name} readable")
    if trouble is not None:
        result.troubles.append(Trouble(trouble.file, trouble.line, trouble.message, trouble.supply, ()))
        # It may set any variable: what was set before may not be the last word.
        result.values.clear()
        result.hidden = {key[0] for key in declared}
    else:
        result.files[name] = len(read)
    result.values.update(read)
    result.hidden.difference_update(read)


def _json(data: bytes, name: str) -> tuple[dict[str, Value], Trouble | None]:
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        return {}, Trouble(name, line, "it is no JSON", "mend the file")
    if not isinstance(found, dict):
        return {}, Trouble(name, 1, "it is no JSON object", "mend the file")
    return found, None


def _native(data: bytes, name: str) -> tuple[dict[str, Value], Trouble | None]:
    file = parse(data, name)
    values = {key: evaluate(expression, NOTHING) for key, expression in file.body.attributes.items()}
    if file.faults:
        return values, Trouble(name, file.faults[0].line, file.faults[0].message, "mend the file")
    if file.body.blocks:
        return values, Trouble(name, file.body.blocks[0].line, "a file of values has no blocks", "mend the file")
    return values, None


def _parsed(text: str, constraint: Expression | None) -> Value:
    """Return the value of a text from the command line: itself, or for other than plain types an expression.

    Source: https://developer.hashicorp.com/terraform/language/values/variables#variables-on-the-command-line
    """
    plain = constraint is None or (isinstance(constraint, Variable) and constraint.name in _PRIMITIVES)
    if plain or (isinstance(constraint, Literal) and constraint.value == "string"):
        return text
    file = parse(f"value = {text}\n".encode(), "--var")
    expression = file.body.attributes.get("value")
    if file.faults or expression is None or isinstance(expression, (Variable, Call)):
        raise ConfigurationError(f"{text[:40]!r} is no value of the variable's type", where="--var")
    return evaluate(expression, NOTHING)
