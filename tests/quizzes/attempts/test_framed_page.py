"""The page of an open attempt is a frame with holes, and byte for byte what it would be rendered in full."""

import re
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons.models import Course, Unit
from quizzes import attempts
from quizzes.models import Attempt, AttemptItem, Response
from tests import factories
from tests.factories import NOW
from tests.quizzes.taking import started

pytestmark = pytest.mark.django_db
TOKENS = re.compile(r'value="[A-Za-z0-9]{64}"')
SECOND = timedelta(seconds=1)


def page(client, address, *, at=NOW):
    with time_machine.travel(at, tick=False):
        response = client.get(address)
    assert response.status_code == 200
    return TOKENS.sub('value="…"', response.text)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    asked=st.integers(0, 8),
    answered=st.booleans(),
    flagged=st.booleans(),
    rules=st.fixed_dictionaries(
        {},
        optional={
            "time_limit_minutes": st.sampled_from([5, 60, 3000]),
            "feedback": st.sampled_from(["immediate", "after_pass"]),
            "one_page": st.booleans(),
        },
    ),
    passed=st.integers(0, 299),
    name=st.sampled_from(["", "Nadia Osei", "<b>Zoë</b> & Co", "{{ user }}"]),
    theme=st.sampled_from(["", "dark", "light", "<x>"]),
    closed=st.booleans(),
)
def test_frame_with_holes_is_the_page_rendered_in_full(
    client, asked, answered, flagged, rules, passed, name, theme, closed
):
    course = factories.course(key=f"course-{next(factories.numbers)}")
    enrolment = factories.enrolment(factories.cohort(course=course))
    unit = Unit.objects.get(lesson__course=course, key="check")
    makers = [build for build, *_rest in factories.SIX_TYPES.values()] + [factories.short, factories.long]
    made = [make(course, f"F{place}", lesson=unit.lesson) for place, make in enumerate(makers, 1)]
    attempt = started(enrolment, factories.quiz(unit, made, **rules))
    item = attempt.items.select_related("attempt", "question_version", "response").get(position=max(asked, 1))
    if answered and item.question_version.type in ("single", "scenario", "short", "long"):
        attempts.save(item=item, answer=item.choice_order[0] if item.choice_order else "<x>", revision=0, at=NOW)
    Response.objects.filter(item=item).update(flagged=flagged)
    if closed:
        Course.objects.filter(pk=course.pk).update(state=Course.State.DRAFT)
    type(enrolment.user).objects.filter(pk=enrolment.user_id).update(name=name)
    client.force_login(enrolment.user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["theme"] = theme
    address = f"{attempt.get_absolute_url()}?q={asked or ''}"
    framed, full = (page(client, text, at=NOW + passed * SECOND) for text in (address, f"{address}&in=full"))
    assert framed == full.replace("&amp;in=full", "")


def test_two_people_share_a_frame_and_nothing_else(client_of, cohort, course):
    """What one chose, flagged and is called stands on their own page only, and so do the addresses of their attempt."""
    unit = Unit.objects.get(key="check")
    quiz = factories.quiz(unit, [factories.short(course, "F1"), factories.short(course, "F2")])
    made = [
        (enrolment.user, started(enrolment, quiz, answer), answer)
        for enrolment, answer in (
            (factories.enrolment(cohort, factories.user("Nadia Osei")), "secret of Nadia"),
            (factories.enrolment(cohort, factories.user("Farid Rahimi")), "secret of Farid"),
        )
    ]
    words = [
        "Nadia Osei",
        "Farid Rahimi",
        *(answer for *_rest, answer in made),
        *(str(each.uuid) for _person, each, _answer in made),
    ]
    shown = []
    for person, attempt, _answer in (*made, made[0]):
        text = page(client_of(person), f"{attempt.get_absolute_url()}?q=1")
        shown.append([word for word in words if word in text])
    nadia, farid = words[0::2], words[1::2]
    assert shown == [nadia, farid, nadia]


def test_frame_follows_what_changes_around_it(learner_client, enrolment, course):
    """A renamed lesson, an extension, a flag, a sent answer: each is seen by the next request."""
    unit = Unit.objects.get(key="check")
    attempt = started(enrolment, factories.quiz(unit, [factories.short(course, "F1")], time_limit_minutes=60))
    address = f"{attempt.get_absolute_url()}?q=1"
    assert told(page(learner_client, address)) == ["1 h 0 min left", "0</span> answered"]
    unit.lesson.title = "Renamed"
    unit.lesson.save()
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=None, closes_at=None)
    item = AttemptItem.objects.select_related("attempt", "question_version", "response").get(attempt=attempt)
    attempts.save(item=item, answer="word", revision=0, at=NOW, flagged=True)
    assert told(page(learner_client, address)) == ["Renamed", "1</span> answered", 'q1-flagged"\n  value="0"']


def told(text):
    words = ["Renamed", "1 h 0 min left", "0</span> answered", "1</span> answered", 'q1-flagged"\n  value="0"']
    return [each for each in words if each in text]
