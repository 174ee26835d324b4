"""Load balancers: what their listeners really forward to, and who stands behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.graph.index import Index, values
from checker.graph.interfaces import holder_of, owner_of
from checker.graph.neighbours import Neighbours
from checker.graph.target_groups import Balancer
from checker.model.addresses import Cidr
from checker.model.fact import Known, Missing, known_or, merge
from checker.model.resource import Resource
from checker.resources.auto_scaling_group import AutoScalingGroup
from checker.resources.classic_load_balancer import ClassicLoadBalancer
from checker.resources.instance import Instance
from checker.resources.listener import Action, Listener
from checker.resources.load_balancer import LoadBalancer
from checker.resources.network_interface import NetworkInterface
from checker.resources.service import Service
from checker.resources.target_group import Target, TargetGroup

_READ_TARGETS = "read the account that owns the target"


@dataclass(frozen=True)
class Forwards:
    """The target groups that a balancer's listeners reach, by default or by a rule; `missing` if there may be more."""

    groups: tuple[TargetGroup, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class Registered:
    """An owner that is sent to: `port` where it has one of its own, `address` where an address is registered.

    `zone` is that of a target that is told one, `all` of an address outside the VPC.
    """

    owner: Resource
    port: int | None = None
    address: str | None = None
    zone: str | None = None


@dataclass(frozen=True)
class Targets:
    """The durable owners of what a target group sends to; `missing` if there may be more.

    `registered` are the registrations that lead to them, an attached Auto Scaling group's among them.
    """

    owners: tuple[Resource, ...]
    missing: tuple[Missing, ...]
    registered: tuple[Registered, ...] = ()


class Balancing:
    """The load balancing of an inventory; each answer is worked out once.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._neighbours = Neighbours(index)
        self._behind: dict[Resource, list[Balancer]] | None = None
        self._prefixes: dict[str | None, tuple[tuple[NetworkInterface, Cidr], ...]] = {}
        self._forwards: dict[LoadBalancer, Forwards] = {}
        self._targets: dict[TargetGroup, Targets] = {}

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
        if balancer not in self._forwards:
            missing = self.listeners_missing(balancer)
            groups: dict[TargetGroup, None] = {}
            for listener in self.listeners(balancer):
                found = self.forwards_of(listener)
                groups.update(dict.fromkeys(found.groups))
                missing = merge(missing, found.missing)
            self._forwards[balancer] = Forwards(tuple(groups), missing)
        return self._forwards[balancer]

    def forwards_of(self, listener: Listener) -> Forwards:
        """Return the target groups that one listener forwards to, by default or by a rule."""
        actions, missing = self.actions(listener)
        groups: dict[TargetGroup, None] = {}
        for arn in dict.fromkeys(arn for action in actions for arn, _ in action.target_groups):
            group = self._index.get(TargetGroup, arn)
            if group:
                groups[group] = None
            else:
                lost = Missing(f"target group {arn}", "allow elasticloadbalancing:DescribeTargetGroups")
                missing = merge(missing, self._index.missing(TargetGroup, listener.scope) or (lost,))
        return Forwards(tuple(groups), missing)

    def targets(self, group: TargetGroup) -> Targets:
        """Return the owners behind a target group: groups attached to it, and what is registered by hand."""
        if group not in self._targets:
            self._targets[group] = self._find_targets(group)
        return self._targets[group]

    def _find_targets(self, group: TargetGroup) -> Targets:
        attached = self._index.by(AutoScalingGroup, "target group", lambda item: values(item.target_groups), group.id)
        found: dict[Registered, None] = dict.fromkeys(map(Registered, attached))
        gaps = self._index.missing(AutoScalingGroup, group.scope)
        if group.target_type.is_("lambda").is_yes:
            return Targets(tuple(attached), gaps, tuple(found))
        missing = merge(gaps, group.targets.missing)
        for target in group.targets.value if isinstance(group.targets, Known) else ():
            owners = tuple(self._registered(target, group))
            declared = self._index.get(Service, target.id)
            address = target.id if group.target_type.is_("ip").is_yes and not declared else None
            zone = target.zone if address else None
            found.update((Registered(owner, target.port, address, zone), None) for owner in owners)
            if not owners:
                kind = LoadBalancer if group.target_type.is_("alb").is_yes else NetworkInterface
                lost = Missing(f"target {target.id} of {group}", _READ_TARGETS)
                missing = merge(missing, self._index.missing(kind) or (lost,))
        owned = dict.fromkeys(one.owner for one in found)
        return Targets(tuple(owned), missing, tuple(found))

    def _registered(self, target: Target, group: TargetGroup) -> Iterator[Resource]:
        if service := self._index.get(Service, target.id):
            yield service
        elif group.target_type.is_("instance").is_yes or target.id.startswith("i-"):
            yield from self._instance(target.id)
        elif group.target_type.is_("alb").is_yes:
            chained = self._index.get(LoadBalancer, target.id)
            yield from (chained,) if chained else ()
        elif group.target_type.is_("ip").is_yes:
            home = known_or(group.vpc, None)
            here = self._at(target.id)
            # An address that is not of the group's own VPC may be of one that a peering or a gateway leads to.
            for vpcs in ({home}, set(self._neighbours.of(home or ""))):
                for interface in here:
                    if set(values(interface.vpc)) & vpcs:
                        yield owner_of(interface, self._index)
                        return
            for interface, block in self._delegated(home):
                if Cidr.parse(target.id).addresses <= block.addresses:
                    yield owner_of(interface, self._index)

    def _instance(self, id: str) -> tuple[Resource, ...]:
        holder = holder_of(id, self._index)
        instance = self._index.get(Instance, id)
        return (holder,) if holder else (instance,) if instance else ()

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

    def instances(self, balancer: ClassicLoadBalancer) -> Targets:
        """Return the owners of a Classic Load Balancer's instances, and the groups that register theirs with it."""
        attached = [
            group
            for group in self._index.by(
                AutoScalingGroup, "classic balancer", lambda item: values(item.classic_balancers), balancer.id
            )
            if group.scope == balancer.scope
        ]
        owners: dict[Resource, None] = dict.fromkeys(attached)
        missing = merge(self._index.missing(AutoScalingGroup, balancer.scope), balancer.instances.missing)
        for id in values(balancer.instances):
            found = self._instance(id)
            owners.update(dict.fromkeys(found))
            if not found:
                lost = Missing(f"instance {id} of {balancer.label}", "allow ec2:DescribeInstances")
                missing = merge(missing, self._index.missing(Instance, balancer.scope) or (lost,))
        return Targets(tuple(owners), missing, tuple(map(Registered, owners)))

    def balancers_of(self, owner: Resource) -> tuple[Balancer, ...]:
        """Return the balancers that forward to something of an owner's."""
        if self._behind is None:
            behind: dict[Resource, dict[Balancer, None]] = {}
            for balancer in self._index.all(LoadBalancer).items:
                for group in self.forwards(balancer).groups:
                    for target in self.targets(group).owners:
                        behind.setdefault(target, {})[balancer] = None
            for classic in self._index.all(ClassicLoadBalancer).items:
                for target in self.instances(classic).owners:
                    behind.setdefault(target, {})[classic] = None
            self._behind = {target: list(found) for target, found in behind.items()}
        return tuple(self._behind.get(owner, ()))

    def doors(self, balancer: LoadBalancer) -> tuple[LoadBalancer, ...]:
        """Return the Network Load Balancers that forward to another and may face the internet (semantics 43)."""
        before = (one for one in self.balancers_of(balancer) if isinstance(one, LoadBalancer))
        return tuple(one for one in before if not one.internet_facing.is_(True).is_no)
