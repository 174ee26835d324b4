"""Whether a callback that did not run could have registered a resource, as far as its code tells without running it."""

from __future__ import annotations

import builtins
import dis
import functools
import inspect
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import pulumi

from .positions import standard_library

# The folder of Pulumi's core SDK.
CORE = str(Path(pulumi.__file__ or "").parent) + os.sep
# Names that reach what no name in the code tells.
_DYNAMIC = frozenset(("eval", "exec", "compile", "getattr", "globals", "locals", "vars"))
_MOST = 400
_LOCALS = ("LOAD_FAST", "LOAD_CLOSURE")
_NAMES = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR_DEREF")
_ATTRIBUTES = ("LOAD_ATTR", "LOAD_METHOD")
_NOISE = frozenset(("PUSH_NULL", "CACHE", "EXTENDED_ARG", "COPY_FREE_VARS", "RESUME", "PRECALL", "NOP"))


class _Undecidable(Exception):  # noqa: N818 - it ends a search and reaches nobody
    """The code reaches something that its names do not tell."""


_NOTHING = object()


def may_register(function: object) -> bool:
    """Whether a callback mentions a resource class, or something that may, or what cannot be told.

    What only its parameter is, is data: its methods register nothing.
    """
    try:
        with warnings.catch_warnings():
            # Modules of providers that are loaded on the way warn of what is old in them.
            warnings.simplefilter("ignore")
            return _Search().reaches(function)
    except _Undecidable:
        return True


class _Search:
    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._kept: list[object] = []

    def reaches(self, value: object) -> bool:
        """Whether a value is a resource class, or calling it may lead to one.

        Raises:
            _Undecidable: that cannot be told.
        """
        if id(value) in self._seen or len(self._seen) > _MOST:
            if len(self._seen) > _MOST:
                raise _Undecidable
            return False
        self._seen.add(id(value))
        self._kept.append(value)
        if isinstance(value, type):
            return self._class(value)
        if inspect.ismethod(value):
            return self._function(value.__func__, value.__self__)
        if isinstance(value, FunctionType):
            return self._function(value, _NOTHING)
        return any(self.reaches(part) for part in _parts(value)) or self._called(value)

    def _called(self, value: object) -> bool:
        if not callable(value) or isinstance(value, (pulumi.Output, pulumi.Resource)) or _is_builtin(value):
            return False
        call = called_of(value)
        return isinstance(call, FunctionType) and self._function(call, value)

    def _class(self, value: type) -> bool:
        if issubclass(value, pulumi.Resource):
            return not issubclass(value, pulumi.StackReference)
        if _is_trusted(value.__module__) or hasattr(value, "_pulumi_output_type") or hasattr(value, "_pulumi_type"):
            return False
        members = [
            member for base in value.__mro__ if not _is_trusted(base.__module__) for member in vars(base).values()
        ]
        return any(
            self.reaches(each) for each in members if isinstance(each, (FunctionType, staticmethod, classmethod))
        )

    def _function(self, function: Callable[..., object], owner: object) -> bool:
        code = getattr(function, "__code__", None)
        if not isinstance(code, CodeType):
            return False
        if _is_trusted(function.__module__) or code.co_filename.startswith(CORE):
            return False
        scope = dict(zip(code.co_freevars, getattr(function, "__closure__", None) or ()))  # noqa: B905 - Python 3.9
        known: dict[str, object] = {}
        for name, cell in scope.items():
            try:
                known[name] = cell.cell_contents
            except ValueError:
                raise _Undecidable from None
        bound = {code.co_varnames[0]: owner} if owner is not _NOTHING and code.co_argcount else {}
        defaults = getattr(function, "__defaults__", None) or ()
        return any(self.reaches(each) for each in defaults if callable(each)) or self._code(
            code, getattr(function, "__globals__", {}), known, bound
        )

    def _code(
        self, code: CodeType, scope: Mapping[str, object], known: Mapping[str, object], bound: Mapping[str, object]
    ) -> bool:
        for value in _mentions(code, scope, known, bound):
            if self.reaches(value):
                return True
        inner = {**known, **bound}
        return any(self._code(each, scope, inner, {}) for each in code.co_consts if isinstance(each, CodeType))


def _parts(value: object) -> list[object]:
    """Return what a callback, a wrapper of one or a collection is made of, as far as it can be called."""
    if isinstance(value, functools.partial):
        return [value.func, *value.args, *value.keywords.values()]
    if isinstance(value, (staticmethod, classmethod)):
        return [value.__func__]
    if isinstance(value, property):
        return [value.fget] if value.fget is not None else []
    if isinstance(value, (list, tuple, set, frozenset)):
        return [item for item in value if callable(item)]
    if isinstance(value, Mapping):
        return [item for item in dict(value).values() if callable(item)]
    return []


def _mentions(
    code: CodeType, scope: Mapping[str, object], known: Mapping[str, object], bound: Mapping[str, object]
) -> Iterator[object]:
    """Yield what the names of a piece of code, with the attributes that follow them, stand for.

    Raises:
        _Undecidable: a name stands for nothing that is known, or reaches anything.
    """
    value: object = _NOTHING
    importing = False
    for instruction in dis.get_instructions(code):
        name = instruction.opname
        if importing and name not in _NOISE:
            # What is written `__import__("json")` is as plain as an import.
            importing = False
            if not (name == "LOAD_CONST" and is_standard(str(instruction.argval))):
                raise _Undecidable
        if name in _NOISE:
            continue
        if name in _ATTRIBUTES:
            value = _attribute(value, str(instruction.argval))
            continue
        if value is not _NOTHING:
            yield _final(value)
            value = _NOTHING
        if name in _NAMES and instruction.argval == "__import__":
            importing = True
        elif name in _NAMES:
            value = _resolved(str(instruction.argval), code, scope, known)
        elif name.startswith(_LOCALS):
            names = instruction.argval if isinstance(instruction.argval, tuple) else (instruction.argval,)
            value = bound.get(str(names[-1]), _NOTHING)
        elif name == "IMPORT_NAME":
            value = _imported(str(instruction.argval))
        elif name == "IMPORT_FROM":
            value = _NOTHING
    if value is not _NOTHING:
        yield _final(value)


def _resolved(name: str, code: CodeType, scope: Mapping[str, object], known: Mapping[str, object]) -> object:
    if name in known:
        return known[name]
    if name in code.co_cellvars or name in code.co_freevars:
        return _NOTHING  # a local of this function or of the one around it: data, or mentioned where it is assigned
    if name in scope:
        return scope[name]
    if name in _DYNAMIC or not hasattr(builtins, name):
        raise _Undecidable
    return getattr(builtins, name)


def _attribute(value: object, name: str) -> object:
    """Return an attribute without running any code of the program's."""
    if value is _NOTHING:
        return _NOTHING
    if isinstance(value, ModuleType):
        if is_standard(value.__name__):
            return _NOTHING
        try:
            # Modules of providers are loaded when they are first asked for.
            return getattr(value, name)
        except AttributeError:
            raise _Undecidable from None
    found = inspect.getattr_static(value, name, _NOTHING)
    if found is _NOTHING and isinstance(value, type) and issubclass(value, pulumi.Resource):
        return value
    if isinstance(value, type) and issubclass(value, pulumi.Resource):
        return value
    if isinstance(found, FunctionType) and not isinstance(value, type):
        return found.__get__(value)
    return found


def _final(value: object) -> object:
    """Return what is mentioned as such; a module that is handed on may do anything, except Python's own."""
    if isinstance(value, ModuleType) and not is_standard(value.__name__):
        raise _Undecidable
    return value


def called_of(value: object) -> object:
    """Return the function that a call of an object runs, None for a class and for what is no object of a class."""
    return None if isinstance(value, type) else inspect.getattr_static(type(value), "__call__", None)


def _imported(name: str) -> object:
    if is_standard(name):
        return _NOTHING
    raise _Undecidable


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


def _is_trusted(module: str | None) -> bool:
    """Whether a module is Python's own or the SDK's core, which registers only what a mentioned class asks for."""
    name = module or ""
    return is_standard(name) or name == "pulumi" or name.startswith("pulumi.")


def _is_builtin(value: object) -> bool:
    return inspect.isbuiltin(value) or inspect.ismethoddescriptor(value) or is_standard(type(value).__module__ or "")
