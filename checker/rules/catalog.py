"""Every rule, found by looking into this folder."""

from functools import cache

import checker.rules
from checker._discover import declared
from checker.errors import ConfigurationError
from checker.rules.interface import Rule

SECTIONS = ("What it checks", "Why it matters", "How to fix", "References")


@cache
def rules() -> tuple[Rule[object], ...]:
    """Return the declared rules by id; raises `ConfigurationError` for a duplicate id or a missing section."""
    found: dict[str, Rule[object]] = {}
    for name, item in declared(checker.rules, "check", Rule):
        absent = [section for section in SECTIONS if f"\n{section}\n" not in item.page]
        if absent:
            raise ConfigurationError(f"the manual page lacks: {', '.join(absent)}", where=f"rule {name}")
        if item.id in found:
            raise ConfigurationError(
                f"two rules have the id {item.id}", where=f"{found[item.id].module}, {item.module}"
            )
        found[item.id] = item
    return tuple(found[id] for id in sorted(found))
