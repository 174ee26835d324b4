"""The live source: AWS accounts, read through boto3's own configuration."""

from checker.collect.aws.settings import LiveSettings
from checker.collect.aws.source import LiveSource
from checker.collect.source import SourceSpec


def _open(target: str) -> LiveSource:
    return LiveSource(LiveSettings(regions=tuple(name.strip() for name in target.split(",") if name.strip())))


SOURCE = SourceSpec(name="aws", open=_open)
