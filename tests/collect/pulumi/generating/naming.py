"""The table of tokens: for each module what stands before its names in Terraform, and the names that are otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from checker.collect.pulumi.table.rule import snake
from tests.collect.pulumi.generating.matching import parts
from tests.collect.pulumi.generating.overrides import BEGINNINGS
from tests.collect.pulumi.generating.sdk import Type


def guesses(types: Iterable[Type], known: Mapping[str, str]) -> Mapping[str, str]:
    """Return likely types of the tokens that no schema has, by what stands before the other names of their module.

    One that is the old name of another has that one's type. What is no data source, such as `arnParse`, has none.
    """
    before: dict[str, Counter[str]] = defaultdict(Counter)
    for token, type_ in known.items():
        module, name = parts(token)
        if type_.endswith(snake(name)):
            before[module][type_.removesuffix(snake(name))] += 1
    of_today = {alias: known[each.token] for each in types if each.token in known for alias in each.aliases}
    found = {}
    for each in types:
        module, name = parts(each.token)
        if each.token in known or not name[:1].isupper():
            continue
        start = before[module].most_common(1)[0][0] if before[module] else f"aws_{snake(module)}_"
        last = snake(name)
        for (of, first), beginning in BEGINNINGS.items():
            if of == module and last.startswith(f"{first}_"):
                start, last = beginning, last.removeprefix(f"{first}_")
        found[each.token] = of_today.get(each.token, start + last)
    return found


def renamed(types: Iterable[Type]) -> Mapping[str, str]:
    """Return modules that are no more with those of today, by the old names of their resources."""
    today = {parts(each.token)[0] for each in types}
    pairs = {(parts(alias)[0], parts(each.token)[0]) for each in types for alias in each.aliases}
    return {old: new for old, new in sorted(pairs) if old not in today}


def table(types: Sequence[Type], known: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the table of some tokens as it is kept."""
    guessed = guesses(types, known)
    modules: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    others: dict[str, str] = {}
    for token, type_ in sorted({**guessed, **known}.items()):
        module, name = parts(token)
        if type_.endswith(snake(name)):
            modules[module][type_.removesuffix(snake(name))].append(name)
        else:
            others[f"{module}:{name}"] = type_
    own = {each.token for each in types}
    aliases = {alias: each.token for each in types for alias in each.aliases if alias not in own}
    sure = frozenset(known.values())
    young = sorted({type_ for type_ in guessed.values() if type_ not in sure})
    return {"modules": modules, "others": others, "aliases": aliases, "young": young}
