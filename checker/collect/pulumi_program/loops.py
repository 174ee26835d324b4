"""Resources that are registered once for each item of a list that is looked up, which may be empty in truth."""

from __future__ import annotations

import ast
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from checker.collect.pulumi.registered import LookedUp, Reference, Registered, Text

_ITEM = re.compile(r"(.+?)\.(\d+)(?:\.|$)")
# Of these there are three at least, in every Region.
_ZONES = ":getAvailabilityZones"
# A look-up, a list in its answer, and the place of an item in it.
_Item = tuple[str, str, int]


def in_doubt(resources: Sequence[Registered], looked_up: Iterable[LookedUp]) -> tuple[Registered, ...]:
    """Return the resources that all runs agree on, those of such loops as uncertain.

    Runs are told lists of two items and of three: a loop over one registers the same in both, but for its last. What
    is written out (`ids[0]`) or counted by the program itself (`for n in range(2)`) needs as many as it names.
    """
    lists = {one.name for one in looked_up if not one.token.endswith(_ZONES)}
    places: dict[tuple[str, int], list[Registered]] = defaultdict(list)
    for one in resources:
        if one.origin.file and one.origin.line:
            places[one.origin.file, one.origin.line].append(one)
    files: dict[str, Mapping[int, bool]] = {}
    doubtful: set[str] = set()
    for (file, line), there in places.items():
        if len(there) < 2:
            continue
        items = {
            one.urn: {(owner, path, n) for owner, path, n in _items(one.properties) if owner in lists} for one in there
        }
        several = _several(items.values())
        is_short = len({one.uncertain for one in there}) > 1
        if not several and not is_short:
            continue
        if file not in files:
            files[file] = _loops(file)
        is_counted = files[file].get(line)
        if is_counted:
            continue
        if is_short and is_counted is not None:
            doubtful |= {one.urn for one in there}
        doubtful |= {urn for urn, own in items.items() if any((owner, path) in several for owner, path, _ in own)}
    return tuple(replace(one, uncertain=True) if one.urn in doubtful else one for one in resources)


def _several(all_items: Iterable[set[_Item]]) -> set[tuple[str, str]]:
    """Return the lists of which different resources name different items."""
    found: dict[tuple[str, str], list[frozenset[int]]] = defaultdict(list)
    for items in all_items:
        for owner, path in {(owner, path) for owner, path, _ in items}:
            found[owner, path].append(frozenset(n for one, list_, n in items if (one, list_) == (owner, path)))
    return {list_ for list_, named in found.items() if len(set(named)) > 1}


def _items(value: object) -> Iterator[_Item]:
    """Yield the items of lists that a property refers to."""
    if isinstance(value, Reference):
        found = _ITEM.match(value.property)
        if found:
            yield value.urn, found[1], int(found[2])
    elif isinstance(value, Text):
        for part in value.parts:
            yield from _items(part)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _items(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _items(each)


def _loops(file: str) -> Mapping[int, bool]:
    """Return the lines of a file that are in a loop, and whether the program itself counts its rounds."""
    try:
        with tokenize.open(file) as opened:
            tree = ast.parse(opened.read())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return {}
    found: dict[int, bool] = {}
    # Outer loops come before those within them, which decide.
    for node in ast.walk(tree):
        rounds: list[ast.expr] = []
        if isinstance(node, (ast.For, ast.AsyncFor)):
            rounds = [node.iter]
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            rounds = [each.iter for each in node.generators]
        if rounds and isinstance(node, (ast.stmt, ast.expr)):
            counted = all(_is_counted(each) for each in rounds)
            found.update(dict.fromkeys(range(node.lineno, (node.end_lineno or node.lineno) + 1), counted))
    return found


def _is_counted(rounds: ast.expr) -> bool:
    """Tell whether a loop runs over a range, or over what is written out, and not as often as something is long."""
    if isinstance(rounds, (ast.List, ast.Tuple, ast.Set, ast.Dict)):
        return True
    if not (isinstance(rounds, ast.Call) and isinstance(rounds.func, ast.Name) and rounds.func.id == "range"):
        return False
    return not any(isinstance(each, ast.Call) for argument in rounds.args for each in ast.walk(argument))
