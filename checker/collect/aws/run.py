"""Making the calls: all services and Regions at once, each call as soon as what it waits for was listed."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

from checker.collect.aws.calls import Answer, Operation, ask, operation
from checker.collect.aws.plan import Request, Step, Steps, one_by_one, requests
from checker.collect.aws.refusal import FAULTS, Refusal, refusal
from checker.collect.aws.session import ClientKey, Clients, Endpoint
from checker.collect.source import Progress
from checker.model.call import DetailCall

T = TypeVar("T")


class Run:
    """One collection under way; everything but the calls themselves happens in the thread that called `finish`."""

    def __init__(self, steps: Steps, clients: Clients, workers: int, progress: Progress) -> None:
        self._steps = steps
        self._clients = clients
        self._progress = progress
        self._pool = ThreadPoolExecutor(workers, "tierproof-calls")
        self._ended: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._under_way = 0
        self._waiting: dict[ClientKey, list[tuple[Step, int]]] = {}
        self._open: dict[ClientKey, Future[Endpoint]] = {}
        self._operations: dict[tuple[ClientKey, int], Operation | Refusal] = {}
        self._unreachable: dict[ClientKey, Refusal] = {}
        self._done = 0
        self._known = 0

    def finish(self) -> None:
        """Make every call; each step has its answers then."""
        try:
            for step in sorted(self._steps.all, key=lambda step: -step.urgency):
                if not step.blockers:
                    self._start(step)
            while self._under_way:
                self._ended.get()()
                self._under_way -= 1
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _start(self, step: Step) -> None:
        step.requests = requests(self._steps, step)
        step.answers = [None] * len(step.requests)
        step.unanswered = len(step.requests)
        self._known += step.unanswered
        if not step.unanswered:
            self._release(step)
            return
        key = (step.call.service, step.region)
        if key not in self._waiting:
            self._waiting[key] = []
            self._expect(self._clients.get(*key), partial(self._opened, key))
        self._waiting[key].extend((step, index) for index in range(len(step.requests)))
        if key in self._open:
            self._submit_waiting(key)

    def _expect(self, future: Future[T], then: Callable[[Future[T]], None]) -> None:
        self._under_way += 1
        future.add_done_callback(lambda done: self._ended.put(partial(then, done)))

    def _opened(self, key: ClientKey, opened: Future[Endpoint]) -> None:
        self._open[key] = opened
        self._submit_waiting(key)

    def _submit_waiting(self, key: ClientKey) -> None:
        waiting, self._waiting[key] = self._waiting[key], []
        for step, index in waiting:
            known = self._operation(step, self._open[key])
            if isinstance(known, Refusal):
                self._settle(step, index, Answer(None, known))
            else:
                future = self._pool.submit(self._ask, key, known, step.requests[index])
                self._expect(future, partial(self._answered, step, index))

    def _answered(self, step: Step, index: int, answered: Future[Answer]) -> None:
        answer, request, call = answered.result(), step.requests[index], step.call
        if (
            isinstance(call, DetailCall)
            and len(request.parents) > 1
            and answer.refusal
            and answer.refusal.is_about_arguments
        ):
            # One parent that is gone by now fails the batch for all others.
            first, *others = one_by_one(call, request)
            step.requests[index] = first
            indexes = [index, *range(len(step.requests), len(step.requests) + len(others))]
            step.requests.extend(others)
            step.answers.extend([None] * len(others))
            step.unanswered += len(others)
            self._known += len(others)
            key = (call.service, step.region)
            self._waiting[key].extend((step, index) for index in indexes)
            self._submit_waiting(key)
            return
        self._settle(step, index, answer)

    def _operation(self, step: Step, opened: Future[Endpoint]) -> Operation | Refusal:
        key = ((step.call.service, step.region), id(step.call))
        if key not in self._operations:
            try:
                self._operations[key] = operation(step.call, opened.result())
            except FAULTS as error:
                self._operations[key] = refusal(error)
        known = self._operations[key]
        if isinstance(known, Operation):
            step.action = known.action
        return known

    def _ask(self, key: ClientKey, known: Operation, request: Request) -> Answer:
        # An endpoint that cannot be reached takes its whole time limit to say so: once is enough.
        if dead := self._unreachable.get(key):
            return Answer(None, dead)
        answer = ask(known, request.arguments)
        if answer.refusal and answer.refusal.unreachable:
            self._unreachable[key] = answer.refusal
        return answer

    def _settle(self, step: Step, index: int, answer: Answer) -> None:
        step.answers[index] = answer
        step.unanswered -= 1
        self._done += 1
        self._progress(step.action, self._done, self._known)
        if not step.unanswered:
            self._release(step)

    def _release(self, step: Step) -> None:
        for follower in self._steps.followers(step):
            follower.blockers -= 1
            if not follower.blockers:
                self._start(follower)
