"""Who counts in the item analysis: attempts without an answer and those of staff and managers move no number."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from cohorts.models import Role
from quizzes.analysis import counting
from quizzes.analysis import report as analysis
from quizzes.analysis.counting import LeftOut
from quizzes.analysis.report import Scope
from quizzes.analysis.statistics import Finding
from quizzes.models import Quiz
from tests import factories
from tests.quizzes import crowds

NOW = factories.NOW
#: Twenty-four learners; those who know the first question miss the second.
REAL = ["baa"] * 10 + ["aba"] * 10 + ["abb", "bbb", "bba", "abb"]
EMPTY = [[None] * 3] * 12


@pytest.fixture
def rules(check):
    return check.versions.get()


@pytest.fixture
def asked(rules):
    return [member.question.versions.get() for member in rules.slots.get().members.order_by("position")]


@pytest.fixture
def real(cohort, rules, asked):
    return crowds.graded(rules, crowds.learners(cohort, len(REAL)), asked, [list(row) for row in REAL])


def everything(rules, asked):
    """All numbers and verdicts there are, choice shares included."""
    pages = [analysis.page(version, Scope()) for version in asked]
    items = [(row.measured, row.findings, row.unused) for row in analysis.rows(Scope())]
    return items, analysis.quiz(rules, Scope()), [(page.row, page.lines, page.all_answers) for page in pages]


def onlookers(cohort, *, staff, managers):
    places = crowds.learners(cohort, staff + managers)
    User.objects.filter(pk__in=[place.user_id for place in places[:staff]]).update(is_staff=True)
    other = factories.cohort(cohort.course, title="Autumn", open_to_all=False)
    Role.objects.bulk_create(Role(cohort=other, user=place.user, kind="manager") for place in places[staff:])
    return places


def test_empty_attempts_move_nothing_and_are_told(cohort, rules, asked, real):
    before = everything(rules, asked)
    assert [row.measured.answers for row in analysis.rows(Scope())] == [24] * 3
    assert Finding.CHECK_KEY in analysis.rows(Scope())[0].findings
    crowds.graded(rules, crowds.learners(cohort, 12), asked, EMPTY)
    assert everything(rules, asked) == before
    assert counting.left_out(Scope()) == LeftOut(empty=12, onlookers=0)
    assert counting.left_out(Scope(), version=asked[0]) == LeftOut(empty=12, onlookers=0)


def test_staff_and_managers_move_nothing_and_are_told(cohort, rules, asked, real):
    before = everything(rules, asked)
    places = onlookers(cohort, staff=4, managers=3)
    # One of the managers sent nothing: still one of them, and not counted twice.
    crowds.graded(rules, places, asked, [list("aaa")] * 6 + EMPTY[:1])
    assert everything(rules, asked) == before
    assert counting.left_out(Scope()) == LeftOut(empty=0, onlookers=7)


def test_a_coach_and_a_manager_of_another_course_are_learners(cohort, rules, asked, real):
    coach, elsewhere = crowds.learners(cohort, 2)
    Role.objects.create(cohort=cohort, user=coach.user, kind="coach")
    Role.objects.create(cohort=factories.cohort(factories.course("cfo")), user=elsewhere.user, kind="manager")
    crowds.graded(rules, [coach, elsewhere], asked, [list("aaa")] * 2)
    assert analysis.page(asked[0], Scope()).row.measured.answers == 26
    assert counting.left_out(Scope()) == LeftOut(empty=0, onlookers=0)


@pytest.mark.parametrize(("feedback", "answers"), [("after_pass", 25), ("score_only", 25), ("after_close", 24)])
def test_an_answer_after_an_empty_attempt_is_the_first_unless_the_key_was_shown(
    course, cohort, check, real, asked, feedback, answers
):
    members = [version.question for version in asked]
    factories.quiz(check.unit, members, feedback=feedback)
    rules = Quiz.objects.get(pk=check.pk).versions.current().get()
    learner = crowds.learners(cohort, 1)
    crowds.graded(rules, learner, asked, EMPTY[:1])
    crowds.graded(rules, learner, asked, [list("bbb")], number=2, at=NOW + timedelta(hours=1))
    assert analysis.page(asked[0], Scope()).row.measured.answers == answers
    assert analysis.quiz(rules, Scope()).measured.attempts == answers - 24


def test_one_answer_is_enough_and_the_rest_are_not_answered(cohort, rules, asked, real):
    crowds.graded(rules, crowds.learners(cohort, 1), asked, [["a", None, None]])
    assert [analysis.page(version, Scope()).row.measured.answers for version in asked] == [25] * 3
    assert counting.left_out(Scope()) == LeftOut(0, 0)


def test_the_pages_tell_what_was_left_out(client_of, operator, cohort, rules, asked, real):
    client = client_of(operator)
    addresses = [
        reverse("admin:quizzes_question_analysis"),
        reverse("admin:quizzes_question_analysis_item", args=[asked[0].pk]),
        reverse("admin:quizzes_question_analysis_quiz", args=[rules.pk]),
    ]
    for address in addresses:
        assert "Left out:" not in client.get(address).text
    crowds.graded(rules, crowds.learners(cohort, 1), asked, EMPTY[:1])
    crowds.graded(rules, onlookers(cohort, staff=1, managers=1), asked, [list("aaa")] * 2)
    for address in addresses:
        assert "Left out: 1 attempt without one answer and 2 of staff or managers." in client.get(address).text
    other = factories.cohort(cohort.course, title="Spring", open_to_all=False)
    assert "Left out:" not in client.get(addresses[0], {"cohort": other.pk}).text
    assert "Left out:" not in client.get(addresses[0], {"lesson": 0}).text
