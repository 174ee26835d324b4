"""How a live collection is to be made."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class LiveSettings:
    """Settings of a live collection; what is not given is left to boto3's own configuration.

    `regions` empty means boto3's own Region; `all_regions` asks the account for those that it has opted in to.
    `role_arn` is assumed (and renewed) with the credentials that boto3 finds. Timeouts are in seconds; `max_attempts`
    counts the first attempt of a call too.
    """

    regions: tuple[str, ...] = ()
    all_regions: bool = False
    profile: str | None = None
    endpoint_url: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    workers: int = 16
    max_attempts: int = 8
    connect_timeout: float = 5.0
    read_timeout: float = 20.0
