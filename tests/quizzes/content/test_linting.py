import pytest

import lessons.content
from lessons.linting.links import Site
from quizzes import content
from quizzes.content import linting
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
    found = list(linting.faults(quizzes, Site(linting.pages(folder, quizzes.quizzes))))
    assert {problem.file for problem in found} <= {str(tmp_path / "cto/1-one/quiz.yaml")}
    return [(problem.line, problem.reason) for problem in found]


def exam_faults(tmp_path, *questions, head=""):
    """(line, reason) of each fault of an exam with these questions; the quiz of the small course has none."""
    exam = head + "questions:\n" + "".join(questions).replace("Q1.", "E.STR.")
    folder = lessons.content.read(folders.write(tmp_path / "cto", {"exam.yaml": exam}))
    found = list(linting.faults(content.read(folder), Site({})))
    assert folder.report.problems == []
    assert {problem.file for problem in found} <= {str(tmp_path / "cto/exam.yaml")}
    return [(problem.line, problem.reason) for problem in found]


@pytest.mark.parametrize("more", [{}, {"exam.yaml": folders.EXAM}])
def test_the_small_course_has_nothing_to_mend(tmp_path, more):
    folder = lessons.content.read(folders.write(tmp_path / "cto", more))
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


# ---- the exam


def test_every_rule_over_questions_holds_for_the_exam(tmp_path):
    questions = [
        question(1, *LONG, stem="See [this](/cto/nowhere/)."),
        question(2, *LONG, stem="At Harbourline?"),
        question(3, "+From 2026 on", "Never"),
        *(question(number, *SHORT) for number in range(4, 9)),
    ]
    assert sorted(exam_faults(tmp_path, *questions)) == [
        (1, "the key is a in 8 of 8 questions, 45% are allowed: " + ", ".join(f"E.STR.0{n}" for n in range(1, 9))),
        (1, "the key is the longest choice in 3 of 8 questions, 30% are allowed: E.STR.01, E.STR.02, E.STR.03"),
        (6, "the link /cto/nowhere/ leads nowhere"),
        (15, "E.STR.02: Harbourline without the word fictional"),
        (28, "E.STR.03: its key holds a date that will pass, 2026: From 2026 on"),
    ]


def test_the_exam_and_the_quiz_are_judged_apart(tmp_path):
    """The quiz has two keys at a and the exam six: eight, of which nothing is said."""
    assert exam_faults(tmp_path, *(question(number, *SHORT) for number in range(1, 7))) == []


def of(**held):
    return [{"competency": competency} for competency, count in held.items() for _number in range(count)]


ENOUGH = {"STR": 15, "FIN": 21, "TEC": 15, "REL": 18, "INN": 12, "PPL": 15, "INF": 12, "CHG": 12}
#: A third of it, each competency in two cells.
CELLS = [{"competency": key, "pick": pick} for key, held in ENOUGH.items() for pick in (1, held // 3 - 1)]


@pytest.mark.parametrize(
    ("held", "gaps"),
    [
        ({}, []),
        ({"STR": 99}, []),
        (ENOUGH, []),
        (ENOUGH | {"FIN": 40, "NEW": 1}, []),
        (ENOUGH | {"FIN": 20}, ["FIN has 20 questions, three forms of the exam want 21"]),
        (
            ENOUGH | {"REL": 0, "CHG": 1, "STR": 50},
            [
                "REL has 0 questions, three forms of the exam want 18",
                "CHG has 1 question, three forms of the exam want 12",
            ],
        ),
        (
            {"STR": 100},
            [
                f"{competency} has 0 questions, three forms of the exam want {wanted}"
                for competency, wanted in ENOUGH.items()
                if competency != "STR"
            ],
        ),
    ],
)
def test_blueprint_gaps(held, gaps):
    assert linting.blueprint_gaps(of(**held), CELLS) == gaps
    assert linting.blueprint_gaps(of(**held), []) == []


def test_a_pool_that_cannot_fill_its_forms_is_a_fault(tmp_path):
    """Judged from 100 questions on."""
    questions = [question(number, *[(A, B, C)[number % 3], SHORT][number % 2]) for number in range(1, 101)]
    cell = "blueprint:\n- {competency: STR, bloom: [apply], scenario: false, pick: 34}\n"
    head = HEAD.replace("key: check", "key: exam") + cell
    reasons = [reason for _line, reason in exam_faults(tmp_path, *questions[:99], head=head)]
    assert [reason for reason in reasons if "forms" in reason] == []
    found = exam_faults(tmp_path, *questions, head=head)
    line = head.count("\n") + 1
    assert [fault for fault in found if "forms" in fault[1]] == [
        (line, "STR has 100 questions, three forms of the exam want 102")
    ]


# ---- the report


def test_table():
    questions = [
        {"competency": "FIN", "bloom": "apply", "type": "numeric"},
        {"competency": "STR", "bloom": "apply", "type": "single"},
        {"competency": "FIN", "bloom": "apply", "type": "numeric"},
        {"competency": "FIN", "bloom": "analyse", "type": "single"},
    ]
    assert linting.table(questions) == {
        "FIN": {"apply": {"numeric": 2}, "analyse": {"single": 1}},
        "STR": {"apply": {"single": 1}},
    }
    assert linting.table([]) == {}


def test_cited_and_summary(tmp_path):
    exam = folders.EXAM.replace("sources: []", "sources: [R2]")
    files = content.read(lessons.content.read(folders.write(tmp_path / "cto", {"exam.yaml": exam})))
    assert linting.cited(files) == {"R1", "R2"}
    assert (
        linting.summary(files.quizzes[0])
        == linting.summary(files.exam)
        == {
            "questions": 6,
            "types": {"single": 1, "multiple": 1, "scenario": 1, "numeric": 1, "matching": 1, "ordering": 1},
            "one_best": 2,
            "places": {"a": 2},
            "longest": 0,
        }
    )
