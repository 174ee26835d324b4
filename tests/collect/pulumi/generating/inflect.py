"""English plurals as the Terraform bridge forms them.

Source: https://github.com/pulumi/inflector/blob/master/inflector.go
"""

from __future__ import annotations

import re

_PLURALS = (
    (r"(s)tatus$", r"\1tatuses"),
    (r"(quiz)$", r"\1zes"),
    (r"([ml])ouse$", r"\1ice"),
    (r"(matr|vert|ind)(ix|ex)$", r"\1ices"),
    (r"(x|ch|ss|sh)$", r"\1es"),
    (r"([^aeiouy]|qu)y$", r"\1ies"),
    (r"(hive)$", r"\1s"),
    (r"([^f])fe$", r"\1ves"),
    (r"([lre])f$", r"\1ves"),
    (r"sis$", r"ses"),
    (r"([ti])um$", r"\1a"),
    (r"(p)erson$", r"\1eople"),
    (r"(m)an$", r"\1en"),
    (r"(c)hild$", r"\1hildren"),
    (r"us$", r"uses"),
    (r"(alias)$", r"\1es"),
    (r"(ax|cris|test)is$", r"\1es"),
    (r"s$", r"s"),
    (r"$", r"s"),
)
_SAME = re.compile(r"(?:^|_)(?:\w*media|equipment|information|series|news|species|proceedings|headquarters)$")


def plural(name: str) -> str:
    """Return the plural of a name in snake case: `subnet_mapping` -> `subnet_mappings`."""
    return name if _SAME.search(name) else _changed(name, _PLURALS)


def _changed(name: str, rules: tuple[tuple[str, str], ...]) -> str:
    for pattern, replacement in rules:
        if re.search(pattern, name):
            return re.sub(pattern, replacement, name, count=1)
    return name
