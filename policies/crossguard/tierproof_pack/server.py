"""The pack as a process: it serves the engine that started it until that is gone."""

from __future__ import annotations

import gc
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
from pulumi.runtime.proto import analyzer_pb2_grpc

from tierproof_pack.configuration import Blocks, Own
from tierproof_pack.servicer import Servicer

# As large as those of Pulumi's own SDK: a stack comes in one message.
# Source: https://github.com/pulumi/pulumi-policy/blob/main/sdk/python/lib/pulumi_policy/policy.py
_MOST_BYTES = 400 * 1024 * 1024
_THREADS = 4
_SECONDS = 5.0
_GRACE = 1.0


def serve(folder: Path, blueprint: str = "", blocks: Blocks = "claimed") -> None:
    """Serve the policies on a port of the loopback, which is told on stdout; return when the engine is gone.

    `folder` is the pack's, where its files are looked for; `blueprint` and `blocks` are those of all policies that are
    not configured otherwise.
    """
    server = grpc.server(
        ThreadPoolExecutor(_THREADS),
        options=[("grpc.max_receive_message_length", _MOST_BYTES), ("grpc.max_send_message_length", _MOST_BYTES)],
    )
    servicer = Servicer(folder, Own(blueprint, blocks))
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    # What is loaded by now stays: it need not be looked through for garbage whenever a stack is judged.
    gc.freeze()
    parent = os.getppid()
    try:
        # An engine that was killed takes nobody with it.
        while not servicer.cancelled.wait(_SECONDS) and os.getppid() == parent:
            pass
    except KeyboardInterrupt:
        pass
    finally:
        server.stop(_GRACE).wait()
