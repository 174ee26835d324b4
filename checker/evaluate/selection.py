"""The choice of rules by id, by the beginning of an id, or by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from checker.errors import UsageError
from checker.rules.interface import Rule


def select(
    rules: Sequence[Rule[object]], chosen: Iterable[str] = (), ignored: Iterable[str] = ()
) -> tuple[Rule[object], ...]:
    """Return the rules that are chosen (all, if nothing is) and not ignored, in their order.

    Each word is an id (`NET005`), the beginning of some (`NET`), or a name; several may stand in one argument, with
    commas between. The longer word wins, so that `--ignore NET --select NET005` leaves one rule of the family.
    Raises `UsageError` for a word that matches nothing, and when nothing is left.
    """
    wanted, unwanted = _words(chosen), _words(ignored)
    for word in (*wanted, *unwanted):
        if not any(_fit(rule, word) for rule in rules):
            raise unknown_rule(rules, word)
    kept = tuple(
        rule
        for rule in rules
        if max((_fit(rule, word) for word in wanted), default=0 if wanted else 1)
        > max((_fit(rule, word) for word in unwanted), default=0)
    )
    if rules and not kept:
        raise UsageError("no rule is left to judge by", hint="look at --select and --ignore")
    return kept


def find(rules: Sequence[Rule[object]], word: str) -> Rule[object]:
    """Return the rule of an id or a name; raises `UsageError` with the closest ones."""
    for rule in rules:
        if word.upper() == rule.id or word.lower() == rule.name:
            return rule
    raise unknown_rule(rules, word)


def unknown_rule(rules: Sequence[Rule[object]], word: str) -> UsageError:
    """Return the error for a word that names no rule, with the closest ids and names."""
    close = closest(word, [text for rule in rules for text in (rule.id, rule.name)])
    return UsageError(f"no rule is called {word!r}", hint=close or "tierproof rules lists them")


def closest(word: str, known: Iterable[str]) -> str:
    """Return `did you mean …?` with the known words nearest to `word`, or nothing."""
    spelling = {text.lower(): text for text in known}
    near = get_close_matches(word.lower(), spelling, n=3, cutoff=0.6)
    return f"did you mean {' or '.join(spelling[text] for text in near)}?" if near else ""


def _words(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(word.strip() for text in texts for word in text.split(",") if word.strip())


def _fit(rule: Rule[object], word: str) -> int:
    """Return how closely a word names a rule: 0 for not at all."""
    if word.lower() == rule.name:
        return len(rule.id) + 1
    return len(word) + 1 if rule.id.startswith(word.upper()) else 0
