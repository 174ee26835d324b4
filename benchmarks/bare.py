"""
A bare collection: the calls of a file, made with plain boto3 by ten threads, and their answers thrown away.

It is what an audit is compared with: nothing is waited for, decided or judged, so it is the least that the same calls
can take with as many connections.

    python benchmarks/bare.py CALLS.json

The file is a list of `[service, operation, parameters]`, the operation by AWS's name.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
from botocore import xform_name
from botocore.config import Config

WORKERS = 10


def main(file: str) -> None:
    """Make every call of `file`; ends with an error if one of them fails."""
    calls = json.loads(Path(file).read_text(encoding="utf-8"))
    session = boto3.Session()
    config = Config(max_pool_connections=WORKERS)
    clients = {name: session.client(name, config=config) for name in sorted({service for service, _, _ in calls})}

    def make(call: tuple[str, str, dict[str, object]]) -> None:
        service, operation, parameters = call
        getattr(clients[service], xform_name(operation))(**parameters)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(make, calls))


if __name__ == "__main__":
    main(sys.argv[1])
