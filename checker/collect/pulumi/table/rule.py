"""The rule by which names of Pulumi follow from Terraform's; the table holds what does not follow from it.

Source: https://github.com/pulumi/pulumi-terraform-bridge/blob/main/pkg/tfbridge/names.go
"""

from __future__ import annotations

import re
from functools import cache

_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SINGULARS = (
    (re.compile(r"(ss|us|is|media|series)$"), r"\1"),
    (re.compile(r"ies$"), "y"),
    (re.compile(r"(alias)es$"), r"\1"),
    (re.compile(r"(x|ch|sh|ss|us)es$"), r"\1"),
    (re.compile(r"s$"), ""),
)


@cache
def snake(name: str) -> str:
    """Return a name in Terraform's case: `healthCheck` -> `health_check`."""
    return _BORDER.sub("_", name).lower()


def camel(name: str) -> str:
    """Return a name in Pulumi's case: `health_check` -> `healthCheck`."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


@cache
def singular(name: str) -> str:
    """Return the singular of a name in Terraform's case: Pulumi's lists of blocks have plural names."""
    for pattern, replacement in _SINGULARS:
        if pattern.search(name):
            return pattern.sub(replacement, name, count=1)
    return name
