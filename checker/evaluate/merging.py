"""Several reports as one: of worlds that were judged each for itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from checker.model.report import Report


def merged(reports: Mapping[str, Report]) -> Report:
    """Return one report of several, by the root each was judged at; its exit code is not settled.

    Stacks are called `root//id`, and each stack and result says its root, so that equal ids of two roots stay apart.
    """
    every = list(reports.values())
    if len(every) == 1:
        return every[0]
    first = every[0]
    results = [
        (root, result, replace(result, root=root, stack=result.stack and f"{root}//{result.stack}"))
        for root, one in reports.items()
        for result in one.results
    ]
    keys = {(root, old.key): new.key for root, old, new in results}
    return replace(
        first,
        source="+".join(dict.fromkeys(one.source for one in every)),
        accounts=_all([one.accounts for one in every]),
        regions=_all([one.regions for one in every]),
        paths=tuple(dict.fromkeys(path for one in every for path in one.paths)),
        stacks=tuple(
            replace(stack, id=f"{root}//{stack.id}", root=root) for root, one in reports.items() for stack in one.stacks
        ),
        results=tuple(sorted((new for _, _, new in results), key=lambda result: result.key)),
        coverage=tuple(line for one in every for line in one.coverage),
        crashes=tuple(
            replace(crash, subject=keys.get((root, crash.subject), crash.subject))
            for root, one in reports.items()
            for crash in one.crashes
        ),
        notes=tuple(dict.fromkeys(note for one in every for note in one.notes)),
        collected_at=max((one.collected_at for one in every if one.collected_at), default=None),
        facts={key: value for one in every for key, value in one.facts.items()},
        comments=tuple(dict.fromkeys(comment for one in every for comment in one.comments)),
        addresses=_all([one.addresses for one in every]),
    )


def _all(values: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(sorted({value for some in values for value in some}))
