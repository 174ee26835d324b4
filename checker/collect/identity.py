"""What tells one raw record from another of its type."""

from collections.abc import Mapping
from functools import lru_cache

# Versions of a template share the template's id.
_MORE = {"LaunchTemplateVersion": "VersionNumber", "NumberedLaunchTemplateVersion": "VersionNumber"}
_STEMS = {"LaunchTemplateVersion": "LaunchTemplate", "NumberedLaunchTemplateVersion": "LaunchTemplate"}
# Terraform calls the id of everything `id`.
_OF_TERRAFORM = ("aws_", "data.aws_")
_ENDINGS = ("Arn", "ARN", "Id", "Identifier", "Name")


def identity(type_: str, raw: Mapping[str, object]) -> str | None:
    """Return the id of a raw record of a type, or `None` for a type of which a scope has but one.

    AWS names an id after its type or the end of it: `GroupId` of a `SecurityGroup`, plain `Id` of a `HostedZone`. An
    ARN comes before an id, and an id before a name.
    """
    if type_.startswith(_OF_TERRAFORM):
        id_ = raw.get("id")
        return str(id_) if isinstance(id_, str) and id_ else None
    for key in _keys(type_, tuple(raw)):
        value = raw[key]
        if isinstance(value, str) and value:
            return f"{value}:{raw.get(_MORE[type_])}" if type_ in _MORE else value
    return None


@lru_cache(maxsize=10_000)
def _keys(type_: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys that can hold the id of a type, the best first; records of one type mostly have the same keys."""
    stem = _STEMS.get(type_, type_).lower()
    # The longest name first: of `Id` and `HostedZoneId` the second says more.
    ranked = sorted(keys, key=lambda key: (-len(key), key))
    return tuple(
        key
        for ending in _ENDINGS
        for key in ranked
        if key.endswith(ending) and stem.endswith(key[: -len(ending)].lower())
    )
