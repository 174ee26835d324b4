"""Changes to a built shop, written as data: one boto3 call each."""

import re
from collections.abc import Mapping, Sequence

import boto3
import jmespath  # type: ignore[import-untyped]  # it ships no annotations
from botocore.client import BaseClient

REFERENCE = re.compile(r"\$\{([^}]+)\}")
KEYS = {"service", "call", "with", "as", "take"}


def apply(session: boto3.Session, ids: Mapping[str, str], changes: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """
    Make the changes in order and return the ids with those the changes added.

    A change is {service, call, with, as, take}: `call` is the boto3 method, `with` its arguments, in which
    "${key}" stands for `ids[key]`; `take` is a JMESPath into the answer, kept for later changes under `as`.

    Raises:
        ValueError: a change has an unknown key, service or call, no mapping in `with`, or refers to an id that is
            not there.
    """
    known = dict(ids)
    for number, change in enumerate(changes, 1):
        where = f"change {number} ({change.get('service', '?')}.{change.get('call', '?')})"
        _check(where, change)
        client = _client(session, where, str(change["service"]), str(change["call"]))
        arguments = change.get("with", {})
        if not isinstance(arguments, Mapping):
            raise ValueError(f"{where}: `with` holds the arguments by name")  # noqa: TRY004  # as for every other defect of a change
        filled = {str(name): _fill(where, value, known) for name, value in arguments.items()}
        answer = getattr(client, str(change["call"]))(**filled)
        if "as" in change:
            value = jmespath.search(str(change["take"]), answer)
            if value is None:
                raise ValueError(f"{where}: the answer has nothing at {change['take']!r}")
            known[str(change["as"])] = str(value)
    return known


def _check(where: str, change: Mapping[str, object]) -> None:
    if unknown := set(change) - KEYS:
        raise ValueError(f"{where}: unknown key {', '.join(sorted(unknown))}; use {', '.join(sorted(KEYS))}")
    if missing := {"service", "call"} - set(change):
        raise ValueError(f"{where}: {', '.join(sorted(missing))} is missing")
    if ("as" in change) != ("take" in change):
        raise ValueError(f"{where}: `as` and `take` go together")


def _client(session: boto3.Session, where: str, service: str, call: str) -> BaseClient:
    if service not in session.get_available_services():
        raise ValueError(f"{where}: no AWS service {service}")
    client: BaseClient = session.client(service)  # type: ignore[call-overload]  # the name comes from the change
    if call not in client.meta.method_to_api_mapping:
        raise ValueError(f"{where}: {service} has no call {call}")
    return client


def _fill(where: str, value: object, ids: Mapping[str, str]) -> object:
    """Return `value` with every reference in its strings replaced, at any depth."""
    if isinstance(value, Mapping):
        return {key: _fill(where, each, ids) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_fill(where, each, ids) for each in value]
    if not isinstance(value, str):
        return value
    for key in REFERENCE.findall(value):
        if key not in ids:
            raise ValueError(f"{where}: no id under {key!r}; known are {', '.join(sorted(ids))}")
    return REFERENCE.sub(lambda match: ids[match[1]], value)
