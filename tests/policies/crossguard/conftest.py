"""The shipped pack as a process, shared by the tests that each leave it as it was."""

from collections.abc import Callable, Iterator, Mapping
from itertools import count

import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2 as proto
from pulumi.runtime.proto import analyzer_pb2_grpc

from tests.policies.crossguard.engine import PACK, configured, pack

Configure = Callable[[Mapping[str, Mapping[str, object] | str]], Empty]
NUMBERS = count()


@pytest.fixture(scope="session")
def process() -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    with pack() as service:
        service.Handshake(proto.AnalyzerHandshakeRequest(engine_address="127.0.0.1:1"))
        service.ConfigureStack(proto.AnalyzerStackConfigureRequest(stack="dev", project="shop", dry_run=True))
        yield service


@pytest.fixture
def service(process: analyzer_pb2_grpc.AnalyzerStub) -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    """Return the pack's service, its policies set as they are by default."""
    yield process
    process.Configure(configured({}))


@pytest.fixture
def configure(service: analyzer_pb2_grpc.AnalyzerStub) -> Configure:
    """Return how the file of `--policy-pack-config` is told to the pack."""
    return lambda policies: service.Configure(configured(policies))


@pytest.fixture
def name() -> str:
    """Return a beginning of names that no other test has: the pack remembers what it was told of a resource."""
    return f"shop{next(NUMBERS)}"


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pack's own modules be imported into this process."""
    monkeypatch.syspath_prepend(str(PACK))
