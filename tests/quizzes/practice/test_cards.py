"""Practice: what comes back and what never does, how much a day, and the way from a question to "Again" or "Got it"."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.core import signing

from lessons import versions
from lessons.models import Lesson, Unit
from quizzes import attempts, invariants
from quizzes.asking import release
from quizzes.models import (
    Attempt,
    GradingRun,
    ItemScore,
    PracticeCard,
    PracticeReview,
    Question,
    QuestionVersion,
    Quiz,
    Regrade,
)
from quizzes.practice import cards as practice
from quizzes.practice import pages, schedule
from quizzes.practice.invariants import practised_questions_were_missed, reviews_are_numbered
from tests import factories
from tests.quizzes.taking import sent, started, whole

NOW = factories.NOW  # a Monday, 09:30 UTC
TUESDAY = NOW + timedelta(days=1)
FRONT, CARD, REVIEW = "/cto/practice/", "/cto/practice/next/", "/cto/practice/review/"


@pytest.fixture
def lesson(course):
    return Lesson.objects.get(number=1)


@pytest.fixture(autouse=True)
def _tuesday(db):
    """The day after the attempts of these tests."""
    with time_machine.travel(TUESDAY, tick=False):
        yield


def keys(cards):
    return sorted(cards.values_list("question__key", flat=True))


def carded(enrolment):
    return keys(PracticeCard.objects.of(enrolment))


def asked(enrolment, *, at=TUESDAY):
    """Keys of the questions of today, in the order in which they are asked."""
    key_of = dict(PracticeCard.objects.values_list("pk", "question__key"))
    return [key_of[pk] for pk in practice.deck(enrolment, at=at).cards]


def another_check(lesson, questions, *, key="another", **settings):
    unit = factories.unit(lesson, key, position=9, kind=Unit.Kind.QUIZ)
    return factories.quiz(unit, questions, **settings)


def exam_of(lesson, questions, **settings):
    quiz = another_check(lesson, questions, key="exam", **settings)
    Quiz.objects.filter(pk=quiz.pk).update(purpose=Quiz.Purpose.EXAM)
    return Quiz.objects.get(pk=quiz.pk)


def cards(enrolment, count, *, lesson=None, due_at=NOW, prefix="Z"):
    """So many cards of questions of their own; each due a second after the one before."""
    made = []
    for number in range(count):
        question = factories.single(enrolment.course, f"{prefix}{number:02}", lesson=lesson)
        due = due_at + timedelta(seconds=number)
        made.append(PracticeCard.objects.create(enrolment=enrolment, question=question, due_at=due, memory=MEMORY))
    return made


MEMORY = schedule.reviewed({}, "again", on=date(2026, 11, 1))


def reviewed(card, *, at=TUESDAY, rating="got_it"):
    number = card.reviews.count() + 1
    version = card.question.versions.get(state="current")
    return practice.review(
        enrolment=card.enrolment, card=card.pk, number=number, version=version.pk, rating=rating, at=at
    )


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
    practice.rebuild(enrolment=enrolment, at=TUESDAY)
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


def regraded(attempt, position, policy, **details):
    version = attempt.items.get(position=position).question_version
    ines = factories.user("Ines Duarte")
    Regrade.objects.create(
        question_version=version, policy=policy, details=details, reason="The key was wrong.", decided_by=ines
    )
    return attempts.grade_again(attempt=attempt, reason=GradingRun.Reason.REGRADED, at=TUESDAY, by=ines)


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
    practice.rebuild(enrolment=enrolment, at=TUESDAY + timedelta(days=1))
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
    practice.rebuild(enrolment=enrolment, at=TUESDAY)
    assert list(PracticeCard.objects.order_by("pk").values()) == stored


def test_rebuild_makes_cards_that_are_missing(enrolment, check):
    sent(enrolment, check, "b", "b", "a")
    PracticeCard.objects.all().delete()
    practice.rebuild(enrolment=enrolment, at=TUESDAY)
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


# ---- The pages -------------------------------------------------------------------------------------------------------


def republished(version, **changes):
    """A later wording of the same question, in force."""
    names = ["type", "competency", "bloom", "unit", "stem", "body", "rendered"]
    fields = {name: getattr(version, name) for name in names} | changes
    made = QuestionVersion.objects.create(question=version.question, number=version.number + 1, **fields)
    return versions.publish(made, at=NOW)


def main(response):
    html = response.content.decode()
    return html[html.index("<main") : html.index("</main>")]


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", main(response)).split())


def ticket_in(response):
    return re.search(r'name="ticket" value="([^"]+)"', main(response))[1]


def shown(client, page, **answer):
    """Press [Show answer]."""
    fields = {"ticket": ticket_in(page), "question": "1", "q1-revision": "0", "show": "1"}
    return client.get(f"{CARD}?{urlencode(fields | answer, doseq=True)}")


def rate(client, page, rating="got_it", **more):
    return client.post(REVIEW, {"ticket": ticket_in(page), "rating": rating} | more)


def test_front_before_anything_was_missed(learner_client):
    page = text(learner_client.get(FRONT))
    assert "Nothing to practise yet." in page
    assert "A question that you miss in a check comes here once its answer is explained to you" in page
    assert learner_client.get(CARD).url == FRONT


def test_front_says_how_much_and_never_how_late(learner_client, enrolment):
    cards(enrolment, 25, due_at=NOW - timedelta(days=90))
    page = text(learner_client.get(FRONT))
    assert "20 questions for today, about 14 minutes. Start 20 questions" in page
    assert "25" not in page
    assert not re.search(r"overdue|late|behind|streak", page)


def test_front_says_when_something_is_due(learner_client, enrolment):
    (card,) = cards(enrolment, 1, due_at=datetime(2026, 11, 5, tzinfo=UTC))
    assert "Nothing is due until Thursday." in text(learner_client.get(FRONT))
    PracticeCard.objects.update(due_at=datetime(2026, 12, 18, tzinfo=UTC))
    assert "Nothing is due until 18 December." in text(learner_client.get(FRONT))
    PracticeCard.objects.update(due_at=NOW)
    reviewed(card, rating="again")
    assert "Done for today. Nothing is due until tomorrow." in text(learner_client.get(FRONT))


@pytest.mark.parametrize(
    ("days", "words"), [(0, "later today"), (1, "tomorrow"), (2, "Wednesday"), (6, "Sunday"), (7, "9 November")]
)
def test_days_in_words(days, words):
    monday = date(2026, 11, 2)
    assert pages.day_in_words(monday + timedelta(days=days), today=monday) == words


def test_the_whole_way(learner_client, enrolment, check):
    sent(enrolment, check, "b", "b", "a")
    for place, key in enumerate(["Q1.01", "Q1.02"], 1):
        page = learner_client.get(CARD)
        assert f"Question {place} of 2" in text(page)
        assert f"What is {key} about?" in text(page)
        answer = shown(learner_client, page, **{"q1-answer": "a"})
        assert re.search("<h1[^>]*>(.*?)</h1>", main(answer))[1] == "Right"
        assert f"Right, {key}." in text(answer)
        assert "Reread: First 5 minutes" in text(answer)
        assert "Again Next tomorrow Got it Next in 2 days" in text(answer)
        assert rate(learner_client, answer).url == CARD
    assert learner_client.get(CARD).url == FRONT
    assert "Done for today. Nothing is due until Thursday." in text(learner_client.get(FRONT))


def buttons(response):
    return re.findall(r'name="rating" value="(\w+)"[^>]*>([^<]*)<', main(response))


def test_after_a_wrong_answer_there_is_one_button(learner_client, enrolment, check):
    sent(enrolment, check, "b", "b", "a")
    answer = shown(learner_client, learner_client.get(CARD), **{"q1-answer": "b"})
    assert buttons(answer) == [("again", "Continue")]
    assert "Next tomorrow" in text(answer)
    assert rate(learner_client, answer, "again").url == CARD
    card = PracticeCard.objects.get(question__key="Q1.01")
    assert [review.rating for review in card.reviews.all()] == ["again"]
    # Who only thought, or was right, says it.
    for given in ({}, {"q1-answer": "a"}):
        answer = shown(learner_client, learner_client.get(CARD), **given)
        assert buttons(answer) == [("again", "Again"), ("got_it", "Got it")]


def test_a_partly_right_answer_is_for_the_learner_to_judge(learner_client, enrolment, course):
    question = factories.multiple(course, "M1")
    PracticeCard.objects.create(enrolment=enrolment, question=question, due_at=NOW, memory=MEMORY)
    answer = shown(learner_client, learner_client.get(CARD), **{"q1-answer": ["a", "c"]})
    assert re.search("<h1[^>]*>(.*?)</h1>", main(answer))[1] == "Partly right"
    assert buttons(answer) == [("again", "Again"), ("got_it", "Got it")]


# ---- At once ---------------------------------------------------------------------------------------------------------


def test_what_was_just_missed_is_practised_at_once(learner_client, enrolment, check):
    own = sent(enrolment, check, "b", "b", "a", at=TUESDAY)
    assert practice.deck(enrolment, at=TUESDAY).cards == []
    result = learner_client.get(f"/cto/attempts/{own.uuid}/result/")
    assert "2 questions were added to Practice . Practise now" in text(result)
    front = learner_client.get(FRONT)
    assert "Nothing is due until tomorrow; 2 questions you missed today are left if you like." in text(front)
    assert f'href="{CARD}?now=1"' in front.text
    for place, (key, given, rating) in enumerate([("Q1.01", "a", "got_it"), ("Q1.02", "b", "again")], 1):
        page = learner_client.get(CARD, {"now": 1})
        assert f"Question {place} of 2" in text(page)
        assert f"What is {key} about?" in text(page)
        answer = shown(learner_client, page, **{"q1-answer": given, "now": "1"})
        either = (
            "It comes back tomorrow either way: it was missed too recently to wait longer. Again Next tomorrow Got it"
        )
        assert (either in text(answer)) is (given == "a")
        assert rate(learner_client, answer, rating, now="1").url == f"{CARD}?now=1"
        if place == 1:
            left = "Nothing is due until tomorrow; 1 question you missed today is left if you like."
            assert re.search(r'<p class="lede">(.*?)</p>', learner_client.get(FRONT).text)[1] == left
    assert learner_client.get(CARD, {"now": 1}).url == FRONT
    front = text(learner_client.get(FRONT))
    assert "Done for today. Nothing is due until tomorrow." in front
    assert "if you like. " not in front.partition("How practice works")[0]
    # Remembered for an hour is not remembered: both come again tomorrow.
    assert len(practice.deck(enrolment, at=TUESDAY + timedelta(days=1)).cards) == 2
    assert reviews_are_numbered() == []


def test_what_was_missed_on_another_day_waits_for_its_day(learner_client, enrolment, check):
    own = sent(enrolment, check, "b", "b", "a")
    PracticeCard.objects.update(due_at=TUESDAY + timedelta(days=3))
    assert practice.missed_today(enrolment, at=TUESDAY).cards == []
    assert "Practise now" not in text(learner_client.get(f"/cto/attempts/{own.uuid}/result/"))
    assert "at once: " not in text(learner_client.get(FRONT))
    assert learner_client.get(CARD, {"now": 1}).url == FRONT


def newest(card):
    return card.question.versions.current().get().pk


def test_a_known_card_that_was_missed_again_is_practised_at_once(enrolment, check):
    sent(enrolment, check, "b", "a", "a")
    card = PracticeCard.objects.get()
    practice.review(enrolment=enrolment, card=card.pk, number=1, version=newest(card), rating="got_it", at=TUESDAY)
    assert practice.missed_today(enrolment, at=TUESDAY).cards == []
    later = TUESDAY + timedelta(hours=1)
    sent(enrolment, check, "b", "a", "a", at=later)
    assert practice.missed_today(enrolment, at=later).cards == [card.pk]


def test_at_once_has_no_more_than_the_day_has_left_and_nothing_that_rests(enrolment, check):
    sent(enrolment, check, "b", "b", "b", at=TUESDAY)
    assert len(practice.missed_today(enrolment, at=TUESDAY).cards) == 3
    later = TUESDAY + timedelta(hours=2)
    own = started(enrolment, check, at=TUESDAY + timedelta(hours=1))
    assert practice.missed_today(enrolment, at=later).cards == []
    attempts.void(attempt=own, by=enrolment.user, reason="Test.", at=later)
    done = PracticeCard.objects.first()
    PracticeReview.objects.bulk_create(
        PracticeReview(card=done, number=number, question_version_id=newest(done), rating="again", at=TUESDAY)
        for number in range(1, 20)
    )
    assert len(practice.missed_today(enrolment, at=later).cards) == 1


def test_the_key_is_not_on_the_page_before_it_is_asked_for(learner_client, enrolment, course, check):
    canaries = []
    questions = []
    for name, (build, _right, _partly, _wrong) in factories.SIX_TYPES.items():
        questions.append(build(course, f"C{name}"))
    for version in QuestionVersion.objects.filter(question__in=questions):
        secret = {name: part for name, part in version.rendered.items() if name not in ("stem", "choices")}
        told = [secret.get("feedback"), secret.get("solution"), secret.get("mistakes")]
        canaries.append(texts_in(told) | misconceptions_in(version.body))
    factories.quiz(check.unit, questions)
    sent(enrolment, check)
    seen = set()
    for _question in questions:
        page = learner_client.get(CARD)
        leaked = {text for found in canaries for text in found if text in page.content.decode()}
        assert leaked == set()
        answer = shown(learner_client, page)
        seen |= {place for place, found in enumerate(canaries) if any(text in main(answer) for text in found)}
        rate(learner_client, answer)
    assert seen == set(range(6))


def texts_in(value):
    """Every text in a nest of lists and dicts."""
    if isinstance(value, str):
        return {value}
    parts = value.values() if isinstance(value, dict) else value or []
    return set().union(*(texts_in(part) for part in parts))


def misconceptions_in(value):
    if isinstance(value, list):
        return set().union(*(misconceptions_in(part) for part in value))
    if not isinstance(value, dict):
        return set()
    own = {value["misconception"]} if value.get("misconception") else set()
    return own.union(*(misconceptions_in(part) for part in value.values()))


def test_whoever_only_thinks_is_not_judged(learner_client, enrolment):
    cards(enrolment, 1)
    answer = shown(learner_client, learner_client.get(CARD))
    assert re.search("<h1[^>]*>(.*?)</h1>", main(answer))[1] == "The answer"
    assert "Not this one" not in text(answer)


@pytest.mark.parametrize("name", factories.SIX_TYPES)
def test_every_type_is_asked_and_explained(learner_client, enrolment, course, name):
    build, *_answers = factories.SIX_TYPES[name]
    question = build(course, "T1")
    PracticeCard.objects.create(enrolment=enrolment, question=question, due_at=NOW, memory=MEMORY)
    sent_right = {
        "single": {"q1-answer": "a"},
        "multiple": {"q1-answer": ["a", "c", "d"]},
        "scenario": {"q1-answer": "c"},
        "numeric": {"q1-answer": "€1,400k"},
        "matching": {"q1-answer-a": "r2", "q1-answer-b": "r4", "q1-answer-c": "r1"},
        "ordering": {"q1-order": ["c", "a", "d", "b"]},
    }[name]
    answer = shown(learner_client, learner_client.get(CARD), **sent_right)
    assert re.search("<h1[^>]*>(.*?)</h1>", main(answer))[1] == "Right"


def test_numbers_are_the_same_on_both_pages_and_others_the_next_time(learner_client, enrolment, course):
    ranges = {"investment": {"min": 100, "max": 9900, "step": 1}, "features": 4, "months": 2, "margin": 100, "years": 3}
    question = factories.numeric(course, "N1", parameters=ranges)
    card = PracticeCard.objects.create(enrolment=enrolment, question=question, due_at=NOW, memory=MEMORY)

    def investment(response):
        return re.search(r"€([\d,]+)k, 3 years", text(response))[1]

    page = learner_client.get(CARD)
    first = investment(page)
    assert investment(learner_client.get(CARD)) == first
    answer = shown(learner_client, page)
    assert investment(answer) == first
    assert f"3 × 4 × 2 × 100 − {first} = " in text(answer)
    rate(learner_client, answer)
    PracticeCard.objects.filter(pk=card.pk).update(due_at=NOW)
    assert investment(learner_client.get(CARD)) != first


def test_moving_an_item_without_a_script_shows_the_order_again(learner_client, enrolment, course):
    question = factories.ordering(course, "O1")
    PracticeCard.objects.create(enrolment=enrolment, question=question, due_at=NOW, memory=MEMORY)
    page = learner_client.get(CARD)
    order = re.findall(r'name="q1-order" value="(\w)"', main(page))
    fields = {"ticket": ticket_in(page), "q1-revision": "0", "q1-order": order, "q1-move": f"down:{order[0]}"}
    moved = learner_client.get(f"{CARD}?{urlencode(fields, doseq=True)}")
    assert re.findall(r'name="q1-order" value="(\w)"', main(moved)) == [order[1], order[0], *order[2:]]
    assert "Question 1 of 1" in text(moved)


def test_an_answer_that_cannot_be_read_is_asked_for_again(learner_client, enrolment, course):
    question = factories.numeric(course, "N1")
    PracticeCard.objects.create(enrolment=enrolment, question=question, due_at=NOW, memory=MEMORY)
    page = shown(learner_client, learner_client.get(CARD), **{"q1-answer": "many"})
    assert page.status_code == 400
    assert "There is a problem" in text(page)
    assert 'value="many"' in main(page)
    assert "3 × 4" not in text(page)


def test_a_wording_that_was_published_meanwhile_does_not_replace_what_was_asked(learner_client, enrolment):
    (card,) = cards(enrolment, 1)
    old = card.question.versions.get()
    page = learner_client.get(CARD)
    new = republished(old, rendered=old.rendered | {"stem": "<p>New words?</p>"})
    answer = shown(learner_client, page)
    assert "What is Z00 about?" in text(answer)
    assert "New words?" not in text(answer)
    rate(learner_client, answer)
    assert PracticeReview.objects.get().question_version == old
    PracticeCard.objects.update(due_at=NOW)
    page = learner_client.get(CARD)
    assert "New words?" in text(page)
    rate(learner_client, page)
    assert PracticeReview.objects.latest("pk").question_version == new


def test_the_corrected_key_is_explained(learner_client, enrolment, check):
    attempt = sent(enrolment, check, "a", "a", "a")
    regraded(attempt, 2, "new_key", scores={"a": 0, "b": 1, "c": 0})
    PracticeCard.objects.update(due_at=NOW)
    answer = shown(learner_client, learner_client.get(CARD), **{"q1-answer": "b"})
    assert re.search("<h1[^>]*>(.*?)</h1>", main(answer))[1] == "Right"
    assert (
        re.search(r'class="is-right is-yours".*?class="choice-text">(.*?)<', main(answer), re.DOTALL)[1] == "Other one"
    )


def test_two_windows_keep_one_review(learner_client, enrolment):
    cards(enrolment, 2)
    one, two = learner_client.get(CARD), learner_client.get(CARD)
    assert rate(learner_client, one, "again").url == CARD
    assert rate(learner_client, two, "got_it").url == CARD
    assert list(PracticeReview.objects.values_list("number", "rating")) == [(1, "again")]
    late = shown(learner_client, two)
    assert late.url == CARD
    assert [str(message) for message in get_messages(late.wsgi_request)] == [
        "That question was practised already, or it rests for now."
    ]


def test_the_key_stays_hidden_when_an_attempt_was_started_meanwhile(learner_client, enrolment, check):
    sent(enrolment, check, "b", "a", "a")
    page = learner_client.get(CARD)
    started(enrolment, check, at=TUESDAY)
    late = shown(learner_client, page)
    assert late.status_code == 302
    assert learner_client.get(CARD).url == FRONT


def forged(enrolment, other):
    """Tickets that must not work, by what is wrong with them."""
    mine, theirs = PracticeCard.objects.of(enrolment).get(), PracticeCard.objects.of(other).get()
    version = mine.question.versions.get().pk
    good = pages.Ticket(mine.pk, 1, version).signed
    value, _colon, signature = good.rpartition(":")
    return {
        "none": ("", 400),
        "unsigned": ("WzEsMSwxXQ", 400),
        "changed": (f"x{value}:{signature}", 400),
        "of another page": (signing.dumps([mine.pk, 1, version], salt="another"), 400),
        "of somebody else": (pages.Ticket(theirs.pk, 1, theirs.question.versions.get().pk).signed, 404),
    }


def test_forged_tickets_are_refused_and_change_nothing(learner_client, enrolment, cohort):
    other = factories.enrolment(cohort)
    cards(enrolment, 1)
    cards(other, 1, prefix="Y")
    before = list(PracticeCard.objects.values())
    found = {}
    for wrong, (ticket, _status) in forged(enrolment, other).items():
        got = learner_client.get(f"{CARD}?{urlencode({'ticket': ticket, 'q1-revision': 0, 'show': 1})}")
        posted = learner_client.post(REVIEW, {"ticket": ticket, "rating": "got_it"})
        assert "Right, Y" not in got.text + posted.text
        found[wrong] = got.status_code, posted.status_code
    assert found == {wrong: (status, status) for wrong, (_t, status) in forged(enrolment, other).items()}
    assert (list(PracticeCard.objects.values()), PracticeReview.objects.count()) == (before, 0)


def test_a_wording_of_another_question_is_not_shown(learner_client, enrolment, course):
    """Only a ticket that was signed by mistake could ask for one."""
    (card,) = cards(enrolment, 1)
    other = factories.single(course, "X1").versions.get()
    ticket = pages.Ticket(card.pk, 1, other.pk).signed
    assert learner_client.get(f"{CARD}?{urlencode({'ticket': ticket, 'show': 1})}").status_code == 404


def test_an_unknown_rating_is_refused(learner_client, enrolment):
    cards(enrolment, 1)
    page = learner_client.get(CARD)
    assert rate(learner_client, page, "easy").status_code == 400
    assert PracticeReview.objects.count() == 0


def test_after_signing_in_anew_a_review_leads_to_practice(learner_client):
    assert learner_client.get(REVIEW).url == FRONT


# ---- On other pages --------------------------------------------------------------------------------------------------


def test_home_says_what_is_due_and_nothing_when_nothing_is(learner_client, enrolment):
    assert "Due today" not in text(learner_client.get("/cto/home/"))
    cards(enrolment, 7)
    assert "Due today: 7 practice questions , 5 minutes" in text(learner_client.get("/cto/home/"))


def test_result_says_how_many_were_added(learner_client, enrolment, check):
    attempt = sent(enrolment, check, "b", "b", "a")
    result = f"/cto/attempts/{attempt.uuid}/result/"
    assert "2 questions were added to Practice ." in text(learner_client.get(result))
    again = sent(enrolment, check, "b", "b", "b", at=TUESDAY)
    assert "1 question was added to Practice ." in text(learner_client.get(f"/cto/attempts/{again.uuid}/result/"))
    right = sent(enrolment, check, "a", "a", "a", at=TUESDAY + timedelta(minutes=1))
    assert "added to Practice" not in text(learner_client.get(f"/cto/attempts/{right.uuid}/result/"))


def test_result_says_nothing_while_the_key_is_kept(learner_client, enrolment, course, check):
    factories.quiz(check.unit, [factories.single(course, "K1")], feedback="after_pass")
    attempt = sent(enrolment, check, "b")
    assert "Practice" not in text(learner_client.get(f"/cto/attempts/{attempt.uuid}/result/"))


# ---- What it costs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 30])
def test_queries_do_not_grow(learner_client, enrolment, count, course, django_assert_num_queries):
    unit = Unit.objects.get(key="first")
    for number in range(count):
        question = factories.single(course, f"Z{number:02}", unit=unit)
        PracticeCard.objects.create(enrolment=enrolment, question=question, due_at=NOW, memory=MEMORY)
    learner_client.get(FRONT)
    with django_assert_num_queries(4):
        learner_client.get(FRONT)
    with django_assert_num_queries(7):
        page = learner_client.get(CARD)
    with django_assert_num_queries(8):
        answer = shown(learner_client, page)
    with django_assert_num_queries(9):
        rate(learner_client, answer)
