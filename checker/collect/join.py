"""Several collections as one: what one of them read is no gap of another, and what they tell differently is unknown."""

from collections.abc import Sequence

from checker.collect.duplicates import both, canonical, conflict_lines, conflicts
from checker.collect.identity import identity
from checker.collect.terraform.records import DIALECT
from checker.collect.terraform.together import completed, placed, without_strangers
from checker.model.record import Collection, Record, Scope


def join(collections: Sequence[Collection]) -> Collection:
    """Return all collections as one; the time is the latest, and none if one of them does not tell it.

    An attribute that two of them tell differently is unknown where it is asked for, and a line of the ledger. It is no
    gap of its scope: what nobody asks for, such as the time of a last backup, changes no verdict.
    """
    if len(collections) == 1:
        return collections[0]
    collections = placed(collections)
    sources = "+".join(dict.fromkeys(one.source for one in collections))
    read = {(line.scope, line.item) for one in collections for line in one.coverage if line.status.was_read}
    records = _records(collections)
    doubled = conflicts(records)
    gaps = dict.fromkeys(gap for one in collections for gap in one.gaps)
    lines = (*(line for one in collections for line in one.coverage), *conflict_lines(sources, doubled))
    times = [one.collected_at for one in collections]
    return Collection(
        source=sources,
        records=records,
        gaps=tuple(gap for gap in gaps if gap.parent or (gap.scope, gap.item) not in read),
        coverage=tuple(dict.fromkeys(lines)),
        paths=tuple(dict.fromkeys(path for one in collections for path in one.paths)),
        collected_at=max(time for time in times if time) if all(times) and times else None,
        facts={key: value for one in collections for key, value in one.facts.items()},
        comments=tuple(dict.fromkeys(comment for one in collections for comment in one.comments)),
    )


def _records(collections: Sequence[Collection]) -> tuple[Record, ...]:
    found: dict[tuple[str, str, Scope, str], Record] = {}
    paths: dict[tuple[str, str, Scope, str], str] = {}
    for one in collections:
        for index, record in enumerate(one.records):
            id_ = identity(record.type, record.raw) or f"{'/'.join(one.paths)}#{index}"
            key = (record.dialect, record.type, record.scope, id_)
            before = found.get(key)
            if before is None:
                found[key], paths[key] = record, ", ".join(one.paths)
            elif canonical(before.raw) != canonical(record.raw):
                places = (_place(before, paths[key]), _place(record, ", ".join(one.paths)))
                tales = before.raw, record.raw
                mine, other = completed(*tales) if record.dialect == DIALECT else tales
                raw = both(record.type, record.scope, mine, other, (id_, *places))
                found[key] = Record(before.dialect, before.type, before.scope, raw, before.origin)
    return without_strangers(tuple(found.values()))


def _place(record: Record, paths: str) -> str:
    return record.origin.file or paths or record.origin.source
