"""Practice with feedback at once: an item is explained when its learner asks, and stays as it is from then on."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from quizzes import attempts, invariants
from quizzes.models import Attempt, AttemptItem, ItemScore, Quiz, Response
from quizzes.questions import answers
from tests import factories
from tests.quizzes.browsing import JSON, address, fields

NOW = factories.NOW


@pytest.fixture
def practice(course):
    return factories.six_types(course, feedback="immediate")


@pytest.fixture
def attempt(practice, enrolment):
    return attempts.start(enrolment=enrolment, quiz=practice, at=timezone.now())


def item_of(attempt, position=1):
    related = ["attempt", "question_version", "response"]
    return AttemptItem.objects.select_related(*related).get(attempt=attempt, position=position)


def saved(attempt, answer="b", position=1):
    item = item_of(attempt, position)
    attempts.save(item=item, answer=answer, revision=item.response.revision, at=timezone.now())
    return item


def stored(attempt, position=1):
    response = Response.objects.get(item__attempt=attempt, item__position=position)
    return response.answer, response.revision, bool(response.checked_at)


# ---- The rule ------------------------------------------------------------------------------------------------------


def test_checked_answer_takes_no_other(attempt):
    item = saved(attempt)
    attempts.reveal(item=item, at=timezone.now())
    for revision in (0, 1, 2):
        with pytest.raises(attempts.AnswerChecked, match="cannot be changed any more") as refused:
            attempts.save(item=item_of(attempt), answer="a", revision=revision, at=timezone.now())
        assert refused.value.response.answer == "b"
    assert stored(attempt) == ("b", 1, True)
    assert attempts.save(item=item_of(attempt), answer="b", revision=0, at=timezone.now()).revision == 1


def test_save_that_read_before_the_check_is_refused_too(attempt):
    saved(attempt)
    slow = item_of(attempt)
    attempts.reveal(item=item_of(attempt), at=timezone.now())
    with pytest.raises(attempts.AnswerChecked):
        attempts.save(item=slow, answer="a", revision=1, at=timezone.now())
    assert stored(attempt) == ("b", 1, True)


def test_check_twice_is_check_once(attempt):
    item = saved(attempt)
    first = attempts.reveal(item=item, at=timezone.now()).checked_at
    assert attempts.reveal(item=item_of(attempt), at=timezone.now()).checked_at == first


def test_check_of_what_another_window_changed_is_refused(attempt):
    saved(attempt)
    old = item_of(attempt)
    saved(attempt, "c")
    with pytest.raises(attempts.AnswerStale):
        attempts.reveal(item=old, at=timezone.now())
    assert stored(attempt) == ("c", 2, False)


def test_check_without_an_answer_is_refused(attempt):
    with pytest.raises(answers.AnswerRefused, match="Answer the question first"):
        attempts.reveal(item=item_of(attempt), at=timezone.now())
    assert stored(attempt) == (None, 0, False)


@pytest.mark.parametrize("policy", ["after_close", "after_pass", "score_only"])
def test_check_under_another_policy_is_refused(course, enrolment, policy):
    attempt = attempts.start(enrolment=enrolment, quiz=factories.six_types(course, feedback=policy), at=NOW)
    item = item_of(attempt)
    attempts.save(item=item, answer="a", revision=0, at=NOW)
    with pytest.raises(answers.AnswerRefused, match="explained after sending"):
        attempts.reveal(item=item, at=NOW)
    assert stored(attempt) == ("a", 1, False)


def test_check_after_the_end_is_refused(attempt):
    item = saved(attempt)
    attempts.close(attempt=attempt, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)
    with pytest.raises(attempts.AttemptClosed):
        attempts.reveal(item=item, at=timezone.now())
    assert stored(attempt) == ("b", 1, False)


@pytest.mark.parametrize(
    "change",
    [{"answer": "a", "revision": 2}, {"checked_at": None}, {"flagged": True}, {"checked_at": NOW + timedelta(days=1)}],
)
def test_database_refuses_what_would_change_a_checked_answer(attempt, change):
    attempts.reveal(item=saved(attempt), at=NOW)
    with pytest.raises(DatabaseError, match="checked never changes"), transaction.atomic():
        Response.objects.filter(item__attempt=attempt, item__position=1).update(**change)
    assert stored(attempt) == ("b", 1, True)


def test_database_refuses_a_check_of_nothing(attempt):
    with pytest.raises(DatabaseError), transaction.atomic():
        Response.objects.filter(item__attempt=attempt).update(checked_at=NOW)


def test_database_logs_an_answer_however_it_is_changed(attempt):
    saved(attempt)
    Response.objects.filter(item__attempt=attempt, item__position=1).update(answer="c", revision=2)
    log = Response.objects.get(item__attempt=attempt, item__position=1).log
    assert list(log.values_list("revision", "answer")) == [(1, "b"), (2, "c")]


def test_all_that_must_hold_holds(attempt):
    attempts.reveal(item=saved(attempt), at=timezone.now())
    saved(attempt, ["a"], position=2)
    assert [name for name, check in invariants.CHECKS if check()] == []
    attempts.close(attempt=attempt, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)
    assert [name for name, check in invariants.CHECKS if check()] == []
    assert ItemScore.objects.get(item__position=1).points == 0


# ---- The pages -----------------------------------------------------------------------------------------------------

#: What stands on the page of a checked item, wrongly answered, and nowhere before: by position of SIX_TYPES.
WRONG = {
    1: ({"answer": "b"}, "Not b, Q6.single"),
    2: ({"answer": ["b", "e"]}, "Why b"),
    3: ({"answer": "a"}, "Why a"),
    4: ({"answer": "2400"}, "The bill."),
    5: ({"answer-a": "r4", "answer-b": "r2", "answer-c": "r3"}, "Why a."),
    6: ({"order": ["b", "d", "a", "c"]}, "Why c."),
}


@pytest.mark.parametrize("position", WRONG)
def test_checking_shows_the_key_of_this_item_and_of_no_other(learner_client, attempt, position):
    sent, why = WRONG[position]
    for each in WRONG:
        page = learner_client.get(f"{address('attempt', attempt)}?q={each}").text
        assert "Check this answer" in page
        assert WRONG[each][1] not in page
    response = learner_client.post(address("save", attempt), fields(position, **sent) | {"check": position})
    assert response.url == f"{address('attempt', attempt)}?q={position}#q{position}-checked"
    page = learner_client.get(response.url).text
    assert why in page
    assert ("Not this one" if position in (1, 3) else "Not right") in page
    assert "You checked this answer, so it stays as it is." in page
    assert "Check this answer" not in page
    assert f'name="q{position}-revision"' not in page
    for each in set(WRONG) - {position}:
        page = learner_client.get(f"{address('attempt', attempt)}?q={each}").text
        assert "Not this one" not in page
        assert "Not right" not in page
        assert 'class="why"' not in page
    assert 'class="why"' not in learner_client.get(address("review", attempt)).text


def test_checked_item_refuses_a_stale_form_with_words(learner_client, attempt):
    learner_client.post(address("save", attempt), fields(1, answer="b") | {"check": 1})
    page = learner_client.post(address("save", attempt), fields(1, revision=1, answer="a") | {"save": 2})
    assert page.status_code == 409
    assert "This answer was checked, so it cannot be changed any more." in page.text
    told = learner_client.post(address("save", attempt), fields(1, revision=1, answer="a"), headers=JSON)
    assert (told.status_code, told.json()["checked"], told.json()["server"]["answer"]) == (409, True, "b")
    assert stored(attempt) == ("b", 1, True)


def test_check_of_an_empty_form_says_what_to_do(learner_client, attempt):
    page = learner_client.post(address("save", attempt), fields(1) | {"check": 1})
    assert page.status_code == 400
    assert "Answer the question first, then check the answer." in page.text
    assert "Not b," not in page.text


def test_forged_check_under_another_policy_shows_nothing(learner_client, course, enrolment):
    attempt = attempts.start(enrolment=enrolment, quiz=factories.six_types(course), at=timezone.now())
    assert "Check this answer" not in learner_client.get(address("attempt", attempt)).text
    page = learner_client.post(address("save", attempt), fields(1, answer="b") | {"check": 1})
    assert page.status_code == 400
    assert "Not b," not in page.text
    assert "Not b," not in learner_client.get(f"{address('attempt', attempt)}?q=1").text
    assert stored(attempt) == ("b", 1, False)


def test_buttons_of_a_checked_page_lead_on(learner_client, attempt):
    learner_client.post(address("save", attempt), fields(1, answer="a") | {"check": 1})
    page = learner_client.get(f"{address('attempt', attempt)}?q=1").text
    assert f'href="{attempt.get_absolute_url()}?q=2"' in page
    moved = learner_client.post(address("save", attempt), {"then": "3"})
    assert moved.url == f"{address('attempt', attempt)}?q=3"
    assert learner_client.post(address("save", attempt), {"then": "review"}).url == address("review", attempt)


def test_one_page_goes_on_beside_a_checked_item(learner_client, course, enrolment):
    quiz = factories.six_types(course, feedback="immediate", one_page=True)
    attempt = attempts.start(enrolment=enrolment, quiz=quiz, at=timezone.now())
    sent = fields(1, answer="a") | fields(3, answer="c") | {"question": [1, 3], "check": 3}
    learner_client.post(address("save", attempt), sent)
    assert (stored(attempt, 1), stored(attempt, 3)) == (("a", 1, False), ("c", 1, True))
    page = learner_client.get(address("attempt", attempt)).text
    assert page.count("Check this answer") == 5
    assert page.count('class="checked"') == 1
    assert "Not b," not in page


def test_checked_page_costs_few_queries(learner_client, course, enrolment, django_assert_max_num_queries):
    units = [factories.unit(course.lessons.get(number=1), f"u{n}", position=10 + n) for n in range(4)]
    questions = [factories.single(course, f"A{n}", unit=units[n % 4]) for n in range(40)]
    check = Quiz.objects.get()
    factories.quiz(check.unit, questions, feedback="immediate", one_page=True, time_limit_minutes=60)
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=timezone.now())
    for position in range(1, 41):
        attempts.reveal(item=saved(attempt, "b", position), at=timezone.now())
    with django_assert_max_num_queries(10):
        page = learner_client.get(address("attempt", attempt))
    assert page.text.count('class="checked"') == 40
