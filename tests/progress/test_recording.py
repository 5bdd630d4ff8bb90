"""Facts in, states out."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons import versions
from lessons.models import Lesson, Unit, UnitVersion
from progress import invariants, recording
from progress.models import EnrolmentSummary, LearningEvent, LessonState, UnitState
from tests import factories
from tests.factories import NOW

MARKED, GRADED, RESET = LearningEvent.Kind.MARKED_DONE, LearningEvent.Kind.QUIZ_GRADED, LearningEvent.Kind.RESET
LATER = NOW + timedelta(hours=1)


def unit(key):
    return Unit.objects.select_related("lesson").get(key=key)


def states(enrolment):
    """Everything that is recomputed, as plain values."""
    return {
        "units": set(
            UnitState.objects.filter(enrolment=enrolment).values_list(
                "unit__key", "state", "percent", "started_at", "done_at"
            )
        ),
        "lessons": set(
            LessonState.objects.filter(enrolment=enrolment).values_list(
                "lesson__number", "units_done", "units_required", "percent", "done_at"
            )
        ),
        "summary": EnrolmentSummary.objects.filter(enrolment=enrolment)
        .values_list("units_done", "units_required", "lessons_done", "percent", "completed_at")
        .first(),
    }


def grade(enrolment, *, percent, passed, at=NOW, number=1, run=1, keep="best"):
    payload = {
        "attempt": f"a{number}",
        "number": number,
        "run": run,
        "percent": percent,
        "passed": passed,
        "keep": keep,
    }
    return recording.record(
        enrolment=enrolment, unit=unit("check"), kind=GRADED, at=at, key=f"attempt:a{number}:{run}", payload=payload
    )


def test_mark_done_changes_unit_lesson_and_summary(enrolment):
    summary = recording.mark_done(enrolment=enrolment, unit=unit("first"), at=NOW)
    assert states(enrolment) == {
        "units": {("first", "done", None, NOW, NOW)},
        "lessons": {(1, 1, 3, None, None)},
        "summary": (1, 4, 0, 25, None),
    }
    assert (summary.last_unit, summary.last_anchor, summary.last_visit_at) == (unit("first"), "", NOW)


def test_mark_done_twice_is_once(enrolment):
    recording.mark_done(enrolment=enrolment, unit=unit("first"), at=NOW)
    before = states(enrolment)
    summary = recording.mark_done(enrolment=enrolment, unit=unit("first"), at=LATER)
    assert states(enrolment) == before
    assert LearningEvent.objects.count() == 1
    assert summary.last_visit_at == NOW


def test_mark_done_does_not_touch_others(enrolment, cohort):
    other = factories.enrolment(cohort)
    recording.mark_done(enrolment=other, unit=unit("second"), at=NOW)
    before = states(other)
    recording.mark_done(enrolment=enrolment, unit=unit("first"), at=NOW)
    assert states(other) == before


def test_check_is_done_when_passed_once(enrolment):
    grade(enrolment, percent="66.67", passed=False)
    assert states(enrolment)["units"] == {("check", "started", Decimal("66.67"), NOW, None)}
    grade(enrolment, percent="100.00", passed=True, at=LATER, number=2)
    assert states(enrolment) == {
        "units": {("check", "done", Decimal("100.00"), NOW, LATER)},
        "lessons": {(1, 1, 3, Decimal("100.00"), None)},
        "summary": (1, 4, 0, 25, None),
    }


def test_marking_a_check_done_does_not_pass_it(enrolment):
    with pytest.raises(recording.NotDoneBySaying):
        recording.mark_done(enrolment=enrolment, unit=unit("check"), at=NOW)
    assert not LearningEvent.objects.exists()


def test_an_assignment_is_not_done_by_saying_so(enrolment):
    """Nothing can be handed in yet. Who said so when it could be said keeps it: facts stay."""
    assignment = factories.assignment(Lesson.objects.get(number=1)).unit
    with pytest.raises(recording.NotDoneBySaying):
        recording.mark_done(enrolment=enrolment, unit=assignment, at=NOW)
    assert not LearningEvent.objects.exists()
    recording.record(enrolment=enrolment, unit=assignment, kind="marked_done", at=NOW, key=f"done:{assignment.pk}:0")
    assert states(enrolment)["units"] == {("assignment", "done", None, NOW, NOW)}
    assert states(enrolment)["summary"] == (0, 4, 0, 0, None)


def test_a_whole_course(enrolment):
    for hours, key in enumerate(["first", "second", "third"]):
        recording.mark_done(enrolment=enrolment, unit=unit(key), at=NOW + timedelta(hours=hours))
    summary = grade(enrolment, percent="90.00", passed=True, at=NOW + timedelta(hours=5))
    end = NOW + timedelta(hours=5)
    assert states(enrolment)["lessons"] == {
        (1, 3, 3, Decimal("90.00"), end),
        (2, 1, 1, None, NOW + timedelta(hours=2)),
    }
    assert states(enrolment)["summary"] == (4, 4, 2, 100, end)
    assert summary.completed_at == end


def finish(enrolment):
    for key in ["first", "second", "third"]:
        recording.mark_done(enrolment=enrolment, unit=unit(key), at=NOW)
    grade(enrolment, percent="90.00", passed=True)


def test_completed_stays_completed_when_a_unit_is_added(enrolment, course):
    finish(enrolment)
    factories.unit(course.lessons.get(number=2), "fourth", position=2)
    assert recording.recount(course=course) == 1
    assert states(enrolment)["lessons"] == {(1, 3, 3, Decimal("90.00"), NOW), (2, 1, 2, None, None)}
    assert states(enrolment)["summary"] == (4, 5, 1, 80, NOW)
    assert recording.recount(course=course) == 0
    assert invariants.progress_is_what_the_facts_say() == []


def test_recount_keeps_what_was_done_in_a_retired_unit(enrolment, course):
    recording.mark_done(enrolment=enrolment, unit=unit("third"), at=NOW)
    Unit.objects.filter(key="third").update(retired_at=NOW)
    assert recording.recount(course=course) == 1
    assert states(enrolment) == {
        "units": {("third", "done", None, NOW, NOW)},
        "lessons": {(2, 0, 0, None, None)},
        "summary": (0, 3, 0, 0, None),
    }
    assert invariants.progress_is_what_the_facts_say() == []


def test_recount_is_bulk(enrolment, cohort, course, django_assert_num_queries):
    """The same number of statements for one learner and for five, with the revision and the new outline."""
    recording.mark_done(enrolment=enrolment, unit=unit("first"), at=NOW)
    factories.unit(course.lessons.get(number=2), "fourth", position=2)
    with django_assert_num_queries(9):
        recording.recount(course=course)
    for _ in range(4):
        recording.mark_done(enrolment=factories.enrolment(cohort), unit=unit("first"), at=NOW)
    factories.unit(course.lessons.get(number=2), "fifth", position=3)
    with django_assert_num_queries(9):
        assert recording.recount(course=course) == 5


def test_lesson_in_preparation_is_not_finished(enrolment, course):
    Lesson.objects.filter(course=course, number=2).update(outline=["More of it"])
    recording.mark_done(enrolment=enrolment, unit=unit("third"), at=NOW)
    assert states(enrolment)["lessons"] == {(2, 1, 1, None, None)}
    assert states(enrolment)["summary"] == (1, 4, 0, 25, None)


def test_draft_units_do_not_count(enrolment, course):
    drafted = Unit.objects.create(lesson=course.lessons.get(number=2), key="drafted", position=2)
    UnitVersion.objects.create(unit=drafted, number=1, title="Drafted")
    recording.mark_done(enrolment=enrolment, unit=unit("third"), at=NOW)
    assert states(enrolment)["summary"] == (1, 4, 1, 25, None)


def test_a_new_version_of_a_unit_keeps_it_done(enrolment):
    recording.mark_done(enrolment=enrolment, unit=unit("first"), at=NOW)
    versions.publish(UnitVersion.objects.create(unit=unit("first"), number=2, title="First, again"), at=LATER)
    recording.rebuild(enrolment=enrolment)
    assert states(enrolment)["summary"] == (1, 4, 0, 25, None)


def test_reset_lowers_a_unit_and_it_can_be_done_again(enrolment):
    recording.mark_done(enrolment=enrolment, unit=unit("first"), at=NOW)
    recording.record(
        enrolment=enrolment,
        unit=unit("first"),
        kind=RESET,
        at=LATER,
        key="reset:1",
        payload={"reason": "asked for", "actor": 1},
    )
    assert states(enrolment)["units"] == {("first", "started", None, NOW, None)}
    assert states(enrolment)["summary"] == (0, 4, 0, 0, None)
    again = LATER + timedelta(hours=1)
    recording.mark_done(enrolment=enrolment, unit=unit("first"), at=again)
    assert states(enrolment)["units"] == {("first", "done", None, NOW, again)}


def test_record_belongs_to_the_transaction_around_it(enrolment):
    with transaction.atomic():
        recording.mark_done(enrolment=enrolment, unit=unit("first"), at=NOW)
        transaction.set_rollback(True)
    assert states(enrolment) == {"units": set(), "lessons": set(), "summary": None}
    assert LearningEvent.objects.count() == 0


def test_note_position_makes_a_counted_summary_and_no_fact(enrolment):
    recording.note_position(enrolment=enrolment, unit=unit("second"), anchor="why", at=NOW)
    summary = EnrolmentSummary.objects.get(enrolment=enrolment)
    assert (summary.last_unit, summary.last_anchor, summary.last_visit_at) == (unit("second"), "why", NOW)
    assert states(enrolment) == {"units": set(), "lessons": set(), "summary": (0, 4, 0, 0, None)}
    assert LearningEvent.objects.count() == 0


def test_note_position_never_goes_back_in_time(enrolment):
    recording.note_position(enrolment=enrolment, unit=unit("second"), anchor="why", at=LATER)
    recording.note_position(enrolment=enrolment, unit=unit("first"), anchor="", at=NOW)
    summary = EnrolmentSummary.objects.get(enrolment=enrolment)
    assert (summary.last_unit, summary.last_anchor, summary.last_visit_at) == (unit("second"), "why", LATER)


def summed(enrolment):
    """Where and when the learner was last at work."""
    summary = EnrolmentSummary.objects.select_related("last_unit").get(enrolment=enrolment)
    return summary.last_unit and summary.last_unit.key, summary.last_visit_at


def test_seen_keeps_the_time_and_leaves_the_position(enrolment):
    recording.seen(enrolment=enrolment, at=NOW)
    assert summed(enrolment) == (None, NOW)
    recording.note_position(enrolment=enrolment, unit=unit("second"), anchor="why", at=NOW)
    recording.seen(enrolment=enrolment, at=LATER)
    recording.seen(enrolment=enrolment, at=NOW)
    assert summed(enrolment) == ("second", LATER)


@pytest.mark.parametrize(
    "act",
    [
        lambda enrolment: recording.seen(enrolment=enrolment, at=NOW),
        lambda enrolment: recording.note_position(enrolment=enrolment, unit=unit("second"), anchor="", at=NOW),
        lambda enrolment: grade(enrolment, percent="90", passed=True),
    ],
    ids=["seen", "note_position", "record, told before"],
)
@pytest.mark.parametrize("done", [0, 1])
def test_first_act_of_somebody_leaves_counted_numbers(enrolment, act, done):
    """Whatever made the summary, with facts of before or without."""
    if done:
        grade(enrolment, percent="90", passed=True)
        EnrolmentSummary.objects.all().delete()
        LessonState.objects.all().delete()
    act(enrolment)
    assert EnrolmentSummary.objects.get(enrolment=enrolment).units_required == 4
    assert invariants.progress_is_what_the_facts_say() == []


def test_what_others_do_is_no_visit(enrolment):
    """A reset, or a grading that follows from the correction of a key."""
    recording.mark_done(enrolment=enrolment, unit=unit("first"), at=NOW)
    for kind in (RESET, GRADED):
        payload = {"percent": "90", "passed": True} if kind == GRADED else {}
        recording.record(enrolment=enrolment, unit=unit("check"), kind=kind, at=LATER, key=f"{kind}:1", payload=payload)
    assert summed(enrolment) == ("first", NOW)


def test_note_position_is_one_statement_once_there_is_a_summary(enrolment, django_assert_num_queries):
    recording.note_position(enrolment=enrolment, unit=unit("second"), anchor="why", at=NOW)
    target = unit("first")
    with django_assert_num_queries(1):
        recording.note_position(enrolment=enrolment, unit=target, anchor="", at=LATER)


def test_rebuild_repairs_what_was_damaged(enrolment, course):
    finish(enrolment)
    expected = states(enrolment)
    UnitState.objects.filter(enrolment=enrolment, unit__key="first").update(state="started", done_at=None)
    UnitState.objects.filter(enrolment=enrolment, unit__key="third").delete()
    LessonState.objects.filter(enrolment=enrolment, lesson__number=1).update(units_done=0)
    EnrolmentSummary.objects.filter(enrolment=enrolment).update(units_done=0, percent=3)
    assert len(invariants.progress_is_what_the_facts_say()) == 5
    recording.rebuild(enrolment=enrolment)
    assert states(enrolment) == expected
    assert invariants.progress_is_what_the_facts_say() == []


def test_rebuild_removes_states_without_facts(enrolment):
    recording.mark_done(enrolment=enrolment, unit=unit("first"), at=NOW)
    expected = states(enrolment)
    UnitState.objects.create(enrolment=enrolment, unit=unit("third"), state="done", done_at=NOW)
    LessonState.objects.create(enrolment=enrolment, lesson=unit("third").lesson)
    assert len(invariants.progress_is_what_the_facts_say()) == 2
    recording.rebuild(enrolment=enrolment)
    assert states(enrolment) == expected


def test_invariant_names_a_percent_without_completion(enrolment):
    recording.mark_done(enrolment=enrolment, unit=unit("first"), at=NOW)
    assert invariants.completion_is_said_once() == []
    EnrolmentSummary.objects.update(percent=100)
    assert invariants.completion_is_said_once() == [f"enrolment {enrolment.pk}: 100 percent, not completed"]


def test_invariant_finds_facts_without_a_summary(enrolment):
    LearningEvent.objects.create(
        enrolment=enrolment, unit=unit("first"), kind=MARKED, at=NOW, idempotency_key="told past the write path"
    )
    faults = invariants.progress_is_what_the_facts_say()
    assert [fault.split()[2] for fault in faults] == ["unit", "lesson", "facts"]


# ---- Any order, any repetition ---------------------------------------------------------------------------------------

HOURS = st.integers(min_value=0, max_value=40)
MARKS = st.tuples(st.just("mark"), st.sampled_from(["first", "second", "third"]), HOURS)
GRADES = st.tuples(
    st.just("grade"),
    st.integers(min_value=1, max_value=3),  # attempt
    st.integers(min_value=1, max_value=2),  # grading run
    st.sampled_from(["0.00", "66.67", "80.00", "100.00"]),
    st.sampled_from(["best", "last", "first"]),
    HOURS,
)
RESETS = st.tuples(st.just("reset"), st.sampled_from(["first", "check"]), HOURS)


def told(facts):
    """Facts as keyword arguments of `record`, one for each key: the same key is the same fact."""
    calls = {}
    for fact in facts:
        at = NOW + timedelta(hours=fact[-1])
        if fact[0] == "grade":
            _grade, number, run, percent, keep, _hours = fact
            passed = Decimal(percent) >= 80
            payload = {"number": number, "run": run, "percent": percent, "passed": passed, "keep": keep}
            call = {"unit": unit("check"), "kind": GRADED, "key": f"attempt:{number}:{run}", "payload": payload}
        elif fact[0] == "mark":
            call = {"unit": unit(fact[1]), "kind": MARKED, "key": f"done:{fact[1]}:{fact[2]}"}
        else:
            call = {"unit": unit(fact[1]), "kind": RESET, "key": f"reset:{fact[1]}:{fact[2]}"}
        calls.setdefault(call["key"], call | {"at": at})
    return list(calls.values())


def after(cohort, calls):
    """The states of a new learner of whom these facts are told in this order; a rebuild changes nothing of them."""
    enrolment = factories.enrolment(cohort)
    for call in calls:
        recording.record(enrolment=enrolment, **call)
    result = states(enrolment)
    recording.rebuild(enrolment=enrolment)
    assert states(enrolment) == result
    assert invariants.progress_is_what_the_facts_say() == []
    return result


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.lists(st.one_of(MARKS, GRADES), min_size=1, max_size=9), data=st.data())
def test_any_order_and_repetition_gives_the_same_states(facts, data, cohort):
    with transaction.atomic():
        calls = told(facts)
        shuffled = data.draw(st.permutations(calls + calls))
        assert after(cohort, shuffled) == after(cohort, calls)
        transaction.set_rollback(True)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.lists(st.one_of(MARKS, GRADES, RESETS), min_size=1, max_size=9), data=st.data())
def test_order_does_not_matter_with_resets_either(facts, data, cohort):
    """Except for one thing: whether the course was complete for a moment is history, and history has an order."""
    with transaction.atomic():
        calls = told(facts)
        one, other = after(cohort, data.draw(st.permutations(calls + calls))), after(cohort, calls)
        assert (one["units"], one["lessons"]) == (other["units"], other["lessons"])
        assert (one["summary"] or ())[:4] == (other["summary"] or ())[:4]
        transaction.set_rollback(True)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time: there is nothing to lock")
@pytest.mark.django_db(transaction=True)
def test_two_facts_at_once_lose_neither(enrolment):
    """Two connections tell facts about one learner: the second waits for the first and sees it."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from django.db import connections

    barrier = Barrier(2)
    units = [unit("first"), unit("second")]

    def tell(target):
        try:
            with transaction.atomic():
                barrier.wait(timeout=10)
                recording.mark_done(enrolment=enrolment, unit=target, at=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(tell, units))
    assert states(enrolment)["lessons"] == {(1, 2, 3, None, None)}
    assert states(enrolment)["summary"] == (2, 4, 0, 50, None)
    assert invariants.progress_is_what_the_facts_say() == []
