"""A question as it is read out: each thing once, what is wrong with an answer at its field, the way straight to it."""

import re

import pytest

from tests import factories
from tests.quizzes.test_views import address, begin, fields

pytestmark = pytest.mark.django_db
PLACES = range(1, 7)
SKIP = re.compile(r'<a class="skip" href="#([\w-]+)">')


@pytest.fixture
def six(course):
    return factories.six_types(course)


@pytest.fixture
def pages(learner_client, six):
    attempt = begin(learner_client)
    return [learner_client.get(f"{address('attempt', attempt)}?q={place}").text for place in PLACES]


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
    page = learner_client.get(address("attempt", begin(learner_client))).text
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
    assert re.findall(r'<(\w+)[^>]* aria-invalid="true"', page.text) == invalid
    problem = re.search(rf'id="q{position}-problem" data-problem aria-live="polite">([^<]+)<', page.text)[1]
    assert f'<li data-problem-of="{position}"><a href="#q{position}-answer">Question {position}: {problem}' in page.text
    untouched = learner_client.get(f"{address('attempt', attempt)}?q={position}").text
    assert "aria-invalid" not in untouched
    assert f'id="q{position}-problem" data-problem aria-live="polite"></p>' in untouched
