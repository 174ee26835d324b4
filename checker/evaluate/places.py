"""Where the steps of a path stand in the files that were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from checker.model.finding import Result, Step
from checker.model.record import Origin
from checker.model.resource import Resource


def located(results: Sequence[Result], resources: Iterable[Resource]) -> tuple[Result, ...]:
    """Return the results, each step that names a resource and no place with the place of that resource.

    A name that several resources have stays without one. Cost: linear in resources and steps.
    """
    places: dict[str, Origin | None] = {}
    for resource in resources:
        if resource.origin.file is None:
            continue
        for name in {resource.id, str(resource)}:
            places[name] = None if places.get(name, resource.origin) != resource.origin else resource.origin
    return tuple(_with_places(result, places) for result in results) if places else tuple(results)


def _with_places(result: Result, places: Mapping[str, Origin | None]) -> Result:
    def placed(steps: tuple[Step, ...]) -> tuple[Step, ...]:
        return tuple(
            replace(step, origin=places[step.resource]) if step.origin is None and places.get(step.resource) else step
            for step in steps
        )

    path, evidence = placed(result.path), placed(result.evidence)
    return (
        result if (path, evidence) == (result.path, result.evidence) else replace(result, path=path, evidence=evidence)
    )
