"""Which calls are made in which scope, which of them wait for which, and what was listed so far."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import jmespath  # type: ignore[import-untyped]  # it has no types

from checker.collect.aws.actions import action_name
from checker.collect.aws.calls import Answer
from checker.model.call import Call, DetailCall, ListCall, Listed, Raw
from checker.model.record import Scope

GLOBAL = "global"


@dataclass(frozen=True)
class Request:
    """The arguments of one call; for details the ids of the parents that it asks about."""

    arguments: Mapping[str, object]
    parents: tuple[str, ...] = ()


@dataclass(eq=False)
class Step:
    """One declared call in one scope: the requests that it turned out to need, and their answers in the same order."""

    call: Call
    scope: Scope
    region: str
    action: str
    waits_for: list["Step"] = field(default_factory=list)
    urgency: int = 0
    requests: list[Request] = field(default_factory=list)
    answers: list[Answer | None] = field(default_factory=list)
    blockers: int = 0
    unanswered: int = 0

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the types that must be listed before."""
        return (self.call.of, *self.call.after) if isinstance(self.call, DetailCall) else self.call.after

    @property
    def lists(self) -> str | None:
        """Return the type that this step lists, if it is not one of details."""
        return self.call.type if isinstance(self.call, ListCall) else None


class Steps:
    """Every step of a collection, in the order of its kinds and scopes.

    A step waits for the listings of its types in its own Region and in the global scope; one of the global scope for
    those of all Regions. Of calls that list one type, one that waits for that very type waits for the others.
    """

    def __init__(self, kinds: Sequence[Listed], account: str, regions: Sequence[str], home: str) -> None:
        self.all = tuple(_steps(_calls(kinds), account, regions, home))
        self._listing: dict[str, list[Step]] = defaultdict(list)
        self._raw: dict[tuple[str, Scope], tuple[Raw, ...]] = {}
        self._complete: dict[tuple[str, Scope], bool] = {}
        for step in self.all:
            if step.lists:
                self._listing[step.lists].append(step)
        for step in self.all:
            step.waits_for = list(dict.fromkeys(other for type_ in step.needs for other in self._awaited(step, type_)))
            step.blockers = len(step.waits_for)
        self._followers: dict[Step, list[Step]] = defaultdict(list)
        for step in self.all:
            for other in step.waits_for:
                self._followers[other].append(step)
        self._measure_urgency()

    def in_turn(self) -> Iterator[Step]:
        """Yield every step after all that it waits for."""
        free = [step for step in self.all if not step.blockers]
        for step in free:
            yield step
            for follower in self.followers(step):
                follower.blockers -= 1
                if not follower.blockers:
                    free.append(follower)

    def followers(self, step: Step) -> Sequence[Step]:
        """Return the steps that wait for this one."""
        return self._followers.get(step, ())

    def listing(self, type_: str, scope: Scope) -> Iterator[Step]:
        """Yield the steps that list a type, as far as they are seen from `scope`."""
        return (step for step in self._listing.get(type_, ()) if _is_seen(step.scope, scope))

    def raw(self, type_: str, scope: Scope) -> tuple[Raw, ...]:
        """Return the records of a type whose listing has ended, as seen from `scope`; the same tuple each time."""
        key = (type_, scope)
        if key not in self._raw:
            self._raw[key] = tuple(_records(list(self.listing(type_, scope))))
        return self._raw[key]

    def own(self, type_: str, scope: Scope) -> tuple[Raw, ...]:
        """Return the records of a type of one scope only."""
        return tuple(_records([step for step in self._listing.get(type_, ()) if step.scope == scope]))

    def is_complete(self, type_: str, scope: Scope) -> bool:
        """Tell whether a listing that has ended lacks nothing; that of a type which no call lists always does."""
        key = (type_, scope)
        if key not in self._complete:
            steps = list(self.listing(type_, scope))
            self._complete[key] = bool(steps) and all(map(self._is_whole, steps))
        return self._complete[key]

    def lacks_parents(self, step: Step) -> bool:
        """Tell whether records that a listing goes through one by one may have been hidden from it."""
        call = step.call
        if not isinstance(call, ListCall) or not call.each or not call.after:
            return False
        return not self.is_complete(call.after[0], step.scope)

    def _is_whole(self, step: Step) -> bool:
        answered = all(answer and (answer.unknown or not answer.refusal) for answer in step.answers)
        return answered and not self.lacks_parents(step)

    def _awaited(self, step: Step, type_: str) -> Iterator[Step]:
        for other in self.listing(type_, step.scope):
            if other is not step and not (step.lists == type_ and type_ in other.needs):
                yield other

    def _measure_urgency(self) -> None:
        """Set how long a chain of calls waits for each step, so that the longest chains start first.

        Raises:
            ValueError: calls wait for each other in a circle.
        """
        waiting = {step: len(self.followers(step)) for step in self.all}
        free = [step for step, count in waiting.items() if not count]
        for step in free:
            for other in step.waits_for:
                other.urgency = max(other.urgency, step.urgency + 1)
                waiting[other] -= 1
                if not waiting[other]:
                    free.append(other)
        if len(free) < len(self.all):
            stuck = sorted({step.call.operation for step, count in waiting.items() if count})
            raise ValueError(f"calls that wait for each other: {', '.join(stuck)}")


class View:
    """What one call may look at when it decides what to ask: the types that it waited for."""

    def __init__(self, steps: Steps, step: Step) -> None:
        self._steps = steps
        self._scope = step.scope
        self._types = step.needs
        self._operation = step.call.operation

    def raw(self, type: str) -> tuple[Raw, ...]:
        """Return the raw records of a type, details not merged."""
        return self._steps.raw(self._named(type), self._scope)

    def complete(self, type: str) -> bool:
        """Tell whether the listing of a type has no gap."""
        return self._steps.is_complete(self._named(type), self._scope)

    def _named(self, type_: str) -> str:
        # Another type may or may not have been listed by now, so that the answer would be another one each time.
        if type_ not in self._types:
            raise ValueError(f"{self._operation} looks at {type_} without naming it in `after`")
        return type_


def requests(steps: Steps, step: Step) -> list[Request]:
    """Return the requests of a step all of whose types were listed."""
    call, view = step.call, View(steps, step)
    fixed = dict(call.arguments)
    if call.page:
        fixed[call.page[0]] = call.page[1]
    if isinstance(call, ListCall):
        if call.when and not call.when(view):
            return []
        return [Request({**fixed, **own}) for own in call.each(view)] if call.each else [Request(fixed)]
    parents = [raw for raw in steps.own(call.of, step.scope) if not call.when or call.when(raw, view)]
    ids = list(dict.fromkeys(identity for raw in parents if (identity := parent_id(call, raw))))
    if call.batch <= 1:
        return [Request({**fixed, call.argument: one}, (one,)) for one in ids]
    groups = [tuple(ids[first : first + call.batch]) for first in range(0, len(ids), call.batch)]
    return [Request({**fixed, call.argument: list(group)}, group) for group in groups]


def one_by_one(call: DetailCall, request: Request) -> list[Request]:
    """Return the requests that ask about each parent of a batch on its own."""
    return [Request({**request.arguments, call.argument: [one]}, (one,)) for one in request.parents]


def parent_id(call: DetailCall, raw: Raw) -> str:
    """Return the id by which a call of details names a record, empty if it has none."""
    value = raw.get(call.identity) if call.identity.isidentifier() else jmespath.search(call.identity, raw)
    return value if isinstance(value, str) else ""


def _calls(kinds: Iterable[Listed]) -> list[Call]:
    # Two kinds may be read from one listing; it is asked for once.
    found: list[Call] = []
    for call in (call for kind in kinds for call in kind.calls):
        if call not in found:
            found.append(call)
    return found


def _steps(calls: Sequence[Call], account: str, regions: Sequence[str], home: str) -> Iterator[Step]:
    everywhere = {call.type for call in calls if isinstance(call, ListCall) and call.is_global}
    for call in calls:
        action = action_name(call, {})
        if call.is_global or (isinstance(call, DetailCall) and call.of in everywhere):
            yield Step(call, Scope(account, GLOBAL), home, action)
        else:
            yield from (Step(call, Scope(account, region), region, action) for region in regions)


def _is_seen(scope: Scope, by: Scope) -> bool:
    return scope.region in (GLOBAL, by.region) or by.region == GLOBAL


def _records(steps: Sequence[Step]) -> Iterator[Raw]:
    answers = [(step.scope, answer) for step in steps for answer in step.answers if answer]
    # What is asked for in several ways can come twice.
    seen: set[tuple[Scope, str]] | None = set() if len(answers) > 1 else None
    for scope, answer in answers:
        for item in answer.value if isinstance(answer.value, list) else ():
            if seen is not None:
                key = (scope, repr(item))
                if key in seen:
                    continue
                seen.add(key)
            yield item
