"""JSON documents that a program gives as mappings, such as policies, as the texts that Terraform knows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from checker.collect.pulumi.registered import Reference, Text
from checker.model.fact import Missing


def json_text(value: object) -> object:
    """Return the JSON text of a document that is given as a mapping, with the references in it as parts.

    One of which a part is not known is not known.
    Source: https://www.pulumi.com/registry/packages/aws/api-docs/iam/rolepolicy/ (policy: string | PolicyDocument)
    """
    parts: list[str | Reference] = []
    for part in _written(value):
        if isinstance(part, Missing):
            return part
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    if len(parts) == 1 and isinstance(parts[0], str):
        return parts[0]
    return Text(tuple(parts))


def _written(value: object) -> Iterator[str | Reference | Missing]:
    if isinstance(value, Mapping):
        yield "{"
        for number, (key, item) in enumerate(value.items()):
            yield f"{',' if number else ''}{json.dumps(str(key))}:"
            yield from _written(item)
        yield "}"
    elif isinstance(value, (list, tuple)):
        yield "["
        for number, item in enumerate(value):
            yield "," if number else ""
            yield from _written(item)
        yield "]"
    elif isinstance(value, (Reference, Text)):
        yield '"'
        for part in (value,) if isinstance(value, Reference) else value.parts:
            yield json.dumps(part)[1:-1] if isinstance(part, str) else part
        yield '"'
    elif isinstance(value, Missing):
        yield value
    elif value is None or isinstance(value, (str, bool, int, float)):
        whole = int(value) if isinstance(value, float) and value.is_integer() else value
        yield json.dumps(whole)
    else:
        yield Missing(f"a {type(value).__name__} within a document")
