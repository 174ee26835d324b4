"""The account and the Region of things: from folders, from their own ARNs, zones and owners, from what they name."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from checker.collect.identity import identity

# Source: https://docs.aws.amazon.com/general/latest/gr/rande.html
_SIDES = "central|north|south|east|west|northeast|northwest|southeast|southwest"
_REGION = re.compile(rf"(?<![a-z0-9])(?:us|eu|ap|sa|ca|me|af|il|mx|cn|eusc)(?:-[a-z]+)?-(?:{_SIDES})-\d(?!\d)")
_ACCOUNT = re.compile(r"\d{12}")
_ARN = re.compile(r"arn:[^:]*:([^:]*):([^:]*):([^:]*):")
_ID = re.compile(r"[a-z]+(?:-[a-z]+)*-[0-9a-z]+")
_ZONES = ("AwsRegion", "AvailabilityZone", "AvailabilityZones", "PreferredAvailabilityZone", "Placement", "Instances")
# Services whose listings hold nothing but the caller's own things; those of EC2 also hold what others share.
_SHARING = ("", "ec2")
UNKNOWN_REGION = "unknown"
UNKNOWN_ACCOUNT = "unidentified"


@cache
def told_by_folders(parts: tuple[str, ...]) -> tuple[str | None, str | None]:
    """Return the account and the Region that folders and a file's name tell; the innermost of each counts."""
    account = region = None
    for part in parts:
        if _ACCOUNT.fullmatch(part):
            account = part
        if found := _REGION.search(part.lower()):
            region = found[0]
        elif part.lower() == "global":
            region = "global"
    return account, region


def own_region(type_: str, item: Mapping[str, object]) -> str | None:
    """Return the Region that a thing's own ARN or its zone tells."""
    if (arn := _arn(type_, item)) and arn[1]:
        return arn[1]
    for key in _ZONES:
        for text in _texts(item.get(key)):
            if found := _REGION.search(text):
                return found[0]
    return None


def own_account(type_: str, item: Mapping[str, object]) -> tuple[str | None, bool]:
    """Return the account that a thing's ARN or owner tells, and whether only that account can list it."""
    arn = _arn(type_, item)
    if arn and _ACCOUNT.fullmatch(arn[2]):
        return arn[2], arn[0] not in _SHARING
    owner = item.get("OwnerId")
    if isinstance(owner, str) and _ACCOUNT.fullmatch(owner):
        return owner, "ReservationId" in item
    return None, False


@dataclass
class Neighbours:
    """Which Region ids were seen in, so that what names one of them is there too."""

    regions: dict[str, str] = field(default_factory=dict)

    def learn(self, item: Mapping[str, object], region: str) -> None:
        """Remember the ids that a thing names at its top: they are in its Region."""
        for key, value in item.items():
            if _names_an_id(key) and isinstance(value, str) and _ID.fullmatch(value):
                self.regions.setdefault(value, region)

    def region(self, item: Mapping[str, object]) -> str | None:
        """Return the Region of the first id that a thing names and that is known."""
        return next((self.regions[id] for id in _ids(item) if id in self.regions), None)


def collecting_accounts(items: Iterable[tuple[str, Mapping[str, object]]]) -> tuple[str, ...]:
    """Return the accounts whose answers these are, the one with most things first.

    A listing may hold what other accounts share, so only what nobody else can list counts, if there is any.
    """
    sure: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for type_, item in items:
        account, only_its_own = own_account(type_, item)
        if account:
            all_[account] += 1
            sure[account] += only_its_own
    own = [account for account in all_ if sure[account]]
    ranked = sorted(all_, key=lambda account: (-sure[account], -all_[account], account))
    return tuple(account for account in ranked if account in own) or tuple(ranked[:1])


def _arn(type_: str, item: Mapping[str, object]) -> tuple[str, str, str] | None:
    for value in (identity(type_, item), *(item[key] for key in item if key.endswith(("Arn", "ARN")))):
        if isinstance(value, str) and (found := _ARN.match(value)):
            return found[1], found[2], found[3]
    return None


def _names_an_id(key: str) -> bool:
    # Who asked for an interface (such as amazon-elb) is in every Region.
    return key.endswith(("Id", "Ids")) and key != "RequesterId"


def _ids(item: Mapping[str, object]) -> Iterator[str]:
    """Yield the ids that a thing names, those at its top first."""
    for key, value in item.items():
        if _names_an_id(key):
            yield from _texts(value)
    for value in item.values():
        for inner in value if isinstance(value, list) else (value,):
            if isinstance(inner, Mapping):
                yield from _ids(inner)


def _texts(value: object) -> Iterator[str]:
    """Yield each text in a value, those at its top first."""
    inner: list[object] = []
    for item in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else (value,):
        if isinstance(item, str):
            yield item
        elif isinstance(item, (Mapping, list)):
            inner.append(item)
    for item in inner:
        yield from _texts(item)
