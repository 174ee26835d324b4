"""Who gets what through, told by as few lines as say it exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from checker.graph.query.answer import Admitted
from checker.model.intervals import IntervalSet


def grouped(cells: Iterable[tuple[str, str, IntervalSet]]) -> tuple[Admitted, ...]:
    """Return `(source, target, traffic)` cells as lines; sources with the same targets and traffic share theirs."""
    rows: dict[str, dict[str, IntervalSet]] = defaultdict(dict)
    for source, target, passes in cells:
        if passes:
            seen = rows[source].get(target)
            rows[source][target] = seen | passes if seen else passes
    alike: dict[frozenset[tuple[str, IntervalSet]], list[str]] = defaultdict(list)
    for source, row in rows.items():
        alike[frozenset(row.items())].append(source)
    found: list[Admitted] = []
    for shared, sources in alike.items():
        by_traffic: dict[IntervalSet, list[str]] = defaultdict(list)
        for target, passes in shared:
            by_traffic[passes].append(target)
        found += [Admitted(tuple(sources), tuple(sorted(targets)), passes) for passes, targets in by_traffic.items()]
    return tuple(sorted(found, key=lambda one: (one.sources, one.targets)))
