"""Texts that are templates, such as the files of `templatefile`."""

from __future__ import annotations

from checker.collect.hcl.evaluate import evaluate
from checker.collect.hcl.fragments import parse_template
from checker.collect.hcl.syntax import Fault
from checker.collect.hcl.values import Failure, FailureError, Files, Names, Value


class _Variables:
    """The names of a template: those that it was given, and no others."""

    __slots__ = ("_files", "_variables")

    def __init__(self, variables: dict[str, Value], files: Files | None) -> None:
        self._variables = variables
        self._files = files

    def lookup(self, name: str) -> Value:
        """Return the variable of this name."""
        if name in self._variables:
            return self._variables[name]
        return Failure(f'the template names "{name}", which it is not given')

    @property
    def files(self) -> Files | None:
        """Return the files that functions in the template may read."""
        return self._files


def render(text: str, variables: dict[str, Value], names: Names) -> Value:
    """Return what a template comes to with these variables."""
    template = parse_template(text)
    if isinstance(template, Fault):
        raise FailureError(f"the template is broken in its line {template.line}: {template.message}")
    value = evaluate(template, _Variables(variables, names.files))
    if isinstance(value, Failure):
        raise FailureError(value.fact)
    return value
