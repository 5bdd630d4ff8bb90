"""Short and long texts: how they are compared, read and stored."""

import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.questions import answers, scoring

ASKED = {
    "short": {"accepted": ["Lead time", "„Cycle“ time."], "mistakes": [{"text": "velocity"}]},
    "long": {"criteria": [{"key": "a", "levels": ["", "", ""]}, {"key": "b", "levels": ["", ""]}]},
}


# ---- Comparing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        ("lead time", 1),
        ("  LEAD\u00a0 Time. ", 1),
        ("lead\u200b\u00ad time...", 1),
        ('"cycle" TIME', 1),
        ("cycle time", 0),
        ("leadtime", 0),
        ("lead-time", 0),
        ("lead times", 0),
        ("led time", 0),
        ("velocity", 0),
        (".", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_a_short_text_is_right_when_it_is_one_of_the_listed(answer, worth):
    assert scoring.fraction("short", ASKED["short"], answer) == worth


@pytest.mark.parametrize(("answer", "place"), [("Velocity", 0), ("velocity.", 0), ("velocities", None)])
def test_known_mistake(answer, place):
    assert scoring.known_mistake(ASKED["short"], answer) == place


@pytest.mark.parametrize("pair", ["’'", "`'", "´'", '”"', "—-", "‑-", "−-", "ﬁfi", "½1⁄2", "ΐΐ", "ẞss"])
def test_signs_that_look_or_mean_alike_are_one(pair):
    one, other = pair[0], pair[1:]
    assert scoring.normalised(f"a{one}b") == scoring.normalised(f"a{other}b")


@given(st.text())
def test_normalised_twice_is_normalised_once(text):
    once = scoring.normalised(text)
    assert scoring.normalised(once) == once
    assert once == once.strip()
    assert not once.endswith(".")
    assert "  " not in once


@given(st.text(), st.sampled_from(["NFC", "NFD"]))
def test_how_a_keyboard_composes_letters_is_no_difference(text, form):
    assert scoring.normalised(unicodedata.normalize(form, text)) == scoring.normalised(text)


@given(st.text(alphabet="abcxyzéüßœσπя0123 -\u00a0"))
def test_capitals_and_what_surrounds_a_text_are_no_difference(text):
    assert scoring.normalised(f"\n {text.title()} . ") == scoring.normalised(text)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789 -", min_size=1), st.data())
def test_a_letter_less_is_another_answer(text, data):
    """Never fuzzy: taking away or exchanging one letter or digit makes it wrong."""
    places = [place for place, sign in enumerate(text) if sign.isalnum()]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([sign for sign in "abc123" if sign != text[place]] + [""]))
    assert scoring.normalised(text[:place] + other + text[place + 1 :]) != scoring.normalised(text) or (
        # "aa" without either "a" is the same "a".
        not other and sorted(text[:place] + text[place + 1 :]) == sorted(text)
    )


@given(st.text(), st.lists(st.text(), min_size=1))
def test_full_points_only_for_a_listed_text(answer, accepted):
    body = {"accepted": accepted}
    worth = scoring.fraction("short", body, answer)
    assert worth in (0, 1)
    if worth:
        assert scoring.normalised(answer) in {scoring.normalised(text) for text in accepted}


# ---- The rubric ----------------------------------------------------------------------------------------------------

RUBRIC = st.dictionaries(st.sampled_from("abcdef"), st.integers(2, 5), min_size=1)


def rubric(most):
    return {"criteria": [{"key": key, "levels": [""] * levels} for key, levels in most.items()]}


@given(RUBRIC, st.data())
def test_rubric_fraction_is_between_its_ends_and_rises_with_every_level(most, data):
    levels = {key: data.draw(st.integers(1, count)) for key, count in most.items()}
    share = scoring.rubric_fraction(rubric(most), levels)
    assert 0 <= share <= 1
    assert (share == 0) is all(level == 1 for level in levels.values())
    assert (share == 1) is (levels == most)
    for key, count in most.items():
        if levels[key] < count:
            assert scoring.rubric_fraction(rubric(most), levels | {key: levels[key] + 1}) > share


@given(RUBRIC, st.dictionaries(st.sampled_from("abcdefg"), st.integers(-1, 7)))
def test_rubric_fraction_refuses_what_is_no_level_of_each_criterion(most, levels):
    if set(levels) == set(most) and all(1 <= level <= most[key] for key, level in levels.items()):
        assert scoring.rubric_fraction(rubric(most), levels) >= 0
    else:
        with pytest.raises(ValueError, match="one level of each criterion"):
            scoring.rubric_fraction(rubric(most), levels)


def test_a_long_text_is_worth_its_steps():
    assert scoring.rubric_fraction(ASKED["long"], {"a": 2, "b": 2}) == Fraction(2, 3)
    with pytest.raises(scoring.NeedsReading):
        scoring.fraction("long", ASKED["long"], "Some words.")
    assert scoring.fraction("long", ASKED["long"], " \n ") == 0


# ---- What is stored ------------------------------------------------------------------------------------------------


@given(st.sampled_from([("short", answers.MOST_SHORT), ("long", answers.MOST_LONG)]), st.text())
def test_check_keeps_the_text_but_for_line_ends_and_what_surrounds_it(type_, text):
    kind, most = type_
    if "\0" in text:
        with pytest.raises(answers.AnswerRefused):
            answers.fitting(kind, {}, text)
        return
    stored = answers.fitting(kind, {}, text[:most])
    assert stored is None or (stored == stored.strip() and "\r" not in stored)
    assert (stored or "").split() == text[:most].split()
    assert answers.fitting(kind, {}, stored) == stored


@pytest.mark.parametrize(("type_", "most"), [("short", 200), ("long", 20_000)])
def test_check_refuses_what_is_longer_than_can_be_stored(type_, most):
    assert answers.fitting(type_, {}, "x" * most) == "x" * most
    with pytest.raises(answers.AnswerRefused, match=f"{most + 1:,} characters; {most:,} fit"):
        answers.fitting(type_, {}, "x" * (most + 1))
    with pytest.raises(answers.AnswerRefused, match="as text"):
        answers.fitting(type_, {}, ["x"])
