"""Other people's text in Markdown: shown as it is, and nothing in it does anything."""

from __future__ import annotations

import re

from checker.report.findings import one_line

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~$^=])")
# GitHub makes links of these after the Markdown is gone, where no backslash helps; a space without width does.
_LINKING = re.compile(r"(@|#|://|www\.|(?<=\bGH)-)", re.IGNORECASE)
_NOTHING = "\u200b"


def prose(text: str) -> str:
    """Return text for running Markdown and for cells of a table, on one line.

    Neither markup nor HTML in it takes effect, nor does it mention anyone, link anywhere or refer to an issue.
    Source: https://github.github.com/gfm/
    """
    return _SPECIAL.sub(r"\\\1", html(text))


def html(text: str) -> str:
    """Return text for the inside of an HTML element, where Markdown is not looked at, on one line."""
    line = _LINKING.sub(rf"\1{_NOTHING}", one_line(text))
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def code(text: str, *, in_table: bool = False) -> str:
    """Return text as a code span, in which nothing takes effect; a bar would still end a cell of a table."""
    line = one_line(text) or " "
    fence = "`" * (max(map(len, re.findall(r"`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    span = f"{fence}{pad}{line}{pad}{fence}"
    return span.replace("|", "\\|") if in_table else span
