"""What the names in a piece of code stand for, as far as that is told without running it."""

from __future__ import annotations

import builtins
import dis
import inspect
import os
import sys
from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType, ModuleType

import pulumi

from .positions import standard_library

# Names that reach what no name in the code tells.
_DYNAMIC = frozenset(("eval", "exec", "compile", "getattr", "globals", "locals", "vars"))
_LOCALS = ("LOAD_FAST", "LOAD_CLOSURE")
_NAMES = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR_DEREF")
_ATTRIBUTES = ("LOAD_ATTR", "LOAD_METHOD")
_NOISE = frozenset(("PUSH_NULL", "CACHE", "EXTENDED_ARG", "COPY_FREE_VARS", "RESUME", "PRECALL", "NOP"))


class UndecidableError(Exception):
    """The code reaches something that its names do not tell."""


NOTHING = object()


def mentions(
    code: CodeType, scope: Mapping[str, object], known: Mapping[str, object], bound: Mapping[str, object]
) -> Iterator[object]:
    """Yield what the names of a piece of code, with the attributes that follow them, stand for.

    Raises:
        UndecidableError: a name stands for nothing that is known, or reaches anything.
    """
    value: object = NOTHING
    importing = False
    for instruction in dis.get_instructions(code):
        name = instruction.opname
        if importing and name not in _NOISE:
            # What is written `__import__("json")` is as plain as an import.
            importing = False
            if not (name == "LOAD_CONST" and is_standard(str(instruction.argval))):
                raise UndecidableError
        if name in _NOISE:
            continue
        if name in _ATTRIBUTES:
            value = _attribute(value, str(instruction.argval))
            continue
        if value is not NOTHING:
            yield _final(value)
            value = NOTHING
        if name in _NAMES and instruction.argval == "__import__":
            importing = True
        elif name in _NAMES:
            value = _resolved(str(instruction.argval), code, scope, known)
        elif name.startswith(_LOCALS):
            names = instruction.argval if isinstance(instruction.argval, tuple) else (instruction.argval,)
            value = bound.get(str(names[-1]), NOTHING)
        elif name == "IMPORT_NAME":
            value = _imported(str(instruction.argval))
        elif name == "IMPORT_FROM":
            value = NOTHING
    if value is not NOTHING:
        yield _final(value)


def _resolved(name: str, code: CodeType, scope: Mapping[str, object], known: Mapping[str, object]) -> object:
    if name in known:
        return known[name]
    if name in code.co_cellvars or name in code.co_freevars:
        return NOTHING  # a local of this function or of the one around it: data, or mentioned where it is assigned
    if name in scope:
        return scope[name]
    if name in _DYNAMIC or not hasattr(builtins, name):
        raise UndecidableError
    return getattr(builtins, name)


def _attribute(value: object, name: str) -> object:
    """Return an attribute without running any code of the program's."""
    if value is NOTHING:
        return NOTHING
    if isinstance(value, ModuleType):
        if is_standard(value.__name__):
            return NOTHING
        try:
            # Modules of providers are loaded when they are first asked for.
            return getattr(value, name)
        except AttributeError:
            raise UndecidableError from None
    found = inspect.getattr_static(value, name, NOTHING)
    if found is NOTHING and isinstance(value, type) and issubclass(value, pulumi.Resource):
        return value
    if isinstance(value, type) and issubclass(value, pulumi.Resource):
        return value
    if isinstance(found, FunctionType) and not isinstance(value, type):
        return found.__get__(value)
    return found


def _final(value: object) -> object:
    """Return what is mentioned as such; a module that is handed on may do anything, except Python's own."""
    if isinstance(value, ModuleType) and not is_standard(value.__name__):
        raise UndecidableError
    return value


def _imported(name: str) -> object:
    if is_standard(name):
        return NOTHING
    raise UndecidableError


def is_standard(module: str) -> bool:
    """Whether a module is Python's own."""
    top = module.partition(".")[0]
    names = getattr(sys, "stdlib_module_names", None)
    if names is not None:
        return top in names
    if top in sys.builtin_module_names:
        return True
    file = getattr(sys.modules.get(top), "__file__", None) or ""
    return "site-packages" not in file and any(file.startswith(root + os.sep) for root in standard_library())
