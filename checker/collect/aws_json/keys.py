"""Which keys of an answer belong to which calls, derived from the calls that the kinds declare."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import jmespath  # type: ignore[import-untyped]  # it has no types

from checker.collect.aws.shapes import fits
from checker.model.call import Call, DetailCall, ListCall, Listed

CallName = tuple[str, str]


def name_of(call: Call) -> CallName:
    """Return the service and the operation: what two declarations of one call have in common."""
    return call.service, call.operation


@cache
def heads(expression: str) -> tuple[str, ...]:
    """Return the top-level keys that a JMESPath reads, in its order."""
    return tuple(dict.fromkeys(_roots(jmespath.compile(expression).parsed)))


def _roots(node: Mapping[str, object]) -> Iterator[str]:
    children = node.get("children")
    inner: Sequence[object] = children if isinstance(children, list) else ()
    if node.get("type") == "field":
        yield str(node.get("value"))
    elif node.get("type") in ("multi_select_dict", "multi_select_list", "key_val_pair"):
        for child in inner:
            if isinstance(child, dict):
                yield from _roots(child)
    elif inner and isinstance(inner[0], dict):
        # Everything else starts from its first part: a sub-expression, a projection, a filter, an index.
        yield from _roots(inner[0])


@dataclass(frozen=True)
class Keys:
    """The calls of all kinds by the first key of their answers."""

    calls: tuple[Call, ...]
    by_head: Mapping[str, tuple[Call, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, kinds: Sequence[Listed]) -> "Keys":
        """Return the keys of what `kinds` read."""
        calls: list[Call] = []
        for call in (call for kind in kinds for call in kind.calls):
            if call not in calls:
                calls.append(call)
        by_head: dict[str, list[Call]] = defaultdict(list)
        for call in calls:
            by_head[heads(call.result)[0]].append(call)
        return cls(tuple(calls), {head: tuple(found) for head, found in by_head.items()})

    def answered(self, key: str, value: object) -> tuple[Call, ...]:
        """Return the calls that `value` under a top-level key can be the answer of."""
        return tuple(call for call in self.by_head.get(key, ()) if fits(*name_of(call), key, value))

    def told_apart(self, entry: Mapping[str, object]) -> Iterator[tuple[str, Call]]:
        """Yield the key and the call of each answer that an entry of a list holds besides the id of its parent."""
        for key, value in entry.items():
            for call in self.answered(key, value):
                if parents_named(call, entry):
                    yield key, call


def parents_named(call: Call, entry: Mapping[str, object]) -> tuple[str, ...]:
    """Return the ids in a mapping that can be those of the parent that a call asks about."""
    if isinstance(call, DetailCall):
        named = (entry.get(key) for key in dict.fromkeys((call.argument, call.match, call.identity)))
        return tuple(dict.fromkeys(value for value in named if isinstance(value, str) and value))
    if call.each is None:
        return ()
    return tuple(
        value for key, value in entry.items() if isinstance(value, str) and key.endswith(("Arn", "Id", "Name"))
    )


def is_list_of_all(call: Call) -> bool:
    """Tell whether one answer of a call lists everything of a Region, without a parent."""
    return isinstance(call, ListCall) and call.each is None


def spelled(call: Call) -> str:
    """Return a call as a command of the AWS CLI."""
    return f"aws {call.service} {call.operation.replace('_', '-')}"
