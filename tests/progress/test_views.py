"""Home, marking done, and the last position."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from lessons.models import Course, Lesson, Unit
from progress import recording
from progress.models import EnrolmentSummary, LearningEvent, UnitState
from tests import factories
from tests.factories import NOW
from tests.tight import tight

pytestmark = pytest.mark.django_db


def text(response):
    html = response.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def primary(response):
    """Address and words of the one filled button."""
    found = re.findall(r'<a class="btn btn-primary" href="([^"]+)">(.*?)</a>', response.content.decode(), re.DOTALL)
    assert len(found) == 1
    return found[0][0], " ".join(re.sub(r"<[^>]+>", " ", found[0][1]).split())


def unit(key):
    return Unit.objects.select_related("lesson").get(key=key)


def finish(enrolment, *keys):
    for key in keys:
        recording.mark_done(enrolment=enrolment, unit=unit(key), at=NOW)


def pass_check(enrolment, percent="86.67"):
    payload = {"attempt": "a", "number": 1, "run": 1, "percent": percent, "passed": True, "keep": "best"}
    recording.record(
        enrolment=enrolment,
        unit=unit("check"),
        kind="quiz_graded",
        at=NOW,
        key="attempt:a:1",
        payload=payload,
        seen_at=NOW,
    )


# ---- Home ------------------------------------------------------------------------------------------------------------


def test_home_at_the_first_visit_starts_at_the_first_unit(learner_client):
    response = learner_client.get("/cto/home/")
    assert primary(response) == ("/cto/lessons/1/first/", "Start : First")
    page = text(response)
    assert "Start with lesson 1, about 15 minutes First 5 minutes" in page
    assert "0 of 4 sections done · About 20 minutes left" in page
    assert "0 of 2 lessons done" in page
    assert "Notes you take while reading appear here and in your First-100-Days plan." in page


def test_home_continues_at_the_heading_where_reading_stopped(learner_client, enrolment):
    finish(enrolment, "first")
    recording.note_position(enrolment=enrolment, unit=unit("third"), anchor="why", at=NOW)
    response = learner_client.get("/cto/home/")
    assert primary(response) == ("/cto/lessons/2/third/#why", "Continue : Third")
    assert "Lesson 2, section 1 of 1 Third 5 minutes · from where you left off" in text(response)


def to_do(response):
    """What stands behind "Next to do" or "Next check": address and title."""
    return re.findall(r'<p class="next-to-do">Next ([\w ]+): <a href="([^"]+)">([^<]+)</a>', tight(response.text))


@pytest.mark.parametrize("path", ["home/", "lessons/"])
def test_peeking_at_a_page_does_not_move_what_is_next_to_do(learner_client, enrolment, path):
    """The last position and the first required unit that is not done are two pointers, and both are shown."""
    finish(enrolment, "first")
    before = learner_client.get(f"/cto/{path}")
    assert (primary(before)[0], to_do(before)) == ("/cto/lessons/1/second/", [])
    recording.note_position(enrolment=enrolment, unit=unit("third"), anchor="", at=NOW + timedelta(hours=1))
    peeked = learner_client.get(f"/cto/{path}")
    assert primary(peeked)[0] == "/cto/lessons/2/third/"
    assert to_do(peeked) == [("to do", "/cto/lessons/1/second/", "Second")]
    finish(enrolment, "second")
    assert to_do(learner_client.get(f"/cto/{path}")) == [("check", "/cto/lessons/1/check/", "Check what stayed")]


def test_home_continues_after_the_unit_that_was_just_done(learner_client, enrolment):
    """Not at the first gap: who has jumped ahead goes on from there."""
    finish(enrolment, "second")
    response = learner_client.get("/cto/home/")
    assert primary(response) == ("/cto/lessons/1/check/", "Continue : Check what stayed")
    assert "1. Lesson one 1 of 3 sections" in text(response)


def test_home_comes_back_to_what_was_left_out(learner_client, enrolment):
    pass_check(enrolment)
    finish(enrolment, "third")
    assert primary(learner_client.get("/cto/home/")) == ("/cto/lessons/1/first/", "Continue : First")


def test_home_shows_finished_lessons_and_scores(learner_client, enrolment):
    finish(enrolment, "first", "second")
    pass_check(enrolment, percent="86.67")
    page = text(learner_client.get("/cto/home/"))
    assert "3 of 4 sections done · About 5 minutes left" in page
    assert "1 of 2 lessons done" in page
    assert "1. Lesson one Finished · Check: 86 of 100" in page


def test_home_when_everything_is_done(learner_client, enrolment):
    finish(enrolment, "first", "second", "third")
    pass_check(enrolment)
    response = learner_client.get("/cto/home/")
    assert "Finished on 2 November 2026 You have done every required section of the course." in text(response)
    assert primary(response)[0] == "/cto/lessons/"


def test_home_when_everything_written_so_far_is_done(learner_client, enrolment):
    Lesson.objects.filter(number=2).update(outline=["More"])
    finish(enrolment, "first", "second", "third")
    pass_check(enrolment)
    response = learner_client.get("/cto/home/")
    assert "You have done every required section that is written so far." in text(response)
    assert "1 of 2 lessons done" in text(response)


def test_home_of_an_empty_course(learner_client):
    Unit.objects.update(retired_at=NOW)
    assert "Nothing of this course is published yet." in text(learner_client.get("/cto/home/"))


def test_home_when_the_last_unit_was_retired(learner_client, enrolment):
    recording.note_position(enrolment=enrolment, unit=unit("first"), anchor="why", at=NOW)
    Unit.objects.filter(key="first").update(retired_at=NOW)
    assert primary(learner_client.get("/cto/home/"))[0] == "/cto/lessons/1/second/"


@pytest.mark.parametrize(
    ("hour", "zone", "words"),
    [
        (0, "UTC", "Hello, Nadia."),
        (4, "UTC", "Hello, Nadia."),
        (5, "UTC", "Good morning, Nadia."),
        (12, "UTC", "Good afternoon, Nadia."),
        (18, "UTC", "Good evening, Nadia."),
        (18, "America/Sao_Paulo", "Good afternoon, Nadia."),
        (9, "Asia/Tokyo", "Good evening, Nadia."),
    ],
)
def test_home_greets_by_the_learners_own_clock(client_of, cohort, hour, zone, words):
    person = factories.enrolment(cohort, factories.user(time_zone=zone)).user
    with time_machine.travel(datetime(2026, 11, 2, hour, tzinfo=UTC), tick=False):
        assert words in text(client_of(person).get("/cto/home/"))


def test_home_greets_without_a_name(learner_client, learner):
    learner.name = ""
    learner.save()
    with time_machine.travel(datetime(2026, 11, 2, 9, tzinfo=UTC), tick=False):
        page = text(learner_client.get("/cto/home/"))
    assert page.startswith("Good morning. ")
    assert "@" not in page


def test_home_shows_nothing_of_other_learners(learner_client, cohort):
    other = factories.enrolment(cohort)
    finish(other, "first", "second")
    pass_check(other)
    page = text(learner_client.get("/cto/home/"))
    assert "0 of 4 sections done" in page
    assert "Check:" not in page


@pytest.mark.parametrize("path", ["home/", "lessons/1/first/done/", "lessons/1/first/position/"])
def test_learner_pages_need_an_account_and_a_place(client, client_of, cohort, path):
    response = client.get(f"/cto/{path}")
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next=/cto/{path}")
    response = client_of(factories.user()).get(f"/cto/{path}")
    assert (response.status_code, response["Location"]) == (302, "/cto/")


def test_home_statements_do_not_grow(learner_client, enrolment, course, cohort, django_assert_num_queries):
    finish(enrolment, "first")
    learner_client.get("/cto/home/")
    with django_assert_num_queries(8):
        learner_client.get("/cto/home/")
    for number in range(30):
        factories.unit(course.lessons.get(number=1), f"more-{number}", position=10 + number)
    for _ in range(10):
        finish(factories.enrolment(cohort), "first", "more-1")
    finish(enrolment, "more-1", "more-2")
    learner_client.get("/cto/home/")
    with django_assert_num_queries(8):
        learner_client.get("/cto/home/")


# ---- Mark done -------------------------------------------------------------------------------------------------------


def test_mark_done_goes_on_to_the_next_unit(learner_client, enrolment):
    response = learner_client.post("/cto/lessons/1/first/done/", {"then": "next", "anchor": ""})
    assert (response.status_code, response["Location"]) == (302, "/cto/lessons/1/second/")
    assert UnitState.objects.get(enrolment=enrolment, unit=unit("first")).state == "done"
    assert EnrolmentSummary.objects.get(enrolment=enrolment).units_done == 1


def test_mark_done_before_the_check_goes_to_the_check(learner_client):
    response = learner_client.post("/cto/lessons/1/second/done/", {"then": "next"})
    assert (response.status_code, response["Location"]) == (302, "/cto/lessons/1/check/")


def test_mark_done_at_the_end_goes_home(learner_client):
    response = learner_client.post("/cto/lessons/2/third/done/", {"then": "next"})
    assert (response.status_code, response["Location"]) == (302, "/cto/home/")


def test_mark_done_twice_is_once(learner_client):
    for _ in range(2):
        learner_client.post("/cto/lessons/1/first/done/", {"then": "next"})
    assert LearningEvent.objects.count() == 1


def test_stop_keeps_the_place_and_marks_nothing(learner_client, enrolment):
    response = learner_client.post("/cto/lessons/1/second/done/", {"then": "stop", "anchor": "why"})
    assert (response.status_code, response["Location"]) == (302, "/cto/home/")
    assert LearningEvent.objects.count() == 0
    assert primary(learner_client.get("/cto/home/"))[0] == "/cto/lessons/1/second/#why"


def test_stop_with_a_strange_anchor_keeps_the_unit(learner_client, enrolment):
    learner_client.post("/cto/lessons/1/second/done/", {"then": "stop", "anchor": '"><script>'})
    summary = EnrolmentSummary.objects.get(enrolment=enrolment)
    assert (summary.last_unit, summary.last_anchor) == (unit("second"), "")


def test_mark_done_by_link_marks_nothing(learner_client):
    response = learner_client.get("/cto/lessons/1/first/done/")
    assert (response.status_code, response["Location"]) == (302, "/cto/lessons/1/first/")
    assert LearningEvent.objects.count() == 0


@pytest.mark.parametrize("verb", ["done", "position"])
def test_a_unit_that_is_not_there_is_not_marked(learner_client, course, verb):
    """Retired, of another lesson, of another course, and a check, which is passed and not marked."""
    factories.unit(course.lessons.get(number=1), "gone", position=5)
    Unit.objects.filter(key="gone").update(retired_at=NOW)
    other = Course.objects.create(key="other", title="Other course")
    factories.unit(Lesson.objects.create(course=other, number=1, key="one", title="One", short_title="O"), "secret")
    for path in ["1/gone", "2/first", "1/secret", "1/check", "1/nowhere"]:
        assert learner_client.post(f"/cto/lessons/{path}/{verb}/", {"then": "next"}).status_code == 404
    assert LearningEvent.objects.count() == 0
    assert EnrolmentSummary.objects.count() == 0


def test_mark_done_without_a_token_is_refused(learner):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/cto/lessons/1/first/done/", {"then": "next"}).status_code == 403
    assert LearningEvent.objects.count() == 0


def test_mark_done_works_with_the_form_of_the_page(learner):
    """Without JavaScript: what the page's own form sends, token and all."""
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    html = client.get("/cto/lessons/1/first/").content.decode()
    form = html[html.index('<form method="post" action="/cto/lessons/1/first/done/"') :]
    form = form[: form.index("</form>")]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert 'name="then" value="next"' in form
    response = client.post("/cto/lessons/1/first/done/", fields | {"then": "next"}, follow=True)
    assert response.redirect_chain == [("/cto/lessons/1/second/", 302)]
    assert "1 of 4 sections done" in response.content.decode()


# ---- Position --------------------------------------------------------------------------------------------------------


def test_position_is_kept(learner_client, enrolment):
    response = learner_client.post("/cto/lessons/1/first/position/", {"anchor": "why"})
    assert (response.status_code, response.content) == (204, b"")
    summary = EnrolmentSummary.objects.get(enrolment=enrolment)
    assert (summary.last_unit, summary.last_anchor) == (unit("first"), "why")


@pytest.mark.parametrize("anchor", ["a b", '"><script>', "x" * 121, "a\nb"])
def test_position_with_a_strange_anchor_is_refused(learner_client, anchor):
    response = learner_client.post("/cto/lessons/1/first/position/", {"anchor": anchor})
    assert response.status_code == 400
    assert EnrolmentSummary.objects.count() == 0


def test_position_by_link_keeps_nothing(learner_client):
    response = learner_client.get("/cto/lessons/1/first/position/")
    assert (response.status_code, response["Location"]) == (302, "/cto/lessons/1/first/")
    assert EnrolmentSummary.objects.count() == 0
