"""An open attempt is named where its learner comes by: at home, on the list of lessons, the lesson and the outline."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from lessons.models import Unit
from progress import recording
from progress.models import EnrolmentSummary
from quizzes import attempts
from quizzes.models import Attempt, Question, Quiz
from tests import factories
from tests.factories import NOW
from tests.quizzes.taking import started
from tests.tight import tight

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def quiz(course):
    """The check of lesson 1, with half an hour for it."""
    return factories.quiz(Unit.objects.get(key="check"), list(Question.objects.all()), time_limit_minutes=30)


def said(client, path, *, at):
    """(what banners say of open attempts, what stands beside the check in lists of sections)."""
    with time_machine.travel(at, tick=False):
        page = tight(client.get(f"/cto/{path}").text)
    banners = re.findall(r'<p class="banner home-waiting open-attempt">(.*?)</p>', page)
    return [re.sub(r"<[^>]+>", "", each) for each in banners], re.findall(r'<span class="remark">(.*?)</span>', page)


@pytest.mark.parametrize(
    ("path", "banners", "remarks"),
    [("home/", 1, 0), ("lessons/", 1, 1), ("lessons/1/", 1, 1), ("lessons/2/", 0, 0), ("lessons/1/first/", 0, 1)],
)
def test_an_open_attempt_is_named_with_its_time_left(learner_client, enrolment, quiz, path, banners, remarks):
    """And not those of others, nor once its time is over or it has been sent."""
    assert said(learner_client, path, at=NOW) == ([], [])
    attempt = started(enrolment, quiz)
    started(factories.enrolment(enrolment.cohort), quiz)
    words = "attempt 1 is open, 19 min left"
    assert said(learner_client, path, at=NOW + 11 * MINUTE) == (
        [f"Check what stayed, {words}."] * banners,
        [words] * remarks,
    )
    assert said(learner_client, path, at=NOW + 30 * MINUTE) == ([], [])
    attempts.close(attempt=attempt, as_of=NOW + 12 * MINUTE, by=Attempt.ClosedBy.LEARNER)
    assert said(learner_client, path, at=NOW + 13 * MINUTE) == ([], [])


def test_an_open_attempt_comes_first_at_home_and_holds_the_main_button(learner_client, enrolment, quiz):
    """As help says: what its learner was reading stands behind it."""
    recording.note_position(enrolment=enrolment, unit=Unit.objects.get(key="second"), anchor="", at=NOW)
    attempt = started(enrolment, quiz)
    with time_machine.travel(NOW + MINUTE, tick=False):
        page = learner_client.get("/cto/home/").text
    address = attempt.get_absolute_url()
    assert f'<a href="{address}">Check what stayed</a>, attempt 1 is open' in page
    assert re.findall(r'<a class="btn btn-primary" href="([^"]+)"', page) == [address]
    assert 0 < page.index("attempt 1 is open") < page.index('id="home-next"') < page.index("Continue reading")
    told = tight(learner_client.get(reverse("help")).text)
    assert "first to a check or an exam that is open, with the time it has left, then by “Continue”" in told
    assert "to the section or check at which you were last or, once that is done, to the next one that is not" in told


def test_a_lesson_with_an_open_attempt_has_begun(learner_client, enrolment, quiz):
    """Also where nothing of it is done; before, it says so in these words."""
    half = "#half"
    untouched = tight(learner_client.get("/cto/lessons/").text)
    assert (untouched.count("Nothing done yet"), half in untouched) == (2, False)
    assert half not in learner_client.get("/cto/home/").text
    started(enrolment, quiz)
    EnrolmentSummary.objects.all().delete()
    with time_machine.travel(NOW + MINUTE, tick=False):
        page = tight(learner_client.get("/cto/lessons/").text)
        assert (page.count("In progress"), page.count("Nothing done yet")) == (1, 1)
        assert "0 of 3 sections" in learner_client.get("/cto/home/").text
        for path in ("home/", "lessons/1/first/"):
            assert learner_client.get(f"/cto/{path}").text.count(half) == 1


@pytest.mark.parametrize(
    ("limit", "words"),
    [(None, "attempt 1 is open"), (90, "attempt 1 is open, 1 h 29 min left"), (3000, "until 4 November, 11:30")],
)
def test_time_left_in_words(learner_client, enrolment, quiz, limit, words):
    """Minutes on the last day, the end before, nothing without a limit; the hour is the learner's."""
    factories.quiz(Unit.objects.get(key="check"), list(Question.objects.all()), time_limit_minutes=limit)
    started(enrolment, Quiz.objects.get())
    (remark,) = said(learner_client, "lessons/1/", at=NOW + MINUTE)[1]
    assert remark.endswith(words)


def test_a_visitor_sees_the_list_without(client, enrolment, quiz):
    started(enrolment, quiz)
    assert said(client, "lessons/", at=NOW + MINUTE) == ([], [])


@pytest.mark.parametrize(("path", "statements"), [("home/", 10), ("lessons/", 7), ("lessons/1/first/", 10)])
def test_statements_do_not_grow(learner_client, enrolment, quiz, path, statements, django_assert_max_num_queries):
    started(enrolment, quiz)
    with time_machine.travel(NOW + MINUTE, tick=False), django_assert_max_num_queries(statements):
        learner_client.get(f"/cto/{path}")
