"""Stock moto behind botocore, with answers of our own before it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock

import boto3
import pytest
from botocore import handlers
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError
from moto import mock_aws


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content


def reply(request: AWSPreparedRequest, status: int, body: str) -> AWSResponse:
    return AWSResponse(request.url, status, {"x-amzn-requestid": "r"} if status != 299 else {}, _Body(body.encode()))


Rule = Callable[[AWSPreparedRequest, int], AWSResponse | None]


@dataclass
class Faults:
    """Rules by operation (and Region), and every call that was sent."""

    rules: list[tuple[str, str, Rule]] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    _counts: dict[int, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def add(self, operation: str, rule: Rule, region: str = "") -> None:
        self.rules.append((operation, region, rule))

    def fail(
        self,
        operation: str,
        code: str,
        *,
        times: int = 10**6,
        after: int = 0,
        status: int = 400,
        region: str = "",
        message: str = "no",
    ) -> None:
        def rule(request: AWSPreparedRequest, count: int) -> AWSResponse | None:
            if not after < count <= after + times:
                return None
            if "elasticloadbalancing" in request.url or "sts" in request.url:
                body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
            else:
                error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
                body = f"<Response><Errors>{error}</Errors></Response>"
            return reply(request, status, body)

        self.add(operation, rule, region)

    def reset(self, operation: str, times: int = 10**6) -> None:
        def rule(request: AWSPreparedRequest, count: int) -> AWSResponse | None:
            if count <= times:
                raise ConnectionClosedError(endpoint_url=request.url)
            return None

        self.add(operation, rule)

    def answer(self, operation: str, bodies: list[str], status: int = 200) -> None:
        self.add(operation, lambda request, count: reply(request, status, bodies[min(count, len(bodies)) - 1]))

    def handle(self, event_name: str, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        operation = event_name.rpartition(".")[2]
        found = re.search(r"\.([a-z]+-[a-z]+-\d)\.", request.url)
        region = found[1] if found else ""
        with self._lock:
            self.calls.append((operation, region))
            live = [
                (i, rule)
                for i, (name, where, rule) in enumerate(self.rules)
                if re.fullmatch(name, operation) and where in ("", region)
            ]
            counted = []
            for i, rule in live:
                self._counts[i] = self._counts.get(i, 0) + 1
                counted.append((rule, self._counts[i]))
        for rule, count in counted:
            if (given := rule(request, count)) is not None:
                return given
        return None

    def count(self, operation: str) -> int:
        return sum(name == operation for name, _ in self.calls)


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")
    made = Faults()
    entry = ("before-send", made.handle)
    with mock_aws():
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        handlers.BUILTIN_HANDLERS.insert(0, entry)
        boto3.DEFAULT_SESSION = None
        try:
            yield made
        finally:
            handlers.BUILTIN_HANDLERS.remove(entry)
