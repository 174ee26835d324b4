"""The emulated AWS as one object that answers HTTP requests, in this process or behind a server."""

import threading
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from botocore.awsrequest import AWSPreparedRequest
from moto.core.base_backend import BackendDict
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.model_instances import reset_model_data

from checker.demo.emulator.faults import Counted, Fault, parse
from checker.demo.emulator.protocol import Answer, Call, error, read

# IAM lets every identity ask who it is.
# Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
ALWAYS_ALLOWED = "sts:GetCallerIdentity"
NOT_EMULATED = "Not yet implemented"


class Dropped(Exception):
    """The connection is to be closed without an answer."""


class Emulator:
    """
    An AWS account in memory, with faults to inject and calls counted.

    `faults` is a list of rules (`Fault` or a mapping of its fields) to be assigned as a whole;
    `calls` counts "service.Action", the service by its IAM prefix.
    """

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self._rules: list[Counted] = []
        self._allowed: frozenset[str] | None = None
        self._counting = threading.Lock()
        # moto's models are not thread safe; a delay is slept before this lock is taken
        self._moto = threading.RLock()
        self._stubber = BotocoreStubber()

    @property
    def faults(self) -> list[Fault]:
        """The rules in force, in the order they are tried."""
        return [each.fault for each in self._rules]

    @faults.setter
    def faults(self, rules: Sequence[Fault | Mapping[str, object]]) -> None:
        self._rules = [Counted(parse(rule)) for rule in rules]

    def deny_except(self, actions: Collection[str] | None) -> None:
        """Deny every call whose IAM action ("ec2:DescribeVpcs") is not in `actions`; None allows all again."""
        self._allowed = None if actions is None else frozenset(actions) | {ALWAYS_ALLOWED}

    def reset(self) -> None:
        """Empty the account and forget faults, denials and counts."""
        with self._moto:
            BackendDict.reset()
            reset_model_data()
        self._rules, self._allowed = [], None
        self.calls.clear()

    def answer(self, request: AWSPreparedRequest) -> Answer:
        """Return the answer to a signed request; raise `Dropped` if a fault cuts the connection."""
        call = read(request.method, request.url, dict(request.headers.items()), request.body)
        with self._counting:
            self.calls[f"{call.service}.{call.action}"] += 1
            struck = [each.fault for each in self._rules if each.fires(call)]
        for fault in struck:
            time.sleep(fault.delay)
            if fault.ends_call:
                return _fail(call, fault)
        if self._allowed is not None and call.permission not in self._allowed:
            return error(call, "DENY")
        return self._ask_moto(call, request)

    def _ask_moto(self, call: Call, request: AWSPreparedRequest) -> Answer:
        try:
            with self._moto:
                response = self._stubber.process_request(request)
        except NotImplementedError as refusal:
            return error(call, "UnsupportedOperation", message=f"not emulated: {refusal}")
        if response is None or response[2] == NOT_EMULATED:
            return error(call, "UnsupportedOperation", message=f"not emulated: {call.permission}")
        status, headers, body = response
        plain = {str(name): str(value) for name, value in headers.items()}
        return Answer(int(status), plain, body.encode() if isinstance(body, str) else bytes(body))


def _fail(call: Call, fault: Fault) -> Answer:
    if fault.reset:
        raise Dropped
    if fault.code:
        return error(call, fault.code, fault.status, fault.message)
    return Answer(fault.status or 200, {"Content-Type": "text/xml"}, b"<html><body>gateway")
