"""The answer to a question about paths as JSON: the contract `tierproof.path/1`, schema `docs/path.schema.json`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from checker.graph.query.answer import Admitted, EndView, PathAnswer, PathReport, Reached, ReachList, Route, Stop
from checker.model import traffic
from checker.model.intervals import IntervalSet
from checker.report.json_parts import dump, facts, head, packet

SCHEMA = "tierproof.path/1"


def write(report: PathReport, out: TextIO) -> None:
    """Write the answer with two spaces of indent and keys in the contract's order; equal answers give equal bytes."""
    dump(as_json(report), out)


def as_json(report: PathReport) -> dict[str, object]:
    """Return the answer as JSON values."""
    answer = report.answer
    return {
        **head(report, SCHEMA),
        **(_path(answer) if isinstance(answer, PathAnswer) else _list(answer)),
        "missing": facts(answer.missing),
        "remarks": list(answer.remarks),
        "not_read": [
            {
                "account": line.scope.account,
                "region": line.scope.region,
                "item": line.item,
                "status": line.status.value,
                "error": line.error,
            }
            for line in report.coverage
            if not line.status.was_read
        ],
        "exit_code": answer.exit_code,
    }


def _path(answer: PathAnswer) -> dict[str, object]:
    return {
        "question": {
            "kind": "path",
            "source": _end(answer.source),
            "destination": _end(answer.target),
            "asked": _traffic(answer.asked),
        },
        "verdict": answer.verdict.value,
        "witness": packet(answer.witness),
        "allowed": [_admitted(item) for item in answer.allowed],
        "possible": [_admitted(item) for item in answer.possible],
        "routes": [_route(item) for item in answer.routes],
        "entries": [],
    }


def _list(answer: ReachList) -> dict[str, object]:
    end = _end(answer.end)
    return {
        "question": {
            "kind": "who" if answer.inward else "all",
            "source": None if answer.inward else end,
            "destination": end if answer.inward else None,
            "asked": _traffic(answer.asked),
        },
        "verdict": None,
        "witness": None,
        "allowed": [],
        "possible": [],
        "routes": [],
        "entries": [_entry(item) for item in answer.entries],
    }


def _end(end: EndView) -> dict[str, object]:
    return {
        "asked": end.asked,
        "kind": end.kind,
        "id": end.id,
        "name": end.name,
        "account": end.scope.account if end.scope else None,
        "region": end.scope.region if end.scope else None,
        "places": end.places,
    }


def _route(route: Route) -> dict[str, object]:
    return {
        "way": route.way.value,
        "relayed": route.relayed,
        "through": route.through,
        "verdict": route.verdict.value,
        "sources": list(route.sources),
        "targets": list(route.targets),
        "traffic": _traffic(route.traffic),
        "packet": packet(route.packet),
        "hops": [_stop(stop) for stop in route.hops],
        "obstacle": _stop(route.obstacle) if route.obstacle else None,
        "missing": facts(route.missing),
        "legs": [_route(leg) for leg in route.legs],
    }


def _stop(stop: Stop) -> dict[str, object]:
    origin = stop.origin
    return {
        "kind": stop.kind,
        "resource": stop.resource,
        "fact": stop.fact,
        "passes": stop.passes,
        "code": stop.code,
        "change": stop.change or None,
        "origin": {"source": origin.source, "file": origin.file, "line": origin.line, "address": origin.address}
        if origin
        else None,
    }


def _entry(entry: Reached) -> dict[str, object]:
    return {
        "verdict": entry.verdict.value,
        "kind": entry.kind,
        "tier": entry.tier,
        "names": list(entry.names),
        "count": entry.count,
        "interfaces": entry.interfaces,
        "addresses": entry.address,
        "relayed": entry.through is not None,
        "through": entry.through,
        "traffic": _traffic(entry.traffic),
        "missing": facts(entry.missing),
    }


def _admitted(item: Admitted) -> dict[str, object]:
    return {"sources": list(item.sources), "targets": list(item.targets), "traffic": _traffic(item.traffic)}


def _traffic(passes: IntervalSet) -> dict[str, object]:
    return {"text": traffic.describe(passes), "ranges": list(_ranges(passes))}


def _ranges(passes: IntervalSet) -> Iterator[dict[str, object]]:
    """Yield the exact set: runs of whole protocols, and runs of ports (for ICMP of `type * 256 + code`) of one."""
    whole: list[int] = []
    for protocol, first, last in traffic.spans(passes):
        if (first, last) == (0, traffic.WIDTH - 1):
            if whole and protocol != whole[-1] + 1:
                yield _run(whole[0], whole[-1], None, None)
                whole = []
            whole.append(protocol)
            continue
        if whole:
            yield _run(whole[0], whole[-1], None, None)
            whole = []
        yield _run(protocol, protocol, first, last)
    if whole:
        yield _run(whole[0], whole[-1], None, None)


def _run(first: int, last: int, low: int | None, high: int | None) -> dict[str, object]:
    name = traffic.NAMES.get(first) if first == last else None
    return {"protocols": [first, last], "name": name, "from": low, "to": high}
