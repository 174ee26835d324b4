"""Reading texts that are one expression or one template, not files of blocks."""

from __future__ import annotations

from checker.collect.hcl.expressions import ExpressionParser
from checker.collect.hcl.scan import NotHclError, Text
from checker.collect.hcl.syntax import Expression, Fault
from checker.collect.hcl.templates import TemplateParser


def parse_expression(source: str, line: int = 1) -> Expression | Fault:
    """Read a text that is one expression, such as the value of an option `--var`."""
    text = Text(source, line)
    try:
        value = ExpressionParser(text).bracketed()
    except NotHclError as error:
        return _fault(text, error.position, str(error))
    except RecursionError:
        return _fault(text, 0, "nested too deeply")
    if text.position < text.end:
        return _fault(text, text.position, f"the end was expected here, not {text.shown()}")
    return value


def parse_template(source: str, line: int = 1) -> Expression | Fault:
    """Read a text that is a template, such as a file of `templatefile` or a text in Terraform's JSON syntax."""
    text = Text(source, line)
    try:
        return TemplateParser(text, ExpressionParser(text)).file()
    except NotHclError as error:
        return _fault(text, error.position, str(error))
    except RecursionError:
        return _fault(text, 0, "nested too deeply")


def _fault(text: Text, position: int, message: str) -> Fault:
    return Fault(text.line(position), message, text.line(0), text.line(text.end))
