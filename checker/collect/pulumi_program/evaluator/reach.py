"""Whether a callback that did not run could have registered a resource, as far as its code tells without running it."""

from __future__ import annotations

import functools
import inspect
import os
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from types import CodeType, FunctionType

import pulumi

from .mentions import NOTHING, UndecidableError, is_standard, mentions

# The folder of Pulumi's core SDK.
CORE = str(Path(pulumi.__file__ or "").parent) + os.sep
_MOST = 400


def may_register(function: object) -> bool:
    """Whether a callback mentions a resource class, or something that may, or what cannot be told.

    What only its parameter is, is data: its methods register nothing.
    """
    try:
        with warnings.catch_warnings():
            # Modules of providers that are loaded on the way warn of what is old in them.
            warnings.simplefilter("ignore")
            return _Search().reaches(function)
    except UndecidableError:
        return True


class _Search:
    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._kept: list[object] = []

    def reaches(self, value: object) -> bool:
        """Whether a value is a resource class, or calling it may lead to one.

        Raises:
            UndecidableError: that cannot be told.
        """
        if id(value) in self._seen or len(self._seen) > _MOST:
            if len(self._seen) > _MOST:
                raise UndecidableError
            return False
        self._seen.add(id(value))
        self._kept.append(value)
        if isinstance(value, type):
            return self._class(value)
        if inspect.ismethod(value):
            return self._function(value.__func__, value.__self__)
        if isinstance(value, FunctionType):
            return self._function(value, NOTHING)
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
                raise UndecidableError from None
        bound = {code.co_varnames[0]: owner} if owner is not NOTHING and code.co_argcount else {}
        defaults = getattr(function, "__defaults__", None) or ()
        return any(self.reaches(each) for each in defaults if callable(each)) or self._code(
            code, getattr(function, "__globals__", {}), known, bound
        )

    def _code(
        self, code: CodeType, scope: Mapping[str, object], known: Mapping[str, object], bound: Mapping[str, object]
    ) -> bool:
        for value in mentions(code, scope, known, bound):
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


def called_of(value: object) -> object:
    """Return the function that a call of an object runs, None for a class and for what is no object of a class."""
    return None if isinstance(value, type) else inspect.getattr_static(type(value), "__call__", None)


def _is_trusted(module: str | None) -> bool:
    """Whether a module is Python's own or the SDK's core, which registers only what a mentioned class asks for."""
    name = module or ""
    return is_standard(name) or name == "pulumi" or name.startswith("pulumi.")


def _is_builtin(value: object) -> bool:
    return inspect.isbuiltin(value) or inspect.ismethoddescriptor(value) or is_standard(type(value).__module__ or "")
