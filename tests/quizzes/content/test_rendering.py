"""What is stored of a question: the bodies that its fields make."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.content.rendering import body_of, rendered_of
from quizzes.questions import scoring
from tests.quizzes.loading import question


@pytest.mark.parametrize(
    "fields",
    [
        {"choices": [{"text": str(number)} for number in range(27)]},
        {"criteria": [{"title": str(number)} for number in range(27)]},
        {"items": [{"text": str(number)} for number in range(27)]},
        {"pairs": [{"left": str(number), "right": str(number)} for number in range(27)], "extras": []},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_more_parts_than_letters_are_refused_and_not_cut_off(fields):
    (name, parts), *_rest = fields.items()
    with pytest.raises(ValueError, match="27 parts are more than there are letters"):
        body_of({"id": "Q1", **fields})
    assert len(body_of({"id": "Q1", **fields, name: parts[:26]})[name]) == 26


def test_choices_have_letters_in_file_order(folder):
    record = question(folder, "Q1.01")
    body = body_of(record)
    assert body == {
        "choices": [
            {"key": "a", "text": "This", "score": 1, "feedback": "Right."},
            {"key": "b", "text": "That", "score": 0, "misconception": "swap", "feedback": "Not that."},
        ]
    }
    assert rendered_of(record, body) == {
        "stem": "<p>What is <em>it</em>?</p>\n",
        "choices": {"a": "This", "b": "That"},
        "feedback": {"a": "Right.", "b": "Not that."},
    }


def test_numbers_keep_their_placeholders(folder):
    record = question(folder, "Q1.04")
    body = body_of(record)
    assert body["parameters"]["months"] == {"min": 2, "max": 3, "step": 0.5}
    assert (body["tolerance"], body["answer_unit"]) == ({"percent": 0.5}, "€k")
    assert rendered_of(record, body) == {
        "stem": "<p>Over {years} years, {features} features, {months} months, €{margin}k, for €{investment}k?</p>\n",
        "solution": "<p>Gain: {years} × {features}</p>\n<p><strong>{answer}</strong></p>\n",
        "feedback": {"right": "Right.", "wrong": "Work in steps."},
        "mistakes": ["Before the bill."],
    }


def test_right_sides_have_keys_that_do_not_give_the_match_away(folder):
    record = question(folder, "Q1.05")
    body = body_of(record)
    keys = {pair["right"]: pair["right_key"] for pair in body["pairs"]} | {
        body["extras"][0]["right"]: body["extras"][0]["key"]
    }
    assert sorted(keys.values()) == ["r1", "r2", "r3", "r4"]
    assert [pair["key"] for pair in body["pairs"]] == ["a", "b", "c"]
    rendered = rendered_of(record, body)
    assert rendered["left"] == {"a": "A", "b": "B", "c": "C"}
    assert rendered["right"] == {key: text for text, key in keys.items()}
    # In the order of the keys, not of the pairs: what is shown first tells nothing either.
    assert list(rendered["right"]) == ["r1", "r2", "r3", "r4"]
    assert rendered["feedback"] == {"a": "A is alpha.", "b": "B is beta.", "c": "C is gamma."} | {
        keys["delta"]: "Delta is nobody's."
    }
    assert scoring.fraction("matching", body, {pair["key"]: pair["right_key"] for pair in body["pairs"]}) == 1


@settings(max_examples=60)
@given(st.lists(st.text(min_size=1), min_size=3, max_size=8, unique=True), st.randoms())
def test_keys_of_items_do_not_depend_on_their_order(texts, random):
    """The same items in any order have the same keys, so the keys hold nothing about the order."""
    shuffled = list(texts)
    random.shuffle(shuffled)

    def keys(order):
        body = body_of({"id": "Q1", "items": [{"text": text, "feedback": "x"} for text in order]})
        return {item["text"]: item["key"] for item in body["items"]}

    assert keys(texts) == keys(shuffled)
    assert sorted(keys(texts).values()) == list("abcdefgh"[: len(texts)])
