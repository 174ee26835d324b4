"""Functions of lists, sets, maps and objects; they keep what they can of what is known.

Source: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from checker.collect.hcl.certain import made_type
from checker.collect.hcl.convert import (
    counted,
    exact,
    items_of,
    kind_of,
    mapping_of,
    number_of,
    plain_number,
    set_of,
    text_of,
    truth_of,
    whole_of,
)
from checker.collect.hcl.equality import distinct, equal
from checker.collect.hcl.functions.characters import characters
from checker.collect.hcl.functions.function import Function, pure
from checker.collect.hcl.values import (
    Beginning,
    FailureError,
    Set,
    Several,
    UndecidedError,
    Unordered,
    Value,
    first_unknown,
    missing_of,
    settled,
)
from checker.model.fact import Missing, any_of
from checker.model.symbol import Symbol

MAX_ITEMS = 100_000
_MAX_RANGE = 1024


def _several(missing: Missing) -> Several:
    return Several(missing.fact, missing.supply)


def concat(*lists: Value) -> Value:
    """Join lists; one that is not known becomes an item that stands for several."""
    result: list[Value] = []
    for some in lists:
        if isinstance(some, (Missing, Symbol)):
            result.append(_several(missing_of(some)))
        else:
            result.extend(_ordered(some))
    return result


def _ordered(value: Value) -> list[Value]:
    if isinstance(value, Set):
        raise FailureError("a list is needed, not a set")
    return items_of(value)


def flatten(value: Value) -> Value:
    """Replace lists in a list by their items; an item that is not known may be a list of several.

    A symbol stands for one item unless its name is a plural, as those of the providers' lists are (`ids`, `names`).
    """
    result: list[Value] = []
    waiting = [iter(items_of(value))]
    while waiting:
        for item in waiting[-1]:
            if isinstance(item, Missing) or (isinstance(item, Symbol) and item.endswith("s") and not made_type(item)):
                result.append(_several(missing_of(item)))
            elif isinstance(item, list):
                waiting.append(iter(item))
                break
            else:
                result.append(item)
            if len(result) > MAX_ITEMS:
                raise UndecidedError(Missing("a list of more than 100000 items"))
        else:
            waiting.pop()
    return result


def compact(value: Value) -> Value:
    """Leave out what is null or empty; what is not known may be either."""
    result: list[Value] = []
    for item in items_of(value):
        if made_type(item):
            result.append(item)
        elif isinstance(item, (Missing, Symbol)):
            result.append(_several(missing_of(item)))
        elif item is not None and text_of(item):
            result.append(text_of(item))
    return result


def length(value: Value) -> Value:
    """Count the items of a list or map, or the characters of a text."""
    value = settled(value)
    if (
        isinstance(value, Set)
        and any(isinstance(item, (Missing, Symbol)) for item in value[:-1] + value[-1:])
        and len(value) > 1
    ):
        raise UndecidedError(first_unknown(value) or Missing("the number of items"))
    if isinstance(value, Unordered):  # two of a set that are not known may be one
        twins = [item for item in value if isinstance(item, (Missing, Symbol)) and not made_type(item)]
        if len(value) > 1 and twins:
            raise UndecidedError(missing_of(twins[0]))
    if isinstance(value, list):
        return len(counted(value))
    if isinstance(value, str):
        return len(characters(value))
    if isinstance(value, dict):
        return len(value)
    raise FailureError(f"a list, map or text is needed, not {kind_of(value)}")


def contains(value: Value, wanted: Value) -> Value:
    """Tell whether a list has an item."""
    answer = any_of(equal(item, wanted) for item in items_of(value))
    if answer.value is None:
        raise UndecidedError(answer.missing[0])
    return answer.value


def merge(*maps: Value) -> Value:
    """Join maps, later ones over earlier ones."""
    result: dict[str, Value] = {}
    for some in maps:
        if some is not None:
            result.update(mapping_of(some))
    return result


def lookup(map_: Value, key: Value, *default: Value) -> Value:
    """Return the item of a map, or the default."""
    entries, name = mapping_of(map_), text_of(key)
    if name in entries:
        return entries[name]
    if default:
        return default[0]
    raise FailureError(f'the map has no item "{name}"')


def element(value: Value, index: Value) -> Value:
    """Return an item of a list; beyond its end it begins again."""
    items = items_of(value)
    if isinstance(value, Set):
        raise FailureError("a set's items have no numbers")
    if not items:
        raise FailureError("the list is empty")
    number = whole_of(index)
    if number < 0:
        raise FailureError("the index is below zero")
    if number < len(items):
        counted(items[: number + 1])
        return items[number]
    if isinstance(value, Beginning):
        raise UndecidedError(Missing(f"item {number} of a list that may have more than {len(items)}", "name the item"))
    return items[number % len(counted(items))]


def slice_(value: Value, start: Value, end: Value) -> Value:
    """Return the items from `start` up to, not including, `end`."""
    items, first, last = _ordered(value), whole_of(start), whole_of(end)
    if not 0 <= first <= last:
        raise FailureError("the indices are out of order")
    counted(items[:last])
    if last > len(items):
        counted(items)
        raise FailureError(f"the end index {last} is beyond the {len(items)} items")
    return items[first:last]


def index(value: Value, wanted: Value) -> Value:
    """Return the number of the first item that equals `wanted`."""
    for number, item in enumerate(_ordered(value)):
        answer = equal(item, wanted)
        if answer.value is None:
            raise UndecidedError(answer.missing[0])
        if answer.value:
            return number
    raise FailureError("the item is not in the list")


def keys(value: Value) -> Value:
    """Return the keys of a map in order."""
    return list[Value](sorted(mapping_of(value)))


def values(value: Value) -> Value:
    """Return the values of a map in the order of its keys."""
    entries = mapping_of(value)
    return [entries[key] for key in sorted(entries)]


def coalesce(*arguments: Value) -> Value:
    """Return the first argument that is neither null nor an empty text."""
    for argument in unified(arguments):
        if made_type(argument):
            return argument
        if isinstance(argument, (Missing, Symbol)):
            raise UndecidedError(missing_of(argument))
        if argument is not None and argument != "":
            return argument
    raise FailureError("all arguments are null or empty")


def coalescelist(*arguments: Value) -> Value:
    """Return the first list that is not empty."""
    for argument in arguments:
        items = items_of(argument)
        if any(not isinstance(item, Several) for item in items):
            return items
        counted(items)
    raise FailureError("all lists are empty")


def one(value: Value) -> Value:
    """Return the only item of a list, or null for none."""
    items = counted(items_of(value))
    if len(items) > 1:
        if isinstance(value, (Set, Unordered)) and (unknown := first_unknown(list(items))):
            raise UndecidedError(unknown)
        raise FailureError(f"the list has {len(items)} items, not one")
    return items[0] if items else None


def zipmap(names: Value, contents: Value) -> Value:
    """Join a list of keys and a list of values to a map."""
    keys_, values_ = counted(items_of(names)), counted(items_of(contents))
    if len(keys_) != len(values_):
        raise FailureError(f"there are {len(keys_)} keys for {len(values_)} values")
    return {text_of(key): value for key, value in zip(keys_, values_, strict=True)}


def distinct_(value: Value) -> Value:
    """Leave out the items that equal an earlier one; of what is not known it is not known whether it does."""
    kept = distinct(unified(items_of(value)))
    unknown = sum(isinstance(item, (Missing, Symbol)) for item in kept)
    if len(kept) > 1 and unknown and not all(made_type(item) for item in kept):
        return [_several(missing_of(item)) if isinstance(item, (Missing, Symbol)) else item for item in kept]
    return kept


def reverse(value: Value) -> Value:
    """Return a list backwards."""
    return items_of(value)[::-1]


def chunklist(value: Value, size: Value) -> Value:
    """Return a list as lists of at most `size` items."""
    items, number = counted(items_of(value)), whole_of(size)
    if number < 0:
        raise FailureError("the size is below zero")
    if number == 0:
        return [list(items)]
    return [list(items[start : start + number]) for start in range(0, len(items), number)]


def matchkeys(contents: Value, keys_: Value, wanted: Value) -> Value:
    """Return the values whose key is among those wanted."""
    values_, names, searched = counted(items_of(contents)), counted(items_of(keys_)), counted(items_of(wanted))
    if len(values_) != len(names):
        raise FailureError("there are not as many keys as values")
    result: list[Value] = []
    for value, name in zip(values_, names, strict=True):
        answer = any_of(equal(name, other) for other in searched)
        if answer.value is None:
            result.append(_several(answer.missing[0]))
        elif answer.value:
            result.append(value)
    return result


def range_(*limits: Value) -> Value:
    """Return the numbers from a start up to a limit, by a step."""
    numbers = [exact(number_of(limit)) for limit in limits]
    start, limit = (numbers[0], numbers[1]) if len(numbers) > 1 else (exact(0), numbers[0])
    step = numbers[2] if len(numbers) > 2 else exact(1 if limit >= start else -1)
    if step == 0 or (step > 0 and limit < start) or (step < 0 and limit > start):
        raise FailureError("the step leads away from the limit")
    count = math.ceil((limit - start) / step)
    if count > _MAX_RANGE:
        raise FailureError("more than 1024 numbers")
    return [plain_number(start + step * number) for number in range(count)]


def setproduct(*sets: Value) -> Value:
    """Return all combinations of one item of each list."""
    lists = [counted(items_of(some)) for some in sets]
    if math.prod(len(some) for some in lists) > MAX_ITEMS:
        raise UndecidedError(Missing("a product of more than 100000 items"))
    product: list[Value] = [list(some) for some in itertools.product(*lists)]
    return Set(product) if all(isinstance(some, Set) for some in sets) else product


def transpose(value: Value) -> Value:
    """Return a map of lists with its keys and items exchanged."""
    result: dict[str, list[Value]] = {}
    for key, items in sorted(mapping_of(value).items()):
        for item in counted(items_of(items)):
            result.setdefault(text_of(item), []).append(key)
    return {**result}


def _known_set(value: Value) -> list[Value]:
    items = items_of(value)
    unknown = next((item for item in items if isinstance(item, (Missing, Symbol))), None)
    if unknown is not None and not isinstance(unknown, Symbol):
        raise UndecidedError(missing_of(unknown))
    return distinct(items)


def setunion(*sets: Value) -> Value:
    """Return the items of any set."""
    return set_of(unified([item for some in sets for item in items_of(some)]))


def setintersection(*sets: Value) -> Value:
    """Return the items of all sets."""
    lists = [_known_set(some) for some in sets]
    return set_of(item for item in lists[0] if all(truth_of(_has(other, item)) for other in lists[1:]))


def setsubtract(value: Value, other: Value) -> Value:
    """Return the items of the first set that the other has not."""
    taken = _known_set(other)
    return set_of(item for item in _known_set(value) if not truth_of(_has(taken, item)))


def _has(items: list[Value], wanted: Value) -> bool:
    answer = any_of(equal(item, wanted) for item in items)
    if answer.value is None:
        raise UndecidedError(answer.missing[0])
    return answer.value


def toset(value: Value) -> Value:
    """Return a list as a set."""
    return None if value is None else set_of(unified(items_of(value)))


def tolist(value: Value) -> Value:
    """Return a set or tuple as a list."""
    return None if value is None else list(unified(items_of(value)))


def tomap(value: Value) -> Value:
    """Return an object as a map."""
    if value is None:
        return None
    entries = mapping_of(value)
    return dict(zip(entries, unified(list(entries.values())), strict=True))


def unified(items: Sequence[Value]) -> Sequence[Value]:
    """Return items as values of one type: texts where texts and others are mixed."""
    plain = [item for item in items if item is not None and not isinstance(item, (Missing, Symbol))]
    texts = [isinstance(item, str) for item in plain]
    flags = [isinstance(item, bool) for item in plain]
    simple = [isinstance(item, (str, int, float)) for item in plain]
    if all(simple):
        if any(texts) and not all(texts):
            return [
                text_of(item) if not isinstance(item, (Missing, Symbol)) and item is not None else item
                for item in items
            ]
        if any(flags) and not all(flags):
            raise FailureError("the items are not of one type")
        return items
    lists = [item for item in plain if isinstance(item, list)]
    if lists and len(lists) != len(plain):
        raise FailureError("the items are not of one type")
    if lists:
        inner = iter(unified([item for some in lists for item in some]))
        return [[next(inner) for _ in item] if isinstance(item, list) else item for item in items]
    maps = [item for item in plain if isinstance(item, dict)]
    if maps and all(some.keys() == maps[0].keys() for some in maps) and len(maps) == len(plain) == len(items):
        columns = {key: unified([some[key] for some in maps]) for key in maps[0]}
        return [{key: columns[key][row] for key in some} for row, some in enumerate(maps)]
    return items


def alltrue(value: Value) -> Value:
    """Tell whether all items are true."""
    return _fold(value, settles=False)


def anytrue(value: Value) -> Value:
    """Tell whether any item is true."""
    return _fold(value, settles=True)


def _fold(value: Value, *, settles: bool) -> Value:
    unknown: Missing | None = None
    for item in items_of(value):
        if isinstance(item, (Missing, Symbol)):
            unknown = unknown or missing_of(item)
        elif item is None:
            if not settles:
                return False
        elif truth_of(item) is settles:
            return settles
    if unknown:
        raise UndecidedError(unknown)
    return not settles


def sum_(value: Value) -> Value:
    """Return the sum of numbers."""
    items = counted(items_of(value))
    if not items:
        raise FailureError("the list is empty")
    return plain_number(sum((exact(number_of(item)) for item in items), start=exact(0)))


def sort(value: Value) -> Value:
    """Return texts in the order of their characters; of those that are not known only the order is lost."""
    items = items_of(value)
    if any(isinstance(item, (Missing, Symbol)) for item in items):
        return Unordered(item if isinstance(item, (Missing, Symbol)) else text_of(item) for item in items)
    return list[Value](sorted(text_of(item) for item in counted(items_of(value))))


FUNCTIONS: dict[str, Function] = {
    "alltrue": pure(alltrue, 1),
    "anytrue": pure(anytrue, 1),
    "chunklist": pure(chunklist, 2),
    "coalesce": pure(coalesce, 1, None, nulls=True),
    "coalescelist": pure(coalescelist, 1, None),
    "compact": pure(compact, 1),
    "concat": pure(concat, 1, None),
    "contains": pure(contains, 2),
    "distinct": pure(distinct_, 1),
    "element": pure(element, 2),
    "flatten": pure(flatten, 1),
    "index": pure(index, 2, nulls=True),
    "keys": pure(keys, 1),
    "length": pure(length, 1),
    "lookup": pure(lookup, 2, 3, nulls=True),
    "matchkeys": pure(matchkeys, 3),
    "merge": pure(merge, 0, None, nulls=True),
    "one": pure(one, 1),
    "range": pure(range_, 1, 3),
    "reverse": pure(reverse, 1),
    "setintersection": pure(setintersection, 1, None),
    "setproduct": pure(setproduct, 2, None),
    "setsubtract": pure(setsubtract, 2),
    "setunion": pure(setunion, 1, None),
    "slice": pure(slice_, 3),
    "sort": pure(sort, 1),
    "sum": pure(sum_, 1),
    "tolist": pure(tolist, 1, nulls=True),
    "tomap": pure(tomap, 1, nulls=True),
    "toset": pure(toset, 1, nulls=True),
    "transpose": pure(transpose, 1),
    "values": pure(values, 1),
    "zipmap": pure(zipmap, 2),
}
