"""
What `tierproof check . --from pulumi-program` takes on our own program, and how much of that the program itself takes.

    python benchmarks/pulumi_program.py [--pairs 5] [--limit 5] [--share 0.5]

Each pair runs the program alone, under the mocks of its own SDK, and then the check, so that what else the machine does
falls on both. The check runs the program twice, side by side, and judges what it declares. Ends with 1 if the median
check takes more than `--limit` seconds, or if more than a `--share` of it is not the program's own.
"""

import argparse
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from measure import run

ROOT = Path(__file__).parents[1]
STACK = "prod"
# What Pulumi's documentation gives for unit tests, around the whole program.
# Source: https://www.pulumi.com/docs/iac/guides/testing/unit/
ALONE = f"""
import asyncio, os, runpy, sys, yaml
os.chdir(sys.argv[1])
import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs
from pulumi.runtime.stack import wait_for_rpcs

loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)

class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args: MockResourceArgs):
        return args.name, args.inputs

    def call(self, args: MockCallArgs):
        zones = "getAvailabilityZones" in args.token
        return {{"names": ["a", "b", "c"], "zoneIds": ["1", "2", "3"]}} if zones else {{}}

written = [yaml.safe_load(open(name))["config"] for name in ("Pulumi.yaml", "Pulumi.{STACK}.yaml")]
def text(value):
    value = value.get("value", value.get("default", "")) if isinstance(value, dict) else value
    return str(value).lower() if isinstance(value, bool) else str(value)
config = {{key: text(value) for one in written for key, value in one.items()}}
pulumi.runtime.set_all_config(config)
pulumi.runtime.set_mocks(Mocks(), project="myclothes", stack="{STACK}", preview=True)
runpy.run_path("infra", run_name="__main__")
loop.run_until_complete(wait_for_rpcs())
os._exit(0)
"""
CHECK = "from checker.cli.main import run; run()"


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5, help="paired runs after one that is not counted")
    parser.add_argument("--limit", type=float, default=5.0, help="seconds that the check may take")
    parser.add_argument("--share", type=float, default=0.5, help="how much of them may be other than the program's own")
    options = parser.parse_args()
    alone = [sys.executable, "-c", ALONE, str(ROOT)]
    check = [sys.executable, "-c", CHECK, "check", str(ROOT), "--from", "pulumi-program", "--stack", STACK]
    check += ["--python", sys.executable, "--quiet"]
    # The first pair reads files that the next ones have in memory.
    pairs = [(_seconds(alone), _seconds(check)) for _ in range(options.pairs + 1)][1:]
    program, whole = (statistics.median(column) for column in zip(*pairs, strict=True))
    added = statistics.median(checked - bare for bare, checked in pairs)
    print(f"the program alone   {program:6.2f} s  (median of {options.pairs})")
    word = "ok" if whole <= options.limit else "MISSED"
    print(f"tierproof check     {whole:6.2f} s  limit {options.limit:g} s: {word}")
    share = added / whole
    word = "ok" if share <= options.share else "MISSED"
    print(f"added by tierproof  {added:6.2f} s  {share:.2f} of it, limit {options.share:g}: {word}")
    return int(whole > options.limit or share > options.share)


def _seconds(command: Sequence[str]) -> float:
    """Return what a run took; raises `RuntimeError` for one that did not end well, whose time tells nothing."""
    taken = run(command)
    if taken.code:
        raise RuntimeError(f"this ended with {taken.code}: {' '.join(command[3:])}")
    return taken.wall


if __name__ == "__main__":
    sys.exit(main())
