"""An open attempt outlasts whatever becomes of its course: it is found, saved and sent while its clock runs."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cto_course import authoring
from lessons.models import Course, UnitVersion
from quizzes import attempts
from quizzes.models import Attempt, Question, QuizVersion, Response
from tests import factories

SENT = {"question": "2", "q2-answer": "a", "q2-revision": "0"}


@pytest.fixture
def attempt(course, enrolment, check):
    """An attempt at three questions, started a minute ago, with half an hour."""
    questions = [factories.single(course, f"K{n}") for n in range(3)]
    factories.quiz(check.unit, questions, time_limit_minutes=30)
    return attempts.start(enrolment=enrolment, quiz=check, at=timezone.now() - timedelta(minutes=1))


def address(attempt, name="attempt"):
    return reverse(f"quizzes:{name}", args=["cto", attempt.uuid])


def fewer_questions(course, check, operator):
    question = Question.objects.get(key="K0")
    draft = QuizVersion.objects.create(quiz=check, number=9)
    draft.slots.create(position=1).members.create(question=question, position=1)
    authoring.publish(draft, by=operator, at=timezone.now())


def fewer_in_the_text(course, check, operator):
    page = UnitVersion.objects.current().get(unit=check.unit)
    draft = UnitVersion.objects.create(unit=check.unit, number=9, title="Another title", minutes=1, required=False)
    authoring.publish(draft, by=operator, at=timezone.now())
    assert page.title != draft.title


def no_questions_left(course, check, operator):
    for question in Question.objects.filter(key__startswith="K"):
        authoring.retire(question, by=operator, at=timezone.now())


def retired_check(course, check, operator):
    authoring.retire(check.unit, by=operator, at=timezone.now())


def course_in_draft(course, check, operator):
    Course.objects.update(state=Course.State.DRAFT)


CHANGES = [fewer_questions, fewer_in_the_text, no_questions_left, retired_check, course_in_draft]


@pytest.mark.parametrize("change", CHANGES)
def test_open_attempt_is_reached_saved_and_sent(course, check, operator, learner_client, attempt, change):
    change(course, check, operator)
    pages = [address(attempt), f"{address(attempt)}?q=3", address(attempt, "review"), address(attempt, "answers")]
    assert [learner_client.get(page).status_code for page in pages] == [200] * 4
    assert learner_client.get(address(attempt, "clock"), headers={"accept": "application/json"}).json()["open"] is True
    saved = learner_client.post(address(attempt, "save"), SENT, headers={"accept": "application/json"})
    assert (saved.status_code, Response.objects.get(item__attempt=attempt, item__position=2).answer) == (200, "a")
    sent = learner_client.post(address(attempt, "submit"), follow=True)
    assert (sent.status_code, sent.redirect_chain) == (200, [(address(attempt, "result"), 302)])
    attempt.refresh_from_db()
    assert (attempt.state, attempt.closed_by, attempt.score, attempt.maximum) == ("graded", "learner", 1, 3)


@pytest.mark.parametrize("change", CHANGES)
def test_no_link_of_an_open_attempt_or_its_result_leads_nowhere(
    course, check, operator, learner_client, attempt, change
):
    change(course, check, operator)
    pages = [address(attempt), address(attempt, "review")]
    lost = {link for page in pages for link in links(learner_client.get(page).text) if is_lost(learner_client, link)}
    learner_client.post(address(attempt, "submit"))
    result = learner_client.get(address(attempt, "result")).text
    lost |= {link for link in links(result) if is_lost(learner_client, link)}
    assert lost == set()


def links(text):
    return set(re.findall(r'<a [^>]*href="(/[^"#]*)', text))


def is_lost(client, link):
    return client.get(link).status_code == 404


def test_people_without_a_place_do_not_find_a_course_in_draft(course, operator, client_of, attempt):
    course_in_draft(course, None, operator)
    stranger = client_of(factories.user("Sven Stranger"))
    assert {stranger.get(address(attempt, name)).status_code for name in ("attempt", "review", "result")} == {404}
    stranger.logout()
    assert "/accounts/login/" in stranger.get(address(attempt))["Location"]


def test_another_learner_does_not_find_the_attempt(course, cohort, operator, client_of, attempt):
    other = factories.enrolment(cohort=cohort, user_=factories.user("Otto Other"))
    course_in_draft(course, None, operator)
    names = ("attempt", "clock", "answers", "review", "result", "save", "submit")
    client = client_of(other.user)
    assert {client.post(address(attempt, name), SENT).status_code for name in ("save", "submit")} == {404}
    assert {client.get(address(attempt, name), follow=True).status_code for name in names} == {404}


def test_nothing_else_of_a_course_in_draft_is_found_and_nothing_new_begins(course, check, learner_client, attempt):
    course_in_draft(course, check, None)
    for page in ("/cto/home/", "/cto/lessons/", "/cto/lessons/1/", check.get_absolute_url(), "/cto/practice/"):
        assert learner_client.get(page).status_code == 404
    assert learner_client.post(check.start_url).status_code == 404
    assert Attempt.objects.count() == 1


def test_the_way_home_leads_to_the_attempt_while_its_course_is_in_draft(course, check, learner_client, attempt):
    assert learner_client.get("/home/")["Location"] == "/cto/home/"
    course_in_draft(course, check, None)
    assert learner_client.get("/home/")["Location"] == address(attempt)
    page = learner_client.get(address(attempt)).text
    assert "The course is closed. This attempt stays open: answer and send it as usual." in page
    learner_client.post(address(attempt, "submit"))
    assert "The course is closed. Your result stays here." in learner_client.get(address(attempt, "result")).text
    assert learner_client.get("/home/")["Location"] == "/"


def test_front_of_a_check_that_was_taken_out_leads_who_is_inside_to_the_attempt(
    check, operator, learner_client, client_of, attempt, cohort
):
    retired_check(None, check, operator)
    assert learner_client.get(check.get_absolute_url())["Location"] == address(attempt)
    learner_client.post(address(attempt, "submit"))
    assert learner_client.get(check.get_absolute_url()).status_code == 404
    result = learner_client.get(address(attempt, "result")).text
    assert "This check is not open any more." in result
    assert "Try again" not in result
