"""What the Python SDK tells of its types: tokens, properties, aliases and answers of functions.

Source: https://www.pulumi.com/docs/iac/languages-sdks/python/ (the generated `pulumi_aws` package)
"""

from __future__ import annotations

import importlib
import json
import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_MODULES = re.compile(r'resource_modules="""\n(.*?)"""', re.DOTALL)
_INVOKE = re.compile(r"invoke\('(aws:[^']+)'.*?typ=(\w+)\)")
_ALIAS = re.compile(r'Alias\(type_="(aws:[^"]+)"\)')


@dataclass(frozen=True)
class Type:
    """A resource or the answer of a function, with what old programs and states call it."""

    token: str
    properties: Mapping[str, Any]
    inputs: Mapping[str, Any] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hint:
    """The shape of a property: `nesting` as in the schema, its innermost type, whether it may be JSON or holds maps."""

    nesting: str
    inner: Any
    is_document: bool = False
    holds_maps: bool = False

    @property
    def scalar(self) -> str:
        """Return the type of innermost values, empty for blocks."""
        return {str: "text", bool: "flag", int: "number", float: "number"}.get(self.inner, "")

    @property
    def members(self) -> Mapping[str, Any]:
        """Return the properties of a block, none for a scalar."""
        return _of_class(self.inner) if isinstance(self.inner, type) and not self.scalar else {}


def hint(annotation: Any) -> Hint:
    """Return the shape that an annotation of the SDK tells."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Union:
        known = [hint(argument) for argument in arguments if argument is not type(None)]
        first = next((one for one in known if one.members), known[0]) if not any(o.scalar for o in known) else None
        first = first or next(one for one in known if one.scalar)
        is_document = first.scalar == "text" and any(one.members or one.nesting == "map" for one in known)
        return Hint(first.nesting, first.inner, is_document)
    name = getattr(origin, "__name__", "")
    if name in ("Sequence", "list"):
        within = hint(arguments[0])
        return Hint("many", within.inner, holds_maps=within.nesting == "map")
    if name in ("Mapping", "dict"):
        within = hint(arguments[1])
        return Hint("map", within.inner, holds_maps=within.nesting == "map")
    return Hint("single" if isinstance(annotation, type) and _of_class(annotation) else "scalar", annotation)


def _of_class(type_: type) -> Mapping[str, Any]:
    from pulumi import _types

    if _types.is_output_type(type_):
        return dict(_types.output_type_types(type_))
    return dict(_types.input_type_types(type_)) if _types.is_input_type(type_) else {}


def root() -> Path:
    """Return the folder of the SDK."""
    import pulumi_aws

    return Path(pulumi_aws.__file__).parent


def resources() -> Iterator[Type]:
    """Yield every resource of the SDK, by token."""
    from pulumi import _types

    found = _MODULES.search((root() / "__init__.py").read_text())
    assert found is not None
    classes = {
        token: (module["fqn"], name) for module in json.loads(found[1]) for token, name in module["classes"].items()
    }
    for token, (module, name) in sorted(classes.items()):
        type_ = getattr(importlib.import_module(module), name)
        arguments = getattr(importlib.import_module(type_.__module__), f"{name}Args", None)
        inputs = {} if arguments is None else dict(_types.input_type_types(arguments))
        source = Path(importlib.import_module(type_.__module__).__file__ or "").read_text()
        aliases = tuple(dict.fromkeys(_ALIAS.findall(source)))
        yield Type(token, dict(_types.resource_types(type_)), inputs, aliases)


def functions() -> Iterator[Type]:
    """Yield every function of the SDK with the properties of its answer, by token."""
    from pulumi import _types

    found: dict[str, Type] = {}
    for path in sorted(root().rglob("*.py")):
        if path.name.startswith("_"):
            continue
        called = _INVOKE.search(path.read_text()) if path.name.startswith(("get_", "arn", "trim")) else None
        if called is None:
            continue
        module = ".".join(("pulumi_aws", *path.relative_to(root()).with_suffix("").parts))
        answer = getattr(importlib.import_module(module), called[2])
        found[called[1]] = Type(called[1], dict(_types.output_type_types(answer)))
    yield from (found[token] for token in sorted(found))
