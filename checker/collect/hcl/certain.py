"""What is certain about a symbol although its value is not known: whether it is the id of a resource that is made."""

from __future__ import annotations

import re

from checker.model.symbol import Symbol

_KEY = r'(?:\[(?:\d+|"[^"]*")\])?'
_ID = re.compile(rf"(?:[^\"]*//)?(?:module\.[\w-]+{_KEY}\.)*(aws_\w+)\.[\w-]+{_KEY}(?:\.arn)?")


def made_type(value: object) -> str:
    """Return the type of the resource whose id or ARN a symbol is, and an empty text for any other value.

    Such an id is neither null nor empty, is one value and not several, and no two resources of a type have the same.
    """
    found = _ID.fullmatch(value) if isinstance(value, Symbol) else None
    return found[1] if found else ""
