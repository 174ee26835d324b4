"""
What the policy pack adds to a preview of 1,000 resources, beside a pack of Pulumi's own SDK that has nothing to say.

    python benchmarks/crossguard.py [--resources 1000] [--limit 1] [--ratio 1] [--pairs 3]

Both packs are started as the engine starts them and asked what it asks: of each resource before it is made, and of the
whole stack at the end. The other pack has as many policies of the stack and of the resource, and all are empty, so it
takes what every pack of that SDK takes; a third has one of either, which is the least that any pack takes to be called
at all. What is measured is the processor time of the pack's process, less that of one that is started and asked only
what it holds. Ends with 1 if ours takes more than the limit, in seconds, beyond the least, or more than the ratio of
the other.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
# The checkout's modules are asked for, and those of this folder are not, one of which is called like the SDK.
sys.path[0] = str(ROOT)

from google.protobuf.empty_pb2 import Empty  # noqa: E402  # from here on what the checkout holds can be imported
from pulumi.runtime.proto import analyzer_pb2 as proto  # noqa: E402

from tests.policies.crossguard.engine import PACK, of_resource, of_stack, started  # noqa: E402
from tests.policies.crossguard.shop import called, shop  # noqa: E402

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
    """What a pack took, in seconds: of the clock to its first answer, of its processor in all, and how much it said."""

    start: float
    cpu: float
    said: int


def drive(folder: Path, asked: Sequence[proto.AnalyzeRequest], whole: proto.AnalyzeStackRequest | None) -> Taken:
    """Start a pack, ask it everything, end it, and return what that took."""
    before, begun = _of_children(), time.perf_counter()
    with started(folder) as (service, _):
        service.GetAnalyzerInfo(Empty())
        start = time.perf_counter() - begun
        said = [service.Analyze(one) for one in asked]
        said += [service.AnalyzeStack(whole)] if whole else []
    return Taken(start, _of_children() - before, sum(len(one.diagnostics) for one in said))


def _of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def counted() -> tuple[int, int]:
    """Return how many policies ours has of the stack and of a resource."""
    with started(PACK) as (service, _):
        policies = service.GetAnalyzerInfo(Empty()).policies
    alone = sum(policy.policy_type == proto.POLICY_TYPE_RESOURCE for policy in policies)
    return len(policies) - alone, alone


def empty(folder: Path, stack: int, alone: int) -> Path:
    """Write a pack of Pulumi's SDK whose policies have nothing to say, and return its folder."""
    folder.mkdir()
    (folder / "__main__.py").write_text(EMPTY.format(stack=stack, alone=alone), encoding="utf-8")
    return folder


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, default=1000, help="at least that many, in whole shops")
    parser.add_argument("--limit", type=float, default=1.0, help="processor seconds of ours beyond the least")
    parser.add_argument("--ratio", type=float, default=1.0, help="ours in parts of the empty pack")
    parser.add_argument("--pairs", type=int, default=3, help="paired runs")
    options = parser.parse_args()
    shops = -(-options.resources // len(shop()))
    made = [one for number in range(shops) for one in called(shop(), f"shop{number}")]
    asked, whole = [of_resource(one, made) for one in made], of_stack(made)
    print(f"{len(made)} resources of {shops} documented shops, at preview")
    stack, alone = counted()
    with tempfile.TemporaryDirectory() as folder:
        packs = (PACK, empty(Path(folder) / "least", 1, 1), empty(Path(folder) / "alike", stack, alone))
        rounds = [[_net(one, asked, whole) for one in packs] for _ in range(options.pairs)]
    ours, least, alike = (statistics.median(column) for column in zip(*rounds, strict=True))
    more = statistics.median(one - two for one, two, _ in rounds)
    ratio = statistics.median(one / three for one, _, three in rounds)
    word = "ok" if more <= options.limit and ratio <= options.ratio else "MISSED"
    print(f"the least of any pack          {least:6.2f} s cpu  (median of {options.pairs})")
    print(f"{stack} + {alone} policies, all empty   {alike:6.2f} s cpu")
    print(f"our {stack} + {alone}                   {ours:6.2f} s cpu")
    print(
        f"{more:.2f} s beyond the least, limit {options.limit:g} s; {ratio:.2f} x of at most {options.ratio:g}: {word}"
    )
    return int(word != "ok")


def _net(folder: Path, asked: Sequence[proto.AnalyzeRequest], whole: proto.AnalyzeStackRequest) -> float:
    """Return the processor seconds of a pack's answers."""
    bare, full = drive(folder, (), None), drive(folder, asked, whole)
    if folder == PACK and full.said:
        raise RuntimeError(f"the documented shops have {full.said} violations")
    name, taken = "ours " if folder == PACK else folder.name, full.cpu - bare.cpu
    print(f"  {name} starts in {bare.start:.2f} s, answers in {taken:.2f} s cpu")
    return taken


if __name__ == "__main__":
    sys.exit(main())
