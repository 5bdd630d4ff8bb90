"""The page of an assignment: the task, how it is judged, and two answers to compare with."""

import re

import pytest

from lessons.models import Lesson, Unit
from progress.models import LearningEvent
from tests import factories
from tests.tight import tight

pytestmark = pytest.mark.django_db

URL = "/cto/lessons/1/assignment/"


@pytest.fixture
def assignment(course):
    return factories.assignment(Lesson.objects.get(number=1))


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_page_shows_the_task_the_rubric_and_two_answers(learner_client, assignment):
    html = learner_client.get(URL).text
    assert html.count("<h1>Assignment</h1>") == 1
    said = words(html[html.index('<h2 id="the-task">') : html.index('<div class="next">')])
    assert said == (
        "The task Write a page. Length Two pages . "
        "How it is judged 1 Emerging 2 Developing 3 Proficient 4 Exemplary "
        "Clarity None. Some. Clear. Clear and short . "
        "Two answers to compare A weak answer A slogan. "
        "A model answer Write your own first. Then compare. A figure."
    )
    assert re.findall(r"<details class=\"wide answer\"( open)?>", html) == ["", ""]
    assert '<th scope="rowgroup" colspan="4" role="rowheader">Clarity</th>' in html
    assert '<div class="wide scroll rubric-wide" tabindex="0" role="region" aria-labelledby="how-it-is-judged">' in html
    assert "45 minutes" in html


def test_page_has_the_notes_and_nothing_to_mark_done(learner_client, enrolment, assignment):
    """Nothing can be handed in yet, so the way on is only a link; a form that was opened before marks nothing."""
    html = learner_client.get(URL).text
    assert f'action="{URL}note/"' in html
    assert "Mark done" not in html
    assert re.findall(r'<a class="btn btn-primary" href="(.*?)">(\w+)', tight(html)) == [
        ("/cto/lessons/2/third/", "Continue")
    ]
    response = learner_client.post(f"{URL}done/", {"then": "next"}, follow=True)
    assert response.redirect_chain == [("/cto/lessons/2/third/", 302)]
    assert "An assignment is there to be read for now. It is not marked done." in response.text
    assert not LearningEvent.objects.exists()


def test_outline_has_it_after_the_check(learner_client, assignment):
    html = learner_client.get("/cto/lessons/1/first/").text
    assert html.index('href="/cto/lessons/1/check/"') < html.index(f'href="{URL}"')


def test_other_pages_have_no_assignment(learner_client, assignment):
    assert "A slogan." not in learner_client.get("/cto/lessons/1/first/").text


def test_unit_without_a_published_assignment_is_a_page_all_the_same(learner_client, course):
    factories.unit(Lesson.objects.get(number=1), "assignment", position=4, kind=Unit.Kind.ASSIGNMENT)
    response = learner_client.get(URL)
    assert (response.status_code, "the-task" in response.text) == (200, False)


def test_texts_are_escaped_or_rendered(learner_client, course):
    made = factories.assignment(Lesson.objects.get(number=1))
    # Around the model, as nothing that was loaded could be.
    version = made.versions.get()
    version.pk, version.number, version.length = None, 2, "<script>alert(1)</script>"
    version.criteria = [{"title": "<script>alert(2)</script>", "levels": ["<script>alert(3)</script>"] * 4}]
    made.versions.update(state="past")
    version.save(force_insert=True)
    html = learner_client.get(URL).text
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in html


def test_statements_do_not_grow(learner_client, assignment, django_assert_max_num_queries):
    with django_assert_max_num_queries(10) as first:
        learner_client.get(URL)
    for number in range(10):
        factories.unit(assignment.unit.lesson, f"more-{number}", position=5 + number)
    with django_assert_max_num_queries(len(first)):
        learner_client.get(URL)


def test_visitor_is_sent_to_sign_in(client, assignment):
    assert client.get(URL).status_code == 302
