"""The second connection of a balancer against the oracle, in drawn networks."""

from dataclasses import replace
from random import Random

from checker.model import traffic
from tests.graph.oracle import World
from tests.graph.oracle_balancers import Balanced, disagreements, passing, with_node
from tests.graph.oracle_compare import has
from tests.graph.worlds import drawn


def balanced(seed: int) -> Balanced | None:
    """Return a drawn network with a balancer before one of its interfaces, None where no interface can be a target."""
    chance = Random(seed)
    world: World = drawn(chance.choice)
    targets = [
        id for id, one in world.interfaces.items() if has(one, v6=False) and one.kind == "interface" and one.checks
    ]
    if not targets or world.elsewhere:
        return None
    target = chance.choice(targets)
    vpc = world.subnets[world.interfaces[target].subnet].vpc
    subnet, also = (chance.choice([id for id, one in world.subnets.items() if one.vpc == vpc]) for _ in "ab")
    own = sorted({group for one in world.interfaces.values() for group in one.groups if group.endswith(vpc[-1])})
    groups = tuple(own[: chance.choice((0, 1, 2))])
    return Balanced(
        with_node(world, subnet, groups), target, chance.choice((80, 443, 1024)), chance.choice((True, False)), also
    )


def test_what_a_node_gets_through_agrees_with_the_oracle() -> None:  # semantics 41, 43, 48
    made = [found for seed in range(150) if (found := balanced(seed))]

    assert len(made) > 75
    assert [line for one in made for line in disagreements(one)] == []


def test_drawn_balancers_send_and_do_not_send() -> None:
    made = [found for seed in range(150) if (found := balanced(seed))]
    sent = [bool(passing(one).must & traffic.tcp(one.port)) for one in made]

    assert sent.count(True) > 20 and sent.count(False) > 20


def test_a_wrong_switch_is_noticed() -> None:
    made = [found for seed in range(150) if (found := balanced(seed))]
    turned = [replace(one, crosses=not one.crosses) for one in made]

    assert sum(passing(one) != passing(other) for one, other in zip(made, turned, strict=True)) > 3
