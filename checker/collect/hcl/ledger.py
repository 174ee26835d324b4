"""What was read of root modules and what was not: a line for each file and module, a gap for what may be hidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from checker.collect.hcl.calls import ModuleCall
from checker.collect.hcl.context import Absent
from checker.collect.hcl.declarations import Configuration, Trouble
from checker.collect.hcl.module import Module
from checker.collect.hcl.root import Root
from checker.collect.terraform.instance import Instance
from checker.collect.terraform.places import scope_of
from checker.collect.terraform.types import GLOBAL, canonical, is_global
from checker.model.record import ANYTHING, Comment, Coverage, Gap, Scope, Status

_NOWHERE = Scope("", "")


@dataclass
class Ledger:
    """Gaps, lines and comments; a folder that several modules share is told once.

    What was not read may hold things of any place, so each gap is told for every one of `scopes`.
    """

    source: str
    scopes: tuple[Scope, ...]
    gaps: list[Gap] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, source: str, instances: Iterable[Instance]) -> Ledger:
        """Return an empty ledger for the places that instances stand in."""
        found = {scope_of(instance) for instance in instances}
        everywhere = {Scope(scope.account, GLOBAL) for scope in found}
        return cls(source, tuple(sorted(found | everywhere)) or (_NOWHERE,))

    def add(self, root: Root, calls: Iterable[ModuleCall[Module]]) -> None:
        """Add all that was read for a root module and the calls below it; it has to be expanded before."""
        for found in root.context.library.found.values():
            self._configuration(found)
        for name, count in root.given.files.items():
            self.coverage.append(Coverage(self.source, _NOWHERE, name, Status.OK, count))
        for trouble in root.given.troubles:
            self._trouble(trouble)
        for call in calls:
            if call.address not in root.context.absent:
                item = f"{call.address} ({call.source})"
                self.coverage.append(Coverage(self.source, _NOWHERE, item, Status.OK, len(call.modules())))
        # What one of them is given may come out of it again, and go into another.
        given = [absent.given() for absent in root.context.absent.values()]
        every = None if None in given else frozenset(text for some in given for text in some or ())
        for absent in root.context.absent.values():
            self._absent(absent, every)

    def add_rest(self, most: int) -> None:
        """Add that there are more instances than are read."""
        error = f"there are more than {most} instances"
        self.coverage.append(Coverage(self.source, _NOWHERE, "instances", Status.UNREADABLE, most, error))
        self._gap(ANYTHING, "instances", error, "check parts of the configuration apart")

    def add_strange(self, names: Iterable[str]) -> None:
        """Add the variables that were given and are declared nowhere: another root module may have them."""
        for name in names:
            error = "no variable of this name is declared"
            self.coverage.append(Coverage(self.source, _NOWHERE, f"--var {name}", Status.UNREADABLE, error=error))

    def _configuration(self, found: Configuration) -> None:
        if id(found) in self._seen:
            return
        self._seen.add(id(found))
        broken = {trouble.file for trouble in found.troubles}
        for name, count in found.files.items():
            if name not in broken:
                self.coverage.append(Coverage(self.source, _NOWHERE, name, Status.OK, count))
        for trouble in found.troubles:
            self._trouble(trouble)
        self.comments.extend(found.comments)

    def _trouble(self, trouble: Trouble) -> None:
        error = f"{trouble.place}: {trouble.message}"
        self.coverage.append(Coverage(self.source, _NOWHERE, trouble.place, Status.UNREADABLE, error=error))
        for type_ in dict.fromkeys(_hidden(trouble)):
            self._gap(type_, trouble.place, trouble.message, f"{trouble.supply}: {error}")

    def _absent(self, absent: Absent, given: frozenset[str] | None) -> None:
        item = f"{absent.address} ({absent.source})"
        error = f"{absent.place}: {absent.reason}"
        self.coverage.append(Coverage(self.source, _NOWHERE, item, Status.UNREADABLE, error=error))
        self._gap(ANYTHING, item, error, absent.supply, given)

    def _gap(self, type_: str, item: str, error: str, supply: str, given: frozenset[str] | None = None) -> None:
        for scope in self.scopes:
            if type_ == ANYTHING or scope == _NOWHERE or is_global(type_) is (scope.region == GLOBAL):
                self.gaps.append(Gap(type_, scope, item, Status.UNREADABLE, error, supply, given=given))


def _hidden(trouble: Trouble) -> Iterator[str]:
    """Yield the types of records that may be hidden where something could not be read."""
    if trouble.spoiled is None:
        yield ANYTHING
    for one in trouble.spoiled or ():
        if one.kind == "module":
            yield ANYTHING
        elif one.kind == "resource":
            yield canonical(one.labels[0])
