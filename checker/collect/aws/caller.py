"""Who is calling and where: the first call of all, which tells a dead endpoint or bad credentials before the rest."""

import difflib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import botocore.session
from botocore.client import BaseClient
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    InvalidRegionError,
    NoRegionError,
    ParamValidationError,
    ProfileNotFound,
)
from botocore.utils import validate_region_name

from checker.collect.aws.actions import LIST_REGIONS
from checker.collect.aws.refusal import EXPIRED, FAULTS, Refusal, refusal
from checker.collect.aws.session import Clients, home_region, open_session
from checker.collect.aws.settings import LiveSettings
from checker.errors import SourceError
from checker.model.record import Status

UNIDENTIFIED = "unidentified"
_AWS_HOST = re.compile(r"://[^/]*\.(amazonaws\.com(\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn|amazonaws\.eu)\b")
_RENEW = "log in again (for example `aws sso login`) or renew the keys, then run again"
_PROVIDE = (
    "set AWS_PROFILE or name a profile, log in with `aws sso login`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
)


@dataclass(frozen=True)
class Caller:
    """The account that is read and the Region of the calls that belong to none; `refusal` is why it has no name."""

    account: str
    home: str
    refusal: Refusal | None = None


def usable_session(settings: LiveSettings) -> botocore.session.Session:
    """Return a session that has credentials and a Region.

    Raises:
        SourceError: there are none.
    """
    try:
        session = open_session(settings)
        credentials, home = session.get_credentials(), home_region(settings, session)
        for region in {*settings.regions, *([home] if home else [])}:
            validate_region_name(region)
    except ProfileNotFound as error:
        raise SourceError(str(error), where="aws", hint="choose one of `aws configure list-profiles`") from error
    except InvalidRegionError as error:
        raise SourceError(str(error), where="aws", hint="name a Region such as eu-west-1") from error
    except BotoCoreError as error:
        raise unusable(refusal(error), "aws") from error
    if home is None:
        raise _no_region()
    if credentials is None:
        raise SourceError("no credentials were found", where="aws", hint=_PROVIDE)
    return session


def identify(settings: LiveSettings, session: botocore.session.Session, clients: Clients) -> Caller:
    """Return who is calling; one call of sts.

    Raises:
        SourceError: nobody answers there, or the credentials are refused.
    """
    home = home_region(settings, session) or ""
    try:
        client = clients.once("sts", home).result()
    except NoRegionError as error:
        raise _no_region() from error
    except (BotoCoreError, ValueError) as error:
        raise unusable(refusal(error), "aws") from error
    if _AWS_HOST.search(client.meta.endpoint_url):
        _refuse_unknown_regions((home, *settings.regions), session)
    account, why = _ask(client)
    if why and why.status is Status.THROTTLED:
        account, why = _ask(clients.get("sts", home).result().client)
    return Caller(account, home, why)


def listed_regions(clients: Clients, home: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the Regions that the account may use, and those that it has not opted in to, each sorted.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html

    Raises:
        SourceError: the Regions could not be listed.
    """
    try:
        client = clients.get("ec2", home).result().client
        answer = client.describe_regions(AllRegions=True)  # type: ignore[attr-defined]  # made from ec2's model
        status = {str(each["RegionName"]): each.get("OptInStatus") for each in answer["Regions"]}
    except FAULTS as error:
        what = f"the Regions of the account could not be listed: {refusal(error).text}"
        raise SourceError(what, where=f"aws {home}", hint=f"allow {LIST_REGIONS}, or name the Regions") from error
    closed = {name for name, opted in status.items() if opted == "not-opted-in"}
    return tuple(sorted(status.keys() - closed)), tuple(sorted(closed))


def nothing_read(refusals: Sequence[Refusal], where: str) -> SourceError:
    """Return the error of a collection without a single answer; its reason is the commonest one."""
    counted = Counter(refusals)
    return unusable(max(sorted(counted, key=lambda why: why.text), key=counted.__getitem__), where)


def unusable(why: Refusal, where: str) -> SourceError:
    """Return the error of a source that gives nothing for one reason."""
    if why.code in EXPIRED:
        return SourceError(f"the credentials have expired ({why.code})", where=where, hint=_RENEW)
    if why.blames_credentials:
        hint = f"{_PROVIDE}; a Region that the account has not opted in to refuses good credentials too"
        return SourceError(f"the credentials are not usable ({why.text})", where=where, hint=hint)
    if why.unreachable:
        hint = "check the network, the proxy and the spelling of the Region, or AWS_ENDPOINT_URL if it is set"
        return SourceError(f"nobody answers there ({why.text})", where=where, hint=hint)
    if why.status is Status.DENIED:
        hint = "allow the actions that `tierproof permissions` prints"
        return SourceError(f"every call was denied ({why.text})", where=where, hint=hint)
    if why.status is Status.NOT_OPTED_IN:
        return SourceError(
            f"the Region is not opted in ({why.text})", where=where, hint="opt in to it, or name another"
        )
    if why.status is Status.THROTTLED:
        return SourceError(f"every call was throttled ({why.text})", where=where, hint="run again later")
    return SourceError(f"no call was answered ({why.text})", where=where, hint="check the endpoint and the credentials")


def _ask(client: BaseClient) -> tuple[str, Refusal | None]:
    where = f"aws {client.meta.endpoint_url}"
    try:
        account = client.get_caller_identity().get("Account")  # type: ignore[attr-defined]  # made from sts's model
    except ClientError as error:
        why = refusal(error)
        if error.operation_name == "AssumeRole":
            raise _no_role(why, where) from error
        if why.blames_credentials or why.status is Status.NOT_OPTED_IN:
            raise unusable(why, where) from error
        return UNIDENTIFIED, why
    except ParamValidationError as error:
        # The call itself has no parameters: these are of the role that is assumed for it.
        raise _no_role(refusal(error), where) from error
    except FAULTS as error:
        why = refusal(error)
        if why.unreachable or why.blames_credentials:
            raise unusable(why, where) from error
        return UNIDENTIFIED, why
    return (
        (str(account), None)
        if account
        else (UNIDENTIFIED, Refusal(Status.FAILED, "NoAccount", "no account in the answer"))
    )


def _refuse_unknown_regions(regions: Sequence[str], session: botocore.session.Session) -> None:
    known = {name for part in session.get_available_partitions() for name in session.get_available_regions("ec2", part)}
    for region in regions:
        if region not in known:
            near = ", ".join(difflib.get_close_matches(region, sorted(known), 3))
            hint = f"did you mean {near}?" if near else "name a Region such as eu-west-1, or install a newer boto3"
            raise SourceError(f"boto3 knows no Region {region}", where="aws", hint=hint)


def _no_role(why: Refusal, where: str) -> SourceError:
    hint = "check the role's ARN, its trust policy and the external id"
    return SourceError(f"the role could not be assumed ({why.text})", where=where, hint=hint)


def _no_region() -> SourceError:
    return SourceError("no Region is set", where="aws", hint="name one with --region, or set AWS_DEFAULT_REGION")
