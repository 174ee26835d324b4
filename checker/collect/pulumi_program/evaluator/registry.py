"""Resources that were registered in this run: each once, with the outputs and the id that it was answered with."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from .events import Events


class Registry:
    """Keeps the resources of one run by their URNs, from any thread."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._lock = threading.Lock()
        self._outputs: dict[str, dict[str, object]] = {}
        self._ids: dict[str, str] = {}
        self._planned: set[str] = set()

    def enter(self, urn: str, file: str, line: int) -> bool:
        """Return whether a URN is new; one that is not is an error of the program."""
        with self._lock:
            is_first = urn not in self._outputs
            self._outputs.setdefault(urn, {})
        if not is_first:
            message = f"Duplicate resource URN '{urn}'; try giving it a unique name"
            self._events.tell("error", kind="duplicate_urn", message=message, urn=urn, file=file, line=line)
        return is_first

    def keep(self, urn: str, identity: str, outputs: dict[str, object], *, is_planned: bool) -> None:
        """Keep what a resource was answered with; `is_planned` says that it is yet to be made."""
        with self._lock:
            self._outputs[urn] = outputs
            self._ids[urn] = identity
            if is_planned:
                self._planned.add(urn)

    def outputs_of(self, urn: str) -> dict[str, object] | None:
        """Return the outputs of a resource, None of one that is not registered."""
        return self._outputs.get(urn)

    def id_of(self, urn: str) -> str:
        """Return the id of a resource, empty if it is not known."""
        return self._ids.get(urn, "")

    def has_planned(self, urns: Iterable[str]) -> bool:
        """Whether one of some resources is yet to be made."""
        return any(urn in self._planned for urn in urns)
