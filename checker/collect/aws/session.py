"""Sessions and clients: boto3's own configuration, an assumed role, and one client for each service and Region."""

import datetime
import random
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial

import botocore.session
from botocore import xform_name
from botocore.client import BaseClient
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import DataNotFoundError
from botocore.paginate import PaginatorModel
from botocore.utils import parse_timestamp

from checker.collect.aws.refusal import THROTTLED
from checker.collect.aws.settings import LiveSettings

ClientKey = tuple[str, str]
_FIRST_CONNECT_TIMEOUT = 3.0


def operation_names(services: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """Return, for each service, AWS's names of its operations by boto3's names; reads botocore's service models."""
    return {service: _names(service) for service in sorted(services)}


@cache
def _names(service: str) -> Mapping[str, str]:
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name): name for name in model.operation_names}


def open_session(settings: LiveSettings) -> botocore.session.Session:
    """Return a session with the profile and role of `settings`; no call is made yet.

    Raises:
        ProfileNotFound: the configuration has no such profile.
    """
    session = botocore.session.Session(profile=settings.profile)
    # Timestamps stay texts, as in the output of the AWS CLI; botocore's own parsing of them is slow besides.
    session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=iso_8601)
    if settings.role_arn:
        provider = _AssumedRole(settings, botocore.session.Session(profile=settings.profile))
        session.register_component("credential_provider", CredentialResolver([provider]))
    return session


def iso_8601(value: object) -> str:
    """Return a timestamp of an answer (text, or seconds since 1970) as ISO 8601 with its offset."""
    if isinstance(value, (int, float)):
        return datetime.datetime.fromtimestamp(value, datetime.UTC).isoformat()
    try:
        return datetime.datetime.fromisoformat(str(value)).isoformat()
    except ValueError:
        return parse_timestamp(str(value)).isoformat()


class _AssumedRole(CredentialProvider):
    """The credentials of a role, renewed before they expire with those that boto3 finds."""

    METHOD = "assume-role"
    CANONICAL_NAME = "tierproof-assume-role"

    def __init__(self, settings: LiveSettings, source: botocore.session.Session) -> None:
        super().__init__(source)
        self._settings = settings

    def load(self) -> DeferredRefreshableCredentials | None:
        """Return the role's credentials, or nothing where there are none to assume it with."""
        credentials = self.session.get_credentials()
        if credentials is None or not self._settings.role_arn:
            return None
        names = {"RoleSessionName": "tierproof"}
        if self._settings.external_id:
            names["ExternalId"] = self._settings.external_id
        create = partial(
            self.session.create_client,
            region_name=home_region(self._settings, self.session),
            endpoint_url=self._settings.endpoint_url,
            config=client_config(self._settings, self.session, attempts=2),
        )
        fetcher = AssumeRoleCredentialFetcher(create, credentials, self._settings.role_arn, extra_args=names)
        return DeferredRefreshableCredentials(refresh_using=fetcher.fetch_credentials, method=self.METHOD)


def home_region(settings: LiveSettings, session: botocore.session.Session) -> str | None:
    """Return the Region for calls that belong to none, or `None` where neither settings nor boto3 name one."""
    if settings.regions:
        return settings.regions[0]
    configured = session.get_config_variable("region")
    # Which Regions there are can be asked in any of them.
    return str(configured) if configured else "us-east-1" if settings.all_regions else None


def client_config(settings: LiveSettings, session: botocore.session.Session, attempts: int | None = None) -> Config:
    """Return the configuration of clients: a connection for each worker, and retries that AWS_RETRY_MODE may change."""
    mode = session.get_config_variable("retry_mode")
    return Config(
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        max_pool_connections=settings.workers,
        retries={
            "mode": mode if mode in ("standard", "adaptive") else "standard",
            "total_max_attempts": attempts or session.get_config_variable("max_attempts") or settings.max_attempts,
        },
        user_agent_extra="tierproof",
    )


@dataclass(frozen=True)
class Endpoint:
    """A client of one service in one Region, and how the service's listings go on from page to page."""

    client: BaseClient
    paginators: PaginatorModel


class Clients:
    """One client for each service and Region, made when first asked for, one by one: that is not thread-safe."""

    def __init__(self, settings: LiveSettings, session: botocore.session.Session) -> None:
        self._settings = settings
        self._session = session
        self._config = client_config(settings, session)
        self._maker = ThreadPoolExecutor(1, "tierproof-clients")
        self._made: dict[ClientKey, Future[Endpoint]] = {}

    def get(self, service: str, region: str) -> Future[Endpoint]:
        """Return the client-to-be; its result raises what botocore raises."""
        key = (service, region)
        if key not in self._made:
            self._made[key] = self._maker.submit(self._make, service, region)
        return self._made[key]

    def once(self, service: str, region: str) -> Future[BaseClient]:
        """Return a client that tries but twice, for the first call of all."""
        config = client_config(self._settings, self._session, attempts=2).merge(
            Config(connect_timeout=_FIRST_CONNECT_TIMEOUT)
        )
        return self._maker.submit(self._client, service, region, config)

    def close(self) -> None:
        """Let go of the clients; those not made yet are not made."""
        self._maker.shutdown(wait=False, cancel_futures=True)
        self._made.clear()

    def _make(self, service: str, region: str) -> Endpoint:
        try:
            paginators = self._session.get_paginator_model(service)
        except DataNotFoundError:
            paginators = PaginatorModel({"pagination": {}})
        return Endpoint(self._client(service, region, self._config), paginators)

    def _client(self, service: str, region: str, config: Config) -> BaseClient:
        client = self._session.create_client(
            service, region_name=region, endpoint_url=self._settings.endpoint_url, config=config
        )
        event = f"needs-retry.{client.meta.service_model.service_id.hyphenize()}"
        retries = config.retries or {}  # type: ignore[attr-defined]  # the stub leaves out what the constructor takes
        delay = partial(_throttle_delay, retries.get("total_max_attempts", self._settings.max_attempts))
        client.meta.events.register_first(event, delay)  # type: ignore[arg-type]  # the stub knows no handler that answers
        return client


def _throttle_delay(most: int, response: object, attempts: int, **_: object) -> float | None:
    """Return the seconds to wait after a throttled attempt; of anything else botocore decides.

    Botocore waits up to 20 s, and half a minute in all, where these interfaces have room again within a second or two;
    its adaptive mode falls to one call in two seconds when many calls are throttled at once.
    """
    answer = response[1] if isinstance(response, tuple) else None
    error = answer.get("Error") if isinstance(answer, dict) else None
    if not isinstance(error, dict) or error.get("Code") not in THROTTLED or attempts >= most:
        return None
    return random.uniform(0.1, min(0.2 * 2**attempts, 5.0))  # noqa: S311  # a wait, no secret
