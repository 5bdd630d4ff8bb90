"""A question as it is read: each thing once, what is wrong with an answer at its field, the way straight to it; what a
number was taken for, and by which rule choices count."""

import re
from functools import partial

import pytest
from django.utils.html import escape

from quizzes.questions.types.numeric import Numeric
from tests import factories
from tests.quizzes.browsing import address, begin, fields
from tests.tight import tight

pytestmark = pytest.mark.django_db
PLACES = range(1, 7)
SKIP = re.compile(r'<a class="skip" href="#([\w-]+)">')


@pytest.fixture
def six(course):
    return factories.six_types(course)


@pytest.fixture
def pages(learner_client, six):
    attempt = begin(learner_client)
    return [tight(learner_client.get(f"{address('attempt', attempt)}?q={place}").text) for place in PLACES]


def test_the_stem_gives_no_part_of_the_page_its_name(pages):
    """It was read as the name of a region and of a group as well; both are called by number and hint."""
    named = [re.findall(r'aria-labelledby="([^"]*q\d[^"]*)"', page) for page in pages]
    assert [[name for name in names if "stem" in name] for names in named] == [[]] * 6
    assert [re.findall(r'<fieldset[^>]* aria-labelledby="([^"]*)"', page) for page in pages] == [
        ["question q1-hint"],
        ["question q2-hint"],
        ["question q3-hint"],
        [],
        ["question q5-hint"],
        ["question q6-hint"],
    ]


def test_the_heading_of_the_question_is_where_one_lands(pages):
    for place, page in enumerate(pages, 1):
        assert f'<h1 id="question" tabindex="-1" autofocus>Question {place} of 6</h1>' in page
        assert SKIP.findall(page) == ["question"]


def test_on_one_page_every_question_is_called_by_its_number(learner_client, course, check):
    factories.quiz(check.unit, [factories.single(course, f"A{n}") for n in range(2)], one_page=True)
    page = tight(learner_client.get(address("attempt", begin(learner_client))).text)
    assert re.findall(r'<section class="question"[^>]* aria-labelledby="([^"]*)"', page) == ["q1-number", "q2-number"]
    assert re.findall(r'<h2 class="question-number" id="(q\d-number)">', page) == ["q1-number", "q2-number"]
    assert re.findall(r'<fieldset[^>]* aria-labelledby="([^"]*)"', page) == ["q1-number q1-hint", "q2-number q2-hint"]
    assert SKIP.findall(page) == ["question"]


def test_the_button_that_enter_presses_is_not_read_out(pages):
    hidden = [re.findall(r'<button class="visually-hidden"[^>]*>', page) for page in pages]
    assert [['aria-hidden="true"' in button and 'tabindex="-1"' in button for button in each] for each in hidden] == [
        [True]
    ] * 6


@pytest.mark.parametrize(
    ("position", "answer", "invalid"),
    [
        (1, {"answer": "z"}, ["fieldset"]),
        (2, {"answer": ["z"]}, ["input"] * 5),
        (4, {"answer": "many"}, ["input"]),
        (5, {"answer-a": "z"}, ["select"] * 3),
        (6, {"order": ["a", "a", "b", "c"]}, ["select"] * 4),
    ],
)
def test_a_refused_answer_is_marked_on_what_it_was_given_with(learner_client, six, position, answer, invalid):
    """A radio button cannot be invalid, its group can."""
    attempt = begin(learner_client)
    page = learner_client.post(address("save", attempt), fields(position, **answer))
    assert page.status_code == 400
    html = tight(page.text)
    assert re.findall(r'<(\w+)[^>]* aria-invalid="true"', html) == invalid
    problem = re.search(rf'id="q{position}-problem" data-problem aria-live="polite">([^<]+)<', html)[1]
    assert f'<li data-problem-of="{position}"><a href="#q{position}-answer">Question {position}: {problem}' in html
    untouched = tight(learner_client.get(f"{address('attempt', attempt)}?q={position}").text)
    assert "aria-invalid" not in untouched
    assert f'id="q{position}-problem" data-problem aria-live="polite"></p>' in untouched


@pytest.mark.parametrize(
    ("position", "right", "wrong", "still"),
    [
        (4, {"answer": "77"}, {"answer": "xx"}, "The answer saved before still counts: 77 €k"),
        (2, {"answer": ["a", "c"]}, {"answer": ["z"]}, "The answer saved before still counts: "),
    ],
)
def test_what_is_saved_is_said_to_count_while_another_answer_is_refused(
    learner_client, six, position, right, wrong, still
):
    """ "Saved at 14:02" and "1 answered" speak of an answer that the page does not show any more."""
    attempt = begin(learner_client)
    save = address("save", attempt)
    assert "still counts" not in learner_client.post(save, fields(position, **wrong)).text
    learner_client.post(save, fields(position, **right))
    page = tight(learner_client.post(save, fields(position, 1, **wrong)).text)
    problem = re.search(rf'id="q{position}-problem" data-problem aria-live="polite">([^<]+)<', page)[1]
    assert still in problem
    assert page.count(problem) == 2
    told = learner_client.post(save, fields(position, 1, **wrong), headers={"accept": "application/json"})
    assert still in told.json()["reason"]


# ---- What a number was taken for -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read", "in_words"),
    [
        ("1.400", "Read as 1.4 €k", "1.4 €k (typed: 1.400)"),
        ("1,260", "Read as 1,260 €k", "1,260 €k"),
        ("€1,400k", "Read as 1,400 €k", "1,400 €k"),
        ("‑1\u2007400", "Read as −1,400 €k", "−1,400 €k"),
        ("1400", "Read as 1,400 €k", "1,400 €k"),
        ("1400,50", "Read as 1,400.5 €k", "1,400.5 €k (typed: 1400,50)"),
    ],
)
def test_a_number_is_echoed_as_it_was_read(learner_client, course, check, typed, read, in_words):
    """At once to the autosave, at the field, on the review, and beside the right answer on the result."""
    factories.quiz(check.unit, [factories.numeric(course, "N")])
    attempt = begin(learner_client)
    page = f"{address('attempt', attempt)}?q=1"
    empty = 'id="q1-read" role="status"></span>'
    assert empty in learner_client.get(page).text
    reply = learner_client.post(
        address("save", attempt), fields(1, answer=typed), headers={"accept": "application/json"}
    )
    assert reply.json()["read"] == read
    assert f'id="q1-read" role="status">{read}</span>' in learner_client.get(page).text
    assert f'answered <span class="muted num">{read}</span>' in learner_client.get(address("review", attempt)).text
    assert f"> {in_words}" in learner_client.get(address("answers", attempt)).text
    learner_client.post(address("submit", attempt))
    assert f'<dd class="num">{escape(in_words)}</dd>' in learner_client.get(address("result", attempt)).text


@pytest.mark.parametrize(
    ("typed", "unit", "read"),
    [
        ("1", "years", "Read as 1 (years)"),
        ("-1", "working days", "Read as −1 (working days)"),
        ("2", "years", "Read as 2 years"),
        ("1", "€k", "Read as 1 €k"),
        ("1", "%", "Read as 1 %"),
    ],
)
def test_one_of_a_unit_in_words_is_no_plural(typed, unit, read):
    assert Numeric().read_as({"formula": "", "answer_unit": unit}, typed, "en-gb") == read


def test_a_number_that_is_taken_back_is_echoed_as_nothing(learner_client, course, check):
    factories.quiz(check.unit, [factories.numeric(course, "N"), factories.single(course, "S")])
    attempt = begin(learner_client)
    json = {"accept": "application/json"}
    learner_client.post(address("save", attempt), fields(1, answer="5"), headers=json)
    reply = learner_client.post(address("save", attempt), fields(1, revision=1, answer=""), headers=json)
    assert reply.json()["read"] == ""
    assert "read" not in learner_client.post(address("save", attempt), fields(2, answer="a"), headers=json).json()


def test_a_refused_number_says_the_unit_and_echoes_nothing(learner_client, course, check):
    factories.quiz(check.unit, [factories.numeric(course, "N")])
    attempt = begin(learner_client)
    page = tight(learner_client.post(address("save", attempt), fields(1, answer="12 parsecs")).text)
    assert 'aria-live="polite">Enter one number in €k, like 1,234.5</p>' in page
    assert 'id="q1-read" role="status"></span>' in page


def test_every_number_has_the_same_keys(learner_client, course, check):
    """The whole keyboard, or with the script a keypad and a key for the sign: which one needs a minus is not told."""
    factories.quiz(check.unit, [factories.numeric(course, "N")])
    page = learner_client.get(address("attempt", begin(learner_client))).text
    assert "inputmode" not in page
    assert 'data-sign-of="q1-answer" hidden>' in page


# ---- By which rule choices count -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("credit", "said"),
    [
        ("all", "They count together: all of them and no other."),
        ("each", "Each choice counts: ticked if it applies, left empty if not."),
        ("right_minus_wrong", "Right minus wrong: each wrong choice takes away what a right one gives."),
    ],
)
def test_the_question_says_how_several_choices_count(learner_client, course, check, credit, said):
    factories.quiz(check.unit, [factories.multiple(course, "M", credit=credit)])
    page = tight(learner_client.get(address("attempt", begin(learner_client))).text)
    assert f'<legend id="q1-hint">Choose all that apply. {said}</legend>' in page


# ---- What a part of the points is for ------------------------------------------------------------------------------

EACH = partial(factories.multiple, credit="each")
PART = re.compile(r'<p class="counted">([^<]+)</p>')


@pytest.mark.parametrize(
    ("question", "answer", "points", "said"),
    [
        (
            factories.ordering,
            {"order": ["a", "d", "b", "c"]},
            "0.67 of 1",
            ["2 of 3 pairs of neighbours are in the right order."],
        ),
        (factories.ordering, {"order": ["c", "a", "d", "b"]}, "1 of 1", []),
        (factories.ordering, {"order": ["b", "d", "a", "c"]}, "0 of 1", []),
        (
            factories.matching,
            {"answer-a": "r2", "answer-b": "r2", "answer-c": "r3"},
            "0.33 of 1",
            ["1 of 3 lines is matched correctly."],
        ),
        (
            factories.multiple,
            {"answer": ["a", "c", "b"]},
            "0.33 of 1",
            ["2 right minus 1 wrong, of 3 that are right."],
        ),
        (factories.multiple, {"answer": ["a", "b"]}, "0 of 1", ["1 right minus 1 wrong, of 3 that are right."]),
        (EACH, {"answer": ["a", "b"]}, "0.40 of 1", ["2 of 5 choices are judged correctly."]),
        (factories.scenario, {"answer": "b"}, "1 of 2", []),
    ],
)
def test_a_part_of_the_points_says_what_it_is_for(learner_client, course, check, question, answer, points, said):
    factories.quiz(check.unit, [question(course, "Q")])
    attempt = begin(learner_client)
    learner_client.post(address("save", attempt), fields(1, **answer) | {"save": "review"})
    learner_client.post(address("submit", attempt))
    page = learner_client.get(address("result", attempt)).text
    assert (PART.findall(page), points in page) == (said, True)
