"""Emulated accounts kept in processes of their own, so that a test breaks a copy and none builds it again."""

import gc
import multiprocessing
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
import botocore.loaders
import botocore.session

from checker.app import Choices, judge, prepare
from checker.collect.aws.settings import LiveSettings
from checker.collect.aws.source import collect_live
from checker.collect.source import silent
from checker.demo import changes, shop
from checker.demo.emulator.embedded import embedded
from checker.demo.emulator.emulator import Emulator
from checker.report.json_report import as_json
from checker.resources.catalog import kinds

REGION = "us-east-1"
FORKS = hasattr(os, "fork") and sys.platform != "darwin"
Ids = Mapping[str, str]


@dataclass(frozen=True)
class World:
    """An emulated account inside the process that holds it: what builds and what breaks it gets this."""

    emulator: Emulator
    session: boto3.Session
    shops: dict[str, dict[str, str]] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """Return a client of the account."""
        return self.session.client(service)  # type: ignore[call-overload]  # the name comes from the caller

    def change(self, shop: str, *entries: Mapping[str, object]) -> None:
        """Apply changes to a shop, and keep the ids that they made."""
        self.shops[shop] = changes.apply(self.session, self.shops[shop], entries)


@dataclass(frozen=True)
class Audit:
    """What one audit came to: the report as JSON, and the ids of the shops as they were then."""

    report: dict[str, Any]
    shops: Mapping[str, Ids]

    @property
    def exit_code(self) -> int:
        """Return what the command would have ended with."""
        code: int = self.report["summary"]["exit_code"]
        return code

    def results(self, *verdicts: str) -> list[dict[str, Any]]:
        """Return the results with some verdicts, or all."""
        return [each for each in self.report["results"] if not verdicts or each["verdict"] in verdicts]

    def told(self, *verdicts: str) -> list[str]:
        """Return the results with some verdicts as lines for a person: rule, subject and message."""
        return [
            f"{each['rule']} {each['verdict']} {each['subject']['name']}: {each['message']} {each['missing'] or ''}"
            for each in self.results(*verdicts)
        ]

    def names(self, rule: str, verdict: str) -> set[str]:
        """Return the subjects that a rule gives a verdict on."""
        return {each["subject"]["name"] for each in self.results(verdict) if each["rule"] == rule}

    def stack(self, name: str) -> dict[str, Any]:
        """Return a stack by name."""
        return next(each for each in self.report["stacks"] if each["name"] == name)


def audit(world: World, choices: Choices = Choices(), *, workers: int = 4, max_attempts: int = 2) -> Audit:  # frozen
    """Audit the account through the real collector; throttled calls are tried `max_attempts` times."""
    settings = LiveSettings(regions=(REGION,), workers=workers, max_attempts=max_attempts)
    report = judge(collect_live(settings, kinds(), silent), prepare(choices))
    return Audit(as_json(report), world.shops)


@cache
def _loader() -> botocore.loaders.Loader:
    """Return one reader of botocore's service models, of which reading takes longer than an audit."""
    return botocore.loaders.create_loader()


class Account:
    """A process that holds an account as `build` leaves it and runs each job in a copy of itself."""

    def __init__(self, build: Callable[[World], None]) -> None:
        _read_everything_once()
        self._end, other = multiprocessing.Pipe()
        self._process = _fork(lambda: _hold(build, other), self._end)
        other.close()
        self._answer()

    def run(self, job: Callable[..., Any], *arguments: object) -> Any:
        """Return what `job(world, *arguments)` returns in a copy of the account; both have to be picklable."""
        self._end.send((job, arguments))
        return self._answer()

    def close(self) -> None:
        """End the process."""
        # The end of the pipe alone would not tell it: accounts that were made later hold copies of this end.
        self._end.send(None)
        os.waitpid(self._process, 0)
        self._end.close()

    def _answer(self) -> Any:
        worked, answer = self._end.recv()
        if not worked:
            raise AssertionError(f"in the account's process:\n{answer}")
        return answer


def _fork(work: Callable[[], None], *ends: Connection) -> int:
    with warnings.catch_warnings():
        # Python 3.12 warns of forks beside threads; those of pytest-xdist hold no lock that is needed here.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return child
    try:
        for end in ends:
            end.close()
        work()
    finally:
        os._exit(0)


@cache
def _read_everything_once() -> None:
    """Import and read here what every account needs, so that each process made of this one has it from the start."""
    with _shared_loader(), embedded(REGION) as emulator:
        world = World(emulator, boto3.Session(region_name=REGION))
        shop.build(world.session, "first")
        audit(world)
        emulator.reset()


def _shared_loader() -> AbstractContextManager[object]:
    return patch.object(botocore.session, "create_loader", lambda *_: _loader())


def _hold(build: Callable[[World], None], end: Connection) -> None:
    with _shared_loader(), embedded(REGION) as emulator:
        world = World(emulator, boto3.Session(region_name=REGION))
        _tell(end, lambda: _prepare(world, build))
        while (asked := end.recv()) is not None:
            job, arguments = asked
            child = _fork(lambda job=job, arguments=arguments: _tell(end, lambda: job(world, *arguments)))  # type: ignore[misc]  # bound at once
            os.waitpid(child, 0)


def _prepare(world: World, build: Callable[[World], None]) -> None:
    build(world)
    # Collections in a copy would touch, and so copy, every page of this process.
    gc.collect()
    gc.freeze()
    gc.disable()


def _tell(end: Connection, work: Callable[[], Any]) -> None:
    try:
        answer = (True, work())
    except Exception:  # noqa: BLE001  # the test shows it
        answer = (False, traceback.format_exc())
    end.send(answer)


def blueprint(folder: Path, *replacements: tuple[str, str], base: str = "three_tier_web") -> Path:
    """Write a copy of a shipped blueprint with some texts replaced, each of which is there, and return its path."""
    text = (Path(__file__).parents[2] / "policies/blueprints" / f"{base}.yaml").read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text, f"{base}.yaml has no {old!r}"
        text = text.replace(old, new)
    path = folder / "blueprint.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def rule(
    group: str, port: int | tuple[int, int] | None, *, egress: bool = False, protocol: str = "tcp", **peer: Any
) -> dict[str, object]:
    """Return the change that adds a rule to a group; `peer` is IpRanges, UserIdGroupPairs and so on."""
    first, last = (port, port) if isinstance(port, int) else port or (None, None)
    ports = {} if first is None else {"FromPort": first, "ToPort": last}
    call = "authorize_security_group_egress" if egress else "authorize_security_group_ingress"
    wanted = {"GroupId": group, "IpPermissions": [{"IpProtocol": protocol, **ports, **peer}]}
    return {"service": "ec2", "call": call, "with": wanted}
