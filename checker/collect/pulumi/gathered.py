"""All that a source of Pulumi's has read, from which its records are made, and its instances for tools that ask."""

from __future__ import annotations

from collections.abc import Collection as Container
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from checker.collect.as_plan.declared import Declared
from checker.collect.pulumi.leaving import Leaving
from checker.collect.pulumi.registered import LookedUp, Registered
from checker.model.call import Listed
from checker.model.record import Collection, Comment, Coverage, Gap

# Stacks, providers and references to stacks, which are nothing that stands in a cloud.
_OF_PULUMI = "pulumi:"


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What some stacks registered and looked up, with what else `collection_of` takes.

    `failed` says in words which programs did not come to their end, and why; empty where all did.
    """

    name: str
    registered: Sequence[Registered]
    looked_up: Sequence[LookedUp] = ()
    gaps: Sequence[Gap] = ()
    coverage: Sequence[Coverage] = ()
    comments: Sequence[Comment] = ()
    paths: Sequence[str] = ()
    config: Mapping[str, str] = field(default_factory=dict)
    leaving: Leaving | None = None
    failed: str = ""

    def collection(self, kinds: Sequence[Listed]) -> Collection:
        """Return the records of all that stands in the stacks."""
        from checker.collect.pulumi.collection import collection_of  # what is only recognised needs none of it

        found = collection_of(
            self.name,
            self.registered,
            self.looked_up,
            kinds,
            gaps=self.gaps,
            coverage=self.coverage,
            comments=self.comments,
            paths=self.paths,
            config=self.config,
            leaving=self.leaving,
        )
        if not self.failed:
            return found
        unread = "; ".join(filter(None, (self.failed, found.facts.get("not_read", ""))))
        return replace(found, facts={**found.facts, "not_read": unread})

    def declared(self, *, stands: bool = False) -> Declared:
        """Return the instances of every type that has a name in Terraform; `stands` says that they are there."""
        from checker.collect.pulumi.instances import instances_of
        from checker.collect.pulumi.tokens import terraform_type

        instances, hidden, lines = instances_of(self.registered, self.looked_up, self.config, self.leaving)
        gaps = tuple(dict.fromkeys((*self.gaps, *hidden)))
        others = (one.type for one in self.registered if one.is_custom and not one.type.startswith(_OF_PULUMI))
        return Declared(
            instances=instances,
            gaps=gaps,
            coverage=(*self.coverage, *lines),
            stands=stands,
            strange=tuple(sorted(type_ for type_ in others if terraform_type(type_) is None)),
        )


class EveryType(Container[str]):
    """The types of those who want all."""

    def __contains__(self, type_: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
