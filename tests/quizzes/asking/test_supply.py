"""Questions that were dropped for a mistake are not asked any more, wherever questions are drawn from."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from cto_course import authoring as publishing
from lessons import versions
from lessons.models import Lesson, Unit, UnitVersion
from progress.models import LessonState, UnitState
from quizzes import attempts, invariants
from quizzes.asking import supply
from quizzes.attempts.invariants import attempts_within_the_allowance
from quizzes.authoring import drafts, effects
from quizzes.models import Attempt, PoolMember, Question, Quiz, QuizVersion, Regrade, Slot
from quizzes.regrading import difference
from tests import factories
from tests.factories import NOW
from tests.quizzes.taking import sent, started

LATER = NOW + timedelta(hours=1)
NOTHING = "There are no questions in it that can be asked at present, so it cannot be started."


def drop(*questions):
    """As `regrading.decide` writes it, at the very moment at which somebody starts an attempt."""
    by = factories.user("Ines Duarte")
    for question in questions:
        version = question.versions.current().get()
        Regrade.objects.create(question_version=version, policy="drop", reason="It was wrong.", decided_by=by)


def slots(check, *parts, **settings):
    """A published version of the check with these slots, (pick, questions) each."""
    draft = QuizVersion.objects.create(quiz=check, number=check.versions.count() + 1, **settings)
    for position, (pick, questions) in enumerate(parts, 1):
        slot = Slot.objects.create(quiz_version=draft, position=position, pick=pick)
        for place, question in enumerate(questions, 1):
            PoolMember.objects.create(slot=slot, question=question, position=place)
    return versions.publish(draft, at=NOW)


def asked(attempt):
    return list(attempt.items.order_by("position").values_list("question_version__question__key", flat=True))


@pytest.fixture
def bank(course):
    one = Lesson.objects.get(course=course, number=1)
    return [factories.single(course, f"B.{n}", lesson=one, position=10 + n) for n in range(6)]


def test_fixed_slots_and_pools_leave_out_what_was_dropped(enrolment, check, bank):
    slots(check, (None, bank[:2]), (2, bank[2:5]), (1, bank[5:]))
    drop(bank[0], bank[3], bank[5])
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    first, *rest = asked(attempt)
    assert (first, sorted(rest)) == ("B.1", ["B.2", "B.4"])
    assert attempt.maximum == 3
    assert supply.questions(check.versions.current().get()) == 3


def test_exam_leaves_out_what_was_dropped(enrolment, course, bank):
    two = Lesson.objects.get(course=course, number=2)
    unit = factories.unit(two, "exam", position=2, kind=Unit.Kind.QUIZ, required=False)
    exam = Quiz.objects.create(unit=unit, purpose="exam")
    version = slots(exam, (2, bank[:3]), (1, bank[3:]), feedback="score_only")
    criteria = {"competency": "STR", "bloom": ["apply"], "scenario": False}
    assert version.slots.update(criteria=criteria) == 2
    drop(bank[0], *bank[3:])
    attempt = attempts.start(enrolment=enrolment, quiz=exam, at=NOW)
    assert sorted(asked(attempt)) == ["B.1", "B.2"]


def test_a_new_wording_is_asked_again(enrolment, check, bank):
    slots(check, (None, bank[:2]))
    drop(bank[0])
    draft = drafts.next_version(bank[0])
    assert "Today’s wording was dropped; with the new one the question is asked again." in effects.effect(bank[0])
    versions.publish(draft, at=NOW)
    assert asked(attempts.start(enrolment=enrolment, quiz=check, at=NOW)) == ["B.0", "B.1"]


def test_check_of_dropped_questions_only_is_not_started(client_of, enrolment, check, bank):
    slots(check, (None, bank[:2]), (1, bank[2:3]), attempts_allowed=2)
    drop(*bank[:3])
    with pytest.raises(attempts.AttemptRefused, match=NOTHING):
        attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    assert not Attempt.objects.exists()
    client = client_of(enrolment.user)
    page = client.get(check.get_absolute_url())
    assert NOTHING in page.text
    assert "Start the check" not in page.text
    assert "0 questions." not in page.text
    assert NOTHING in client.post(check.start_url, follow=True).text


def test_front_page_counts_what_is_asked(client_of, enrolment, check, bank):
    slots(check, (None, bank[:3]), (2, bank[3:5]))
    drop(bank[0], bank[3])
    assert "3 questions." in client_of(enrolment.user).get(check.get_absolute_url()).text


@pytest.fixture
def nothing(enrolment, check, bank):
    """An attempt all questions of which were dropped while it was open: the second of two that were allowed."""
    slots(check, (None, bank[:2]), attempts_allowed=2)
    sent(enrolment, check, "a", "b")
    own = started(enrolment, check, "a", "b", at=LATER)
    drop(*bank[:2])
    attempts.close(attempt=own, as_of=LATER, by=Attempt.ClosedBy.LEARNER)
    own.refresh_from_db()
    return own


def test_attempt_of_nothing_says_so_and_is_not_used_up(client_of, nothing, enrolment, check):
    assert (nothing.score, nothing.maximum, nothing.passed, nothing.shown_percent) == (0, 0, False, "")
    client = client_of(enrolment.user)
    page = client.get(reverse("quizzes:result", args=["cto", nothing.uuid]))
    assert "<h1>Nothing was scored.</h1>" in page.text
    assert "of 100" not in page.text
    assert "was needed" not in page.text
    front = client.get(check.get_absolute_url()).text
    assert "nothing scored" in front
    assert "You have 2 attempts; 1 is left." in " ".join(front.split())
    version = check.versions.current().get()
    mine = list(Attempt.objects.of(enrolment).filter(quiz=check))
    assert attempts.attempts_left(version, mine) == 1


def test_attempt_of_nothing_leaves_progress_as_it_was(nothing, enrolment, check):
    stored = UnitState.objects.get(enrolment=enrolment, unit=check.unit)
    assert (stored.state, stored.percent) == ("started", Decimal(50))
    assert LessonState.objects.get(enrolment=enrolment, lesson=check.unit.lesson).percent == 50
    wrong = {name for name, look in invariants.CHECKS if look()}
    # The first attempt has not heard of the regrades yet: nobody has applied them.
    assert wrong <= {"regrades_reached_everybody", "scores_are_recomputable"}


def test_another_attempt_may_follow_one_of_nothing(nothing, enrolment, check, bank):
    slots(check, (None, bank[2:4]), attempts_allowed=2)
    third = attempts.start(enrolment=enrolment, quiz=check, at=LATER)
    assert (third.number, attempts_within_the_allowance()) == (3, [])
    attempts.close(attempt=third, as_of=LATER, by=Attempt.ClosedBy.LEARNER)
    with pytest.raises(attempts.AttemptRefused, match="You have used all your attempts"):
        attempts.start(enrolment=enrolment, quiz=check, at=LATER)


def test_who_drops_or_retires_reads_what_is_left(client_of, instructor, check, bank):
    slots(check, (None, bank[:1]), (2, bank[1:3]), (1, bank[3:6]))
    version = bank[0].versions.get()
    said = "Check what stayed of lesson 1: slot 1 has nothing left to ask, so attempts go without it."
    fewer = "Check what stayed of lesson 1 then asks 3 questions instead of 4."
    assert difference.shortages(version, "drop") == [fewer, said]
    assert difference.shortages(bank[1].versions.get(), "drop") == [
        fewer,
        "Check what stayed of lesson 1: slot 2 asks 1 of the 2 it should.",
    ]
    assert difference.shortages(bank[3].versions.get(), "drop") == []
    assert difference.shortages(version, "full_credit") == []
    client = client_of(instructor)
    address = reverse("admin:quizzes_questionversion_regrade", args=[version.pk])
    assert said in client.post(address, {"policy": "drop", "reason": "It was wrong."}).text
    assert said in effects.effect_of_retiring(bank[0])


def test_retiring_what_is_always_drawn_says_how_many_are_left(client_of, instructor, check, bank):
    slots(check, (None, bank[:3]), (1, bank[3:]))
    client = client_of(instructor)
    page = client.get(reverse("admin:quizzes_question_change", args=[bank[0].pk])).text
    drawn = "It will no longer be drawn in Check what stayed of lesson 1."
    assert f"{drawn} Check what stayed of lesson 1 then asks 3 questions instead of 4. All answers" in page
    url = reverse("admin:quizzes_question_changelist")
    both = {"action": "retire", "_selected_action": [bank[0].pk, bank[3].pk]}
    told = [str(message) for message in client.post(url, both, follow=True).context["messages"]]
    assert sorted(told) == [
        "Check what stayed of lesson 1 now asks 3 questions instead of 4.",
        "Retired: B.0",
        "Retired: B.3",
    ]
    assert [str(each) for each in supply.fewer_without(bank[0])] == []


def test_check_of_one_question_has_nothing_left_without_it(check, bank):
    slots(check, (None, bank[:1]))
    (left,) = supply.fewer_without(bank[0])
    assert supply.then_asks(left) == (
        "Check what stayed of lesson 1 then has nothing left to ask, so nobody can start it."
    )
    # Not that attempts go without its slot: there are none.
    assert supply.after_taking_out(bank[0]) == [supply.then_asks(left)]


def test_names_of_checks_say_their_lesson_once_and_stand_in_sentences(course, check, bank):
    versions.publish(UnitVersion.objects.create(unit=check.unit, number=2, title="Lesson 1 check"), at=NOW)
    two = Lesson.objects.get(course=course, number=2)
    exam = factories.quiz(factories.unit(two, "exam", title="The course exam", kind=Unit.Kind.QUIZ, position=2), bank)
    Quiz.objects.filter(pk=exam.pk).update(purpose="exam")
    slots(check, (None, bank[:2]))
    assert effects.drawn_in(bank[0]) == ["Lesson 1 check", "the course exam"]
    assert effects.effect_of_retiring(bank[0])[:3] == [
        "It will no longer be drawn in Lesson 1 check, the course exam.",
        "Lesson 1 check then asks 1 question instead of 2.",
        "The course exam then asks 5 questions instead of 6.",
    ]


def test_bringing_back_names_the_checks_that_would_draw_it(client_of, instructor, check, bank):
    slots(check, (None, bank[:2]))
    drop(bank[1])
    Question.objects.filter(key__startswith="B.").update(retired_at=NOW)
    client = client_of(instructor)
    drawn = "It will be drawn again in Check what stayed of lesson 1"
    for question, said in [
        (bank[0], f"<p>{drawn}.</p>"),
        (bank[1], f"<p>{drawn}, once a new wording of it is published.</p>"),
        (bank[2], "<p>No check draws it now.</p>"),
    ]:
        assert said in client.get(reverse("admin:quizzes_question_change", args=[question.pk])).text


def test_quiz_of_dropped_questions_is_not_published_and_a_short_one_says_so(client_of, operator, check, bank):
    drop(*bank[:2])
    draft = QuizVersion.objects.create(quiz=check, number=2)
    slot = Slot.objects.create(quiz_version=draft, position=1)
    PoolMember.objects.create(slot=slot, question=bank[0], position=1)
    with pytest.raises(publishing.NothingToAsk):
        publishing.publish(draft, by=operator, at=NOW)
    second = Slot.objects.create(quiz_version=draft, position=2, pick=2)
    for place, question in enumerate(bank[1:3], 1):
        PoolMember.objects.create(slot=second, question=question, position=place)
    url = reverse("admin:quizzes_quizversion_changelist")
    sent = {"action": "publish", "_selected_action": [draft.pk], "confirmed": "Publish"}
    page = client_of(operator).post(url, sent, follow=True)
    told = [str(message) for message in page.context["messages"]]
    assert told == [
        f"Published: {draft}",
        "Check what stayed of lesson 1: slot 1 has nothing left to ask, so attempts go without it.",
        "Check what stayed of lesson 1: slot 2 asks 1 of the 2 it should.",
    ]
