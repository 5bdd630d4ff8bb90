"""The number that is shown as right is right when somebody types it: refused wherever a question or a key comes in."""

import random
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import lessons.content
from lessons.models import Lesson
from quizzes import content
from quizzes.content import rules
from quizzes.exchange import planning
from quizzes.models import QuestionVersion, Regrade
from quizzes.questions import draw, numbers, scoring
from quizzes.regrading import refusals
from quizzes.regrading.invariants import right_numbers_count_as_shown
from quizzes.regrading.refusals import RegradeRefused
from tests import factories, folders
from tests.factories import NOW
from tests.quizzes.writing import TYPED, common, new, problems

#: The right number, the tolerance, and how the number is shown.
OUTSIDE = [
    ("3.14159", {"absolute": 0}, "3.14"),
    ("0.12345", {"absolute": 0.00001}, "0.123"),
    ("1234.567", {"absolute": 0.001}, "1,234.57"),
    ("99.995", {"percent": 0.001}, "100"),
]
INSIDE = [
    ("3.14", {"absolute": 0}),
    ("3.14159", {"absolute": 0.00159}),
    ("0.12345", {"absolute": 0.00045}),
    ("1234.567", {"absolute": 0.003}),
    ("1234", {"absolute": 0}),
    ("-0.5", {"absolute": 0}),
    ("0", {"absolute": 0}),
    ("99.995", {"percent": 0.006}),
]


def fixed(number, tolerance, **more):
    return {"formula": "fixed_number", "parameters": {"number": number}, "tolerance": tolerance} | more


def reason(number, shown, more=""):
    return f"{number} is shown as {shown}, which would not count as right; give a wider tolerance{more}"


@pytest.mark.parametrize(("number", "tolerance", "shown"), OUTSIDE)
def test_number_outside_its_tolerance(number, tolerance, shown):
    asked = fixed(number, tolerance)
    assert scoring.shown_number(asked, parameters=asked["parameters"], language="en-gb") == shown
    assert list(rules.shown_wrong(asked)) == [("tolerance", reason(number, shown))]


@pytest.mark.parametrize(("number", "tolerance"), INSIDE)
def test_number_inside_its_tolerance(number, tolerance):
    assert list(rules.shown_wrong(fixed(number, tolerance, answer_unit="€k"))) == []


def test_unit_that_would_be_read_as_a_part_of_the_number():
    found = list(rules.shown_wrong(fixed("5", {"absolute": 0}, answer_unit="100 g")))
    assert found == [("tolerance", reason("5", "5 100 g"))]


def test_every_combination_is_tried():
    """8,400 are more than the other rules try; the first of those that do not fit is named."""
    ranges = {"people": {"min": 1, "max": 84, "step": 1}, "current": {"min": 1, "max": 100, "step": 1}, "target": 0.25}
    asked = {"formula": "people_to_move", "parameters": ranges, "tolerance": {"absolute": 0.005}}
    assert list(rules.shown_wrong(asked)) == []
    narrow = asked | {"tolerance": {"absolute": 0.0049}}
    first = next(
        (drawn, right)
        for drawn in rules.combinations(ranges, most=rules.MOST_COMBINATIONS)
        if abs(numbers.rounded(right := drawn["people"] * (drawn["current"] - drawn["target"]) / 100) - right)
        > Decimal("0.0049")
    )
    drawn, right = first
    shown = numbers.write(numbers.rounded(right))
    assert list(rules.shown_wrong(narrow)) == [
        ("tolerance", reason(rules.plain(right), shown, f", for {rules.numbers_in_words(drawn)}"))
    ]


# ---- Wherever a number comes in


@pytest.mark.parametrize(("number", "tolerance", "shown"), OUTSIDE)
def test_form_refuses_it(client_of, instructor, course, number, tolerance, shown):
    ((kind, size),) = tolerance.items()
    typed = {
        "formula": "fixed_number",
        "parameters-number-value": number,
        "tolerance": f"{Decimal(str(size)):f}",
        "tolerance_in": kind,
        "stem": "How much?",
        "solution": "It is {answer}.",
    }
    one = Lesson.objects.get(course=course, number=1)
    without_mistakes = {"mistakes-TOTAL_FORMS": 0, "mistakes-INITIAL_FORMS": 0}
    given = common(course) | TYPED["numeric"] | typed | without_mistakes
    given = {name: value for name, value in given.items() if not name.startswith(("mistakes-0", "parameters-m"))}
    response = client_of(instructor).post(new("numeric", one), given)
    assert response.status_code == 400
    assert problems(response) == [f"Tolerance: {reason(number, shown)}"]
    assert not QuestionVersion.objects.drafts().exists()


@pytest.mark.parametrize(("number", "tolerance", "shown"), OUTSIDE)
def test_course_files_are_refused(tmp_path, number, tolerance, shown):
    ((kind, size),) = tolerance.items()
    asked = f"""- id: Q1.90
  type: numeric
  competency: STR
  bloom: apply
  sources: []
  unit: first
  stem: How much?
  formula: fixed_number
  parameters:
    number: {number}
  tolerance: {{{kind}: {Decimal(str(size)):f}}}
  solution: It is {{answer}}.
  feedback:
    right: Right.
    wrong: Wrong.
"""
    folder = folders.write(tmp_path / "cto")
    folders.write(folder, {"1-one/quiz.yaml": folders.read(folder)["1-one/quiz.yaml"] + asked})
    files = lessons.content.read(folder)
    content.read(files)
    found = [problem.reason for problem in files.report.problems]
    assert found == [f"Q1.90 tolerance: {reason(number, shown)}"]


@pytest.mark.parametrize(("number", "tolerance", "shown"), [each for each in OUTSIDE if "absolute" in each[1]])
@pytest.mark.parametrize("format_", ["gift", "moodle"])
def test_import_refuses_it(number, tolerance, shown, format_):
    near = f"{Decimal(str(tolerance['absolute'])):f}"
    text = {
        "gift": f"How much?{{#{number}:{near}}}",
        "moodle": '<quiz><question type="numerical"><name><text>N</text></name><questiontext><text>How much?</text>'
        f'</questiontext><answer fraction="100"><text>{number}</text><tolerance>{near}</tolerance></answer>'
        "</question></quiz>",
    }[format_]
    (entry,) = planning.entries_of(text, format_)
    assert entry.refusal == f"Its right number could not be answered: {reason(number, shown)}."
    assert entry.record == {}


@pytest.mark.parametrize(("number", "tolerance", "shown"), OUTSIDE)
def test_regrade_refuses_it(course, number, tolerance, shown):
    body = fixed(
        float(number), {"percent": 50}, mistakes=[], feedback={"right": "Yes.", "wrong": "No."}, solution="So."
    )
    version = factories.question(course, "N.1", "numeric", body, {"stem": "<p>How much?</p>"}).versions.get()
    details = {"tolerance": {name: f"{Decimal(str(size)):f}" for name, size in tolerance.items()}}
    with pytest.raises(RegradeRefused) as refused:
        refusals.check_details(version, "new_key", details)
    assert str(refused.value) == f"With this key the right number could not be answered: {reason(number, shown)}."
    refusals.check_details(version, "new_key", {"tolerance": {"percent": "1"}})


@pytest.mark.parametrize("texts", [["..."], ["Conway's law", "\u200b"], ["x" * 201]])
def test_regrade_refuses_texts_that_cannot_be_answered(course, texts):
    version = factories.short(course, "S.1").versions.get()
    with pytest.raises(RegradeRefused):
        refusals.check_details(version, "new_key", {"accepted": texts})
    with pytest.raises(RegradeRefused):
        refusals.check_details(version, "accept", {"answers": texts})


@pytest.mark.django_db
def test_a_question_of_before_is_found(course):
    """What was published before this was looked at is told by `verify_invariants`, until its key is corrected."""
    factories.numeric(course, "N.3")
    assert right_numbers_count_as_shown() == []
    body = fixed(3.14159, {"absolute": 0}, mistakes=[], feedback={"right": "Yes.", "wrong": "No."}, solution="So.")
    version = factories.question(course, "N.4", "numeric", body, {"stem": "<p>How much?</p>"}).versions.get()
    assert right_numbers_count_as_shown() == [f"N.4 v1: {reason('3.14159', '3.14')}"]
    decided = {"policy": "new_key", "details": {"tolerance": {"percent": "1"}}, "reason": "Too narrow."}
    Regrade.objects.create(question_version=version, decided_by=factories.user("Ines"), decided_at=NOW, **decided)
    assert right_numbers_count_as_shown() == []


# ---- For all of them


NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=6, allow_nan=False)
TOLERANCES = st.one_of(
    st.decimals(min_value=0, max_value=10, places=6).map(lambda size: {"absolute": float(size)}),
    st.decimals(min_value=0, max_value=50, places=4).map(lambda size: {"percent": float(size)}),
)


@settings(max_examples=200, deadline=None)
@given(number=NUMBERS, tolerance=TOLERANCES, unit=st.sampled_from([None, "€k", "%", "days", "m2", "people a year"]))
def test_what_is_not_refused_scores_as_it_is_shown(number, tolerance, unit):
    asked = fixed(number, tolerance, answer_unit=unit)
    assume(not list(rules.shown_wrong(asked)))
    shown = scoring.shown_number(asked, parameters={"number": number}, language="en-gb")
    for text in (shown, f"{shown} {unit or ''}"):
        assert scoring.fraction("numeric", asked, text, parameters={"number": number}) == 1


@settings(max_examples=50, deadline=None)
@given(
    low=st.integers(1, 50),
    turns=st.integers(1, 20),
    step=st.sampled_from(["0.25", "0.5", "1", "7"]),
    people=st.integers(1, 400),
    tolerance=TOLERANCES,
    seed=st.integers(0, 10**6),
)
def test_what_is_not_refused_scores_for_whoever_is_asked(low, turns, step, people, tolerance, seed):
    ranges = {"min": low, "max": low + turns * float(step), "step": float(step)}
    parameters = {"people": people, "current": ranges, "target": 1}
    asked = {"formula": "people_to_move", "parameters": parameters, "tolerance": tolerance}
    assume(not list(rules.shown_wrong(asked)))
    drawn = draw.parameters(asked, rng=random.Random(seed))
    shown = scoring.shown_number(asked, parameters=drawn, language="en-gb")
    assert scoring.fraction("numeric", asked, shown, parameters=drawn) == 1


@pytest.mark.django_db
def test_preview_of_an_author_answers_with_the_shown_number(client_of, instructor, course):
    version = factories.numeric(course, "N.2").versions.get()
    page = client_of(instructor).get(reverse("admin:quizzes_questionversion_preview", args=[version.pk]))
    assert "1,400" in page.text


@pytest.mark.parametrize(
    ("stem", "unit", "found"),
    [
        ("How much is it? Answer in €k, with one decimal.", None, "the question says “Answer in €k”, so this is €k"),
        ("What share? Answer in\npercent.", "share", "the question says “Answer in percent”, so this is %"),
        ("What share? Answer in\npercent.", "%", None),
        ("How much is it, in €k?", None, None),
    ],
)
def test_a_number_knows_the_unit_in_which_it_is_asked(stem, unit, found):
    got = list(rules.unit_unsaid({"stem": stem, "answer_unit": unit}))
    assert got == ([("answer_unit", found)] if found else [])


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("€2,040k", "€k", 2040),
        ("€2,040 k", "€k", 2040),
        ("2040 €k", "€k", 2040),
        ("1150 k", "€k", 1150),
        ("1150 k€", "€k", 1150),
        ("12%", "%", 12),
        ("12 per cent", "%", 12),
    ],
)
def test_the_asked_unit_stands_around_the_number(typed, unit, value):
    assert numbers.read(typed, unit=unit) == value


@pytest.mark.parametrize(("typed", "unit"), [("€1150", "€k"), ("1150 m", "€k"), ("1150 k", ""), ("12 €", "%")])
def test_another_unit_is_not_taken_for_it(typed, unit):
    with pytest.raises(numbers.Unreadable):
        numbers.read(typed, unit=unit)
