"""Resources and look-ups of Pulumi's as Terraform's instances, with what could not be read of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.collect.hcl.zones import Zones
from checker.collect.pulumi.leaving import Leaving, without
from checker.collect.pulumi.registered import LookedUp, Registered
from checker.collect.pulumi.unread import of_strangers
from checker.collect.pulumi.world import Thing, World
from checker.collect.terraform.instance import Instance
from checker.collect.terraform.settle import settled
from checker.model.fact import Missing
from checker.model.record import Coverage, Gap, Origin

_NUMBER = Missing("whether it is there is not known", "check a preview or a state of the stack, or audit the account")


def instances_of(
    registered: Sequence[Registered],
    looked_up: Sequence[LookedUp],
    config: Mapping[str, str],
    leaving: Leaving | None = None,
) -> tuple[tuple[Instance, ...], tuple[Gap, ...], tuple[Coverage, ...]]:
    """Return every resource and look-up that Terraform has a type for, and what hides others.

    `config` is the configuration of the stack under its full keys, such as `aws:region`. An address looks like
    Terraform's and is unique; that of the origin is the URN. A gap that may hide things of any place has none.
    `leaving` is what an update takes away.
    """
    zones = Zones()
    world = World(registered, looked_up, config, zones)
    found = _instances(world)
    # Zones that were looked up may be the same as others that are called by their real names.
    if zones.are_mixed(found):
        world = World(registered, looked_up, config, Zones(are_named=False))
        found = _instances(world)
    elif zones.selections:
        found = list(zones.told_apart(found))
    gaps, coverage = of_strangers(world)
    return settled(without(found, leaving) if leaving is not None else found), gaps, coverage


def _instances(world: World) -> list[Instance]:
    # What a look-up surely finds is read itself.
    return [_instance(world, thing) for thing in world.things.values() if world.same(thing) is None]


def _instance(world: World, thing: Thing) -> Instance:
    one = world.registered.get(thing.key)
    origin = one.origin if one is not None else world.looked_up[thing.key].origin
    return Instance(
        address=thing.address,
        type=thing.type,
        values=world.values(thing),
        origin=Origin(origin.source, origin.file, origin.line, origin.address or thing.key, thing.address),
        is_data=thing.is_data,
        uncertain=one is not None and one.uncertain,
        number=_NUMBER,
        region=world.region(thing),
        account=thing.provider.account,
    )
