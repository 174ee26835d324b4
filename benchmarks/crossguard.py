"""
What the policy pack adds to a preview of 1,000 resources, beside a pack of Pulumi's own SDK that has nothing to say.

    python benchmarks/crossguard.py [--resources 1000] [--limit 1] [--ratio 1] [--pairs 3]

Both packs are started as the engine starts them and asked what it asks: of each resource before it is made, and of the
whole stack at the end. The other pack has as many policies of the stack and of the resource, and all are empty, so it
takes what every pack of that SDK takes. What is measured is the processor time of the pack's process, less that of one
that is started and asked only what it holds. Ends with 1 if ours takes more than the limit, in seconds, or more than
the ratio of the other.
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


def empty(folder: Path) -> Path:
    """Write a pack of Pulumi's SDK that has as many policies as ours, and return its folder."""
    with started(PACK) as (service, _):
        policies = service.GetAnalyzerInfo(Empty()).policies
    alone = sum(policy.policy_type == proto.POLICY_TYPE_RESOURCE for policy in policies)
    text = EMPTY.format(stack=len(policies) - alone, alone=alone)
    (folder / "__main__.py").write_text(text, encoding="utf-8")
    print(f"{len(policies) - alone} policies of the stack, {alone} of a resource")
    return folder


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, default=1000, help="at least that many, in whole shops")
    parser.add_argument("--limit", type=float, default=1.0, help="processor seconds of ours")
    parser.add_argument("--ratio", type=float, default=1.0, help="ours in parts of the empty pack")
    parser.add_argument("--pairs", type=int, default=3, help="paired runs")
    options = parser.parse_args()
    shops = -(-options.resources // len(shop()))
    made = [one for number in range(shops) for one in called(shop(), f"shop{number}")]
    asked, whole = [of_resource(one, made) for one in made], of_stack(made)
    print(f"{len(made)} resources of {shops} documented shops, at preview")
    with tempfile.TemporaryDirectory() as folder:
        packs = (PACK, empty(Path(folder)))
        pairs = [[_net(one, asked, whole) for one in packs] for _ in range(options.pairs)]
    ours, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / two for one, two in pairs)
    print(f"empty pack   {other:6.2f} s cpu  (median of {options.pairs})")
    word = "ok" if ours <= options.limit and ratio <= options.ratio else "MISSED"
    print(
        f"our pack     {ours:6.2f} s cpu  limit {options.limit:g} s, {ratio:.2f} x of at most {options.ratio:g}: {word}"
    )
    return int(word != "ok")


def _net(folder: Path, asked: Sequence[proto.AnalyzeRequest], whole: proto.AnalyzeStackRequest) -> float:
    """Return the processor seconds of a pack's answers."""
    bare, full = drive(folder, (), None), drive(folder, asked, whole)
    if folder == PACK and full.said:
        raise RuntimeError(f"the documented shops have {full.said} violations")
    name, taken = "ours " if folder == PACK else "empty", full.cpu - bare.cpu
    print(f"  {name} starts in {bare.start:.2f} s, answers in {taken:.2f} s cpu")
    return taken


if __name__ == "__main__":
    sys.exit(main())
