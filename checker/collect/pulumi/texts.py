"""Texts with references in them: what they are once it is known what the references stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from checker.collect.hcl.convert import placeholder
from checker.collect.pulumi.registered import Text
from checker.model.fact import Missing
from checker.model.symbol import Symbol

_SUPPLY = "audit the account, or check a preview made where it is known"
_DOCUMENTS = ("{", "[")
# What has to be written otherwise inside of a text of JSON.
_QUOTED = re.compile(r'["\\\x00-\x1f]')


def composed(text: Text, parts: Sequence[object], owner: str) -> object:
    """Return a text of which `parts` are the values; one that holds names is a symbol that spells them.

    A name stands as `${name}` in it, and other `${` are doubled (`checker.collect.hcl.convert`).
    """
    lost = next((part for part in parts if not isinstance(part, (str, int, float))), None)
    if lost is not None:
        return lost if isinstance(lost, Missing) else Missing(f"{owner}: a text with a value in it", _SUPPLY)
    first = text.parts[0]
    if isinstance(first, str) and first.lstrip().startswith(_DOCUMENTS):
        # A reference stood there as a part of a text; what has to be quoted there is no id and no name.
        for written, known in zip(text.parts, parts, strict=True):
            if not isinstance(written, str) and not isinstance(known, Symbol) and _QUOTED.search(_spelled(known)):
                return Missing(f"{owner}: a document with a text in it", _SUPPLY)
    if not any(isinstance(part, Symbol) for part in parts):
        return "".join(map(_spelled, parts))
    return Symbol("".join(map(_in_symbol, parts)))


def _in_symbol(part: object) -> str:
    return placeholder(part) if isinstance(part, Symbol) else _spelled(part).replace("${", "$${")


def _spelled(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
