"""What the answers of a collection amount to: records with their details, gaps, and a ledger of every call."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from checker.collect.aws.calls import Answer
from checker.collect.aws.plan import GLOBAL, Request, Step, Steps, parent_id
from checker.collect.aws.refusal import FOREIGN, Refusal
from checker.model.call import DetailCall, Raw
from checker.model.record import Coverage, Gap, Origin, Record, Scope, Status

SOURCE_NAME = "aws"
DIALECT = "aws-api"
ORIGIN = Origin(SOURCE_NAME)
_SUPPLY = {
    Status.THROTTLED: "run again when less else calls the account's API",
    Status.NOT_OPTED_IN: "opt in to the Region, or leave it out",
}


def _live(_: Raw) -> Origin:
    return ORIGIN


class Ledger:
    """The accounts of a collection that has ended; `origin` says where a listed record was read."""

    def __init__(self, steps: Steps, source: str = SOURCE_NAME, origin: Callable[[Raw], Origin] = _live) -> None:
        self._steps = steps
        self._source = source
        self._origin = origin
        self._closed = frozenset(_closed_regions(steps))

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Return why calls were not answered, one for each such call."""
        return tuple(answer.refusal for _, answer in _answers(self._steps.all) if answer.refusal and not answer.unknown)

    @property
    def was_anything_read(self) -> bool:
        """Tell whether any call was answered in full."""
        return any(not answer.refusal for _, answer in _answers(self._steps.all))

    def records(self) -> Iterator[Record]:
        """Yield every record, in the order of kinds, scopes and answers."""
        listed: dict[tuple[str, Scope], None] = {}
        for step in self._steps.all:
            if step.lists:
                listed[step.lists, step.scope] = None
        for type_, scope in listed:
            details = [
                step
                for step in self._steps.all
                if isinstance(step.call, DetailCall) and (step.call.of, step.scope) == (type_, scope)
            ]
            found = [(step.call, dict(self._details(step))) for step in details if isinstance(step.call, DetailCall)]
            for raw in self._steps.own(type_, scope):
                added = {
                    call.into: values[identity]
                    for call, values in found
                    if (identity := parent_id(call, raw)) in values
                }
                yield Record(DIALECT, type_, scope, {**raw, **added} if added else raw, self._origin(raw))

    def gaps(self) -> Iterator[Gap]:
        """Yield every gap: of listings without a parent, of details with the id of theirs."""
        for step in self._steps.all:
            if isinstance(step.call, DetailCall):
                yield from (value for _, value in self._details(step) if isinstance(value, Gap))
                continue
            for answer in step.answers:
                if answer and answer.refusal and not answer.unknown:
                    yield self._gap(step, answer.refusal)
            if self._steps.lacks_parents(step):
                yield self._gap_of_parents(step)

    def coverage(self) -> Iterator[Coverage]:
        """Yield a line for each action and scope that was read, and one for each call that was not."""
        read: dict[tuple[Scope, str], int] = {}
        unread: list[Coverage] = []
        for step in self._steps.all:
            for request, answer in _pairs(step):
                if answer.refusal:
                    unread.append(self._unread(step, request, answer, answer.refusal))
                else:
                    key = (step.scope, step.action)
                    read[key] = read.get(key, 0) + _count(answer.value)
        for (scope, item), count in read.items():
            yield Coverage(self._source, scope, item, Status.OK if count else Status.EMPTY, count)
        yield from unread

    def _unread(self, step: Step, request: Request, answer: Answer, why: Refusal) -> Coverage:
        if answer.unknown:
            error = why.text if why.supply else f"the endpoint does not know the operation ({why.code})"
            return Coverage(self._source, step.scope, step.action, Status.EMPTY, 0, error)
        count = _count(answer.value) if step.lists else 0
        error = f"{_named(request)}: {why.text}" if request.parents else why.text
        return Coverage(self._source, step.scope, step.action, self._status(step, why), count, error)

    def _details(self, step: Step) -> Iterator[tuple[str, object]]:
        """Yield (parent's id, what its record gets)."""
        call = step.call
        if not isinstance(call, DetailCall):
            return
        for request, answer in _pairs(step):
            found = _by_parent(call, request, answer)
            for parent in request.parents:
                if answer.refusal and not answer.unknown:
                    yield parent, self._gap(step, answer.refusal, parent)
                elif parent in found:
                    yield parent, found[parent]
                else:
                    yield (
                        parent,
                        self._gap(step, Refusal(Status.FAILED, "NotInAnswer", "the answer does not name it"), parent),
                    )

    def _gap(self, step: Step, why: Refusal, parent: str | None = None) -> Gap:
        call, status, item = step.call, self._status(step, why), step.action
        type_ = call.of if isinstance(call, DetailCall) else call.type
        return Gap(type_, step.scope, item, status, why.text, _supply(status, why, item), parent)

    def _gap_of_parents(self, step: Step) -> Gap:
        above = step.call.after[0]
        for other in self._steps.listing(above, step.scope):
            for answer in other.answers:
                if answer and answer.refusal and not answer.unknown:
                    why = answer.refusal
                    status, item = self._status(other, why), other.action
                    return Gap(step.lists or "", step.scope, item, status, why.text, _supply(status, why, item))
        error = f"records of type {above} were not listed in full"
        return Gap(step.lists or "", step.scope, step.action, Status.FAILED, error, f"let {above} be listed")

    def _status(self, step: Step, why: Refusal) -> Status:
        closed = step.scope.region in self._closed and why.code in FOREIGN
        return Status.NOT_OPTED_IN if closed else why.status


def _closed_regions(steps: Steps) -> Iterator[str]:
    """Yield the Regions that say only that they do not know the caller, who is known elsewhere."""
    answers: dict[str, list[Answer]] = {}
    for step, answer in _answers(steps.all):
        answers.setdefault(step.scope.region, []).append(answer)
    open_ = {region for region, some in answers.items() if any(not answer.refusal for answer in some)}
    for region, some in answers.items():
        if (
            open_ - {region}
            and region != GLOBAL
            and all(answer.refusal and answer.refusal.code in FOREIGN for answer in some)
        ):
            yield region


def _answers(steps: Iterable[Step]) -> Iterator[tuple[Step, Answer]]:
    return ((step, answer) for step in steps for answer in step.answers if answer)


def _pairs(step: Step) -> Iterator[tuple[Request, Answer]]:
    return ((request, answer) for request, answer in zip(step.requests, step.answers, strict=True) if answer)


def _by_parent(call: DetailCall, request: Request, answer: Answer) -> Mapping[str, object]:
    if answer.unknown:
        return dict.fromkeys(request.parents, ())
    if not call.match:
        return dict.fromkeys(request.parents, answer.value)
    items = answer.value if isinstance(answer.value, list) else []
    # An item that tells its parent holds the part that is asked for under that part's own name.
    return {str(item.get(call.match)): item.get(call.into, item) for item in items if isinstance(item, Mapping)}


def _named(request: Request) -> str:
    return (
        ", ".join(request.parents)
        if len(request.parents) <= 3
        else f"{request.parents[0]} and {len(request.parents) - 1} more"
    )


def _count(value: object) -> int:
    return len(value) if isinstance(value, (list, tuple)) else int(bool(value))


def _supply(status: Status, why: Refusal, action: str) -> str:
    if why.supply:
        return why.supply
    if status is Status.DENIED:
        return f"allow {action} to the caller"
    if why.blames_credentials and status is Status.FAILED:
        return "renew the credentials and run again"
    return _SUPPLY.get(status, "run again; if it stays, report it with the error of the ledger")
