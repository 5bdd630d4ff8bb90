import pytest

import lessons.content
from lessons.links import Site
from quizzes import content, linting
from tests import folders

HEAD = folders.QUIZ.partition("slots:")[0]


def question(number, *texts, kind="single", stem="What?"):
    """One question with these choices, the best with a plus in front."""
    best = 1 if kind == "single" else 2
    lines = [
        f"- id: Q1.{number:02}",
        f"  type: {kind}",
        "  competency: STR",
        "  bloom: apply",
        f'  stem: "{stem}"',
        "  choices:",
    ]
    for text in texts:
        lines += [f'  - text: "{text.lstrip("+")}"', f"    score: {best if text[0] == '+' else 0}", "    feedback: So."]
        lines += [] if text[0] == "+" else ["    misconception: swap"]
    return "\n".join(lines) + "\n"


def faults(tmp_path, *questions, intro="Five questions."):
    """(line, reason) of each fault of a quiz with these questions."""
    ids = ", ".join(text.split()[2] for text in questions)
    quiz = (
        HEAD.replace("Five questions.", intro) + f"slots:\n- {{questions: [{ids}]}}\nquestions:\n" + "".join(questions)
    )
    folder = lessons.content.read(folders.write(tmp_path / "cto", {"1-one/quiz.yaml": quiz}))
    quizzes = content.read(folder)
    assert folder.report.problems == []
    found = list(linting.faults(quizzes, Site(linting.pages(folder, quizzes))))
    assert {problem.file for problem in found} <= {str(tmp_path / "cto/1-one/quiz.yaml")}
    return [(problem.line, problem.reason) for problem in found]


def test_the_small_course_has_nothing_to_mend(tmp_path):
    folder = lessons.content.read(folders.write(tmp_path / "cto"))
    assert list(linting.faults(content.read(folder), Site({}))) == []


def test_links_in_questions_and_to_the_check(tmp_path):
    fine = question(1, "+one", "two", stem="See [this](/cto/lessons/1/check/).")
    assert faults(tmp_path, fine) == []
    assert faults(tmp_path, fine, question(2, "+one", "two", stem="See [this](/cto/lessons/2/check/).")) == [
        (32, "the link /cto/lessons/2/check/ leads nowhere")
    ]


def test_a_question_says_that_the_company_is_fictional_unless_the_intro_does(tmp_path):
    questions = question(1, "+Harbourline", "two"), question(2, "+one", "two", stem="At Harbourline (fictional)?")
    assert faults(tmp_path, *questions) == [(15, "Q1.01: Harbourline without the word fictional")]
    assert faults(tmp_path, *questions, intro="About a fictional company.") == []


# ---- keys that tell


LONG, SHORT = ("+three", "one"), ("+one", "three")


@pytest.mark.parametrize("kinds", [[LONG] * 3 + [SHORT] * 7, [LONG] * 3, [("+three", "seven", "one")] * 7])
def test_keys_as_long_as_others_pass(tmp_path, kinds):
    """30% are allowed, two of the same length tell nothing, and fewer than four questions do not either."""
    found = faults(tmp_path, *(question(number, *texts) for number, texts in enumerate(kinds, 1)))
    assert [reason for _line, reason in found if "longest" in reason] == []


def test_keys_that_are_the_longest_are_a_fault(tmp_path):
    questions = [question(1, *LONG), question(2, *LONG, kind="scenario"), question(3, *SHORT), question(4, *SHORT)]
    assert faults(tmp_path, *questions) == [
        (14, "the key is the longest choice in 2 of 4 questions, 30% are allowed: Q1.01, Q1.02")
    ]


def test_the_length_of_a_choice_is_what_learners_see(tmp_path):
    marked = ("+[one](https://example.com/a-long-address)", "three")
    assert faults(tmp_path, *(question(number, *marked) for number in range(1, 5))) == []


A, B, C = ("+one", "two", "six"), ("one", "+two", "six"), ("one", "two", "+six")


@pytest.mark.parametrize("kinds", [[A, A, A, B, B, B, C, C], [A] * 7])
def test_keys_spread_over_places_pass(tmp_path, kinds):
    """Fewer than eight say nothing."""
    assert faults(tmp_path, *(question(number, *texts) for number, texts in enumerate(kinds, 1))) == []


def test_keys_in_one_place_are_a_fault(tmp_path):
    kinds = [B, A, B, C, B, A, B, C]
    assert faults(tmp_path, *(question(number, *texts) for number, texts in enumerate(kinds, 1))) == [
        (14, "the key is b in 4 of 8 questions, 45% are allowed: Q1.01, Q1.03, Q1.05, Q1.07")
    ]


# ---- dates


@pytest.mark.parametrize(
    "texts",
    [
        ("+In 1987, by profit", "In 1999, by law"),
        ("+€1500", "€1600"),
        ("+5 days", "6 days"),
        ("+An act of 2022", "None"),
        ("+2,030 orders", "€2030"),
        ("+Now", "In 2026"),
    ],
)
def test_questions_that_no_date_decides_pass(tmp_path, texts):
    assert faults(tmp_path, question(1, *texts)) == []


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (("+In the 1950s", "In the 1980s", "In the early 2000s"), "its choices differ by dates only"),
        (("+On 1 May", "On 2 June"), "its choices differ by dates only"),
        (("+From August 2026 on", "Never"), "its key holds a date that will pass, 2026: From August 2026 on"),
    ],
)
def test_questions_that_a_date_decides_are_faults(tmp_path, texts, reason):
    assert faults(tmp_path, question(1, *texts)) == [(15, f"Q1.01: {reason}")]


def test_dates_in_pairs_and_items():
    assert list(linting.date_dependent({"items": [{"text": "In 2021"}, {"text": "In 2025"}]})) == [
        "its key holds a date that will pass, 2025: In 2025"
    ]
    assert list(linting.date_dependent({"pairs": [{"left": "A", "right": "since 2024"}], "extras": []})) == [
        "its key holds a date that will pass, 2024: since 2024"
    ]
    assert list(linting.date_dependent({"formula": "net_over_years", "stem": "From 2026 on?"})) == []


# ---- the report


def test_cited_and_summary(tmp_path):
    folder = lessons.content.read(folders.write(tmp_path / "cto"))
    quizzes = content.read(folder)
    assert linting.cited(quizzes) == {"R1"}
    assert linting.summary(quizzes[0]) == {
        "questions": 6,
        "types": {"single": 1, "multiple": 1, "scenario": 1, "numeric": 1, "matching": 1, "ordering": 1},
        "one_best": 2,
        "places": {"a": 2},
        "longest": 0,
    }
