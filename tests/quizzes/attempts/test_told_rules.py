"""The list of rules is remembered by all that it says: in other hands, another zone, another hour it says its own."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.template.loader import render_to_string
from django.utils import timezone

from lessons.models import Unit
from lessons.templatetags import page
from progress import overviews
from quizzes import attempts
from quizzes.attempts import front_page, standing
from tests import factories
from tests.factories import NOW
from tests.quizzes.browsing import FRONT

OPENS, CLOSES = datetime(2026, 10, 20, 8, tzinfo=UTC), datetime(2026, 11, 20, 18, tzinfo=UTC)
WINDOW = {"opens_at": OPENS, "closes_at": CLOSES}
RULES = [
    {},
    {"attempts_allowed": 1},
    {"attempts_allowed": 3, "cool_down_minutes": 90, "keep": "last"},
    {"time_limit_minutes": 30, "keep": "first"},
    {"time_limit_minutes": 60, "learner_sets_time": True},
    {**WINDOW, "window": "everything", "feedback": "after_pass"},
    {**WINDOW, "window": "starting", "floor_percent": 50, "feedback": "score_only"},
    {"requires_checks": True, "feedback": "immediate"},
]
MOMENTS = [OPENS - timedelta(hours=1), OPENS, NOW, CLOSES, CLOSES + timedelta(days=1)]


def told(enrolment, *, at):
    version = standing.rules(enrolment.course, number=1)
    overview = overviews.read(enrolment.course, enrolment)
    return front_page.context(version, enrolment, overview=overview, at=at)["rules"]


@pytest.mark.parametrize("limits", RULES)
def test_what_is_remembered_is_what_is_rendered(course, cohort, limits):
    unit = Unit.objects.get(lesson__course=course, key="check")
    factories.quiz(unit, [factories.single(course, "A1"), factories.long(course, "L1")], **limits)
    places = [factories.enrolment(cohort), factories.enrolment(cohort, factories.user("Omar"), time_factor=Decimal(2))]
    pages = set()
    for turn in range(2):
        for zone in ("UTC", "Asia/Tokyo"):
            for enrolment, at in [(place, moment) for place in places for moment in MOMENTS]:
                with timezone.override(zone):
                    rules = told(enrolment, at=at)
                    plain = render_to_string("quizzes/_rules.html", {"rules": rules})
                    assert page.remembered_part("quizzes/_rules.html", rules=rules) == plain, (turn, zone, at)
                pages.add(plain)
    if "opens_at" in limits:
        # Not yet open, open, closed, and each of them in two zones.
        assert len(pages) == 6


def test_an_open_attempt_keeps_its_rules(course, enrolment, learner_client):
    unit = Unit.objects.get(lesson__course=course, key="check")
    questions = [factories.single(course, "A1")]
    quiz = factories.quiz(unit, questions, attempts_allowed=3)
    with time_machine.travel(NOW, tick=False):
        attempts.start(enrolment=enrolment, quiz=quiz, at=NOW)
        before = learner_client.get(FRONT).text
        factories.quiz(unit, questions, attempts_allowed=5)
        after = learner_client.get(FRONT).text
    assert ("These are the rules of attempt 1" in before, "These are the rules of attempt 1" in after) == (False, True)
    assert ("You have 3 attempts" in before, "You have 3 attempts" in after) == (True, True)
