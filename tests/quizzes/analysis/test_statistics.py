"""How well items and quizzes measure, against the definitions written out. Pure: no database."""

from decimal import Decimal
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quizzes.analysis import statistics
from quizzes.analysis.statistics import Finding, Item, findings

shares = st.decimals(0, 1, places=4)
pairs = st.lists(st.tuples(shares, shares), min_size=2, max_size=40)
graded, binary = st.integers(0, 4).map(Decimal), st.integers(0, 1).map(Decimal)


@st.composite
def matrices(draw, cells=graded):
    """Rows of one length, at least two each way."""
    places = draw(st.integers(2, 6))
    row = st.lists(cells, min_size=places, max_size=places)
    return draw(st.lists(row, min_size=2, max_size=15))


def variance(values):
    values = [Fraction(value) for value in values]
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / len(values)


def pearson(pairs):
    """The definition, exact but for the root."""
    xs, ys = [Fraction(x) for x, _y in pairs], [Fraction(y) for _x, y in pairs]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    together = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return float(together) / sqrt(
        float(sum((x - mean_x) ** 2 for x in xs) * sum((y - mean_y) ** 2 for y in ys)),
    )


def alike(found, expected):
    """Equal but for the last of the two decimals."""
    return abs(float(found) - float(expected)) <= 0.0051


# ---- Discrimination ------------------------------------------------------------------------------------------------


@given(pairs)
def test_discrimination_is_the_correlation_of_its_definition(found):
    assume(len({x for x, _y in found}) > 1 and len({y for _x, y in found}) > 1)
    r = statistics.discrimination(found)
    assert -1 <= r <= 1
    assert alike(r, pearson(found))


@given(pairs)
def test_discrimination_turns_its_sign_with_the_item_and_not_its_size(found):
    turned = statistics.discrimination([(1 - x, y) for x, y in found])
    r = statistics.discrimination(found)
    assert (r is None and turned is None) or alike(turned, -r)


@given(shares, st.lists(shares, max_size=20))
def test_discrimination_of_what_everybody_has_alike_is_none(same, others):
    assert statistics.discrimination([(same, other) for other in others]) is None
    assert statistics.discrimination([(other, same) for other in others]) is None


def test_discrimination_by_hand():
    """x̄ = ½, ȳ = 0.5: Σ(x−x̄)(y−ȳ) = 0.5 · (0.4 + 0.1 + 0.2 + 0.3) = 0.5, Σ(x−x̄)² = 1, Σ(y−ȳ)² = 0.30."""
    found = [(Decimal(1), Decimal("0.9")), (Decimal(1), Decimal("0.6")), (Decimal(0), Decimal("0.3"))]
    found.append((Decimal(0), Decimal("0.2")))
    assert statistics.discrimination(found) == Decimal("0.91")


def test_point_biserial_is_its_own_formula():
    """r = (M₁ − M₀)/s · √(pq), the textbook form for an item that is right or wrong."""
    high, low = [Decimal("0.9"), Decimal("0.7"), Decimal("0.8")], [Decimal("0.6"), Decimal("0.5")]
    found = [(Decimal(1), y) for y in high] + [(Decimal(0), y) for y in low]
    m1, m0, s = float(sum(high) / 3), float(sum(low) / 2), sqrt(float(variance(high + low)))
    assert alike(statistics.discrimination(found), (m1 - m0) / s * sqrt(0.6 * 0.4))


def test_rest_leaves_the_item_out():
    given_ = {"score": Decimal(7), "maximum": Decimal(10), "points": Decimal(2), "worth": Decimal(2)}
    assert statistics.rest(**given_) == Decimal("0.6250")
    assert statistics.rest(**given_ | {"maximum": Decimal(2), "score": Decimal(2)}) is None


# ---- An item -------------------------------------------------------------------------------------------------------


def test_item_without_answers():
    assert statistics.item([]) == Item(0, None, None, None)


def test_item_with_partial_credit():
    found = [(Decimal(1), Decimal("0.9")), (Decimal("0.5"), Decimal("0.5")), (Decimal(0), Decimal("0.1"))]
    found.append((Decimal("0.5"), None))
    assert statistics.item(found) == Item(4, Decimal("0.25"), Decimal("0.50"), Decimal("1.00"))


def measured(mean="0.60", r="0.40", answers=20):
    return Item(answers, Decimal(mean), Decimal(mean), None if r is None else Decimal(r))


@pytest.mark.parametrize(
    ("item", "unused", "said"),
    [
        (measured(), [], [Finding.WORKS]),
        (measured("0.30", "0.20"), [], [Finding.WORKS]),
        (measured("0.90", "0.20"), [], [Finding.WORKS]),
        (measured(r="-0.01"), [], [Finding.CHECK_KEY]),
        (measured(r="0.00"), [], [Finding.WEAK]),
        (measured(r="0.19"), [], [Finding.WEAK]),
        (measured("0.29"), [], [Finding.HARD]),
        (measured("0.91"), [], [Finding.EASY]),
        (measured("1.00", None), [], [Finding.EASY]),
        (measured(), ["c"], [Finding.UNUSED]),
        (measured("0.10", "-0.30"), ["b"], [Finding.CHECK_KEY, Finding.HARD, Finding.UNUSED]),
        (measured("0.95", "0.05"), ["b", "c"], [Finding.EASY, Finding.WEAK, Finding.UNUSED]),
        (measured("0.10", "-0.30", answers=19), ["b"], [Finding.TOO_FEW]),
        (Item(), [], [Finding.TOO_FEW]),
    ],
)
def test_findings(item, unused, said):
    assert findings(item, unused=unused) == said


def test_dropped_item_has_no_other_finding():
    assert findings(measured(r="-0.50"), unused=["b"], dropped=True) == [Finding.DROPPED]


@given(shares, st.one_of(st.none(), st.decimals(-1, 1, places=2)), st.integers(0, 60), st.booleans())
def test_findings_stand_in_their_order_and_none_under_twenty(mean, r, answers, has_unused):
    said = findings(Item(answers, mean, mean, r), unused=["b"] if has_unused else [])
    places = [statistics.SERIOUSNESS[finding] for finding in said]
    assert said
    assert places == sorted(set(places))
    assert (said == [Finding.TOO_FEW]) == (answers < 20)


def test_a_choice_works_from_five_percent_on():
    counts = {"b": 2, "c": 1}
    assert statistics.unused(counts, ["b", "c", "d"], answered=40) == ["c", "d"]
    assert statistics.unused(counts, ["b", "c", "d"], answered=19) == []


# ---- A quiz --------------------------------------------------------------------------------------------------------


@given(matrices())
def test_alpha_is_its_definition(rows):
    whole = variance([sum(row) for row in rows])
    if whole == 0:
        assert statistics.alpha(rows) is None
        return
    places = len(rows[0])
    parts = sum(variance(column) for column in zip(*rows, strict=True))
    assert alike(statistics.alpha(rows), Fraction(places, places - 1) * (1 - parts / whole))
    assert statistics.alpha(rows) <= 1


@given(matrices(binary))
def test_alpha_of_right_and_wrong_is_kuder_richardson_20(rows):
    whole = variance([sum(row) for row in rows])
    assume(whole > 0)
    places = len(rows[0])
    chances = [Fraction(sum(column)) / len(rows) for column in zip(*rows, strict=True)]
    expected = Fraction(places, places - 1) * (1 - sum(p * (1 - p) for p in chances) / whole)
    assert alike(statistics.alpha(rows), expected)


@given(matrices(), st.integers(2, 9))
def test_alpha_knows_no_unit(rows, factor):
    assert statistics.alpha([[cell * factor for cell in row] for row in rows]) == statistics.alpha(rows)


@given(st.lists(st.integers(0, 5).map(Decimal), min_size=2, max_size=20), st.integers(2, 6))
def test_alpha_of_parts_that_agree_is_one(column, places):
    assume(len(set(column)) > 1)
    assert statistics.alpha([[cell] * places for cell in column]) == 1


@pytest.mark.parametrize("rows", [[], [[Decimal(1), Decimal(0)]], [[Decimal(1)], [Decimal(0)]]])
def test_alpha_needs_two_of_each(rows):
    assert statistics.alpha(rows) is None


def test_standard_error():
    assert statistics.standard_error(Decimal(10), Decimal("0.75")) == Decimal("5.00")
    assert statistics.standard_error(Decimal(10), Decimal("1.00")) == 0
    assert statistics.standard_error(Decimal(10), Decimal("-0.50")) == 10


def test_quiz():
    """Two places that agree: each has a variance of 2/9 · 50², their sum four times that, α = 2 · (1 − 2/4) = 1."""
    right, wrong = Decimal(50), Decimal(0)
    rows = [[right, right], [right, right], [wrong, wrong]]
    percents = [sum(row) for row in rows]
    found = statistics.quiz(rows, percents=percents, passed=2, dichotomous=True)
    assert found == statistics.Quiz(
        attempts=3,
        mean=Decimal("66.67"),
        deviation=Decimal("57.74"),
        passed=Decimal("0.67"),
        compared=3,
        reliability=Decimal("1.00"),
        dichotomous=True,
        error=Decimal("0.00"),
    )
    assert statistics.quiz([], percents=[], passed=0, dichotomous=True) == statistics.Quiz()
