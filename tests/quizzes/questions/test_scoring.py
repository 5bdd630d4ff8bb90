"""What answers are worth, and what may be stored as one. Pure: no database."""

from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.questions import answers, scoring
from quizzes.questions.types import arithmetic


def choices(scores, **extra):
    return {"choices": [{"key": key, "score": score} for key, score in scores.items()]} | extra


SINGLE = choices({"a": 1, "b": 0, "c": 0})
SCENARIO = choices({"a": 0, "b": 1, "c": 2})
MULTIPLE = {"a": 1, "b": 0, "c": 1, "d": 1, "e": 0}
NUMERIC = {"formula": "net_first_year", "tolerance": {"percent": 0.5}, "answer_unit": "€k"}
DRAWN = {"investment": 1000, "features": 5, "months": 3, "margin": 160}  # 1,400
MATCHING = {
    "pairs": [{"key": left, "right_key": right} for left, right in [("a", "r2"), ("b", "r4"), ("c", "r1")]],
    "extras": [{"key": "r3"}],
}
ORDERING = {"items": [{"key": key} for key in "cadb"], "credit": "neighbours"}
KEYS = {
    "single": (SINGLE, "a"),
    "scenario": (SCENARIO, "c"),
    "multiple": (choices(MULTIPLE, credit="each"), ["a", "c", "d"]),
    "numeric": (NUMERIC, "1400"),
    "matching": (MATCHING, {"a": "r2", "b": "r4", "c": "r1"}),
    "ordering": (ORDERING, list("cadb")),
}


def worth(type_, body, answer, **more):
    return scoring.fraction(type_, body, answer, parameters=DRAWN, **more)


@pytest.mark.parametrize(
    ("type_", "body", "answer", "fraction"),
    [
        ("single", SINGLE, "a", "1"),
        ("single", SINGLE, "b", "0"),
        ("scenario", SCENARIO, "c", "1"),
        ("scenario", SCENARIO, "b", "0.5"),
        ("scenario", SCENARIO, "a", "0"),
        ("multiple", choices(MULTIPLE, credit="all"), ["a", "c", "d"], "1"),
        ("multiple", choices(MULTIPLE, credit="all"), ["a", "c"], "0"),
        ("multiple", choices(MULTIPLE), ["a", "c"], "0"),
        ("multiple", choices(MULTIPLE, credit="each"), ["a", "c"], "0.8"),
        ("multiple", choices(MULTIPLE, credit="each"), ["b", "e"], "0"),
        ("multiple", choices(MULTIPLE, credit="each"), list("abcde"), "0.6"),
        ("multiple", choices(MULTIPLE, credit="right_minus_wrong"), ["a", "c"], "2/3"),
        ("multiple", choices(MULTIPLE, credit="right_minus_wrong"), ["a", "b"], "0"),
        ("multiple", choices(MULTIPLE, credit="right_minus_wrong"), ["b", "e"], "0"),
        ("multiple", choices(MULTIPLE, credit="right_minus_wrong"), list("abcde"), "1/3"),
        ("numeric", NUMERIC, "1400", "1"),
        ("numeric", NUMERIC, "€1,400k", "1"),
        ("numeric", NUMERIC, "1407", "1"),
        ("numeric", NUMERIC, "1407.01", "0"),
        ("numeric", NUMERIC, "1393", "1"),
        ("numeric", NUMERIC, "-1400", "0"),
        ("matching", MATCHING, {"a": "r2", "b": "r4", "c": "r1"}, "1"),
        ("matching", MATCHING, {"a": "r2", "b": "r1", "c": "r1"}, "2/3"),
        ("matching", MATCHING, {"a": "r3"}, "0"),
        ("ordering", ORDERING, list("cadb"), "1"),
        ("ordering", ORDERING, list("bcad"), "2/3"),
        ("ordering", ORDERING, list("dbca"), "2/3"),
        ("ordering", ORDERING, list("bdac"), "0"),
        ("ordering", ORDERING | {"credit": "all"}, list("cadb"), "1"),
        ("ordering", ORDERING | {"credit": "all"}, list("cabd"), "0"),
    ],
)
def test_fraction(type_, body, answer, fraction):
    assert worth(type_, body, answer) == Fraction(fraction)


@pytest.mark.parametrize(
    ("language", "answer", "fraction"),
    [("en-gb", "1,400", 1), ("de", "1,400", 0), ("de", "1.400", 1), ("en-gb", "1.400", 0)],
)
def test_numeric_reads_what_has_two_readings_by_the_language(language, answer, fraction):
    assert worth("numeric", NUMERIC, answer, language=language) == fraction


@pytest.mark.parametrize(
    ("tolerance", "answer", "fraction"),
    [
        ({}, "1400", 1),
        ({}, "1400.01", 0),
        ({"absolute": 2}, "1402", 1),
        ({"absolute": 2}, "1403", 0),
        (None, "1400", 1),
    ],
)
def test_numeric_tolerance(tolerance, answer, fraction):
    assert worth("numeric", NUMERIC | {"tolerance": tolerance}, answer) == fraction


def test_numeric_tolerance_in_percent_of_nothing_is_exact():
    nothing = DRAWN | {"investment": 2400}
    assert scoring.fraction("numeric", NUMERIC, "0", parameters=nothing) == 1
    assert scoring.fraction("numeric", NUMERIC, "0.01", parameters=nothing) == 0


@pytest.mark.parametrize(("answer", "place"), [("2400", 0), ("-200", 1), ("1", None)])
def test_mistake(answer, place):
    body = NUMERIC | {
        "mistakes": [
            {"formula": "gain_over_years", "misconception": "forgets the investment"},
            {"formula": "net_first_year", "misconception": "counts one year"},
        ]
    }
    numbers = {"investment": 1000, "features": 4, "months": 2, "margin": 100, "years": 3}
    assert arithmetic.mistake(body, answer, parameters=numbers, language="en-gb") == place


@pytest.mark.parametrize(
    ("key", "accepted", "places"),
    [
        ({"formula": "net_over_years"}, [], set()),
        ({"formula": "net_first_year"}, [], {1}),
        ({"formula": "net_over_years", "tolerance": {"absolute": 1600}}, [], {0, 1}),
        ({"formula": "net_over_years"}, ["2400.0"], {0}),
    ],
)
def test_mistakes_that_a_correction_counts_as_right(key, accepted, places):
    numbers = {"investment": 1000, "features": 4, "months": 2, "margin": 100, "years": 3}
    mistakes = [{"formula": "gain_over_years"}, {"formula": "net_first_year"}]
    assert arithmetic.excused(NUMERIC | {"parameters": numbers} | key, mistakes, accepted) == places


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["a", "b", "r1"]),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from("abcx"), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(sorted(KEYS)), ANYTHING)
def test_fraction_is_between_0_and_1_for_anything_that_is_sent(type_, answer):
    body, _key = KEYS[type_]
    fraction = worth(type_, body, answer)
    assert 0 <= fraction <= 1
    assert isinstance(fraction, Fraction)


@given(st.sampled_from(sorted(KEYS)), ANYTHING)
def test_full_marks_only_for_the_key(type_, answer):
    body, key = KEYS[type_]
    assert worth(type_, body, key) == 1
    if worth(type_, body, answer) == 1:
        assert type_ == "numeric" or answers.fitting(type_, body, answer) == answers.fitting(type_, body, key)


@pytest.mark.parametrize("type_", sorted(KEYS))
@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_no_answer_is_worth_nothing(type_, empty):
    assert worth(type_, KEYS[type_][0], empty) == 0


@given(st.sampled_from(["all", "each", "right_minus_wrong"]), st.sets(st.sampled_from("abcde"), min_size=1))
def test_a_further_right_choice_never_lowers_and_a_wrong_one_never_raises(credit, chosen):
    body = choices(MULTIPLE, credit=credit)
    before = worth("multiple", body, sorted(chosen))
    for key, score in MULTIPLE.items():
        after = worth("multiple", body, sorted(chosen | {key}))
        assert after >= before if score else after <= before


@given(st.dictionaries(st.sampled_from("abc"), st.sampled_from(["r1", "r2", "r3", "r4"])))
def test_a_further_right_pair_never_lowers(chosen):
    before = worth("matching", MATCHING, chosen)
    for pair in MATCHING["pairs"]:
        assert worth("matching", MATCHING, chosen | {pair["key"]: pair["right_key"]}) >= before


@given(st.permutations("abcde"), st.sets(st.sampled_from("abcde")), st.permutations("abc"))
def test_the_order_in_which_choices_are_listed_or_ticked_changes_nothing(order, chosen, lefts):
    for credit in ("all", "each", "right_minus_wrong"):
        body = choices({key: MULTIPLE[key] for key in order}, credit=credit)
        assert worth("multiple", body, [key for key in order if key in chosen]) == worth(
            "multiple", choices(MULTIPLE, credit=credit), sorted(chosen)
        )
    pairs = {pair["key"]: pair for pair in MATCHING["pairs"]}
    assert worth("matching", MATCHING | {"pairs": [pairs[left] for left in lefts]}, {"a": "r2"}) == Fraction(1, 3)


def test_neighbours_are_right_only_when_all_are():
    worths = {order: worth("ordering", ORDERING, list(order)) for order in permutations("abcd")}
    assert [order for order, each in worths.items() if each == 1] == [tuple("cadb")]
    assert set(worths.values()) == {Fraction(each) for each in ("0", "1/3", "2/3", "1")}


@pytest.mark.parametrize(
    ("score", "maximum", "passed"),
    [("8", "10", True), ("7.99", "10", False), ("10.4", "13", True), ("10.39", "13", False), ("0", "0", False)],
)
def test_passes(score, maximum, passed):
    assert scoring.passes(score=Decimal(score), maximum=Decimal(maximum), pass_percent=Decimal(80)) is passed


SHARES = st.fractions(min_value=0, max_value=1, max_denominator=24)
WORTHS = st.decimals(min_value="0.01", max_value=20, places=2)
PERCENTS = st.decimals(min_value=0, max_value=100, places=2)


@given(st.lists(st.tuples(SHARES, WORTHS), min_size=1, max_size=8), PERCENTS)
def test_what_is_read_of_a_sum_is_on_its_side_of_every_mark(items, mark):
    total = sum((share * Fraction(worth) for share, worth in items), Fraction(0))
    worth = sum(worth for _share, worth in items)
    reached = scoring.passes(score=total, maximum=worth, pass_percent=mark)
    percent = scoring.percent(total, worth)
    assert (percent >= mark) is reached
    assert (scoring.shown_percent(percent, pass_percent=mark) >= mark) is reached
    shown = scoring.shown_sum(total, worth=worth, marks=[mark])
    assert scoring.passes(score=shown, maximum=worth, pass_percent=mark) is reached
    assert abs(total - Fraction(shown)) < Fraction(1, 100)


@given(SHARES, WORTHS)
def test_what_is_read_of_one_item_is_all_or_nothing_only_where_that_is_so(share, worth):
    points, fraction = scoring.shown_points(share, worth), scoring.shown_fraction(share)
    assert (fraction == 0, fraction == 1) == (share == 0, share == 1)
    assert abs(Fraction(fraction) - share) <= Fraction(1, 20_000)
    if worth > Decimal("0.01"):
        assert (points == 0, points == worth) == (share == 0, share == 1)
        assert abs(Fraction(points) - share * Fraction(worth)) <= Fraction(1, 100)


@pytest.mark.parametrize(
    ("total", "worth", "marks", "shown"),
    [
        ("8", 10, [80], "8.00"),
        ("235/42", 8, [70], "5.59"),
        ("8/3", 3, [], "2.67"),
        ("5/3", 3, [50], "1.67"),
        ("5/3", 3, ["55.66"], "1.66"),
        ("2999/1000", 3, [], "2.99"),
        ("8/3", 3, ["88.88"], "2.67"),
        ("8/3", 3, ["88.88", "88.89"], "2.6666"),
        ("1/3", 1, [50, "33.33"], "0.3333"),
    ],
)
def test_shown_sum_is_the_nearest_and_as_long_as_its_marks_need(total, worth, marks, shown):
    marks = [Decimal(mark) for mark in marks]
    assert str(scoring.shown_sum(Fraction(total), worth=Decimal(worth), marks=marks)) == shown


@pytest.mark.parametrize(
    ("total", "worth", "marks", "shown"),
    [
        ("8", 10, [80], "8.00"),
        ("20/3", 7, [75, 50], "6.66"),
        ("2999/1000", 3, [], "2.99"),
        ("8/3", 3, ["88.88", "88.89"], "2.6666"),
        ("1/3", 1, [50, "33.33"], "0.3333"),
    ],
)
def test_cut_sum_is_cut_and_as_long_as_the_marks_it_reaches_need(total, worth, marks, shown):
    marks = [Decimal(mark) for mark in marks]
    assert str(scoring.cut_sum(Fraction(total), worth=Decimal(worth), marks=marks)) == shown


@given(SHARES, WORTHS, PERCENTS)
def test_cut_sum_is_never_more_and_on_its_side_of_every_mark(share, worth, mark):
    total = share * Fraction(worth)
    shown = scoring.cut_sum(total, worth=worth, marks=[mark])
    assert 0 <= total - Fraction(shown) < Fraction(1, 100)
    assert scoring.reaches(shown, worth=worth, percent=mark) is scoring.reaches(total, worth=worth, percent=mark)


@pytest.mark.parametrize(
    ("percent", "mark", "shown"),
    [
        ("79.99", "80.00", "79"),
        ("80.00", "80.00", "80"),
        ("86.67", "80", "86"),
        ("79.58", "79.50", "79.5"),
        ("100", "80", "100"),
    ],
)
def test_shown_percent_never_looks_like_a_pass(percent, mark, shown):
    assert f"{scoring.shown_percent(Decimal(percent), pass_percent=Decimal(mark)):f}" == shown


@pytest.mark.parametrize(
    ("type_", "answer", "stored"),
    [
        ("single", "b", "b"),
        ("multiple", ["d", "a"], ["a", "d"]),
        ("numeric", " 1,400 €k ", "1,400 €k"),
        ("numeric", "   ", None),
        ("matching", {"b": "r1", "a": ""}, {"b": "r1"}),
        ("matching", {"a": "", "b": None}, None),
        ("ordering", list("abcd"), list("abcd")),
    ],
)
def test_check_gives_one_form_of_the_same_answer(type_, answer, stored):
    assert answers.fitting(type_, KEYS[type_][0], answer) == stored


@pytest.mark.parametrize(
    ("type_", "answer"),
    [
        ("single", "z"),
        ("single", ["a"]),
        ("single", 1),
        ("scenario", {"a": "a"}),
        ("multiple", "a"),
        ("multiple", ["a", "z"]),
        ("multiple", ["a", "a"]),
        ("multiple", [["a"]]),
        ("multiple", ["a"] * 1000),
        ("numeric", 1400),
        ("numeric", "many"),
        ("numeric", "1" * 41),
        ("matching", {"z": "r1"}),
        ("matching", {"a": "r9"}),
        ("matching", {"a": ["r1"]}),
        ("matching", ["a"]),
        ("ordering", list("abc")),
        ("ordering", list("abca")),
        ("ordering", list("abcz")),
        ("ordering", "abcd"),
        ("ordering", [{}, {}, {}, {}]),
    ],
)
def test_check_refuses_in_words(type_, answer):
    with pytest.raises(answers.AnswerRefused, match=r"[A-Z].+"):
        answers.fitting(type_, KEYS[type_][0], answer)


@pytest.mark.parametrize(
    ("places", "order"),
    [
        ({}, "abcd"),
        ({"a": 1, "b": 2, "c": 3, "d": 4}, "abcd"),
        ({"c": 1}, "cabd"),
        ({"a": 4}, "bcda"),
        ({"a": 2, "b": 1}, "bacd"),
        ({"d": 1, "a": 4}, "dbca"),
        ({"a": 1, "b": 2, "c": 1, "d": 4}, "cabd"),
    ],
)
def test_placed_moves_what_was_changed(places, order):
    assert answers.placed(list("abcd"), places) == list(order)


@pytest.mark.parametrize("places", [{"a": 3, "b": 3}, {"a": 0}, {"a": 5}])
def test_placed_refuses_what_is_no_order(places):
    with pytest.raises(answers.AnswerRefused):
        answers.placed(list("abcd"), places)


@given(st.permutations("abcde"), st.dictionaries(st.sampled_from("abcde"), st.integers(1, 5)))
def test_placed_gives_an_order_of_the_same_items(shown, places):
    try:
        order = answers.placed(shown, places)
    except answers.AnswerRefused:
        return
    assert sorted(order) == sorted(shown)
    assert all(order[place - 1] == key for key, place in places.items() if shown.index(key) + 1 != place)


def test_moved():
    assert answers.moved(list("abc"), "c", -1) == list("acb")
    assert answers.moved(list("abc"), "a", -1) == list("abc")
    with pytest.raises(answers.AnswerRefused):
        answers.moved(list("abc"), "z", 1)
