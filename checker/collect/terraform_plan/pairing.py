"""Which planned block came of which written one: sets of blocks are sorted anew."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

Block = Mapping[str, object]
Fits = Callable[[Block, Block], bool]


def pair(planned: Sequence[Block], written: Sequence[Block], fits: Fits) -> list[Block | None]:
    """Return the written block of each planned one, None where that cannot be told; `fits` says that it may be so.

    Blocks that are alike in all that is known are told apart by nothing, and so may take their writings in any order.
    """
    if len(written) != len(planned):
        # The blocks of a `dynamic` block are in the plan and not in its configuration.
        return [None] * len(planned)
    options = [tuple(at for at, block in enumerate(written) if fits(one, block)) for one in planned]
    faces = [json.dumps(one, sort_keys=True, default=str) for one in planned]
    groups = list(zip(faces, options, strict=True))
    alike = Counter(groups)
    taken: Counter[tuple[str, tuple[int, ...]]] = Counter()
    found: list[Block | None] = []
    for group in groups:
        own = set(group[1])
        is_alone = all(other == group or not own & set(other[1]) for other in alike)
        if is_alone and len(own) == alike[group]:
            found.append(written[group[1][taken[group]]])
            taken[group] += 1
        else:
            found.append(None)
    return found


def fits_constants(planned: Block, configured: Block) -> bool:
    """Tell whether a planned block can have come of a configured one, by the constants of the latter."""
    for key, expression in configured.items():
        if isinstance(expression, Mapping) and "constant_value" in expression:
            constant = expression["constant_value"]
            if constant is not None and key in planned and plain(planned[key]) != plain(constant):
                return False
        elif isinstance(expression, list) and not planned.get(key):
            return False
    return True


def plain(value: object) -> str:
    """Return a value as the provider's schema would have it: `"80"` and 80 are one."""
    return json.dumps(value) if not isinstance(value, (str, int, float)) or isinstance(value, bool) else str(value)
