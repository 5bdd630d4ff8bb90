"""Frames (lessons.reader.frames): rendered once for all, filled for each."""

import re

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohorts.models import Role
from lessons.models import Course, Unit
from lessons.reader import frames
from plans.models import Note
from progress import recording
from quizzes import attempts
from quizzes.models import Quiz
from tests import factories
from tests.factories import NOW

TOKENS = re.compile(r'value="[A-Za-z0-9]{64}"')
UNITS = ("first", "second", "third")


def pages(client, address, message=""):
    """A page by its frame, and the same page rendered in full, as an address with a query is; tokens differ anyway."""
    texts = []
    for path in (address, f"{address}?in=full"):
        if message:
            with_message(client, message)
        response = client.get(path)
        assert response.status_code == 200
        assert (message == "") == ('class="messages"' not in response.text)
        texts.append(TOKENS.sub('value="…"', response.text))
    return texts[0], texts[1].replace(f"{address}?in=full", address)


def with_message(client, text):
    """What a view before this page had to say."""
    request, response = HttpRequest(), HttpResponse()
    storage = CookieStorage(request)
    storage.add(messages.INFO, text)
    storage.update(response)
    client.cookies.update(response.cookies)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    done=st.sets(st.sampled_from(UNITS)),
    unit=st.sampled_from(UNITS),
    at_home=st.booleans(),
    seen=st.sampled_from([None, *UNITS]),
    message=st.sampled_from(["", "Saved <b>.", "{{ user }}"]),
    name=st.sampled_from(["", "Nadia Osei", "<b>Zoë</b> & Co", "{{ user }}"]),
    theme=st.sampled_from(["", "dark", "light", "<x>"]),
    note=st.sampled_from([None, "", "Ask <Ines> & 'Omar'.", "{% csrf_token %}"]),
    staff=st.booleans(),
    manager=st.booleans(),
    attempt=st.booleans(),
)
def test_frame_with_holes_is_the_page_rendered_in_full(
    client, done, unit, at_home, seen, message, name, theme, note, staff, manager, attempt
):
    course = factories.course(key=f"course-{next(factories.numbers)}")
    enrolment = factories.enrolment(factories.cohort(course=course))
    person = enrolment.user
    type(person).objects.filter(pk=person.pk).update(name=name, is_staff=staff)
    units = {each.key: each for each in Unit.objects.filter(lesson__course=course)}
    for key in done:
        recording.mark_done(enrolment=enrolment, unit=units[key], at=NOW)
    if note is not None:
        Note.objects.create(enrolment=enrolment, unit=units[unit], text=note, revision=1, saved_at=NOW)
    if manager:
        Role.objects.create(cohort=enrolment.cohort, user=person, kind=Role.Kind.MANAGER)
    if attempt:
        quiz = Quiz.objects.get(unit__lesson__course=course)
        attempts.start(enrolment=enrolment, quiz=quiz, at=timezone.now())
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["theme"] = theme
    if seen:
        recording.note_position(enrolment=enrolment, unit=units[seen], anchor="part-2", at=NOW)
    address = reverse("progress:home", args=[course.key]) if at_home else units[unit].get_absolute_url()
    framed, full = pages(client, address, message)
    assert framed == full


def test_two_people_share_a_frame_and_nothing_else(client_of, cohort):
    """What one wrote and is called stands on their own page only."""
    one, two = (factories.enrolment(cohort, factories.user(name)) for name in ("Nadia Osei", "Farid Rahimi"))
    unit = Unit.objects.get(key="first")
    for enrolment, text in ((one, "A secret of Nadia."), (two, "A secret of Farid.")):
        Note.objects.create(enrolment=enrolment, unit=unit, text=text, revision=1, saved_at=NOW)
    recording.mark_done(enrolment=one, unit=unit, at=NOW)
    shown = []
    for enrolment in (one, two, one):
        page = client_of(enrolment.user).get("/cto/lessons/1/first/").content.decode()
        words = ["Nadia", "Farid", "A secret of Nadia.", "A secret of Farid.", "You have done this section."]
        shown.append([word for word in words if word in page])
    nadia, farid = ["Nadia", "A secret of Nadia.", "You have done this section."], ["Farid", "A secret of Farid."]
    assert shown == [nadia, farid, nadia]


def test_tag_that_asks_for_a_request_fails_when_the_frame_is_made():
    """Otherwise the next step of whoever came first would stand on everybody's page."""
    with pytest.raises(KeyError, match="request"):
        frames.frame("lessons/lessons.html", {"course": Course(key="cto")})


@pytest.mark.parametrize(
    ("template", "name"),
    [("_components/messages.html", "messages"), ("progress/_way_in.html", "enrolment")],
)
def test_template_that_asks_for_what_is_personal_fails_when_the_frame_is_made(template, name):
    """Otherwise it would be left out without a word."""
    with pytest.raises(frames.PersonalInFrame, match=name):
        frames.frame(template, {})


def test_holes_are_escaped_unless_they_are_safe_and_asked_once():
    asked = []

    def name(request):
        asked.append(request)
        return "<b>"

    made = frames.Frame(("a ", " b ", " c"), (name, name))
    request = HttpRequest()
    assert made.filled(request) == "a &lt;b&gt; b &lt;b&gt; c"
    assert asked == [request]
