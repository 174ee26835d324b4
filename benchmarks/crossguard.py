"""
What the policy pack adds to a preview of 1,000 resources, beside a pack of Pulumi's own SDK that has nothing to say.

    python benchmarks/crossguard.py [--resources 1000] [--limit 1] [--ratio 0.5] [--pairs 3]

Both packs are started as the engine starts them and asked what it asks: of each resource before it is made, and of the
whole stack at the end. The other pack has as many policies of the stack and of the resource, and all are empty, so it
takes what every pack of that SDK takes. What is measured is the processor time of the pack's process from the first
call to the last, and the time from its start to its first answer. Ends with 1 if a limit is missed.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from google.protobuf.empty_pb2 import Empty  # noqa: E402  # from here on what the checkout holds can be imported
from pulumi.runtime.proto import analyzer_pb2 as proto  # noqa: E402
from pulumi.runtime.proto import analyzer_pb2_grpc  # noqa: E402

from tests.policies.crossguard.engine import PACK, of_resource, of_stack, pack  # noqa: E402
from tests.policies.crossguard.shop import Made, called, shop  # noqa: E402

EMPTY = """
from pulumi_policy import PolicyPack, ResourceValidationPolicy, StackValidationPolicy

def nothing(args, report):
    pass

PolicyPack("empty", [
    *(StackValidationPolicy(f"stack-{{n}}", "nothing", nothing) for n in range({stack})),
    *(ResourceValidationPolicy(f"resource-{{n}}", "nothing", nothing) for n in range({alone})),
])
"""


@dataclass(frozen=True)
class Taken:
    """Seconds that a pack took: to start, and of its processor and of the clock to answer everything."""

    start: float
    cpu: float
    wall: float
    said: int


def drive(folder: Path, asked: Sequence[proto.AnalyzeRequest], whole: proto.AnalyzeStackRequest) -> Taken:
    """Start a pack, ask it everything, and return what that took."""
    begun = time.perf_counter()
    with pack(folder, is_ours=folder == PACK) as (service, process):
        service.GetAnalyzerInfo(Empty())
        started = time.perf_counter() - begun
        # What is read once, and by every pack, is no part of a resource's cost.
        service.Analyze(asked[0])
        before, begun = processor(process), time.perf_counter()
        said = [*map(service.Analyze, asked), service.AnalyzeStack(whole)]
        wall = time.perf_counter() - begun
        return Taken(started, processor(process) - before, wall, sum(len(one.diagnostics) for one in said))
