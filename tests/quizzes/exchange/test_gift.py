"""GIFT: Moodle's own examples, what each construct becomes, and every refusal with its line."""

import re

import pytest

from quizzes.exchange import gift, gift_writing
from quizzes.exchange.records import CannotWrite, FileRefused, Written


def one(text):
    (entry,) = gift.read(text)
    return entry


def record(text):
    entry = one(text)
    assert entry.refusal == ""
    return entry.record


def choice(text, score, feedback=""):
    return {"text": text, "score": score, "feedback": feedback}


def test_one_of_several_with_feedback():
    assert record("::Tomb::Who's buried there?{\n~Grant#No.\n~Jefferson\n=no one#Yes, nobody.}") == {
        "type": "single",
        "stem": "Who's buried there?",
        "choices": [choice("Grant", 0, "No."), choice("Jefferson", 0), choice("no one", 1, "Yes, nobody.")],
    }


def test_gap_in_a_sentence_stays_a_gap():
    found = record("Grant is {~buried =entombed ~living} in Grant's tomb.")
    assert found["stem"] == r"Grant is \_\_\_\_\_ in Grant's tomb."


@pytest.mark.parametrize(("verdict", "scores"), [("T", [1, 0]), ("TRUE", [1, 0]), ("F", [0, 1]), ("FALSE", [0, 1])])
def test_true_or_false_is_a_choice_of_two(verdict, scores):
    right, wrong = "You know it.", "Look again."
    said = [right if score else wrong for score in scores]
    assert record(f"The sun rises in the east.{{{verdict}#{wrong}#{right}}}") == {
        "type": "single",
        "stem": "The sun rises in the east.",
        "choices": [choice("True", scores[0], said[0]), choice("False", scores[1], said[1])],
    }


@pytest.mark.parametrize(
    ("answers", "credit", "scores"),
    [
        ("~%50%a ~%50%b ~%-50%c ~%-50%d", "right_minus_wrong", [1, 1, 0, 0]),
        ("~%33.333%a ~%33.333%b ~%33.333%c ~%-100%d", "all", [1, 1, 1, 0]),
        ("~c ~%50%a ~%50%b", "each", [0, 1, 1]),
        ("~%100%a ~%-100%b", "right_minus_wrong", [1, 0]),
    ],
)
def test_weights_tell_how_several_are_credited(answers, credit, scores):
    found = record(f"Which?{{{answers}}}")
    assert (found["type"], found["credit"], [part["score"] for part in found["choices"]]) == (
        "multiple",
        credit,
        scores,
    )


def test_half_right_choice_makes_a_scenario():
    entry = one("What do you do?{~ask ~%50%wait =act}")
    assert entry.record["type"] == "scenario"
    assert [part["score"] for part in entry.record["choices"]] == [0, 1, 2]
    assert entry.warnings == ["It has a choice that is half right, so it becomes a scenario: best 2, acceptable 1."]


@pytest.mark.parametrize(
    ("answer", "value", "tolerance"),
    [("#1822:5", 1822, 5), ("#3.1415:0.0015", 3.1415, 0.0015), ("#3.13..3.15", 3.14, 0.01), ("#-7", -7, 0)],
)
def test_number_with_its_tolerance(answer, value, tolerance):
    assert record(f"How many?{{{answer}}}") == {
        "type": "numeric",
        "stem": "How many?",
        "formula": "fixed_number",
        "parameters": {"number": value},
        "tolerance": {"absolute": tolerance},
        "solution": "",
        "feedback": {"right": "", "wrong": ""},
        "mistakes": [],
    }


def test_number_with_feedback_and_solution():
    found = record("When?{#\n=%100%1822:0#Right.\n~#Not then.\n####He was born in 1822.}")
    assert found["feedback"] == {"right": "Right.", "wrong": "Not then."}
    assert found["solution"] == "He was born in 1822."


def test_pairs_and_a_side_that_matches_nothing():
    assert record("Match.{=Canada -> Ottawa =Italy->Rome = -> Oslo}") == {
        "type": "matching",
        "stem": "Match.",
        "pairs": [
            {"left": "Canada", "right": "Ottawa", "feedback": ""},
            {"left": "Italy", "right": "Rome", "feedback": ""},
        ],
        "extras": [{"right": "Oslo", "feedback": ""}],
    }


def test_short_text_with_a_known_mistake():
    assert record("Who?{=no one#Right. =nobody =%0%Grant#He is not. =%0%*#Read it again.}") == {
        "type": "short",
        "stem": "Who?",
        "accepted": ["no one", "nobody"],
        "feedback": {"right": "Right.", "wrong": "Read it again."},
        "mistakes": [{"text": "Grant", "feedback": "He is not."}],
    }


def test_long_text():
    found = {"type": "long", "stem": "Explain.", "points": 1, "criteria": [], "model": "So."}
    assert record("Explain.{####So.}") == found


def test_escapes_and_line_breaks():
    found = record(r"Which is \{x\}?\nSay.{~ \= 2 \+ 2 = \\ \# \~ \: # \#1}")
    assert found["stem"] == "Which is {x}?\nSay."
    assert found["choices"] == [choice(r"= 2 \\+ 2", 0), choice(r"\\ # ~ :", 1, "#1")]


def test_formats_of_text():
    assert record("[markdown]A **b**{=*x* ~[html]<b>y</b>}")["choices"] == [choice("*x*", 1), choice("**y**", 0)]
    assert record("[html]<p>A <b>b</b></p>{=1 ~2}")["stem"] == "A **b**"
    assert record("[plain]A *b* <i>{=1 ~2}")["stem"] == r"A \*b\* \<i\>"
    assert record("A *b* <i>c</i>{=1 ~2}")["stem"] == r"A \*b\* *c*"


def test_names_and_tags_from_comments():
    text = "// question: 7\n// [id:Q-7] [tag:competency:FIN] [tag:bloom:apply] [tag:other]\n::Title \\: here::A?{T}"
    entry = one(text)
    assert (entry.external_id, entry.explicit, entry.competency, entry.bloom) == ("Q-7", True, "FIN", "apply")
    entry = one("::Title \\: here::A?{T}")
    assert (entry.external_id, entry.explicit, entry.competency) == ("Title : here", False, "")
    entry, other = gift.read("A?{T}\n\nB?{T}")
    assert entry.external_id.startswith("stem-")
    assert entry.external_id != other.external_id
    assert entry.external_id == one("A?{T}").external_id


def test_categories_and_comments_are_no_questions():
    (entry,) = gift.read("$CATEGORY: one/two\n\n// only a comment\n\n// about it\nA?{T}\n\n")
    assert (entry.line, entry.record["stem"]) == (6, "A?")


def test_moodles_own_examples_are_read():
    """Of the examples that come with Moodle one cannot be taken over: a right answer worth three quarters."""
    text = (
        "// examples\n\nDifficult question.{~wrong answer ~%50%half credit answer =full credit answer}\n\n"
        "::Jesus' hometown::Jesus was from {\n    ~Jerusalem#No.\n    ~%25%Bethlehem#Born.\n    =Nazareth#Yes!}.\n\n"
        "::Kanji Origins::Japanese characters originally\ncame from what country? {=China}\n\n"
        "When was Ulysses S. Grant born? {#\n    =1822:0\n    =%50%1822:2}\n"
    )
    assert [(entry.line, entry.refusal) for entry in gift.read(text)] == [
        (3, ""),
        (5, "A choice is worth 100%, 50% or nothing here; other shares have no counterpart."),
        (10, ""),
        (13, "A number that is partly right has no counterpart: it counts or it does not."),
    ]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("\n\nA?\nmore", 3, "It has no answers in { }: a text alone is no question."),
        ("A?\n{=a ~b", 2, "The { is never closed. The answers end with }, with no empty line in between."),
        ("A}?\n{=a ~b}", 1, r"This } has no {. As a sign it is written \}."),
        ("A?{=a\n~b {c}", 2, "There is a second { or } here. As a sign it is written with a backslash."),
        ("::A?{T}", 1, "The title begins with :: and never ends."),
        ("A?{\n\tx =a ~b}", 2, "Answers begin with = for a right one or ~ for a wrong one; here there is neither."),
        ("A?{=a\n=b -> c}", 1, "A pair is written =left -> right; here the arrow is missing."),
        ("A?{~a ~b}", 1, "All right choices have to weigh the same, together 100%; these do not."),
        ("A?{~%60%a ~%40%b}", 1, "All right choices have to weigh the same, together 100%; these do not."),
        ("A?{=a =b ~c}", 1, "Exactly one choice has to be fully right (100%)."),
        ("A?{=a ~a}", 1, "“a” appears twice; nobody could tell them apart."),
        ("A?{=a ~}", 1, "One of its answers is empty."),
        ("A?{=a ~b ~c ~d ~e ~f ~g ~h ~i}", 1, "It has 9 answers; more than 8 are not shown."),
        ("A?{\n=a\n=b*}", 3, "* stands for any letters there; here an answer is a whole text."),
        ("A?{=a =%50%b}", 1, "An answer that is partly right has no counterpart: it counts or it does not."),
        ("A?{#\n=12\n=13}", 2, "Exactly one number has to be right."),
        ("A?{#twelve}", 1, "“twelve” is not a number like 12.5."),
        ("A?{#1e99}", 1, "The number 1e99 is too large or too small."),
        ("A?{#0.1234567}", 1, "The number 0.1234567 has more than six places."),
        ("A?{#5:-1}", 1, "A tolerance is not below zero."),
        ("A?{" + "=a" * 101 + "}", 1, "It has 101 answers; that is too many to read."),
        ("A?{=" + "a" * 100_000 + "}", 1, "It has 100,005 characters, more than 100,000."),
        ("{=a ~b}", 1, "It asks nothing: the text of the question is empty."),
        ("A {number}?", 1, "Answers begin with = for a right one or ~ for a wrong one; here there is neither."),
        (r"A \{number\}?{#5}", 1, "“{number}” in its text would show the right answer. Word it differently."),
        ('A <img src="x.png">?{T}', 1, "It shows an image or another file. Files are not imported."),
        ("[markdown]A ![x](y.png)?{T}", 1, "It shows an image or another file. Files are not imported."),
    ],
)
def test_question_is_refused_with_its_line(text, line, reason):
    entry = one(text)
    assert (entry.line, entry.refusal, entry.record) == (line, reason, {})


def test_one_name_twice_is_refused_the_second_time():
    first, second = gift.read("::A::One?{T}\n\n::A::Two?{T}")
    assert (first.refusal, second.refusal) == ("", "It has the same name as the question in line 1.")


@pytest.mark.parametrize("text", ["// nothing", "$CATEGORY: a"])
def test_file_without_a_question_is_refused(text):
    with pytest.raises(FileRefused, match="There is no question in this file"):
        gift.read(text)


def test_what_is_left_out_is_said():
    entry = one("A?{=a ~%-50%b ####In general.}")
    assert entry.warnings == ["The general feedback is left out.", "Points taken away for a wrong choice are left out."]


def written(**fields):
    return gift_writing.write([Written("Q1.02", {"type": "single", "stem": "A?"} | fields, competency="STR")])


def test_written_as_moodle_reads_it():
    choices = [choice("a=b", 1, "Yes."), choice("c", 0) | {"misconception": "x"}]
    assert written(stem="One: {x}\n\nTwo", choices=choices) == (
        "// [id:Q1.02] [tag:competency:STR]\n::Q1.02::[markdown]One\\: \\{x\\}\\n\\nTwo{\n\t=a\\=b#Yes.\n\t~c\n}\n"
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"type": "ordering", "items": []}, "GIFT has no questions of this type."),
        ({"choices": [choice("%50%", 1), choice("b", 0)]}, "which is a weight in GIFT"),
        ({"choices": [choice("![x](/static/x.png)", 1), choice("b", 0)]}, "It shows an image"),
        (
            {"type": "matching", "pairs": [{"left": "a->b", "right": "c"}], "extras": []},
            "A left side holds “->”, which parts the sides in GIFT.",
        ),
        (
            {"type": "short", "accepted": ["a->b"], "mistakes": []},
            "holds “->”, which makes pairs in GIFT.",
        ),
    ],
)
def test_what_gift_cannot_say_is_not_written(fields, reason):
    with pytest.raises(CannotWrite, match=re.escape(reason)):
        written(**fields)


def test_drawn_numbers_are_written_as_one_example():
    fields = {
        "type": "numeric",
        "stem": "{features} features in {months} months?",
        "formula": "net_first_year",
        "parameters": {
            "investment": 1000,
            "features": 4,
            "months": {"min": 1, "max": 5, "step": 1},
            "margin": {"min": 100, "max": 300, "step": 100},
        },
        "tolerance": {"percent": 0.5},
        "solution": "It is {answer}.",
        "feedback": {"right": "Yes, {answer}.", "wrong": ""},
        "mistakes": [],
    }
    assert written(**fields) == (
        "// [id:Q1.02] [tag:competency:STR]\n"
        "// One example: investment 1000, features 4, months 3, margin 200\n"
        "::Q1.02::[markdown]4 features in 3 months?{#\n\t=%100%1400:7#Yes, 1,400.\n\t####It is 1,400.\n}\n"
    )
