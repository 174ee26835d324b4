"""What keeps an audit from being performed at all, as the user of the command meets it: one message, exit code 3."""

import os
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from checker.cli.main import application
from checker.demo.emulator.embedded import embedded
from checker.demo.emulator.emulator import Emulator


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    with embedded() as emulator:
        yield emulator


def audit(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(application(), ["audit", *arguments])
    return result.exit_code, result.stdout, result.stderr


def refused(done: tuple[int, str, str], *parts: str) -> None:
    """Assert that no report was written and that the one message holds each part."""
    code, out, err = done

    assert (code, out) == (3, "")
    assert err.startswith("tierproof: no audit was performed: ")
    assert [part for part in parts if part not in err] == []
    assert "Traceback" not in err


def test_no_credentials(aws: Emulator) -> None:
    with patch.dict(os.environ):
        del os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
        done = audit("--region", "us-east-1")

    refused(done, "credentials")


@pytest.mark.parametrize(("code", "said"), [("ExpiredToken", "expired"), ("InvalidClientTokenId", "credentials")])
def test_credentials_that_are_not_taken(aws: Emulator, code: str, said: str) -> None:
    aws.faults = [{"code": code, "status": 403}]

    refused(audit("--region", "us-east-1"), said)


def test_region_that_does_not_exist(aws: Emulator) -> None:
    refused(audit("--region", "us-eats-1"), "us-eats-1", "us-east-1")


def test_profile_that_does_not_exist(aws: Emulator) -> None:
    refused(audit("--region", "us-east-1", "--profile", "nobody"), "nobody")


def test_endpoint_that_is_down(aws: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    aws.faults = [{"reset": True}]

    refused(audit("--region", "us-east-1"), "us-east-1")


def test_caller_without_any_permission(aws: Emulator) -> None:
    aws.deny_except(set())

    refused(audit("--region", "us-east-1"), "tierproof permissions")


def test_unknown_rule_is_refused_before_any_call(aws: Emulator) -> None:
    code, out, err = audit("--region", "us-east-1", "--select", "NET099")

    assert (code, out) == (2, "")
    assert "NET099" in err
    assert sum(aws.calls.values()) == 0
