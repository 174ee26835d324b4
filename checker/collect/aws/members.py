"""What botocore's service models say about the members of answers: which are secret, and which cannot be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from checker.collect.aws.shapes import answer_shape
from checker.model.call import Call

_PLAIN = ("boolean", "integer", "long", "float", "double", "timestamp")


@dataclass(frozen=True)
class Members:
    """Names of members: `sensitive` as AWS marks them; `harmless` if they are numbers, times or of a fixed choice."""

    sensitive: frozenset[str]
    harmless: frozenset[str]


def members(calls: Iterable[Call]) -> Members:
    """Return what the models say about the answers of some calls; a name counts as harmless only if it always is."""
    sensitive: set[str] = set()
    plain: set[str] = set()
    free: set[str] = set()
    for service, operation in sorted({(call.service, call.operation) for call in calls}):
        shape = answer_shape(service, operation)
        for name, member in _walk(shape, frozenset()) if shape else ():
            if member.metadata.get("sensitive"):
                sensitive.add(name)
            elif member.type_name in _PLAIN or (isinstance(member, StringShape) and member.enum):
                plain.add(name)
            elif not isinstance(member, (StructureShape, ListShape, MapShape)):
                free.add(name)
    return Members(frozenset(sensitive), frozenset(plain - free - sensitive))


def _walk(shape: Shape, seen: frozenset[str]) -> Iterator[tuple[str, Shape]]:
    if shape.name in seen:
        return
    seen |= {shape.name}
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield name, member
            yield from _walk(member, seen)
    elif isinstance(shape, ListShape):
        yield from _walk(shape.member, seen)
    elif isinstance(shape, MapShape):
        yield from _walk(shape.value, seen)
