"""
A plan of 300 MB, read and judged without holding it twice: peak memory beside the size of the file.

    python benchmarks/large_plan.py [--megabytes 300] [--read-only]

The plan is one of documented shops (`benchmarks/repository.py`) with the tags that large estates put on everything.
It is read once as a source and once judged by `tierproof check`, each in a process of its own. What is measured is the
peak of resident memory, in which the file itself, which is mapped, counts as far as it was looked at. So a program that
held the file's text beside the file would need twice its size before anything was decoded, and one that decoded it
whole would need several times that. Ends with 1 if a limit is missed.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from measure import run
from repository import PROVIDERS, Made, change, configured, planned, shop

HERE = Path(__file__).parent
READ = """
import sys
from pathlib import Path
from checker.app import kinds, read
print(len(read([Path(sys.argv[1])], None, kinds()).records))
"""
CHECK = "from checker.cli.main import run; run()"
# Peak memory in sizes of the file.
LIMITS = {"read": 2.0, "check": 2.5}
JUDGED = (0, 1, 4)
# AWS lets a resource have 50 tags. Source: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
TAGS = {f"estate:attribute-{number:02d}": f"value-{number:02d}-of-this-estate" for number in range(20)}


def _resources(shops: int) -> Iterator[Made]:
    for number in range(shops):
        for made in shop(number):
            yield replace(made, values={**made.values, "tags": {**TAGS, "Name": made.name}})


def write(path: Path, megabytes: int) -> int:
    """Write a plan of at least that size, one resource after the other, and return how many resources it has."""
    one = sum(len(json.dumps(form(made))) for made in _resources(1) for form in (planned, change, configured))
    shops = megabytes * 1_000_000 // one + 1

    def section(form: Callable[[Made], dict[str, object]]) -> Iterator[str]:
        for number, made in enumerate(_resources(shops)):
            yield f"{',' if number else ''}{json.dumps(form(made))}"

    with path.open("w", encoding="utf-8") as out:
        out.write('{"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {"root_module": ')
        out.write('{"resources": [')
        out.writelines(section(planned))
        out.write(']}}, "resource_changes": [')
        out.writelines(section(change))
        out.write(f'], "configuration": {{"provider_config": {json.dumps(PROVIDERS)}, "root_module": {{"resources": [')
        out.writelines(section(configured))
        out.write(']}}, "complete": true, "errored": false}\n')
    return shops * sum(1 for _ in shop(0))


def _measure(name: str, arguments: list[str], size: float) -> bool:
    """Run it once, print what it took and tell whether the limit holds."""
    taken = run([sys.executable, "-c", *arguments], {**os.environ, "PYTHONPATH": str(HERE.parent)})
    if taken.code not in JUDGED:
        raise RuntimeError(f"{name} ended with {taken.code}")
    times = taken.memory / size
    word = "ok" if times <= LIMITS[name] else "MISSED"
    print(
        f"  {name:6} {taken.cpu:6.1f} s cpu  {taken.memory:6.0f} MB  "
        f"{times:.2f} x the file (at most {LIMITS[name]:g}): {word}"
    )
    return word == "ok"


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=300)
    parser.add_argument("--read-only", action="store_true", help="leave the check out, which takes longest")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.json"
        count = write(path, options.megabytes)
        size = path.stat().st_size / 1_000_000
        print(f"{count} resources, {size:.0f} MB")
        kept = [_measure("read", [READ, str(path)], size)]
        if not options.read_only:
            kept.append(_measure("check", [CHECK, "check", "--quiet", str(path)], size))
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
