"""Several gaps in a text: what may stand in them, what an answer is worth, what corrections do. Pure."""

import random
from fractions import Fraction

import pytest

from quizzes.authoring.drafts import judged
from quizzes.content.rendering import body_of, fields_of, rendered_of
from quizzes.questions import answers, corrections, draw, scoring
from quizzes.questions.corrections import Rule
from quizzes.questions.types import TYPES
from quizzes.questions.types.answered import CountedAnswer, Put, Scored
from quizzes.questions.types.base import CorrectionRefused
from quizzes.questions.types.gap import BLANK, places, with_blanks
from tests.factories import GAPS

BODY = body_of({"id": "Q1", "gaps": GAPS["gaps"]})
RENDERED = rendered_of({"type": "gaps", **GAPS}, BODY)
GAP = TYPES["gaps"]
PUT = Put(BODY, RENDERED, ["2c", "2a", "2b"])
WRONG = GAPS["gaps"][1]["choices"][1:]
RIGHT = {"1": "Lead time.", "2": "2a"}


def with_fields(**fields):
    record = {"id": "E.1", "type": "gaps", "competency": "STR", "bloom": "apply", "sources": []} | GAPS | fields
    return [f"{fault}" for fault in judged(record, is_exam=True)[1]]


def gap(number, **fields):
    return [GAPS["gaps"][place] | (fields if place == number - 1 else {}) for place in range(2)]


def test_keys_and_html():
    assert [each["key"] for each in BODY["gaps"]] == ["1", "2"]
    assert [each["key"] for each in BODY["gaps"][1]["choices"]] == ["2a", "2b", "2c"]
    assert {
        "stem": f"<p>From idea to use is the {BLANK.format(1)}; a team {BLANK.format(2)} it.</p>\n",
        "choices": {"2a": "shortens", "2b": "lengthens", "2c": "ignores"},
        "feedback": {
            "1-right": "Right, a time.",
            "1-wrong": "It is a time.",
            "1-0": "That is a speed.",
            "2a": "Right, it shortens it.",
            "2b": "Not longer.",
            "2c": "Not ignored.",
        },
    } == RENDERED
    assert fields_of(BODY, GAPS["stem"]) == {"gaps": GAPS["gaps"]}


def test_a_sound_question_has_no_faults():
    assert with_fields() == []


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"stem": "One {1}."}, ["stem: the gaps {1}, {2} stand in it in this order, each once, and in no link"]),
        ({"stem": "{2} {1}"}, ["stem: the gaps {1}, {2} stand in it in this order, each once, and in no link"]),
        ({"stem": "{1} {2} {2}"}, ["stem: the gaps {1}, {2} stand in it in this order, each once, and in no link"]),
        (
            {"stem": "{1} [{2}](https://example.com)"},
            ["stem: the gaps {1}, {2} stand in it in this order, each once, and in no link"],
        ),
        ({"gaps": gap(1, accepted=None)}, ["gaps.1: give either accepted, where something is written, or choices"]),
        ({"gaps": gap(1, feedback=None)}, ["gaps.1: the field feedback is missing"]),
        ({"gaps": gap(1, accepted=["Velocity"])}, None),
        ({"gaps": gap(2, accepted=["x"])}, ["gaps.2: give either accepted, where something is written, or choices"]),
        ({"gaps": gap(2, mistakes=[])}, ["gaps.2: what is told of a gap with choices stands at each choice"]),
        (
            {"gaps": gap(2, choices=GAPS["gaps"][1]["choices"][1:])},
            ["gaps.2: exactly one choice has score 1, here 0 have"],
        ),
    ],
)
def test_what_is_wrong_is_said(fields, found):
    said = with_fields(**fields)
    if found is None:
        assert said[0].startswith("gaps.1: mistakes.1: 'velocity' is the same answer as 'Velocity'")
    else:
        assert said == found


def test_a_blank_never_stands_within_a_tag():
    html = '<p title="a > {1}">{1} <a href="/{2}">{2}</a> {3}</p>'
    assert with_blanks(html) == (
        '<p title="a > {1}"><span class="gap">[1]</span> <a href="/{2}"><span class="gap">[2]</span></a> '
        '<span class="gap">[3]</span></p>'
    )
    assert places(html) == ["1", "3"]


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        (RIGHT, Fraction(1)),
        ({"1": "cycle time"}, Fraction(1, 2)),
        ({"1": "velocity", "2": "2b"}, Fraction(0)),
        ({"2": "2a"}, Fraction(1, 2)),
        (None, Fraction(0)),
        ({"3": "x"}, Fraction(0)),
    ],
)
def test_each_gap_counts_by_itself(answer, worth):
    assert scoring.fraction("gaps", BODY, answer) == worth


def test_three_gaps_are_exact_thirds():
    body = body_of({"id": "Q1", "gaps": [GAPS["gaps"][1]] * 3})
    assert scoring.fraction("gaps", body, {"1": "1a", "3": "3a"}) == Fraction(2, 3)


@pytest.mark.parametrize(
    ("answer", "stored"),
    [
        ({"2": "2c", "1": "  a \r\n b "}, {"1": "a \n b", "2": "2c"}),
        ({"1": "", "2": None}, None),
        ({}, None),
    ],
)
def test_answers_are_stored_in_the_order_of_the_gaps(answer, stored):
    assert answers.fitting("gaps", BODY, answer) == stored
    assert stored is None or list(answers.fitting("gaps", BODY, answer)) == list(stored)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("2a", "This question has no such gap. Fill those shown."),
        ({"3": "x"}, "This question has no such gap. Fill those shown."),
        ({"2": "1a"}, "Gap 2: This question has no such choice. Choose one of those shown."),
        ({"1": "x" * 201}, "Gap 1: The text has 201 characters; 200 fit. Shorten it, nothing of it is lost."),
        ({"1": ["x"]}, "Gap 1: Write your answer as text."),
        ({"1": "a\0"}, "Gap 1: The text holds a character that cannot be stored. Paste it as plain text."),
    ],
)
def test_what_does_not_fit_names_its_gap(answer, reason):
    with pytest.raises(answers.AnswerRefused) as refused:
        answers.fitting("gaps", BODY, answer)
    assert str(refused.value) == reason


def test_choices_of_a_gap_are_shuffled_unless_they_keep_their_order():
    orders = {tuple(draw.order("gaps", BODY, rng=random.Random(seed), stem=GAPS["stem"])) for seed in range(60)}
    assert len(orders) == 6
    assert {frozenset(order) for order in orders} == {frozenset({"2a", "2b", "2c"})}
    kept = {**BODY, "keep_order": True}
    assert {tuple(draw.order("gaps", kept, rng=random.Random(seed))) for seed in range(9)} == {("2a", "2b", "2c")}


def test_asked_tells_pieces_and_nothing_of_the_key():
    first, second, last = GAP.rows(PUT, {"1": "velocity", "2": "2b"})
    assert (first.html, first.key, first.text, first.choices) == ("<p>From idea to use is the ", "1", "velocity", ())
    assert (second.html, second.key, second.text) == ("; a team ", "2", "")
    assert [(each.key, each.html, each.chosen) for each in second.choices] == [
        ("2c", "ignores", False),
        ("2a", "shortens", False),
        ("2b", "lengthens", True),
    ]
    assert (last.html, last.key) == (" it.</p>\n", "")


def explained(answer, body=BODY):
    share = scoring.fraction("gaps", body, answer)
    return [
        (line.right, line.verdict, line.other, line.feedback, line.misconception)
        for line in GAP.explain(Put(body, RENDERED, PUT.order), Scored(answer, share))["lines"]
    ]


def test_each_gap_is_explained():
    assert explained(RIGHT) == [
        (True, "Lead time.", "lead time · cycle time", "Right, a time.", ""),
        (True, "shortens", "shortens", "Right, it shortens it.", ""),
    ]
    assert explained({"1": "Velocity", "2": "2b"}) == [
        (False, "Velocity", "lead time · cycle time", "That is a speed.", "speed for time"),
        (False, "lengthens", "shortens", "Not longer.", "more is more"),
    ]
    assert explained({"1": "<b>"})[0] == (False, "&lt;b&gt;", "lead time · cycle time", "It is a time.", "")
    assert explained(None)[1] == (False, "", "shortens", "Right, it shortens it.", "")


def worth(answer, *rules_):
    return corrections.worth("gaps", BODY, answer, rules=rules_)


def test_another_answer_is_accepted_in_its_gap_whatever_the_other_holds():
    rule = Rule("accept", {"answers": [{"1": "velocity"}, {"2": "2b"}]})
    GAP.check_accepted(BODY, {"1": "velocity"})
    assert worth({"1": "velocity", "2": "2c"}, rule).fraction == Fraction(1, 2)
    assert worth({"1": "Velocity", "2": "2b"}, rule).fraction == 1
    assert worth({"1": "lead time", "2": "2a"}, rule).fraction == 1
    marked = GAP.marked(BODY, rule.details["answers"])
    assert explained({"2": "2b"}, marked)[1] == (True, "lengthens", "shortens · lengthens", "", "")


def test_a_new_key_has_an_answer_for_every_gap():
    rule = Rule("new_key", {"gaps": {"1": ["velocity"], "2": ["2b"]}})
    assert worth({"1": "velocity", "2": "2b"}, rule).fraction == 1
    assert worth(RIGHT, rule).fraction == 0
    with pytest.raises(ValueError, match="an answer for every gap"):
        GAP.rekeyed(BODY, {"gaps": {"1": ["velocity"]}})
    with pytest.raises(ValueError, match="no such choice"):
        GAP.rekeyed(BODY, {"gaps": {"1": ["velocity"], "2": ["1a"]}})
    for one, two in (([], ["2b"]), (["..."], ["2b"]), (["x"], []), (["x"], ["2a", "2b"])):
        with pytest.raises(CorrectionRefused):
            GAP.check_key(GAP.rekeyed(BODY, {"gaps": {"1": one, "2": two}}))


def test_drop_and_full_credit():
    assert worth({"1": "x"}, Rule("full_credit", {})).fraction == 1
    assert worth(RIGHT, Rule("drop", {})).dropped


def test_each_gap_is_counted_by_itself():
    given = [
        CountedAnswer({"1": "lead time", "2": "2a"}, Fraction(1)),
        CountedAnswer({"1": "velocity", "2": "2a"}, Fraction(1, 2)),
        CountedAnswer({"1": "effort", "2": "2b"}, Fraction(0)),
        CountedAnswer({"1": "Effort"}, Fraction(0)),
        CountedAnswer(None, Fraction(0)),
    ]
    lines = GAP.tally(BODY, RENDERED, BODY, [], given)
    assert [(line.label, line.role, line.count, line.of, line.misconception) for line in lines] == [
        ("Gap 1: lead time · cycle time", "right", 1, 5, ""),
        ("Gap 1: velocity", "wrong", 1, 5, "speed for time"),
        ("Gap 1: effort", "wrong", 2, 5, ""),
        ("Gap 2: shortens", "right", 2, 5, ""),
        ("Gap 2: lengthens", "wrong", 1, 5, "more is more"),
        ("Gap 2: ignores", "wrong", 0, 5, "looks away"),
        ("Gap 2: No answer", "", 1, 5, ""),
    ]
    assert {line.count for line in GAP.tally(BODY, RENDERED, BODY, [], None)} == {None}


def test_a_gap_that_was_left_empty_is_worth_a_second_look():
    assert [GAP.remark(PUT, answer) for answer in (RIGHT, {"1": "velocity"}, None)] == ["", "1 gap is empty", ""]
