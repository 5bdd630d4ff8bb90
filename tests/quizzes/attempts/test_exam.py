"""The exam of a course: taking it, and where it stands."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cohorts.models import Role
from lessons import versions
from lessons.models import Competency, Unit, UnitVersion
from progress import recording
from progress.models import EnrolmentSummary, LearningEvent, UnitState
from quizzes import attempts
from quizzes.attempts import competencies as exam
from quizzes.models import (
    Attempt,
    AttemptItem,
    GradingRun,
    PoolMember,
    Quiz,
    QuizVersion,
    Regrade,
    Response,
    Slot,
)
from tests import factories
from tests.quizzes import taking
from tests.tight import tight

FRONT = "/cto/exam/"


# ---- Taking it -------------------------------------------------------------------------------------------------------


@pytest.fixture
def final(course):
    """An exam of 4 + 4 questions at the end of lesson 2; those of a competency are worth 4 points."""
    fin = Competency.objects.create(course=course, key="FIN", title="Financial literacy", position=1, levels=[""] * 5)
    lesson = course.lessons.get(number=2)
    unit = factories.unit(lesson, "exam", position=4, kind=Unit.Kind.QUIZ, required=False, title="The exam", minutes=60)
    for key, competencies in (("money", ["FIN"]), ("both", ["STR", "FIN"]), ("role", ["STR"])):
        factories.unit(lesson, key, position=2, competencies=competencies, required=False)
    made = Quiz.objects.create(unit=unit, purpose=Quiz.Purpose.EXAM)
    draft = QuizVersion.objects.create(quiz=made, number=1, **RULES)
    for position, competency in enumerate((course.competencies.get(key="STR"), fin), 1):
        slot = Slot.objects.create(quiz_version=draft, position=position, pick=4)
        for place in range(1, 9):
            question = factories.single(course, f"E.{competency.key}.0{place}", competency=competency)
            PoolMember.objects.create(slot=slot, question=question, position=place)
    versions.publish(draft, at=factories.NOW)
    return made


RULES = {
    "pass_percent": 75,
    "floor_percent": 50,
    "attempts_allowed": 2,
    "cool_down_minutes": 2880,
    "time_limit_minutes": 60,
    "learner_sets_time": True,
    "requires_checks": True,
    "feedback": "score_only",
}


@pytest.fixture
def ready(enrolment, final):
    """The learner has passed the check of the course."""
    recording.record(
        enrolment=enrolment,
        unit=Unit.objects.get(key="check"),
        kind=LearningEvent.Kind.QUIZ_GRADED,
        at=factories.NOW,
        key="attempt:check:1",
        payload={"percent": "100", "passed": True},
        seen_at=factories.NOW,
    )
    return enrolment


def take(enrolment, quiz, *, right, at):
    """An attempt with so many right answers in each competency, by its key; the rest has no answer."""
    attempt = attempts.start(enrolment=enrolment, quiz=quiz, at=at)
    left = dict(right)
    for item in AttemptItem.objects.filter(attempt=attempt).select_related("question_version__competency"):
        key = item.question_version.competency.key
        if left.get(key, 0) > 0:
            left[key] -= 1
            Response.objects.filter(item=item).update(answer="a", revision=1, saved_at=at)
    return attempts.close(attempt=attempt, as_of=at, by=Attempt.ClosedBy.LEARNER)


def text_of(response):
    return " ".join(response.text.split())


def result(client, attempt):
    response = client.get(f"/cto/attempts/{attempt.uuid}/result/")
    assert response.status_code == 200
    return tight(text_of(response))


def test_front_names_the_checks_that_are_missing(learner_client, final):
    page = text_of(learner_client.get(FRONT))
    assert "8 questions." in page
    assert '<li><a href="/cto/lessons/1/check/">Lesson 1: Check what stayed</a></li>' in page
    assert "One check has to be passed first." in page
    assert "Start the exam" not in page
    # A name that says which lesson it is of is not given the lesson a second time.
    held = UnitVersion.objects.get(title="Check what stayed", state=UnitVersion.State.CURRENT)
    anew = UnitVersion.objects.create(
        unit=held.unit, number=held.number + 1, title="Lesson 1 check", minutes=held.minutes, required=True
    )
    versions.publish(anew, at=factories.NOW)
    assert '<li><a href="/cto/lessons/1/check/">Lesson 1 check</a></li>' in text_of(learner_client.get(FRONT))
    response = learner_client.post(f"{FRONT}start/", follow=True)
    assert "One check has to be passed first." in text_of(response)
    assert not Attempt.objects.exists()


def test_only_required_checks_of_today_count(learner_client, final, course):
    """A further quiz that is not required, and one that was required in an earlier version, hold nobody up."""
    lesson = course.lessons.get(number=1)
    factories.unit(lesson, "extra", position=8, kind=Unit.Kind.QUIZ, required=False)
    once = factories.unit(lesson, "once", position=9, kind=Unit.Kind.QUIZ, required=True)
    for number in (2, 3):
        newer = UnitVersion.objects.create(unit=once, number=number, title="Once", required=False)
        versions.publish(newer, at=factories.NOW)
    check = Unit.objects.get(key="check")
    again = UnitVersion.objects.create(unit=check, number=2, title="Check what stayed", required=True)
    versions.publish(again, at=factories.NOW)
    assert "One check has to be passed first." in text_of(learner_client.get(FRONT))


def test_front_and_start_with_a_choice_of_time(learner_client, ready):
    page = text_of(learner_client.get(FRONT))
    assert "<title>The exam · Chief Technology Officer" in page
    assert "Between two attempts you wait 2 days." in page
    assert "In each competency you need at least 50 of 100." in page
    assert 'action="/cto/exam/start/"' in page
    response = learner_client.post(f"{FRONT}start/", {"time": "2"})
    attempt = Attempt.objects.get()
    assert response.url == f"/cto/attempts/{attempt.uuid}/"
    page = text_of(learner_client.get(response.url))
    assert f'href="{FRONT}"' in page
    assert "Continue the exam" in text_of(learner_client.get(FRONT))


def test_start_by_link_leads_to_the_front(learner_client, ready):
    response = learner_client.get(f"{FRONT}start/")
    assert (response.status_code, response.url, Attempt.objects.count()) == (302, FRONT, 0)


def test_result_of_a_pass_says_points_and_competencies_and_nothing_of_the_questions(learner_client, ready, final):
    attempt = take(ready, final, right={"STR": 4, "FIN": 2}, at=timezone.now())
    page = result(learner_client, attempt)
    assert '<span class="num">6</span> of 8 points, 75%.' in page
    assert 'You passed.</h1> <p class="lede">75% and half of the points in every competency were needed.</p>' in page
    shown = [(line.key, line.points, line.worth, line.meets_floor) for line in exam.by_competency(attempt)]
    assert shown == [("STR", 4, 4, True), ("FIN", 2, 4, True)]
    assert (page.count("> reached <"), page.count("not reached")) == (0, 0)
    assert page.count("<td>reached</td>") == 2
    for hidden in ("Right one", "What is E.", "Question by question", "Your study plan", "swap"):
        assert hidden not in page
    assert UnitState.objects.get(unit=final.unit).state == "done"
    assert "Go to your course" in page


def test_result_leads_to_the_attempt_that_is_open(learner_client, ready, final):
    """It is the last one allowed: nobody is sent away while it runs."""
    now = timezone.now()
    first = take(ready, final, right={"STR": 4}, at=now - timedelta(days=3))
    assert "Continue the exam" not in result(learner_client, first)
    second = attempts.start(enrolment=ready, quiz=final, at=now)
    page = result(learner_client, first)
    assert f'href="/cto/attempts/{second.uuid}/">Continue the exam' in page
    assert "Attempt 2 is open." in page
    assert "You have used all your attempts" not in page
    attempts.close(attempt=second, as_of=now, by=Attempt.ClosedBy.LEARNER)
    page = result(learner_client, first)
    assert "Continue the exam" not in page
    assert "You have used all your attempts" in page


def test_enough_points_in_all_and_too_few_in_one_competency_fail(learner_client, ready, final, course):
    """The floor: 5 of 8 would be enough for a mark of 60, but one competency has 1 of 4."""
    draft = QuizVersion.objects.get(quiz=final)
    slots = list(draft.slots.all())
    newer = QuizVersion.objects.create(quiz=final, number=2, **RULES | {"pass_percent": 60})
    for slot in slots:
        members = list(slot.members.all())
        slot.pk, slot.quiz_version = None, newer
        slot.save()
        for member in members:
            PoolMember.objects.create(slot=slot, question=member.question, position=member.position)
    versions.publish(newer, at=factories.NOW)
    attempt = take(ready, final, right={"STR": 4, "FIN": 1}, at=timezone.now())
    page = result(learner_client, attempt)
    assert "You did not pass.</h1>" in page
    assert '<p class="lede">60% and half of the points in every competency were needed.</p>' in page
    assert (page.count("<td>reached</td>"), page.count("not reached")) == (1, 1)
    plan = page[page.index("Your study plan") :]
    # Which of them were opened at all is not known.
    assert "Go over these sections with your notes beside you." in plan
    assert "Financial literacy" in plan
    assert "Business and strategic thinking" not in plan
    assert 'href="/cto/lessons/2/money/"' in plan
    assert "/cto/lessons/2/both/" not in plan
    assert UnitState.objects.get(unit=final.unit).state == "started"


def test_after_the_first_failure_the_wait_is_told_and_the_draw_is_new(learner_client, ready, final):
    first = take(ready, final, right={}, at=timezone.now())
    page = result(learner_client, first)
    assert "You can try again from" in page
    assert "You have used all your attempts" not in page
    plan = f'<a href="/cto/attempts/{first.uuid}/result/">Your study plan</a> shows what to go over before'
    assert plan in text_of(learner_client.get(FRONT))
    early = learner_client.post(f"{FRONT}start/", {"time": "1"}, follow=True)
    assert "You can try again from" in text_of(early)
    at = timezone.now() + timedelta(minutes=2881)
    second = attempts.start(enrolment=ready, quiz=final, at=at)
    asked = [set(each.items.values_list("question_version__question", flat=True)) for each in (first, second)]
    assert not asked[0] & asked[1]
    assert [len(each) for each in asked] == [8, 8]


def test_after_the_last_failure_the_manager_is_named(learner_client, ready, final, cohort):
    factories.manager(factories.cohort(cohort.course, open_to_all=False), "Somebody Else")
    factories.manager(cohort, "Marta Silva")
    coach = factories.user("Carl Coach")
    Role.objects.create(cohort=cohort, user=coach, kind=Role.Kind.COACH)
    start = timezone.now() - timedelta(days=9)
    take(ready, final, right={}, at=start)
    last = take(ready, final, right={"STR": 4}, at=start + timedelta(days=3))
    page = result(learner_client, last)
    # Who manages a cohort grants nothing: an operator does.
    assert "then ask Marta Silva, who manages your cohort, for another attempt." in page
    assert "Somebody Else" not in page
    assert "Carl Coach" not in page
    assert "Financial literacy" in page[page.index("Your study plan") :]
    assert "shows what to go over, and whom to ask for another attempt." in text_of(learner_client.get(FRONT))
    attempts.extend(enrolment=ready, quiz=final, by=factories.user(), reason="Read it all again.", at=start, attempts=1)
    assert "Start a new attempt" in text_of(learner_client.get(FRONT))


def test_a_cohort_without_a_manager_says_so(learner_client, ready, final):
    start = timezone.now() - timedelta(days=9)
    for days in (0, 3):
        last = take(ready, final, right={}, at=start + timedelta(days=days))
    assert "then ask the people who run the course" in result(learner_client, last)


def test_passing_after_failing_leaves_no_study_plan_on_the_front(learner_client, ready, final):
    start = timezone.now() - timedelta(days=9)
    take(ready, final, right={}, at=start)
    take(ready, final, right={"STR": 4, "FIN": 4}, at=start + timedelta(days=3))
    page = text_of(learner_client.get(FRONT))
    assert "Your study plan" not in page
    assert "You have used all your attempts" in page


def test_points_of_one_question_are_not_a_competency(ready, final, course):
    """They would be the verdict on that question, which a quiz that shows the score only does not tell."""
    attempt, by = take(ready, final, right={"STR": 4}, at=timezone.now()), factories.user()
    assert [line.key for line in exam.by_competency(attempt)] == ["STR", "FIN"]
    for item in list(attempt.items.filter(question_version__competency__key="FIN"))[1:]:
        Regrade.objects.create(question_version=item.question_version, policy="drop", reason="Unclear.", decided_by=by)
    attempts.grade_again(attempt=attempt, reason=GradingRun.Reason.REGRADED, at=timezone.now())
    assert exam.by_competency(attempt) == []


# ---- Where it stands -------------------------------------------------------------------------------------------------


def test_the_exam_changes_nobodys_completion(ready, final, course):
    before = EnrolmentSummary.objects.get(enrolment=ready)
    take(ready, final, right={"STR": 4, "FIN": 4}, at=timezone.now())
    after = EnrolmentSummary.objects.get(enrolment=ready)
    assert (before.units_done, before.units_required) == (after.units_done, after.units_required) == (1, 4)


def test_its_score_is_not_that_of_its_lesson(learner_client, ready, final):
    take(ready, final, right={"STR": 4, "FIN": 3}, at=timezone.now())
    assert "Check: 87" not in text_of(learner_client.get("/cto/lessons/2/"))
    assert "Check: 87" not in text_of(learner_client.get("/cto/home/"))


def test_the_outline_and_the_lesson_lead_to_the_exam(learner_client, ready):
    for page in ("/cto/lessons/2/", "/cto/lessons/2/third/", "/cto/lessons/"):
        assert 'href="/cto/lessons/2/check/exam/"' in learner_client.get(page).text
    for address in ("/cto/lessons/2/check/exam/", "/cto/lessons/2/exam/"):
        assert learner_client.get(address, follow=True).redirect_chain[-1] == (FRONT, 302)


def test_two_checks_in_one_lesson_have_a_front_each(learner_client, course):
    lesson = course.lessons.get(number=1)
    unit = factories.unit(lesson, "second-check", position=4, kind=Unit.Kind.QUIZ, title="One more check")
    second = factories.quiz(unit, [factories.single(course, "Q9.01", lesson=lesson)])
    address = "/cto/lessons/1/check/second-check/"
    assert f'href="{address}"' in learner_client.get("/cto/lessons/1/").text
    assert "<h1>Check what stayed</h1>" in learner_client.get("/cto/lessons/1/check/").text
    page = learner_client.get(address).text
    assert "<h1>One more check</h1>" in page
    assert f'action="{address}start/"' in page
    learner_client.post(f"{address}start/")
    attempt = Attempt.objects.get()
    assert attempt.quiz == second
    assert f'href="{address}"' in learner_client.get(f"/cto/attempts/{attempt.uuid}/").text
    assert learner_client.get(f"{address}start/").url == address


def test_home_and_lessons_name_the_exam_once_the_checks_are_passed(learner_client, final):
    for page in ("/cto/home/", "/cto/lessons/"):
        assert 'href="/cto/exam/"' not in learner_client.get(page).text


def test_home_and_lessons_name_the_exam(learner_client, ready, final):
    for page in ("/cto/home/", "/cto/lessons/"):
        assert 'You have passed every check. <a href="/cto/exam/">The exam</a>' in text_of(learner_client.get(page))
    take(ready, final, right={"STR": 4, "FIN": 3}, at=timezone.now())
    for page in ("/cto/home/", "/cto/lessons/"):
        assert "You have passed the exam with 87 of 100." in text_of(learner_client.get(page))


def test_home_and_lessons_do_not_invite_to_an_exam_that_is_open(learner_client, ready, final):
    attempts.start(enrolment=ready, quiz=final, at=timezone.now())
    for page in ("/cto/home/", "/cto/lessons/"):
        said = text_of(learner_client.get(page))
        assert "attempt 1 is open" in said
        assert "You have passed every check" not in said


def test_home_and_lessons_say_from_when_the_exam_can_be_tried_again(learner_client, ready, final):
    """And do not offer it as what comes next, neither while one waits nor afterwards."""
    take(ready, final, right={"STR": 4}, at=timezone.now())
    for page in ("/cto/home/", "/cto/lessons/"):
        said = text_of(learner_client.get(page))
        assert re.search(r"Your result in the exam so far: \d+ of 100. You can try again from [^<]+ <a", said)
        assert not re.search(r"Continue[^<]*(?:<[^>]+>)?: The exam", said)
    assert 'id="home-next">First<' in text_of(learner_client.get("/cto/home/"))
    take(ready, final, right={}, at=timezone.now() + timedelta(days=3))
    assert "You have used all your attempts." in text_of(learner_client.get("/cto/home/"))


def test_a_weaker_exam_after_a_pass_says_that_it_stays_passed(learner_client, ready, final):
    start = timezone.now() - timedelta(days=9)
    take(ready, final, right={"STR": 4, "FIN": 4}, at=start)
    page = result(learner_client, take(ready, final, right={}, at=start + timedelta(days=3)))
    assert "You did not pass this time." in page
    assert "You have passed the exam, with 100 of 100, and it stays passed." in page
    assert "Your study plan" not in page
    assert "You have used all your attempts" not in page


def test_front_says_during_the_wait_too_that_a_new_attempt_cannot_undo_a_pass(learner_client, ready, final):
    take(ready, final, right={"STR": 4, "FIN": 4}, at=timezone.now())
    page = text_of(learner_client.get(FRONT))
    assert "You can try again from" in page
    assert "You have passed the exam. A new attempt cannot undo that." in page
    take(ready, final, right={}, at=timezone.now() + timedelta(days=3))
    used_up = text_of(learner_client.get(FRONT))
    assert ("You have used all your attempts." in used_up, "cannot undo that" in used_up) == (True, False)


def test_result_of_the_exam_says_that_its_percent_is_cut(learner_client, ready, final):
    attempt = take(ready, final, right={"STR": 3}, at=timezone.now() - timedelta(days=1))
    page = result(learner_client, attempt)
    assert "3</span> of 8 points, 37%." in page
    assert "With its decimals it is 37.5. A percentage is cut, never rounded up: 74.99 is not 75." in page


def test_home_says_why_a_check_that_is_next_cannot_be_started(learner_client, enrolment, check):
    """One with a single attempt, which was not enough."""
    factories.quiz(check.unit, [factories.single(check.unit.lesson.course, "A")], attempts_allowed=1)
    taking.sent(enrolment, check, "b")
    said = text_of(learner_client.get("/cto/home/"))
    assert "You have used all your attempts." in said
    assert "Continue<" not in said


def test_a_course_without_an_exam_has_no_such_page(learner_client, ready, final, course):
    Unit.objects.filter(key="exam").update(retired_at=factories.NOW)
    assert learner_client.get(FRONT).status_code == 404
    assert learner_client.post(f"{FRONT}start/").status_code == 404
    assert "exam/" not in learner_client.get("/cto/home/").text


def test_only_who_learns_in_the_course_sees_it(client, client_of, final, ready):
    assert client.get(FRONT).url == f"/accounts/login/?next={FRONT}"
    outside = client_of(factories.user("Stranger Danger"))
    response = outside.get(FRONT)
    assert (response.status_code, response.url) == (302, "/cto/")
    assert outside.post(f"{FRONT}start/").status_code == 403
    assert not Attempt.objects.exists()


def test_results_of_others_are_not_found(client_of, ready, final, cohort):
    attempt = take(ready, final, right={}, at=timezone.now())
    other = client_of(factories.enrolment(cohort).user)
    assert other.get(f"/cto/attempts/{attempt.uuid}/result/").status_code == 404


def test_queries_of_the_exam_pages(learner_client, ready, final, django_assert_max_num_queries):
    start = timezone.now() - timedelta(days=9)
    for days in (0, 3):
        last = take(ready, final, right={}, at=start + timedelta(days=days))
    result(learner_client, last)
    with django_assert_max_num_queries(10):
        learner_client.get(FRONT)
    with django_assert_max_num_queries(10):
        result(learner_client, last)


def test_the_admin_says_in_words_what_a_cell_draws_from(client_of, course):
    """A cell of a blueprint, and a slot whose questions were named."""
    lesson_quiz = QuizVersion.objects.filter(state="current").first()
    draft = QuizVersion.objects.create(quiz=lesson_quiz.quiz, number=9)
    cell = {"competency": "STR", "bloom": ["remember", "apply"], "scenario": False}
    Slot.objects.create(quiz_version=draft, position=1, pick=1, criteria=cell)
    Slot.objects.create(quiz_version=draft, position=2, pick=1, criteria=cell | {"scenario": True})
    Slot.objects.create(quiz_version=draft, position=3, pick=1)
    client = client_of(factories.user("Omar Haddad", is_staff=True, is_superuser=True))
    text = client.get(f"/manage/quizzes/quizversion/{draft.pk}/change/").text
    said = ["STR · remember, apply · no scenarios", "STR · remember, apply · scenarios", "named one by one"]
    assert [text.count(words) for words in said] == [1, 1, 2]  # the empty row below is named one by one as well
