"""The draw: pure, with the dice handed in."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.questions import draw, shapes

ORDERING = {"items": [{"key": key} for key in "cadb"]}


def test_a_slot_without_pick_gives_all_its_questions_in_written_order():
    assert draw.questions([draw.Pool([5, 3, 9])], had={}, rng=random.Random(1)) == [5, 3, 9]


def test_a_pool_gives_as_many_as_it_should_and_what_it_has():
    pools = [draw.Pool([1, 2]), draw.Pool(range(10, 20), 7), draw.Pool([30, 31], 5)]
    drawn = draw.questions(pools, had={}, rng=random.Random(1))
    assert drawn[:2] == [1, 2]
    assert len(set(drawn[2:9]) & set(range(10, 20))) == 7
    assert sorted(drawn[9:]) == [30, 31]


def test_questions_not_had_before_come_first():
    pool = draw.Pool(range(10), 7)
    for seed in range(20):
        first = draw.questions([pool], had={}, rng=random.Random(seed))
        second = draw.questions([pool], had=Counter(first), rng=random.Random(seed + 100))
        assert set(range(10)) - set(first) <= set(second)


@given(st.lists(st.tuples(st.sets(st.integers(0, 9)), st.none() | st.integers(0, 5)), max_size=4), st.integers())
def test_no_question_is_drawn_twice(slots, seed):
    pools = [draw.Pool(sorted(questions), pick) for questions, pick in slots]
    drawn = draw.questions(pools, had={}, rng=random.Random(seed))
    assert len(drawn) == len(set(drawn))
    assert set(drawn) <= {question for pool in pools for question in pool.questions}


@given(st.integers())
def test_items_never_start_in_the_right_order(seed):
    order = draw.order("ordering", ORDERING, rng=random.Random(seed))
    assert sorted(order) == list("abcd")
    assert order != list("cadb")


def test_order_holds_every_key_once():
    choices = {"choices": [{"key": key} for key in "abc"]}
    pairs = {"pairs": [{"key": "a", "right_key": "r2"}], "extras": [{"key": "r1"}]}
    for seed in range(10):
        assert sorted(draw.order("single", choices, rng=random.Random(seed))) == list("abc")
        assert sorted(draw.order("matching", pairs, rng=random.Random(seed))) == ["r1", "r2"]
    assert draw.order("numeric", {}, rng=random.Random(1)) == []


def test_every_order_of_choices_comes_up():
    choices = {"choices": [{"key": key} for key in "abc"]}
    assert len({tuple(draw.order("single", choices, rng=random.Random(seed))) for seed in range(100)}) == 6


@pytest.mark.parametrize(
    ("given_", "possible"),
    [
        ({"min": 3, "max": 5, "step": 1}, {3, 4, 5}),
        ({"min": 0.1, "max": 0.3, "step": 0.1}, {"0.1", "0.2", "0.3"}),
        ({"min": 1, "max": 2, "step": 0.5}, {1, "1.5", 2}),
        ({"min": 10, "max": 15, "step": 10}, {10}),
        (7, {7}),
        ("2.50", {"2.50"}),
    ],
)
def test_parameters_are_drawn_at_their_steps(given_, possible):
    drawn = {draw.parameters({"parameters": {"x": given_}}, rng=random.Random(seed))["x"] for seed in range(60)}
    assert drawn == possible


def test_fractions_that_are_drawn_can_be_stored():
    body = {"parameters": {"rate": {"min": "0.25", "max": 0.75, "step": "0.5"}, "years": 3, "price": "99.995"}}
    drawn = draw.parameters(body, rng=random.Random(1))
    assert drawn in ({"rate": rate, "years": 3, "price": "99.995"} for rate in ("0.25", "0.75"))
    assert (shapes.BODY.reason(body), shapes.NUMBERS.reason(drawn)) == ("", "")
