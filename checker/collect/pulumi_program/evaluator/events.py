"""The way out: one JSON document a line, written at once so that nothing is lost when the program dies."""

from __future__ import annotations

import json
import os
import threading


class Events:
    """Writes events to a descriptor of its own, which neither the program's prints nor its children can reach."""

    def __init__(self, descriptor: int) -> None:
        # A duplicate is closed in programs that the program starts; the one that was inherited would not be.
        self._descriptor = os.dup(descriptor)
        os.close(descriptor)
        self._lock = threading.RLock()  # the handler of a signal may tell while its own thread does
        self._process = os.getpid()

    def tell(self, event: str, **fields: object) -> None:
        """Write one event; nothing is written by a fork of the program."""
        if os.getpid() != self._process:
            return
        line = json.dumps({"event": event, **fields}, default=str).encode() + b"\n"
        with self._lock:
            while line:
                line = line[os.write(self._descriptor, line) :]
