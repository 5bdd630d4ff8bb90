"""The pages of practice: asked, explained, rated; what other pages say of it, and how much it costs."""

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.messages import get_messages
from django.core import signing

from lessons.models import Unit
from quizzes import attempts
from quizzes.models import (
    PracticeCard,
    PracticeReview,
    QuestionVersion,
)
from quizzes.practice import cards as practice
from quizzes.practice import pages
from quizzes.practice.invariants import reviews_are_numbered
from tests import factories
from tests.quizzes.practising import MEMORY, NOW, TUESDAY, cards, regraded, republished, reviewed
from tests.quizzes.taking import sent, started
from tests.tight import tight

FRONT, CARD, REVIEW = "/cto/practice/", "/cto/practice/next/", "/cto/practice/review/"
pytestmark = pytest.mark.usefixtures("tuesday")


# ---- The pages -------------------------------------------------------------------------------------------------------


def main(response):
    html = response.content.decode()
    return tight(html[html.index("<main") : html.index("</main>")])


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
    assert "A question that you miss in the check of a lesson comes here once its answer is explained to you" in page
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
    assert "Practise them now" in text(front)
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
            assert re.search(r'<p class="lede">(.*?)</p>', tight(learner_client.get(FRONT).text))[1] == left
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


@pytest.mark.parametrize(
    ("done", "said", "button"),
    [
        (
            18,
            "Nothing is due until tomorrow; 3 questions you missed today are left if you like. "
            "2 of them can be asked today: 20 questions a day are the limit.",
            "Practise 2 now",
        ),
        (
            20,
            "Done for today. Nothing is due until tomorrow. "
            "20 questions a day are the limit; 3 that you missed today wait.",
            "Go to your course",
        ),
    ],
)
def test_front_counts_all_that_was_missed_whatever_the_day_has_left(
    learner_client, enrolment, check, done, said, button
):
    sent(enrolment, check, "b", "b", "b", at=TUESDAY)
    (other,) = cards(enrolment, 1, due_at=TUESDAY + timedelta(days=3))
    PracticeReview.objects.bulk_create(
        PracticeReview(card=other, number=number, question_version_id=newest(other), rating="again", at=TUESDAY)
        for number in range(1, done + 1)
    )
    front = main(learner_client.get(FRONT))
    assert re.search(r'<p class="lede">(.*?)</p>', front)[1] == said
    assert button in re.search(r'<a class="btn btn-primary".*?</a>', front, re.DOTALL)[0]
    assert "up to 20 questions a day" in front


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


def test_result_counts_what_came_back_to_practice(learner_client, enrolment, check):
    """A card that a correction had sorted out is not made anew when its question is missed again."""
    first = sent(enrolment, check, "a", "b", "a")
    regraded(first, 2, "accept", answers=["b"])
    again = sent(enrolment, check, "b", "c", "b", at=TUESDAY + timedelta(hours=1))
    assert "3 questions were added to Practice ." in text(learner_client.get(f"/cto/attempts/{again.uuid}/result/"))
    assert "added to Practice" not in text(learner_client.get(f"/cto/attempts/{first.uuid}/result/"))


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
