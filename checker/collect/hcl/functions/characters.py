"""The characters of a text as people count them."""

from __future__ import annotations

import unicodedata

from checker.collect.hcl.values import UndecidedError
from checker.model.fact import Missing

_JOINING = frozenset({"Mn", "Mc", "Me", "Cf", "Sk"})
_SINGLE = 0x1100
"""Below it letters stand alone; from Hangul on they may join."""


def characters(text: str) -> list[str]:
    """Return the characters of a text; raise where signs join to one in a way that is not worked out.

    Source: https://developer.hashicorp.com/terraform/language/functions/length
    """
    if text.isascii() and "\r\n" not in text:
        return list(text)
    for sign in text:
        if ord(sign) >= _SINGLE or unicodedata.category(sign) in _JOINING:
            raise UndecidedError(Missing("the number of characters of a text with joined signs"))
    if "\r\n" in text:
        raise UndecidedError(Missing("the number of characters of a text with ends of lines of Windows"))
    return list(text)
