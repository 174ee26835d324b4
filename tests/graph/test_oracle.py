"""The engine against an oracle that walks packet by packet: they agree on every packet of every drawn network."""

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.graph.oracle import World
from tests.graph.oracle_compare import (
    Product,
    disagreements,
    held,
    is_beyond_appliance,
    number,
    pair_questions,
    questions,
)
from tests.graph.oracle_walk import MAYBE, NO, YES
from tests.graph.worlds import drawn, worlds
from tests.graph.worlds_blanks import completions
from tests.graph.worlds_records import blank_of

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
draws = settings(deadline=None, suppress_health_check=SLOW, max_examples=max(5, settings().max_examples * 3 // 5))
# Each example of these asks every question again for all that the fact could be.
fewer = settings(draws, max_examples=max(5, settings().max_examples * 2 // 5))


@draws
@given(worlds())
def test_the_engine_agrees_with_the_oracle(world: World) -> None:
    assert not list(disagreements(world))


@draws
@given(worlds(), st.sampled_from((1024, 1025, 32768, 40000, 65535)))
def test_one_client_port_agrees_with_the_oracle(world: World, client: int) -> None:
    asked = pair_questions(world, Product(world), (client, client))

    assert not [line for question in asked for line in held(question, world)]


@fewer
@given(st.data())
def test_a_fact_that_was_not_seen_leaves_open_whatever_it_could_be(data: st.DataObject) -> None:
    world = data.draw(worlds())
    blank = data.draw(blank_of(world))
    product = Product(world, blank)
    for could_be in completions(world, blank):
        for question in questions(could_be, product):
            passes, wanted = question.passes, question.wanted
            for header, verdict in wanted.items():
                at = number(*header)

                assert verdict == YES or at not in passes.must, (blank, question.text, header, verdict)
                assert verdict < MAYBE or at in passes.may, (blank, question.text, header, verdict)
            assert passes.exact or passes.missing, (blank, question.text)


def test_hardly_any_answer_is_left_open_beyond_an_appliance_where_the_oracle_has_one() -> None:
    loose = 0
    for seed in range(100):
        world = drawn(Random(seed).choice)
        found = questions(world)
        loose += any(
            is_beyond_appliance(question.passes)
            and any(number(*at) in question.passes.may for at, verdict in question.wanted.items() if verdict == NO)
            for question in found
        )

    assert loose <= 1
