"""A stack: the members of each tier, and what could not be settled about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checker.graph.place import Endpoint
from checker.model.blueprint import TIERS, WORDS, TierName
from checker.model.fact import Fact, Known, Missing
from checker.model.finding import Subject
from checker.model.record import Scope
from checker.model.report import StackView
from checker.model.resource import Resource
from checker.model.symbol import Symbol


def subject_of(resource: Resource) -> Subject:
    """Return a resource as the subject of a result."""
    tags = resource.tags.value if isinstance(resource.tags, Known) else {}
    kind = WORDS.get(resource.kind, resource.kind)
    # What is not made yet has no ARN, only the name of the one that it will have.
    arn = None if isinstance(resource.arn, Symbol) else resource.arn
    return Subject(kind, resource.id, resource.label, resource.scope, arn, dict(tags), resource.origin)


@dataclass(frozen=True, eq=False)
class Member:
    """An owner in a tier, with every endpoint it has or may have; `lost` is what is missing of these."""

    tier: TierName
    owner: Resource
    endpoints: tuple[Endpoint, ...] = ()
    lost: tuple[Missing, ...] = ()

    @property
    def subject(self) -> Subject:
        """Return the member as the subject of a result."""
        return subject_of(self.owner)

    @property
    def subnets(self) -> tuple[str, ...]:
        """Return the subnets it stands in or may stand in."""
        return tuple(sorted({endpoint.place.subnet for endpoint in self.endpoints}))


@dataclass(frozen=True, eq=False)
class Stack:
    """The tiers that grew from one seed.

    `open` says for a tier why members may be absent from it; `attached` is False for an app that was found beside the
    edge and not behind it.
    """

    id: str
    name: str
    seed: str
    scope: Scope
    members: Mapping[TierName, tuple[Member, ...]]
    open: Mapping[TierName, tuple[Missing, ...]] = field(default_factory=dict)
    attached: bool = True
    claimed: bool = True
    reason: str | None = None
    zones: Mapping[TierName, Fact[tuple[str, ...]]] = field(default_factory=dict)

    def tier(self, name: TierName) -> tuple[Member, ...]:
        """Return the members of a tier."""
        return self.members.get(name, ())

    def owners(self, *names: TierName) -> frozenset[Resource]:
        """Return the owners in some tiers."""
        return frozenset(member.owner for name in names for member in self.tier(name))

    @property
    def vpcs(self) -> tuple[str, ...]:
        """Return the VPCs that the stack's members stand in."""
        every = (member for members in self.members.values() for member in members)
        return tuple(sorted({endpoint.place.vpc for member in every for endpoint in member.endpoints}))

    @property
    def subject(self) -> Subject:
        """Return the stack itself as the subject of a result: a tier that is missing is the stack's fault."""
        return Subject("stack", self.id, self.name, self.scope)

    def view(self) -> StackView:
        """Return the stack as a report shows it."""
        return StackView(
            id=self.id,
            seed=self.seed,
            name=self.name,
            scope=self.scope,
            vpcs=self.vpcs,
            judged=self.reason is None,
            reason=self.reason,
            tiers={name: tuple(member.owner.label for member in self.tier(name)) for name in TIERS},
            zones={
                name: tuple(sorted(set(zones.value))) if isinstance(zones := self.zones.get(name), Known) else ()
                for name in TIERS
            },
        )
