"""Start, save and close: what they write, what they refuse."""

from datetime import timedelta
from decimal import Decimal

import pytest

from lessons import versions
from lessons.models import Unit
from progress.models import EnrolmentSummary, LearningEvent, UnitState
from quizzes import attempts
from quizzes.asking import presentation
from quizzes.models import Attempt, AttemptItem, GradingRun, ItemScore, QuestionVersion, Response, ResponseLog
from quizzes.questions import answers
from tests import factories
from tests.quizzes.taking import started, whole

NOW = factories.NOW


@pytest.fixture
def attempt(enrolment, check):
    return attempts.start(enrolment=enrolment, quiz=check, at=NOW)


def item_of(attempt, position=1):
    return AttemptItem.objects.select_related("attempt", "question_version", "response").get(
        attempt=attempt, position=position
    )


def save(attempt, answer, *, position=1, revision=0, at=NOW, flagged=None):
    return attempts.save(item=item_of(attempt, position), answer=answer, revision=revision, at=at, flagged=flagged)


def close(attempt, at=NOW + timedelta(minutes=5)):
    return attempts.close(attempt=Attempt.objects.get(pk=attempt.pk), as_of=at, by=Attempt.ClosedBy.LEARNER)


def stored(attempt):
    return [
        (response.answer, response.revision, response.saved_at, response.flagged)
        for response in Response.objects.filter(item__attempt=attempt).order_by("item__position")
    ]


# ---- Start -----------------------------------------------------------------------------------------------------------


def test_start_draws_and_stores_everything_that_will_be_shown(enrolment, check):
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    items = list(attempt.items.select_related("question_version__question"))
    assert (attempt.number, attempt.state, attempt.started_at, attempt.maximum, attempt.language) == (
        1,
        "open",
        NOW,
        Decimal(3),
        "en-gb",
    )
    assert (attempt.deadline_at, attempt.closes_at) == (None, None)
    assert [(item.position, item.question_version.question.key, item.points) for item in items] == [
        (1, "Q1.01", Decimal(1)),
        (2, "Q1.02", Decimal(1)),
        (3, "Q1.03", Decimal(1)),
    ]
    assert [sorted(item.choice_order) for item in items] == [["a", "b", "c"]] * 3
    assert stored(attempt) == [(None, 0, None, False)] * 3


def test_start_gives_the_open_attempt_again(enrolment, check, attempt):
    assert attempts.start(enrolment=enrolment, quiz=check, at=NOW + timedelta(days=9)) == attempt
    assert Attempt.objects.count() == 1


def test_start_numbers_the_attempts(enrolment, check, attempt):
    close(attempt)
    assert attempts.start(enrolment=enrolment, quiz=check, at=NOW).number == 2


def test_start_draws_from_the_pool_what_was_not_had_before(course, enrolment, check):
    questions = [factories.single(course, f"P{n}") for n in range(6)]
    factories.quiz(check.unit, questions, pick=3)
    first = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    close(first)
    second = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    drawn = [set(each.items.values_list("question_version__question__key", flat=True)) for each in (first, second)]
    assert len(drawn[0]) == len(drawn[1]) == 3
    assert drawn[0] | drawn[1] == {f"P{n}" for n in range(6)}


def test_start_leaves_out_retired_and_unpublished_questions(course, enrolment, check):
    kept, retired, unpublished = (factories.single(course, key) for key in ("K", "R", "U"))
    retired.retired_at = NOW
    retired.save()
    QuestionVersion.objects.filter(question=unpublished).update(state="past")
    factories.quiz(check.unit, [retired, kept, unpublished])
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    assert [item.question_version.question for item in attempt.items.all()] == [kept]
    assert attempt.maximum == 1


def test_start_takes_the_current_wording(course, enrolment, check):
    question = factories.single(course, "W")
    factories.quiz(check.unit, [question])
    draft = QuestionVersion.objects.get(question=question)
    draft.pk, draft.number, draft.state = None, 2, "draft"
    draft.save()
    versions.publish(draft, at=NOW)
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    assert attempt.items.get().question_version.number == 2


def test_start_without_any_question_is_refused(course, enrolment, check):
    retired = factories.single(course, "R")
    retired.retired_at = NOW
    retired.save()
    factories.quiz(check.unit, [retired])
    with pytest.raises(attempts.AttemptRefused, match="no questions"):
        attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    assert Attempt.objects.count() == 0


def test_start_respects_the_attempts_allowed(course, enrolment, check):
    factories.quiz(check.unit, [factories.single(course, "A")], attempts_allowed=2)
    for _n in range(2):
        close(attempts.start(enrolment=enrolment, quiz=check, at=NOW))
    with pytest.raises(attempts.AttemptRefused, match="all your attempts"):
        attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    assert list(Attempt.objects.order_by("number").values_list("number", "state")) == [(1, "graded"), (2, "graded")]


def test_start_does_not_count_a_voided_attempt(course, enrolment, check):
    factories.quiz(check.unit, [factories.single(course, "A")], attempts_allowed=1)
    voided = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    attempts.void(attempt=voided, by=factories.user("Ines Duarte"), reason="The power failed.", at=NOW)
    assert attempts.start(enrolment=enrolment, quiz=check, at=NOW).number == 2


def test_start_waits_for_the_cool_down(course, enrolment, check):
    factories.quiz(check.unit, [factories.single(course, "A")], cool_down_minutes=60)
    close(attempts.start(enrolment=enrolment, quiz=check, at=NOW), at=NOW)
    with pytest.raises(attempts.AttemptRefused, match=r"from 2 November, 10:30\."):
        attempts.start(enrolment=enrolment, quiz=check, at=NOW + timedelta(minutes=59, seconds=59))
    assert attempts.start(enrolment=enrolment, quiz=check, at=NOW + timedelta(minutes=60)).number == 2


def test_attempts_of_others_do_not_count(course, cohort, enrolment, check):
    factories.quiz(check.unit, [factories.single(course, "A")], attempts_allowed=1, cool_down_minutes=60)
    other = factories.enrolment(cohort, factories.user("Omar Haddad"))
    close(attempts.start(enrolment=other, quiz=check, at=NOW))
    assert attempts.start(enrolment=enrolment, quiz=check, at=NOW).enrolment == enrolment


def test_time_limit_with_the_personal_factor_and_grace(course, cohort, check):
    factories.quiz(check.unit, [factories.single(course, "A")], time_limit_minutes=30)
    slow = factories.enrolment(cohort, factories.user("Omar Haddad"), time_factor=Decimal("1.5"))
    attempt = attempts.start(enrolment=slow, quiz=check, at=NOW)
    assert attempt.deadline_at == NOW + timedelta(minutes=45)
    assert attempt.closes_at == NOW + timedelta(minutes=45, seconds=30)


def test_start_closes_an_attempt_whose_time_is_over_first(course, enrolment, check):
    factories.quiz(check.unit, [factories.single(course, "A")], time_limit_minutes=30)
    late = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    second = attempts.start(enrolment=enrolment, quiz=check, at=NOW + timedelta(hours=1))
    late.refresh_from_db()
    assert (late.state, late.closed_by, late.submitted_at) == ("graded", "deadline", late.deadline_at)
    assert second.number == 2


# ---- Save ------------------------------------------------------------------------------------------------------------


def test_save_raises_the_revision_and_logs(attempt):
    save(attempt, "a")
    save(attempt, "b", revision=1, at=NOW + timedelta(seconds=5), flagged=True)
    assert stored(attempt)[0] == ("b", 2, NOW + timedelta(seconds=5), True)
    assert list(ResponseLog.objects.values_list("revision", "answer", "saved_at")) == [
        (1, "a", NOW),
        (2, "b", NOW + timedelta(seconds=5)),
    ]


def test_save_of_nothing_clears(attempt):
    save(attempt, "a")
    assert save(attempt, None, revision=1).answer is None
    assert Response.objects.filter(item__attempt=attempt, answer__isnull=True).count() == 3
    assert list(ResponseLog.objects.values_list("revision", "answer")) == [(1, "a"), (2, None)]


def test_save_without_a_flag_leaves_the_flag(attempt):
    save(attempt, "a", flagged=True)
    assert save(attempt, "b", revision=1).flagged is True


def test_save_of_what_is_stored_writes_nothing(attempt):
    save(attempt, "a")
    response = save(attempt, "a", revision=0, at=NOW + timedelta(minutes=1))
    assert (response.revision, response.saved_at) == (1, NOW)
    assert ResponseLog.objects.count() == 1


def test_stale_save_carries_the_servers_copy_and_writes_nothing(attempt):
    save(attempt, "a")
    with pytest.raises(attempts.AnswerStale) as refused:
        save(attempt, "b", revision=0, at=NOW + timedelta(minutes=1))
    copy = refused.value.response
    assert (copy.answer, copy.revision, copy.saved_at) == ("a", 1, NOW)
    assert stored(attempt)[0] == ("a", 1, NOW, False)
    assert ResponseLog.objects.count() == 1


def test_save_with_a_revision_from_the_future_is_stale(attempt):
    with pytest.raises(attempts.AnswerStale):
        save(attempt, "a", revision=7)
    assert stored(attempt)[0] == (None, 0, None, False)


def test_save_that_read_an_older_copy_is_stale(attempt):
    """Two windows loaded the question; the slower one must not win, whatever its copy says."""
    slow = item_of(attempt)
    save(attempt, "a")
    with pytest.raises(attempts.AnswerStale):
        attempts.save(item=slow, answer="b", revision=0, at=NOW)
    assert stored(attempt)[0] == ("a", 1, NOW, False)


def test_save_after_close_is_refused_and_writes_nothing(attempt):
    save(attempt, "a")
    early = item_of(attempt)  # read while it was open
    close(attempt)
    for item in (early, item_of(attempt)):
        with pytest.raises(attempts.AttemptClosed) as refused:
            attempts.save(item=item, answer="b", revision=1, at=NOW)
        assert refused.value.response.answer == "a"
    assert stored(attempt)[0] == ("a", 1, NOW, False)
    assert ResponseLog.objects.count() == 1


def test_save_within_the_grace_is_taken_and_after_it_refused(course, enrolment, check):
    factories.quiz(check.unit, [factories.single(course, "A")], time_limit_minutes=30)
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    save(attempt, "a", at=attempt.closes_at)
    with pytest.raises(attempts.AttemptClosed):
        save(attempt, "b", revision=1, at=attempt.closes_at + timedelta(microseconds=1))
    assert stored(attempt)[0] == ("a", 1, attempt.closes_at, False)


def test_save_of_what_does_not_fit_writes_nothing(attempt):
    with pytest.raises(answers.AnswerRefused):
        save(attempt, "z")
    assert stored(attempt)[0] == (None, 0, None, False)


# ---- Close -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("credit", ["right", "partly", "wrong", "none"])
def test_close_grades_all_six_types(course, enrolment, check, credit):
    factories.six_types(course)
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    for position, (_build, *given) in enumerate(factories.SIX_TYPES.values(), 1):
        answer = dict(zip(["right", "partly", "wrong"], given, strict=True)).get(credit)
        save(attempt, answer, position=position)
    close(attempt)
    attempt.refresh_from_db()
    points = [str(score.points) for score in ItemScore.objects.order_by("item__position")]
    assert (
        points
        == {
            "right": ["1.00", "1.00", "2.00", "1.00", "1.00", "1.00"],
            "partly": ["0.00", "0.67", "1.00", "0.00", "0.33", "0.67"],
            "wrong": ["0.00"] * 6,
            "none": ["0.00"] * 6,
        }[credit]
    )
    # Two thirds, a half of two, a third and two thirds, exactly.
    score = {"right": 7, "partly": Decimal("2.66")}.get(credit, 0)
    assert (attempt.score, attempt.maximum) == (score, Decimal(7))
    assert attempt.passed is (credit == "right")


def test_close_tells_progress_in_the_same_breath(attempt, enrolment, check):
    for position, answer in ((1, "a"), (2, "a"), (3, "b")):
        save(attempt, answer, position=position)
    at = NOW + timedelta(minutes=5)
    closed = close(attempt, at)
    assert (closed.state, closed.submitted_at, closed.closed_by) == ("graded", at, "learner")
    assert (closed.score, closed.passed, closed.percent) == (Decimal(2), False, Decimal("66.66"))
    event = LearningEvent.objects.get()
    assert (event.enrolment, event.unit, event.kind, event.at) == (enrolment, check.unit, "quiz_graded", at)
    assert event.idempotency_key == f"attempt:{attempt.uuid}:1"
    assert event.payload == {
        "attempt": str(attempt.uuid),
        "number": 1,
        "run": 1,
        "percent": "66.66",
        "passed": False,
        "keep": "best",
    }
    assert UnitState.objects.get(unit=check.unit).percent == Decimal("66.66")


def test_passing_finishes_the_check(attempt, enrolment, check):
    for position in (1, 2, 3):
        save(attempt, "a", position=position)
    close(attempt)
    assert UnitState.objects.get(unit=check.unit).state == "done"
    assert EnrolmentSummary.objects.get(enrolment=enrolment).units_done == 1


def test_close_twice_is_close_once(attempt):
    save(attempt, "a")
    before = close(attempt)
    again = attempts.close(attempt=attempt, as_of=NOW + timedelta(days=1), by=Attempt.ClosedBy.STAFF)
    assert (again.submitted_at, again.closed_by, again.score) == (before.submitted_at, "learner", Decimal(1))
    assert (GradingRun.objects.count(), ItemScore.objects.count(), LearningEvent.objects.count()) == (1, 3, 1)


def test_close_keeps_a_voided_attempt_as_it_is(attempt):
    attempts.void(attempt=attempt, by=factories.user("Ines Duarte"), reason="The power failed.", at=NOW)
    close(attempt)
    assert Attempt.objects.get(pk=attempt.pk).state == "voided"
    assert GradingRun.objects.count() == 0


def test_close_overdue_closes_what_is_over_and_nothing_else(course, cohort, check):
    factories.quiz(check.unit, [factories.single(course, "A")], time_limit_minutes=30)
    people = [factories.enrolment(cohort, factories.user(f"Learner{n}")) for n in range(3)]
    late, later, own_pace = (
        attempts.start(enrolment=person, quiz=check, at=NOW + timedelta(minutes=n * 20))
        for n, person in enumerate(people)
    )
    save(late, "a")
    assert attempts.close_overdue(as_of=NOW + timedelta(minutes=31)) == 1
    assert attempts.close_overdue(as_of=NOW + timedelta(minutes=31)) == 0
    assert list(Attempt.objects.order_by("pk").values_list("state", "closed_by", "score")) == [
        ("graded", "deadline", Decimal(1)),
        ("open", "", None),
        ("open", "", None),
    ]
    late.refresh_from_db()
    assert late.submitted_at == late.deadline_at
    assert not later.is_open or own_pace.is_open


@pytest.mark.parametrize("saved_after", [None, -60, 20])
@pytest.mark.parametrize("noticed_after", [29, 31, 3_600])
def test_nobody_sent_it_so_it_was_sent_at_its_deadline(course, enrolment, check, saved_after, noticed_after):
    """The grace is for answers on their way: one that came in it makes sending as late, nothing else does."""
    factories.quiz(check.unit, [factories.single(course, "A")], time_limit_minutes=30, cool_down_minutes=60)
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    end = attempt.deadline_at
    if saved_after is not None:
        save(attempt, "b", at=end + timedelta(seconds=saved_after))
    noticed = end + timedelta(seconds=noticed_after)
    attempts.close(attempt=attempt, as_of=noticed, by=Attempt.ClosedBy.DEADLINE)
    sent = end + timedelta(seconds=max(saved_after or 0, 0))
    run = attempt.runs.get()
    event = LearningEvent.objects.get(kind="quiz_graded")
    assert (attempt.submitted_at, attempt.closed_by, run.at, event.at) == (sent, "deadline", sent, sent)
    again = sent + timedelta(minutes=60)
    with pytest.raises(attempts.AttemptRefused, match="You can try again from"):
        attempts.start(enrolment=enrolment, quiz=check, at=again - timedelta(seconds=1))
    assert attempts.start(enrolment=enrolment, quiz=check, at=again).number == 2


def test_close_by_a_deadline_that_was_put_off_meanwhile_leaves_it_open(course, enrolment, check):
    factories.quiz(check.unit, [factories.single(course, "T")], time_limit_minutes=10, grace_seconds=0)
    stale = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    end = NOW + timedelta(minutes=10)
    staff = factories.user("Ines Duarte")
    attempts.extend(enrolment=enrolment, quiz=check, by=staff, reason="A reason.", at=end, minutes=5)
    found = attempts.settle(attempt=stale, as_of=end + timedelta(seconds=1))
    assert (found.state, found.deadline_at) == ("open", end + timedelta(minutes=5))
    assert Attempt.objects.get().state == "open"


def test_close_overdue_goes_on_when_one_cannot_be_graded(course, cohort, check, caplog):
    broken = factories.question(course, "X", "numeric", {"formula": "none"}, {"stem": "", "solution": ""})
    learners = [factories.enrolment(cohort, factories.user(f"Learner {n}")) for n in range(2)]
    running = []
    for question, learner in zip([broken, factories.single(course, "T")], learners, strict=True):
        factories.quiz(check.unit, [question], time_limit_minutes=10)
        running.append(attempts.start(enrolment=learner, quiz=check, at=NOW))
    Response.objects.filter(item__attempt=running[0]).update(answer="1", revision=1, saved_at=NOW)
    assert attempts.close_overdue(as_of=NOW + timedelta(hours=1)) == 1
    assert [Attempt.objects.get(pk=each.pk).state for each in running] == ["open", "graded"]
    assert str(running[0].uuid) in caplog.text


def test_void_is_not_before_an_answer_that_was_taken(attempt):
    """The clock is read before the row is held."""
    save(attempt, "a", at=NOW + timedelta(seconds=1))
    voided = attempts.void(attempt=attempt, by=factories.user("Ines Duarte"), reason="A reason.", at=NOW)
    assert voided.voided_at == NOW + timedelta(seconds=1)


def test_numbers_are_read_in_the_language_of_the_start(course, enrolment, check):
    """Changing the language of the account later must not turn 1.400 into something else."""
    factories.quiz(check.unit, [factories.numeric(course, "N")])
    enrolment.user.language = "de"
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    save(attempt, "1.400")
    enrolment.user.language = "en-gb"
    enrolment.user.save()
    close(attempt)
    assert ItemScore.objects.get().fraction == 1


# ---- The past stays as it was --------------------------------------------------------------------------------------


def test_what_was_asked_stays_as_it_was_after_any_authoring(course, enrolment, check):
    factories.six_types(course)
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=NOW)

    def shown():
        items = AttemptItem.objects.filter(attempt=attempt).select_related("attempt", "question_version", "response")
        return [presentation.question_of(item) for item in items]

    before = shown()
    for version in list(QuestionVersion.objects.all()):
        version.pk, version.number, version.state = None, 2, "draft"
        version.rendered = {"stem": "<p>Rewritten.</p>"}
        version.save()
        versions.publish(version, at=NOW)
        version.question.retired_at = NOW
        version.question.save()
    Unit.objects.filter(pk=check.unit_id).update(retired_at=NOW)
    assert shown() == before
    assert len(before) == 6


# ---- When its learner was here ---------------------------------------------------------------------------------------


def last(enrolment):
    summary = EnrolmentSummary.objects.select_related("last_unit").get(enrolment=enrolment)
    return summary.last_unit and summary.last_unit.key, summary.last_visit_at


def test_starting_and_sending_are_visits_and_a_correction_is_none(enrolment, check):
    attempt = started(enrolment, check)
    assert last(enrolment) == (None, NOW)
    sent_at = NOW + timedelta(minutes=9)
    attempts.close(attempt=attempt, as_of=sent_at, by=Attempt.ClosedBy.LEARNER)
    assert last(enrolment) == ("check", sent_at)
    attempts.grade_again(
        attempt=whole(attempt), reason=GradingRun.Reason.REGRADED, at=NOW + timedelta(days=9), by=factories.user()
    )
    assert last(enrolment) == ("check", sent_at)


def test_running_out_of_time_is_no_visit_but_the_last_answer_was_one(enrolment, course, check):
    factories.quiz(check.unit, [factories.single(course, "A")], time_limit_minutes=30)
    attempt = started(enrolment, check)
    item = AttemptItem.objects.select_related("attempt", "question_version", "response").get(attempt=attempt)
    answered_at = NOW + timedelta(minutes=5)
    attempts.save(item=item, answer="a", revision=0, at=answered_at)
    attempts.close_overdue(as_of=NOW + timedelta(days=1))
    assert last(enrolment) == ("check", answered_at)


def test_sending_what_a_person_will_read_is_a_visit(enrolment, course, check):
    factories.quiz(check.unit, [factories.long(course, "L")])
    attempt = started(enrolment, check, "We lose two million a year.")
    sent_at = NOW + timedelta(minutes=9)
    attempts.close(attempt=attempt, as_of=sent_at, by=Attempt.ClosedBy.LEARNER)
    assert last(enrolment) == (None, sent_at)
