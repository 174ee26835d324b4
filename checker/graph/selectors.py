"""Selectors of the blueprint: whether a resource is meant."""

from __future__ import annotations

from fnmatch import fnmatchcase

from checker.graph.index import values
from checker.model.blueprint import Selector, kinds_called
from checker.model.fact import known_or
from checker.model.resource import Resource


def kinds_meant(selector: Selector) -> frozenset[str]:
    """Return the resource kinds that a selector's `kind` means; empty where it gives none."""
    given = (selector.kind,) if isinstance(selector.kind, str) else selector.kind or ()
    return frozenset(kind for word in given for kind in kinds_called(word))


def matches(selector: Selector | str, resource: Resource) -> bool:
    """Tell whether a selector means a resource: by kind, tag, name, id and security group, as far as it gives them.

    A text is an id, a name or `tag:key=value`; `*` stands for anything. Addresses and tiers are not matched here.
    """
    if isinstance(selector, str):
        if selector.startswith("tag:"):
            return _tagged(selector.removeprefix("tag:"), resource)
        texts = (resource.id, resource.name, resource.arn or "")
        return any(fnmatchcase(text, selector.removeprefix("name:")) for text in texts)
    kinds = kinds_meant(selector)
    return (
        (not kinds or resource.kind in kinds)
        and (selector.tag is None or _tagged(selector.tag, resource))
        and (selector.name is None or fnmatchcase(resource.name or resource.id, selector.name))
        and (selector.id is None or any(fnmatchcase(text, selector.id) for text in (resource.id, resource.arn or "")))
        and (selector.security_group is None or selector.security_group in values(getattr(resource, "groups", None)))
    )


def _tagged(wanted: str, resource: Resource) -> bool:
    key, equals, value = wanted.partition("=")
    tags = known_or(resource.tags, {})
    return key in tags and (not equals or tags[key] == value)
