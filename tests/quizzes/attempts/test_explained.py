"""What is remembered of a result is what is rendered anew: for every type, answer, release and language."""

from itertools import product

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from lessons.models import Unit
from quizzes import attempts
from quizzes.asking import explanation
from quizzes.asking.release import Release
from quizzes.attempts import explained
from quizzes.attempts.lookups import Reread
from quizzes.grading import in_force, runs
from quizzes.models import Attempt, AttemptItem, GradingRun, ItemScore, Regrade
from tests import factories
from tests.factories import NOW
from tests.quizzes import taking
from tests.quizzes.browsing import address

#: Right, partly right and wrong for each type, in the order of `check`.
ANSWERS = [
    *(answers for _build, *answers in factories.SIX_TYPES.values()),
    ("lead time", "velocity", "no idea"),
    ({"1": "lead time", "2": "2a"}, {"1": "velocity", "2": "2a"}, {"1": "no", "2": "2b"}),
    ("We lose €2m.", "We lose.", "<b>No</b>"),
]
RELEASES = [Release(answers=True, key=True), Release(answers=True, key=False)]
#: Of the course there are texts in English only; numbers are read and written in the language of the attempt.
LANGUAGES = ["en-gb", "pt"]


@pytest.fixture
def check(course):
    """A check with a question of every type, each with a unit to reread."""
    unit, first = (Unit.objects.get(lesson__course=course, key=key) for key in ("check", "first"))
    makers = [build for build, *_answers in factories.SIX_TYPES.values()]
    makers += [factories.short, factories.gaps, factories.long]
    questions = [make(course, f"E{place}", lesson=unit.lesson, unit=first) for place, make in enumerate(makers, 1)]
    return factories.quiz(unit, questions)


def read(enrolment, check, level):
    """A graded attempt with the answers of a level, 3 for none at all; its long text was read."""
    answers = [each[level] if level < 3 else None for each in ANSWERS]
    attempt = taking.started(enrolment, check, *answers)
    attempts.close(attempt=attempt, as_of=NOW, by=Attempt.ClosedBy.LEARNER)
    if attempt.is_awaiting:
        item = AttemptItem.objects.get(attempt=attempt, question_version__type="long")
        readings = {item.pk: runs.Reading({"a": 2, "b": 1}, "A figure & no source.")}
        attempts.grade_again(attempt=attempt, reason=GradingRun.Reason.REVIEWED, at=NOW, readings=readings)
    return taking.whole(attempt)


def plain(attempt, allowed, lines):
    """The explanations of the scores in force, from the objects of their models."""
    related = ("item__question_version__competency", "item__response")
    scores = ItemScore.objects.in_force().filter(run__attempt=attempt).select_related(*related)
    pages = []
    for score in scores.order_by("item__position"):
        score.item.attempt = attempt
        in_force.correct([score])
        question = explanation.explained(score, allowed)
        context = {"question": question, "allowed": allowed, "reread": lines.get(question.unit_id)}
        pages.append(render_to_string("quizzes/_explained.html", context))
    return pages


def remembered(attempt, allowed, lines):
    return explained.html_of(attempt, explained.questions(attempt), allowed, lines)


def test_what_is_remembered_is_what_is_rendered(cohort, check):
    users = [factories.user(f"Learner {level}", language=LANGUAGES[level % 2]) for level in range(4)]
    taken = [read(factories.enrolment(cohort, user), check, level) for level, user in enumerate(users)]
    first = Unit.objects.get(key="first")
    rereads = [{}, {first.pk: Reread(first.pk, "Why & how", 5, "/cto/lessons/1/first/")}]
    pages = set()
    # Twice, so that each meets what all the others have left.
    for language, _turn, allowed, lines, attempt in product(LANGUAGES, range(2), RELEASES, rereads, taken):
        with translation.override(language):
            html = remembered(attempt, allowed, lines)
            assert html == plain(attempt, allowed, lines)
            assert len(html) == len(ANSWERS)
        pages.add("".join(html))
    # Each level, with the key and without; with the key, to be reread or not.
    assert len(pages) >= 4 * 3 - 1


@pytest.mark.parametrize("policy", ["full_credit", "drop"])
def test_a_correction_shows_at_once(enrolment, check, operator, policy):
    attempt = read(enrolment, check, 2)
    allowed = RELEASES[0]
    before = remembered(attempt, allowed, {})
    version = attempt.items.get(position=1).question_version
    Regrade.objects.create(
        question_version=version, policy=policy, details={}, reason="It was off.", decided_by=operator
    )
    after = remembered(attempt, allowed, {})
    assert "It was off." in after[0]
    assert "It was off." not in before[0]
    assert after[1:] == before[1:]
    assert after == plain(attempt, allowed, {})


def test_a_new_run_shows_at_once(enrolment, check):
    attempt = read(enrolment, check, 1)
    before = remembered(attempt, RELEASES[0], {})
    item = attempt.items.get(question_version__type="long")
    readings = {item.pk: runs.Reading({"a": 3, "b": 2}, "Better than I thought.")}
    attempts.grade_again(attempt=attempt, reason=GradingRun.Reason.REVIEWED, at=NOW, readings=readings)
    after = remembered(attempt, RELEASES[0], {})
    assert (before[:-1], "Better than I thought." in after[-1]) == (after[:-1], True)


def test_another_wording_with_the_same_id_is_another_key(enrolment, check):
    """Nothing relies on ids: what is remembered goes by the texts."""
    attempt = read(enrolment, check, 0)
    before, (one, *_rest) = remembered(attempt, RELEASES[0], {}), explained.questions(attempt)
    other = one._replace(wording=one.wording._replace(rendered=one.wording.rendered.replace("<p>", "<p>Now: ")))
    assert other.version == one.version
    (html,) = explained.html_of(attempt, [other], RELEASES[0], {})
    assert ("Now: " in html, "Now: " in before[0]) == (True, False)


def test_the_address_of_a_unit_is_that_of_today(learner_client, enrolment, check):
    attempt = read(enrolment, check, 2)
    page = learner_client.get(address("result", attempt)).text
    assert 'href="/cto/lessons/1/first/"' in page
    Unit.objects.filter(key="first").update(retired_at=timezone.now())
    assert 'href="/cto/lessons/1/first/"' not in learner_client.get(address("result", attempt)).text
