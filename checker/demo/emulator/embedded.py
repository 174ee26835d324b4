"""The emulated AWS inside this process, answering boto3 without a socket."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse

from checker.demo.emulator import (
    acm,
    autoscaling,
    block_public_access,
    ec2,
    efs,
    elasticache,
    elb,
    elbv2,
    iam,
    paging,
    rds,
    serverless_cache,
)
from checker.demo.emulator.emulator import Dropped, Emulator


@cache
def apply_patches() -> None:
    """Make moto faithful where a network or availability checker looks; once per process."""
    for part in (
        ec2,
        block_public_access,
        elb,
        elbv2,
        autoscaling,
        elasticache,
        serverless_cache,
        rds,
        efs,
        acm,
        iam,
        paging,
    ):
        part.apply()


def environment(region: str) -> dict[str, str]:
    """Return the variables that keep boto3 away from the user's real account."""
    return {
        "AWS_ACCESS_KEY_ID": "emulated",
        "AWS_SECRET_ACCESS_KEY": "emulated",
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        # moto would make 1,300 images for every empty account, which is most of the time an account takes
        "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    }


@contextmanager
def embedded(region: str = "us-east-1") -> Iterator[Emulator]:
    """
    Yield an empty emulated account that answers every boto3 session made inside the block.

    The environment's AWS settings are replaced for the duration and restored after. Not reentrant.
    """
    apply_patches()
    emulator = Emulator()

    def send(_: Any, event_name: str, request: AWSPreparedRequest, **__: Any) -> AWSResponse:
        del event_name
        try:
            answer = emulator.answer(request)
        except Dropped:
            raise ConnectionClosedError(endpoint_url=request.url) from None
        raw: Any = MockRawResponse(answer.body)
        return AWSResponse(request.url, answer.status, answer.headers, raw)  # type: ignore[arg-type]  # moto has no types

    with patch.dict(os.environ), mock_aws():
        for name in [each for each in os.environ if each.startswith("AWS_")]:
            del os.environ[name]
        os.environ.update(environment(region))
        with patch.object(BotocoreStubber, "__call__", send):
            yield emulator
