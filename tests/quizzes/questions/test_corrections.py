"""What regrades do to the worth of an answer. Pure: no database."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.questions import corrections, scoring
from quizzes.questions.corrections import Rule, Worth

DRAWN = {"investment": 1000, "features": 5, "months": 3, "margin": 160}  # the first year nets 1,400
SINGLE = {"choices": [{"key": "a", "score": 1}, {"key": "b", "score": 0}, {"key": "c", "score": 0}]}
SCENARIO = {"choices": [{"key": "a", "score": 0}, {"key": "b", "score": 1}, {"key": "c", "score": 2}]}
MULTIPLE = {
    "choices": [{"key": "a", "score": 1}, {"key": "b", "score": 0}, {"key": "c", "score": 1}],
    "credit": "all",
}
NUMERIC = {"formula": "net_first_year", "tolerance": {"percent": 0.5}, "answer_unit": "€k"}
MATCHING = {
    "pairs": [{"key": left, "right_key": right} for left, right in [("a", "r2"), ("b", "r4"), ("c", "r1")]],
    "extras": [{"key": "r3"}],
}
ORDERING = {"items": [{"key": key} for key in "cadb"], "credit": "neighbours"}
SHORT = {"accepted": ["Lead time"]}
#: Type → body, right answer, wrong answer.
TYPES = {
    "single": (SINGLE, "a", "b"),
    "scenario": (SCENARIO, "c", "a"),
    "multiple": (MULTIPLE, ["a", "c"], ["b"]),
    "numeric": (NUMERIC, "1400", "999"),
    "matching": (MATCHING, {"a": "r2", "b": "r4", "c": "r1"}, {"a": "r3"}),
    "ordering": (ORDERING, list("cadb"), list("bdac")),
    "short": (SHORT, "lead time", "cycle time"),
}
DROP, FULL = Rule("drop", {}), Rule("full_credit", {})


def accept(*answers, **more):
    return Rule("accept", {"answers": list(answers), **more})


def new_key(**details):
    return Rule("new_key", details)


def worth(type_, answer, *rules, language="en-gb"):
    return corrections.worth(type_, TYPES[type_][0], answer, parameters=DRAWN, language=language, rules=rules)


@pytest.mark.parametrize("type_", TYPES)
def test_without_regrades_nothing_changes(type_):
    body, right, wrong = TYPES[type_]
    assert worth(type_, right) == Worth(Decimal(1))
    assert worth(type_, wrong) == Worth(scoring.fraction(type_, body, wrong, parameters=DRAWN))
    assert worth(type_, None) == Worth(Decimal(0))


@pytest.mark.parametrize("type_", TYPES)
def test_accepting_another_answer_takes_nothing_from_anybody(type_):
    _body, right, wrong = TYPES[type_]
    assert worth(type_, wrong, accept(wrong)) == Worth(Decimal(1))
    assert worth(type_, right, accept(wrong)) == Worth(Decimal(1))
    assert worth(type_, None, accept(wrong)) == Worth(Decimal(0))


@pytest.mark.parametrize("type_", TYPES)
def test_full_credit_goes_to_everybody_who_was_asked(type_):
    _body, right, wrong = TYPES[type_]
    assert {worth(type_, answer, FULL) for answer in (wrong, None)} == {Worth(Decimal(1))}
    assert worth(type_, right, FULL) == Worth(Decimal(1))


@pytest.mark.parametrize("type_", TYPES)
def test_a_dropped_question_counts_neither_for_nor_against_anybody(type_):
    _body, right, wrong = TYPES[type_]
    for answer in (wrong, None):
        assert worth(type_, answer, DROP, FULL) == Worth(Decimal(0), dropped=True)
    assert worth(type_, right, DROP) == Worth(Decimal(0), dropped=True)


@pytest.mark.parametrize(
    ("type_", "details", "right", "wrong"),
    [
        ("single", {"scores": {"a": 0, "b": 1, "c": 0}}, "b", "a"),
        ("scenario", {"scores": {"a": 2, "b": 1, "c": 0}}, "a", "c"),
        ("multiple", {"scores": {"a": 0, "b": 1, "c": 1}}, ["b", "c"], ["a", "c"]),
        ("numeric", {"formula": "gain_over_years"}, "2400", "1400"),
        ("matching", {"pairs": {"a": "r3", "b": "r4", "c": "r1"}}, {"a": "r3", "b": "r4", "c": "r1"}, {"a": "r2"}),
        ("ordering", {"order": list("abcd")}, list("abcd"), list("cadb")),
        ("short", {"accepted": ["cycle time"]}, "Cycle  time.", "lead time"),
    ],
)
def test_another_key(type_, details, right, wrong):
    drawn = DRAWN | {"years": 1}

    def worth_now(answer):
        return corrections.worth(type_, TYPES[type_][0], answer, parameters=drawn, rules=[new_key(**details)])

    assert worth_now(right) == Worth(Decimal(1))
    assert worth_now(wrong) == Worth(Decimal(0))


def test_another_key_replaces_what_was_decided_before():
    assert worth("single", "c", accept("c"), FULL, DROP, new_key(scores={"a": 0, "b": 1, "c": 0})) == Worth(Decimal(0))


def test_number_that_a_formula_or_a_wider_tolerance_gives():
    assert worth("numeric", "1450") == Worth(Decimal(0))
    assert worth("numeric", "1450", Rule("accept", {"tolerance": {"percent": 5}})) == Worth(Decimal(1))
    assert worth("numeric", "1,5", accept("1.5"), language="de") == Worth(Decimal(1))
    assert worth("numeric", "1.5", accept("1.5")) == Worth(Decimal(1))


@pytest.mark.parametrize(
    ("type_", "details"),
    [
        ("single", {"scores": {"a": 1}}),
        ("matching", {"pairs": {"a": "r2"}}),
        ("matching", {"pairs": {"a": "r9", "b": "r4", "c": "r1"}}),
        ("ordering", {"order": ["a", "b"]}),
        ("long", {"accepted": ["x"]}),
    ],
)
def test_key_that_does_not_fit_is_refused(type_, details):
    body = TYPES[type_][0] if type_ in TYPES else {}
    with pytest.raises(ValueError, match=r"new key|no key"):
        corrections.rekeyed(type_, body, details)


def test_policy_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="unknown policy: forgive"):
        worth("single", "a", Rule("forgive", {}))


@given(st.lists(st.sampled_from([accept("b"), accept("c"), FULL]), max_size=5), st.sampled_from(["a", "b", "c", None]))
def test_generous_regrades_never_lower_a_worth_whatever_their_order(rules, answer):
    before = worth("single", answer).fraction
    after = {worth("single", answer, *order).fraction for order in (rules, rules[::-1])}
    assert len(after) == 1
    assert before <= after.pop() <= 1
