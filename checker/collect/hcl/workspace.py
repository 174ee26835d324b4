"""Root modules read together: all instances that stand after an apply, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from checker.collect.hcl.answers import DataAnswers
from checker.collect.hcl.budget import BUDGET
from checker.collect.hcl.context import Library
from checker.collect.hcl.instances import Instance as Evaluated
from checker.collect.hcl.instances import Resource
from checker.collect.hcl.ledger import Ledger
from checker.collect.hcl.module import Module
from checker.collect.hcl.remote import Outputs
from checker.collect.hcl.root import WORKSPACE, Root
from checker.collect.hcl.search import Search
from checker.collect.hcl.tree import real, shown
from checker.collect.hcl.values import told
from checker.collect.hcl.zones import ASSUMED, Zones
from checker.collect.source import Inputs, Progress, silent
from checker.collect.terraform.instance import Instance
from checker.collect.terraform.types import canonical
from checker.model.record import Comment, Coverage, Gap, Origin

Tell = Callable[[Root], None]


MOST_INSTANCES = 200_000


@dataclass(frozen=True, kw_only=True)
class Expanded:
    """What root modules come to; `assumed` are facts that were taken for granted."""

    instances: tuple[Instance, ...]
    gaps: tuple[Gap, ...]
    coverage: tuple[Coverage, ...]
    comments: tuple[Comment, ...]
    assumed: tuple[str, ...]


def expand(
    paths: Sequence[Path], inputs: Inputs, source: str, progress: Progress = silent, tell: Tell | None = None
) -> Expanded:
    """Return what root modules come to when they are read as one; with several, addresses begin with `label//`.

    `tell` gives each root the values that somebody else knows, such as those of a plan made from it.

    Raises:
        ConfigurationError: a file of values that was given cannot be read.
    """
    BUDGET.refill()
    library = Library()
    found = _expand(paths, inputs, source, library, Zones(), progress, tell)
    # Zones that were looked up may be the same as others that are called by their real names.
    if found is None:
        found = _expand(paths, inputs, source, library, Zones(are_named=False), progress, tell)
    return found or _none()


def _none() -> Expanded:
    return Expanded(instances=(), gaps=(), coverage=(), comments=(), assumed=())


def _expand(
    paths: Sequence[Path],
    inputs: Inputs,
    source: str,
    library: Library,
    zones: Zones,
    progress: Progress,
    tell: Tell | None,
) -> Expanded | None:
    """Return what the roots come to, None if zones have to be taken for what they may be and were not."""
    labels = labels_of(paths)
    roots = [Root(path, label, library, inputs) for path, label in zip(paths, labels, strict=True)]
    world = _World(roots)
    for root in roots:
        root.context.answers = DataAnswers(zones, Search(world.of_type, world.are_apart), Outputs(root, roots))
        if tell is not None:
            tell(root)
    instances: list[Instance] = []
    for done, root in enumerate(roots):
        progress(shown(root.path), done, len(roots))
        every = (
            one for module, is_open in _modules(root.module) for one in _instances(module, source, is_open=is_open)
        )
        instances.extend(islice(every, MOST_INSTANCES - len(instances)))
    if zones.are_named and zones.are_mixed(instances):
        return None
    if zones.are_named and zones.selections:
        instances = list(zones.told_apart(instances))
    ledger = Ledger.of(source, instances)
    for root in roots:
        ledger.add(root, [call for module, _ in _modules(root.module) for call in module.calls()])
    if len(instances) >= MOST_INSTANCES:
        ledger.add_rest(MOST_INSTANCES)
    ledger.add_strange(name for name in inputs.variables if name != WORKSPACE and not _is_variable(name, roots))
    return Expanded(
        instances=tuple(instances),
        gaps=tuple(dict.fromkeys(ledger.gaps)),
        coverage=tuple(dict.fromkeys(ledger.coverage)),
        comments=tuple(dict.fromkeys(ledger.comments)),
        assumed=(ASSUMED,) if zones.selections else (),
    )


def labels_of(paths: Sequence[Path]) -> list[str]:
    """Return the shortest endings of paths that tell them apart; a path alone needs none."""
    if len(paths) < 2:
        return [""] * len(paths)
    parts = [real(path).parts for path in paths]
    for length in range(1, max(map(len, parts)) + 1):
        labels = ["/".join(one[-length:]) for one in parts]
        if len(set(labels)) == len(labels):
            return labels
    return [f"{index}:{path}" for index, path in enumerate(paths)]


def _is_variable(name: str, roots: Sequence[Root]) -> bool:
    return any((name,) in root.configuration.table("variable") for root in roots)


class _World:
    """All instances of the root modules by type, listed when they are first asked for."""

    def __init__(self, roots: Sequence[Root]) -> None:
        self._roots = roots
        self._resources: dict[str, list[Resource]] | None = None
        self._root_of: dict[int, int] = {}

    def of_type(self, type_: str) -> Sequence[Evaluated]:
        """Return the instances of a type; none while they are being listed."""
        if self._resources is None:
            self._resources = {}
            found: dict[str, list[Resource]] = {}
            for index, root in enumerate(self._roots):
                for module, _ in _modules(root.module):
                    self._root_of[id(module.scope)] = index
                    for resource in module.resources():
                        if not resource.is_data:
                            found.setdefault(canonical(resource.type), []).append(resource)
            self._resources = found
        return [instance for resource in self._resources.get(type_, ()) for instance in resource.instances()]

    def are_apart(self, one: Evaluated, other: Evaluated) -> bool:
        """Tell whether two instances belong to different root modules."""
        first = self._root_of.get(id(one.resource.owner))
        return first is not None and first != self._root_of.get(id(other.resource.owner))


def _modules(module: Module) -> Iterator[tuple[Module, bool]]:
    """Yield a module and all below it, with whether each may stand any number of times."""
    waiting = [module]
    while waiting:
        one = waiting.pop(0)
        yield one, one.place.is_open
        waiting[:0] = [child for call in one.calls() for child in call.modules()]


def _instances(module: Module, source: str, *, is_open: bool) -> Iterator[Instance]:
    for resource in module.resources():
        declared = resource.declaration
        for one in resource.instances():
            if resource.is_data and resource.answers is not None and resource.answers.match(one) is not None:
                continue  # it is the resource that it finds, which is read itself
            yield Instance(
                address=one.address,
                type=resource.type,
                values={name: told(value) for name, value in one.values().items()},
                origin=Origin(source, declared.file, declared.line, one.address),
                is_data=resource.is_data,
                uncertain=one.is_open or is_open,
                region=one.region,
                account=resource.provider.account,
            )
