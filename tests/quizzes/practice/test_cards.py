"""Practice: which questions come back, when, and what a review does to them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from quizzes import attempts, invariants
from quizzes.asking import release
from quizzes.models import (
    Attempt,
    ItemScore,
    PracticeCard,
    PracticeReview,
    Question,
    QuestionVersion,
    Regrade,
)
from quizzes.practice import cards as practice
from quizzes.practice import entering
from quizzes.practice.invariants import practised_questions_were_missed, reviews_are_numbered
from tests import factories
from tests.quizzes.practising import (
    NOW,
    TUESDAY,
    another_check,
    asked,
    carded,
    cards,
    exam_of,
    regraded,
    republished,
    reviewed,
)
from tests.quizzes.taking import sent, started, whole

pytestmark = pytest.mark.usefixtures("tuesday")


# ---- What comes back -------------------------------------------------------------------------------------------------


def test_what_was_missed_comes_back_the_next_day(enrolment, check):
    sent(enrolment, check, "a", "b", None)
    assert carded(enrolment) == ["Q1.02", "Q1.03"]
    assert set(PracticeCard.objects.values_list("due_at", "created_at")) == {(datetime(2026, 11, 3, tzinfo=UTC), NOW)}
    assert asked(enrolment, at=datetime(2026, 11, 2, 23, 59, 59, tzinfo=UTC)) == []
    assert asked(enrolment, at=datetime(2026, 11, 3, tzinfo=UTC)) == ["Q1.02", "Q1.03"]


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("Pacific/Apia", datetime(2026, 11, 2, 11, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 11, 3, 8, tzinfo=UTC)),
    ],
)
def test_the_next_day_is_the_learners(enrolment, learner, check, zone, due):
    learner.time_zone = zone
    learner.save()
    sent(enrolment, check, "b", "a", "a")
    assert PracticeCard.objects.get().due_at == due


def test_partly_right_is_missed(enrolment, course, check):
    factories.quiz(check.unit, [factories.multiple(course, "M1"), factories.scenario(course, "S1")])
    sent(enrolment, check, ["a", "c"], "c")
    assert carded(enrolment) == ["M1"]


def test_a_question_has_one_card_however_often_it_was_missed(enrolment, check):
    sent(enrolment, check, "b", "a", "a")
    before = PracticeCard.objects.get()
    sent(enrolment, check, "c", "a", "a", at=TUESDAY)
    assert list(PracticeCard.objects.values()) == list(PracticeCard.objects.filter(pk=before.pk).values())
    assert PracticeCard.objects.get().due_at == before.due_at


def test_everybody_has_their_own(enrolment, cohort, check):
    other = factories.enrolment(cohort)
    sent(enrolment, check, "b", "a", "a")
    sent(other, check, "a", "b", "a")
    assert (carded(enrolment), carded(other)) == (["Q1.01"], ["Q1.02"])


def test_an_attempt_that_ran_out_counts_from_its_deadline(enrolment, course, check):
    factories.quiz(check.unit, [factories.single(course, "T1")], time_limit_minutes=30, grace_seconds=0)
    attempt = started(enrolment, check, "b")
    attempts.settle(attempt=attempt, as_of=NOW + timedelta(days=5))
    assert PracticeCard.objects.get().due_at == datetime(2026, 11, 3, tzinfo=UTC)


# ---- What never does -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["after_close", "after_pass", "score_only", "immediate"])
def test_nothing_of_an_exam(enrolment, lesson, course, policy):
    """Whatever its policy, and passed as well as failed."""
    questions = [factories.single(course, f"E{n}") for n in (1, 2, 3)]
    exam = exam_of(lesson, questions, feedback=policy, pass_percent=60)
    assert sent(enrolment, exam, "b", "b", "b").passed is False
    assert sent(enrolment, exam, "a", "a", "b").passed is True
    assert ItemScore.objects.filter(fraction=0).count() == 4
    entering.rebuild(enrolment=enrolment, at=TUESDAY)
    assert carded(enrolment) == []


def test_nothing_whose_key_is_kept(enrolment, course, check):
    factories.quiz(check.unit, [factories.single(course, "K1")], feedback="score_only", pass_percent=0)
    assert sent(enrolment, check, "b").passed is True
    assert carded(enrolment) == []


def test_after_pass_comes_with_the_pass_and_brings_what_was_missed_before(enrolment, course, check):
    questions = [factories.single(course, f"P{n}") for n in (1, 2, 3)]
    factories.quiz(check.unit, questions, feedback="after_pass", pass_percent=60)
    assert sent(enrolment, check, "b", "b", "a").passed is False
    assert carded(enrolment) == []
    passed = sent(enrolment, check, "a", "a", "b", at=NOW + timedelta(hours=1))
    assert carded(enrolment) == ["P1", "P2", "P3"]
    assert practice.added(passed) == 3


@pytest.mark.parametrize("policy", ["after_close", "after_pass", "score_only", "immediate"])
def test_practice_and_result_release_the_same(enrolment, cohort, course, check, policy):
    """One rule, `results.tells_key`: what the page of a result explains is what practice may ask again."""
    questions = [factories.single(course, f"P{n}") for n in (1, 2, 3)]
    factories.quiz(check.unit, questions, feedback=policy, pass_percent=60)
    other = factories.enrolment(cohort)
    taken = [sent(enrolment, check, "b", "b", "b"), sent(other, check, "a", "a", "b")]

    def released():
        by_result = [release.of(whole(each)).key for each in taken]
        found = set(practice.missed().values_list("run__attempt", flat=True))
        assert [each.pk in found for each in taken] == by_result
        return by_result

    always = policy in ("after_close", "immediate")
    assert released() == [always, policy != "score_only"]
    taken += [sent(enrolment, check, "a", "a", "b", at=TUESDAY), sent(enrolment, check, "b", at=TUESDAY)]
    assert released() == [policy != "score_only"] * 4


def test_no_long_text(enrolment, course, check):
    body = {"points": 2, "criteria": [{"key": "c", "title": "Clarity", "levels": ["None", "All"]}]}
    rendered = {"criteria": {"c": ["None", "All"]}, "model": "<p>A model.</p>"}
    long = factories.question(course, "L1", QuestionVersion.Type.LONG, body, rendered)
    factories.quiz(check.unit, [long, factories.single(course, "L2")])
    sent(enrolment, check, None, "b")
    assert set(ItemScore.objects.values_list("fraction", flat=True)) <= {Decimal(0)}
    assert carded(enrolment) == ["L2"]


def test_a_question_that_became_a_long_text_rests(enrolment, course, check):
    sent(enrolment, check, "b", "b", "a")
    version = QuestionVersion.objects.current().get(question__key="Q1.01")
    republished(version, type=QuestionVersion.Type.LONG)
    assert asked(enrolment) == ["Q1.02"]


def test_retired_questions_rest(enrolment, check):
    sent(enrolment, check, "b", "b", "a")
    Question.objects.filter(key="Q1.01").update(retired_at=NOW)
    assert asked(enrolment) == ["Q1.02"]
    Question.objects.update(retired_at=NOW)
    assert practice.next_day(enrolment, practice.deck(enrolment, at=TUESDAY), at=TUESDAY) is None


def test_questions_of_an_open_attempt_rest_until_it_is_graded(enrolment, check):
    """Otherwise practice would tell the key of what is being asked."""
    sent(enrolment, check, "b", "b", "a")
    attempt = started(enrolment, check)
    assert attempt.items.count() == 3
    assert asked(enrolment) == []
    attempts.close(attempt=attempt, as_of=NOW + timedelta(minutes=1), by="learner")
    assert asked(enrolment) == ["Q1.01", "Q1.02", "Q1.03"]


def test_questions_that_wait_for_a_reader_rest(enrolment, course, check):
    sent(enrolment, check, "b", "a", "a")
    attempt = started(enrolment, check)
    Attempt.objects.filter(pk=attempt.pk).update(state="awaiting", submitted_at=NOW)
    assert asked(enrolment) == []


def test_an_open_attempt_of_somebody_else_keeps_nothing_back(enrolment, cohort, check):
    sent(enrolment, check, "b", "a", "a")
    started(factories.enrolment(cohort), check)
    assert asked(enrolment) == ["Q1.01"]


@pytest.mark.parametrize(
    ("make", "policy"), [(exam_of, "after_close"), (another_check, "score_only"), (another_check, "after_pass")]
)
def test_what_an_exam_or_a_quiz_with_a_secret_key_may_draw_rests(enrolment, lesson, check, make, policy):
    sent(enrolment, check, "b", "b", "a")
    assert asked(enrolment) == ["Q1.01", "Q1.02"]
    make(lesson, [Question.objects.get(key="Q1.01")], feedback=policy)
    assert asked(enrolment) == ["Q1.02"]


def test_what_a_passed_quiz_may_draw_comes_back(enrolment, lesson, check):
    sent(enrolment, check, "b", "a", "a")
    other = another_check(lesson, [Question.objects.get(key="Q1.01")], feedback="after_pass", pass_percent=50)
    assert asked(enrolment) == []
    sent(enrolment, other, "a")
    assert asked(enrolment) == ["Q1.01"]


# ---- Regrades --------------------------------------------------------------------------------------------------------


def test_a_regrade_adds(enrolment, check):
    attempt = sent(enrolment, check, "a", "a", "a")
    assert carded(enrolment) == []
    regraded(attempt, 2, "new_key", scores={"a": 0, "b": 1, "c": 0})
    assert carded(enrolment) == ["Q1.02"]
    assert PracticeCard.objects.get().created_at == TUESDAY


def test_what_counts_as_right_since_a_regrade_is_sorted_out(learner_client, enrolment, check):
    """The card and its reviews stay; nobody is asked it, no page counts it, and rebuilding says the same."""
    attempt = sent(enrolment, check, "a", "b", "b")
    assert "2 questions were added to" in learner_client.get(f"/cto/attempts/{attempt.uuid}/result/").text
    regraded(attempt, 2, "accept", answers=["b"])
    assert (carded(enrolment), asked(enrolment)) == (["Q1.02", "Q1.03"], ["Q1.03"])
    assert PracticeCard.objects.get(question__key="Q1.02").sorted_out_at == TUESDAY
    assert "1 question was added to" in learner_client.get(f"/cto/attempts/{attempt.uuid}/result/").text
    entering.rebuild(enrolment=enrolment, at=TUESDAY + timedelta(days=1))
    assert PracticeCard.objects.get(question__key="Q1.02").sorted_out_at == TUESDAY
    assert practised_questions_were_missed() == []


def test_what_counts_as_right_does_not_enter_practice(enrolment, check):
    attempt = started(enrolment, check, "a", "b", "a")
    version = QuestionVersion.objects.current().get(question__key="Q1.02")
    ines = factories.user("Ines D")
    Regrade.objects.create(
        question_version=version, policy="accept", details={"answers": ["b"]}, reason="Both.", decided_by=ines
    )
    attempts.close(attempt=attempt, as_of=NOW, by=Attempt.ClosedBy.LEARNER)
    assert carded(enrolment) == []


def test_what_was_sorted_out_comes_back_when_it_is_missed_again(enrolment, check):
    regraded(sent(enrolment, check, "a", "b", "a"), 2, "accept", answers=["b"])
    assert asked(enrolment) == []
    sent(enrolment, check, "a", "c", "a", at=TUESDAY)
    assert asked(enrolment) == ["Q1.02"]
    assert practised_questions_were_missed() == []


def test_a_dropped_question_rests_until_it_is_published_anew(enrolment, check):
    attempt = sent(enrolment, check, "a", "b", "b")
    regraded(attempt, 2, "drop")
    assert asked(enrolment) == ["Q1.03"]
    republished(QuestionVersion.objects.current().get(question__key="Q1.02"))
    assert asked(enrolment) == ["Q1.02", "Q1.03"]


def test_nobody_practises_what_was_dropped_before_they_were_graded(enrolment, check):
    attempt = started(enrolment, check, "a", "b", "a")
    version = QuestionVersion.objects.current().get(question__key="Q1.02")
    Regrade.objects.create(question_version=version, policy="drop", reason="Bad.", decided_by=factories.user("Ines D"))
    attempts.close(attempt=attempt, as_of=NOW, by=Attempt.ClosedBy.LEARNER)
    assert carded(enrolment) == []


# ---- How much a day --------------------------------------------------------------------------------------------------


def test_twenty_a_day(enrolment):
    made = cards(enrolment, 23)
    for place, card in enumerate(made[:20]):
        assert len(practice.deck(enrolment, at=TUESDAY).cards) == 20 - place
        assert reviewed(card)
    deck = practice.deck(enrolment, at=TUESDAY)
    assert deck == practice.Deck([], 20, full=True)
    assert practice.next_day(enrolment, deck, at=TUESDAY) == date(2026, 11, 4)
    assert asked(enrolment, at=datetime(2026, 11, 4, tzinfo=UTC)) == ["Z20", "Z21", "Z22"]


def test_the_day_ends_at_the_learners_midnight(enrolment, learner):
    learner.time_zone = "Pacific/Apia"
    learner.save()
    before, after = datetime(2026, 11, 3, 10, 59, tzinfo=UTC), datetime(2026, 11, 3, 11, tzinfo=UTC)
    for card in cards(enrolment, 22, due_at=NOW - timedelta(days=5))[:20]:
        reviewed(card, at=before)
    assert practice.deck(enrolment, at=before).full
    assert practice.deck(enrolment, at=after).done == 0
    assert asked(enrolment, at=after) == ["Z20", "Z21"]


def test_lessons_are_mixed_and_go_on_where_the_last_review_was(enrolment, course):
    one, two = course.lessons.order_by("number")
    ones = cards(enrolment, 3, lesson=one, prefix="A")
    cards(enrolment, 2, lesson=two, due_at=NOW + timedelta(minutes=1), prefix="B")
    assert asked(enrolment) == ["A00", "B00", "A01", "B01", "A02"]
    reviewed(ones[0])
    assert asked(enrolment) == ["B00", "A01", "B01", "A02"]
    # A new day does not remember which lesson was last.
    assert asked(enrolment, at=TUESDAY + timedelta(days=1)) == ["A01", "B00", "A02", "B01"]


def test_of_a_backlog_the_longest_due_are_asked(enrolment):
    cards(enrolment, 25)
    assert sorted(asked(enrolment)) == [f"Z{number:02}" for number in range(20)]


def test_the_deck_takes_one_query(enrolment, django_assert_num_queries):
    made = cards(enrolment, 5)
    reviewed(made[0])
    with django_assert_num_queries(1):
        assert len(practice.deck(enrolment, at=TUESDAY).cards) == 4


# ---- Reviews ---------------------------------------------------------------------------------------------------------


def test_a_review_is_kept_and_plans_the_next(enrolment, check):
    sent(enrolment, check, "b", "a", "a")
    card = PracticeCard.objects.get()
    version = card.question.versions.get()
    assert reviewed(card)
    assert list(PracticeReview.objects.values_list("card", "number", "question_version", "rating", "at")) == [
        (card.pk, 1, version.pk, "got_it", TUESDAY)
    ]
    card.refresh_from_db()
    assert card.due_at == datetime(2026, 11, 5, tzinfo=UTC)
    assert card.memory["last_review"] == "2026-11-03T00:00:00+00:00"


def test_again_is_tomorrow(enrolment):
    (card,) = cards(enrolment, 1)
    reviewed(card, rating="again")
    card.refresh_from_db()
    assert card.due_at == datetime(2026, 11, 4, tzinfo=UTC)
    assert asked(enrolment, at=datetime(2026, 11, 3, 23, 59, tzinfo=UTC)) == []


def test_the_same_review_twice_is_one(enrolment):
    (card,) = cards(enrolment, 1)
    form = {"enrolment": enrolment, "card": card.pk, "number": 1, "version": card.question.versions.get().pk}
    assert practice.review(**form, rating="again", at=TUESDAY) is True
    after = PracticeCard.objects.values().get()
    assert practice.review(**form, rating="got_it", at=TUESDAY) is False
    assert PracticeCard.objects.values().get() == after
    assert PracticeReview.objects.get().rating == "again"


def test_rebuild_gives_what_is_stored(enrolment, learner, check):
    learner.time_zone = "Europe/Lisbon"
    learner.save()
    sent(enrolment, check, "b", "b", "a")
    first = PracticeCard.objects.earliest("pk")
    reviewed(first)
    first.refresh_from_db()
    reviewed(first, at=first.due_at + timedelta(hours=20), rating="again")
    stored = list(PracticeCard.objects.order_by("pk").values())
    PracticeCard.objects.update(memory={}, due_at=NOW)
    entering.rebuild(enrolment=enrolment, at=TUESDAY)
    assert list(PracticeCard.objects.order_by("pk").values()) == stored


def test_rebuild_makes_cards_that_are_missing(enrolment, check):
    sent(enrolment, check, "b", "b", "a")
    PracticeCard.objects.all().delete()
    entering.rebuild(enrolment=enrolment, at=TUESDAY)
    assert carded(enrolment) == ["Q1.01", "Q1.02"]
    assert asked(enrolment, at=TUESDAY + timedelta(days=1)) == ["Q1.01", "Q1.02"]


def broken():
    return {name for name, check in invariants.CHECKS if check()}


def test_invariants_hold_after_practising_and_see_what_is_wrong(enrolment, course, check):
    sent(enrolment, check, "b", "a", "a")
    card = PracticeCard.objects.get()
    reviewed(card)
    assert practised_questions_were_missed() == []
    other = factories.single(course, "X1").versions.get()
    PracticeReview.objects.create(card=card, number=3, question_version=other, rating="again", at=TUESDAY)
    PracticeCard.objects.create(enrolment=enrolment, question=other.question, due_at=NOW)
    assert practised_questions_were_missed() == [f"card {PracticeCard.objects.latest('pk').pk}"]
    assert reviews_are_numbered() == [f"card {card.pk}: 2 reviews up to 3"]
