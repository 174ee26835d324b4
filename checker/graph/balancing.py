"""Load balancers: what their listeners really forward to, and who stands behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.graph.index import Index, values
from checker.graph.interfaces import owner_of
from checker.model.addresses import Cidr
from checker.model.fact import Known, Missing, known_or, merge
from checker.model.resource import Resource
from checker.resources.auto_scaling_group import AutoScalingGroup
from checker.resources.instance import Instance
from checker.resources.listener import Action, Listener
from checker.resources.load_balancer import LoadBalancer
from checker.resources.network_interface import NetworkInterface
from checker.resources.target_group import TargetGroup


@dataclass(frozen=True)
class Forwards:
    """The target groups that a balancer's listeners reach, by default or by a rule; `missing` if there may be more."""

    groups: tuple[TargetGroup, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class Targets:
    """The durable owners of what a target group sends to; `missing` if there may be more."""

    owners: tuple[Resource, ...]
    missing: tuple[Missing, ...]


class Balancing:
    """The load balancing of an inventory.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._behind: dict[Resource, list[LoadBalancer]] | None = None
        self._prefixes: dict[str | None, tuple[tuple[NetworkInterface, Cidr], ...]] = {}

    def listeners(self, balancer: LoadBalancer) -> tuple[Listener, ...]:
        """Return the listeners of a balancer, by port."""
        found = self._index.by(Listener, "balancer", lambda item: values(item.load_balancer), balancer.id)
        return tuple(sorted(found, key=lambda item: (known_or(item.port, 0), item.id)))

    def listeners_missing(self, balancer: LoadBalancer) -> tuple[Missing, ...]:
        """Return why there may be listeners that were not seen."""
        return self._index.missing(Listener, balancer.scope)

    def actions(self, listener: Listener) -> tuple[tuple[Action, ...], tuple[Missing, ...]]:
        """Return every action that a listener may take, by default or by rule, and what is missing of them."""
        found: list[Action] = list(listener.actions.value) if isinstance(listener.actions, Known) else []
        rules = listener.rules.value if isinstance(listener.rules, Known) else ()
        missing = merge(listener.actions.missing, listener.rules.missing)
        for rule in rules:
            found.extend(rule.actions)
        return tuple(found), missing

    def forwards(self, balancer: LoadBalancer) -> Forwards:
        """Return the target groups that a balancer really forwards to (semantics 44)."""
        arns: dict[str, None] = {}
        missing = self.listeners_missing(balancer)
        for listener in self.listeners(balancer):
            actions, gaps = self.actions(listener)
            missing = merge(missing, gaps)
            for action in actions:
                arns.update(dict.fromkeys(arn for arn, _ in action.target_groups))
        groups = []
        for arn in arns:
            group = self._index.get(TargetGroup, arn)
            if group:
                groups.append(group)
            else:
                lost = Missing(f"target group {arn}", "allow elasticloadbalancing:DescribeTargetGroups")
                missing = merge(missing, self._index.missing(TargetGroup, balancer.scope) or (lost,))
        return Forwards(tuple(groups), missing)

    def targets(self, group: TargetGroup) -> Targets:
        """Return the owners behind a target group: groups attached to it, and what is registered by hand."""
        attached = self._index.by(AutoScalingGroup, "target group", lambda item: values(item.target_groups), group.id)
        owners: dict[Resource, None] = dict.fromkeys(attached)
        missing = merge(self._index.missing(AutoScalingGroup, group.scope), group.targets.missing)
        if group.target_type.is_("lambda").is_yes:
            return Targets(tuple(owners), self._index.missing(AutoScalingGroup, group.scope))
        for target in group.targets.value if isinstance(group.targets, Known) else ():
            found = tuple(self._registered(target.id, group))
            owners.update(dict.fromkeys(found))
            if not found and not group.target_type.is_("alb").is_yes:
                lost = Missing(f"target {target.id} of {group}", "read the account that owns the target")
                missing = merge(missing, self._index.missing(NetworkInterface) or (lost,))
        return Targets(tuple(owners), missing)

    def _registered(self, id: str, group: TargetGroup) -> Iterator[Resource]:
        if id.startswith("i-"):
            holders = self._index.by(AutoScalingGroup, "instance", lambda item: values(item.instances), id)
            instance = self._index.get(Instance, id)
            yield from holders or ((instance,) if instance else ())
        elif group.target_type.is_("ip").is_yes:
            for interface in self._at(id):
                if interface.vpc.is_(known_or(group.vpc, None)).is_yes:
                    yield owner_of(interface, self._index)
                    return
            for interface, block in self._delegated(known_or(group.vpc, None)):
                if Cidr.parse(id).addresses <= block.addresses:
                    yield owner_of(interface, self._index)

    def _at(self, address: str) -> tuple[NetworkInterface, ...]:
        def keys(item: NetworkInterface) -> tuple[str, ...]:
            blocks = item.addresses.value if isinstance(item.addresses, Known) else ()
            return tuple(str(block).partition("/")[0] for block in blocks)

        return self._index.by(NetworkInterface, "address", keys, address)

    def _delegated(self, vpc: str | None) -> tuple[tuple[NetworkInterface, Cidr], ...]:
        """Return the prefixes that interfaces of a VPC were given, as those whose addresses pods have."""
        if vpc not in self._prefixes:
            here = self._index.by(NetworkInterface, "vpc", lambda item: values(item.vpc), vpc or "")
            self._prefixes[vpc] = tuple(
                (item, block) for item in here for block in known_or(item.addresses, ()) if block.addresses.size > 1
            )
        return self._prefixes[vpc]

    def balancers_of(self, owner: Resource) -> tuple[LoadBalancer, ...]:
        """Return the balancers that forward to something of an owner's."""
        if self._behind is None:
            behind: dict[Resource, list[LoadBalancer]] = {}
            for balancer in self._index.all(LoadBalancer).items:
                for group in self.forwards(balancer).groups:
                    for target in self.targets(group).owners:
                        if balancer not in behind.setdefault(target, []):
                            behind[target].append(balancer)
            self._behind = behind
        return tuple(self._behind.get(owner, ()))
