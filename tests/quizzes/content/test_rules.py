"""Every kind of fault that the files of a check can have."""

from decimal import Decimal

import pytest

from quizzes.content import rules
from quizzes.questions import formulas
from tests import folders
from tests.quizzes.loading import PATH, problems


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("pass_percent: 82.5", "pass_percent: 101", 5, "pass_percent: 101 is not between 0 and 100"),
        ("pass_percent: 82.5", "pass_percent: 82.555", 5, "pass_percent: write the number plainly"),
        ("attempts_allowed: null", "attempts: null", 6, "unknown field attempts; did you mean attempts_allowed?"),
        ("keep: best", "keep: worst", 9, "keep: 'worst' is not one of best, last, first"),
        ("one_page: false", "one_page: no", 11, "one_page: write true or false, not 'no'"),
        ("key: check", "key: first", 1, "key: first is already a reading of this lesson"),
        ("{pick: 2,", "{pick: 5,", 14, "slots.2: 5 cannot be picked from 4"),
        ("[Q1.02, Q1.03]", "[Q1.02, Q1.09]", 13, "slots.1: there is no question Q1.09 in this file"),
        ("[Q1.01, Q1.04,", "[Q1.02, Q1.04,", 14, "slots.2: Q1.02 is in another slot already"),
        ("[Q1.02, Q1.03]", "[Q1.02, Q1.02]", 13, "slots.1.questions: Q1.02 stands here twice"),
        ("- id: Q1.02", "- id: Q1.01", 31, "id: Q1.01 is already in "),
        ("type: single", "type: guess", 17, "questions.1.type: 'guess' is not one of single, multiple, scenario"),
        ("  type: single\n", "", 16, "questions.1: the field type is missing"),
        ("bloom: remember", "bloom: recall", 19, "questions.1.bloom: 'recall' is not one of remember"),
        ("bloom: remember", "blom: remember", 19, "questions.1: unknown field blom; did you mean bloom?"),
        (
            "  competency: STR\n  bloom: remember",
            "  competency: FIN\n  bloom: remember",
            18,
            "competency: there is no competency FIN",
        ),
        ("sources: [R1]", "sources: [R9]", 20, "sources: there is no source R9"),
        (
            "unit: first\n  stem: What",
            "unit: third\n  stem: What",
            21,
            "unit: there is no unit of this lesson with the key third",
        ),
        ("stem: What is *it*?", "stem: What is <b>it</b>?", 22, "questions.1.stem: HTML is not accepted"),
        (
            "    feedback: Right.\n  - text: That",
            "  - text: That",
            24,
            "questions.1.choices.1: the field feedback is missing",
        ),
        ("    misconception: swap\n", "", 27, "Q1.01 choices.2: a choice with score 0 names its misconception"),
        (
            "    score: 1\n    feedback: Right.\n",
            "    score: 1\n    misconception: x\n    feedback: Right.\n",
            24,
            "Q1.01 choices.1: only a choice with score 0 has a misconception",
        ),
        (
            "score: 1\n    feedback: Right.\n",
            "score: 0\n    misconception: x\n    feedback: Right.\n",
            23,
            "Q1.01 choices: exactly one choice has score 1, here 0 have",
        ),
        (
            "score: 0\n    misconception: swap",
            "score: 1",
            23,
            "Q1.01 choices: exactly one choice has score 1, here 2 have",
        ),
        (
            "score: 1\n    feedback: Right.\n",
            "score: 2\n    feedback: Right.\n",
            25,
            "questions.1.choices.1.score: 2 is not between 0 and 1",
        ),
        ("text: That", "text: This", 23, "Q1.01 choices: 'This' stands here twice"),
        (
            "credit: right_minus_wrong",
            "credit: some",
            37,
            "questions.2.credit: 'some' is not one of all, each, right_minus_wrong",
        ),
        (
            "    score: 0\n    misconception: guess",
            "    score: 1",
            39,
            "Q1.02 choices: at least one choice has score 1 and at least one 0",
        ),
        (
            "score: 2\n    feedback: Best.",
            "score: 1\n    feedback: Best.",
            59,
            "Q1.03 choices: exactly one choice is the best and has score 2, here 0",
        ),
        (
            "    score: 0\n    misconception: haste",
            "    score: 1",
            59,
            "Q1.03 choices: at least one choice has score 0",
        ),
        ("formula: net_over_years", "formula: magic", 77, "Q1.04 formula: there is no formula magic; known are "),
        ("formula: gain_over_years", "formula: magic", 94, "Q1.04 mistakes.1: there is no formula magic; known are "),
        ("    years: 3\n", "", 77, "Q1.04 formula: the formula net_over_years needs the parameter years"),
        (
            "    years: 3\n",
            "    years: 3\n    decades: 3\n",
            78,
            "Q1.04 parameters: no formula of this question uses decades",
        ),
        ("    years: 3\n", "    Years: 3\n", 79, "questions.4.parameters: 'Years' is not a name made of small letters"),
        ("{percent: 0.5}", "{percent: 0.5, absolute: 1}", 84, "Q1.04 tolerance: give either percent or absolute"),
        ("{percent: 0.5}", "{}", 84, "Q1.04 tolerance: give either percent or absolute"),
        ("min: 3, max: 5, step: 1", "min: 5, max: 5, step: 1", 78, "Q1.04 parameters: features: max is not above min"),
        (
            "min: 3, max: 5, step: 1",
            "min: 3, max: 5, step: 3",
            78,
            "Q1.04 parameters: features: steps of 3 from 3 never reach 5",
        ),
        (
            "min: 3, max: 5, step: 1",
            "min: 3, max: 5, step: 0",
            80,
            "questions.4.parameters.features.step: 0 is not between",
        ),
        ("min: 3, max: 5, step: 1", "min: 3, max: 5", 80, "questions.4.parameters.features: the field step is missing"),
        (
            "min: 3, max: 5, step: 1",
            "min: 1, max: 1000, step: 1",
            78,
            "Q1.04 parameters: 135,000 combinations are more than 10,000",
        ),
        ("for €{investment}k?", "for €{price}k?", 76, "Q1.04 stem: {price} is not a parameter"),
        ("€{margin}k,", "€{answer}k,", 76, "Q1.04 stem: {answer} is not a parameter"),
        (
            "{min: 900, max: 1300, step: 50}",
            "0",
            94,
            "Q1.04 mistakes.1: gain_over_years gives 1440, which counts as right beside 1440, for years 3",
        ),
        (
            "  - left: B\n    right: beta\n    feedback: B is beta.\n",
            "",
            105,
            "questions.5.pairs: needs 3 to 8 entries, has 2",
        ),
        ("right: delta", "right: alpha", 105, "Q1.05 pairs: 'alpha' stands here twice"),
        ("left: B", "left: A", 105, "Q1.05 pairs: 'A' stands here twice"),
        ("  - text: Then\n    feedback: In the middle.\n", "", 128, "questions.6.items: needs 3 to 8 entries, has 2"),
        ("text: Then", "text: First", 128, "Q1.06 items: 'First' stands here twice"),
    ],
)
def test_fault(folder, old, new, line, reason):
    folders.change(folder, PATH, old, new)
    found = problems(folder)
    assert any((file, at) == (PATH, line) and text.startswith(reason) for file, at, text in found), found


def test_all_faults_are_listed_at_once(folder):
    folders.change(folder, PATH, "keep: best", "keep: worst")
    folders.change(folder, PATH, "bloom: remember", "bloom: recall")
    folders.change(folder, PATH, "    misconception: guess\n", "")
    folders.change(folder, PATH, "text: Then", "text: First")
    folders.change(folder, PATH, "{pick: 2,", "{pick: 5,")
    assert [line for _file, line, _reason in problems(folder)] == [9, 14, 19, 46, 127]


def test_an_id_is_one_in_the_course(folder):
    folders.write(
        folder,
        {"2-two/quiz.yaml": folders.QUIZ.replace("unit: first", "unit: third").replace("unit: second", "unit: third")},
    )
    lines = [number for number, line in enumerate(folders.QUIZ.split("\n"), 1) if line.startswith("- id:")]
    assert problems(folder) == [
        ("2-two/quiz.yaml", line, f"id: Q1.0{number} is already in {folder}/{PATH}")
        for number, line in enumerate(lines, 1)
    ]


def test_the_combinations_that_are_tried_are_spread_over_all():
    parameters = {"a": {"min": 0, "max": 99, "step": 1}, "b": {"min": 0, "max": 99, "step": 1}, "c": 0.5}
    tried = list(rules.combinations(parameters))
    assert len(tried) == rules.TRIED_COMBINATIONS
    assert {drawn["a"] for drawn in tried} == set(map(Decimal, range(100)))
    assert tried[1] == {"a": Decimal(0), "b": Decimal(5), "c": Decimal("0.5")}


def test_a_formula_that_fails_is_reported(monkeypatch):
    def ratio(*, a, b):
        return a / b

    monkeypatch.setitem(formulas.FORMULAS, "ratio", ratio)
    asked = {"formula": "ratio", "parameters": {"a": 1, "b": {"min": 0, "max": 2, "step": 1}}, "mistakes": []}
    assert list(rules.values(asked, {"absolute": 0})) == [
        ("parameters", "the formula fails for a 1, b 0: DivisionByZero")
    ]
