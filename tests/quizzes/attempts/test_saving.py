"""Saving answers of a check from a browser: by a script, twice, late, and with what does not fit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lessons.models import Unit
from quizzes import attempts
from quizzes.models import Response, ResponseLog
from tests import factories
from tests.quizzes.browsing import FRONT, JSON, SENT, address, begin, fields, submit
from tests.quizzes.taking import stored

# ---- Autosave ------------------------------------------------------------------------------------------------------


def test_save_as_json(learner_client):
    attempt = begin(learner_client)
    response = learner_client.post(address("save", attempt), fields(1, answer="a"), headers=JSON)
    saved_at = Response.objects.get(item__attempt=attempt, item__position=1).saved_at
    assert response.status_code == 200
    assert response.json() == {
        "revision": 1,
        "saved_at": saved_at.isoformat(),
        "message": f"Saved at {saved_at:%H:%M}",
        "answered": 1,
        "left": None,
        "deadline": None,
    }
    response = learner_client.post(address("save", attempt), fields(1, revision=1, answer=""), headers=JSON)
    assert (response.json()["revision"], response.json()["answered"]) == (2, 0)
    assert list(ResponseLog.objects.values_list("revision", "answer")) == [(1, "a"), (2, None)]


def test_save_at_the_time_of_the_learners_zone(learner_client, learner):
    learner.time_zone = "Asia/Kolkata"
    learner.save()
    attempt = begin(learner_client)
    response = learner_client.post(address("save", attempt), fields(1, answer="a"), headers=JSON)
    there = Response.objects.get(revision=1).saved_at + timedelta(hours=5, minutes=30)
    assert response.json()["message"] == f"Saved at {there:%H:%M}"


def test_sending_an_acknowledged_answer_again_is_acknowledged_again(learner_client):
    """The acknowledgement was lost on the way; the browser sends the answer again with the revision it knows."""
    attempt = begin(learner_client)
    first = learner_client.post(address("save", attempt), fields(1, answer="a"), headers=JSON)
    again = learner_client.post(address("save", attempt), fields(1, answer="a"), headers=JSON)
    assert again.json() == first.json()
    assert ResponseLog.objects.count() == 1


# ---- Bad input -----------------------------------------------------------------------------------------------------


def nothing_written(attempt):
    return all(revision == 0 for _answer, revision, _flagged in stored(attempt)) and not ResponseLog.objects.exists()


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (fields(9, answer="a"), "This check has no such question."),
        (fields("x", answer="a"), "This check has no such question."),
        (fields("１", answer="a"), "This check has no such question."),
        ({}, "This check has no such question."),
        (fields(1, answer="z"), "This question has no such choice. Choose one of those shown."),
        (fields(2, answer=["a", "z"]), "This question has no such choice. Choose from those shown."),
        (fields(4, answer="lots"), "Enter one number in €k, like 1,234.5"),
        (fields(5, answer_a="r9"), "This question has no such match. Choose from those shown."),
        (fields(6, order=["a", "b", "c"]), "Give each item its own place."),
        (
            fields(6, order=["a", "b", "c", "d"], place_a=2, place_c=2),
            "Two items have the same place. Give each its own.",
        ),
        (fields(6, order=["a", "b", "c", "d"], place_a="first"), "There is no such place."),
        (fields(6, order=["a", "b", "c", "d"], move="up:z"), "This question has no such item. Order those shown."),
        ({"question": 1, "q1-answer": "a"}, "The form has no revision. Open the question again."),
        (fields(1, revision="new", answer="a"), "The form has no revision. Open the question again."),
        (fields(1, revision=-1, answer="a"), "The form has no revision. Open the question again."),
        (fields(1, revision=2**40, answer="a"), "The form has no revision. Open the question again."),
    ],
)
def test_save_of_what_does_not_fit_is_400_with_the_reason(learner_client, six, sent, reason):
    attempt = begin(learner_client)
    response = learner_client.post(address("save", attempt), sent, headers=JSON)
    assert (response.status_code, response.json()) == (400, {"reason": reason})
    page = learner_client.post(address("save", attempt), sent)
    assert page.status_code == 400
    assert reason in page.text
    assert nothing_written(attempt)


def test_refused_text_stays_in_the_form(learner_client, six):
    attempt = begin(learner_client)
    page = learner_client.post(address("save", attempt), fields(4, answer="about <b>1400</b>") | {"save": 5})
    assert page.status_code == 400
    assert page.text.count("<title>Error: ") == 1
    assert 'value="about &lt;b&gt;1400&lt;/b&gt;"' in page.text
    assert 'href="#q4-answer"' in page.text
    assert "is-invalid" in page.text


def test_a_second_attempts_question_number_does_not_reach_the_first(learner_client):
    attempt = begin(learner_client)
    submit(learner_client, attempt)
    second = begin(learner_client)
    learner_client.post(address("save", second), fields(1, answer="a"))
    assert stored(attempt)[0] == (None, 0, False)
    assert stored(second)[0] == ("a", 1, False)


def test_save_to_a_closed_attempt_is_409_and_leads_to_the_result(learner_client):
    attempt = begin(learner_client)
    learner_client.post(address("save", attempt), fields(1, answer="a"))
    submit(learner_client, attempt)
    page = learner_client.post(address("save", attempt), fields(1, revision=1, answer="b"))
    assert page.status_code == 409
    assert "This attempt is closed, so this answer was not saved." in page.text
    assert f'href="{address("result", attempt)}"' in page.text
    response = learner_client.post(address("save", attempt), fields(1, revision=1, answer="b"), headers=JSON)
    told = response.json()
    assert (response.status_code, told["closed"]) == (409, True)
    assert told["reason"] == "This attempt is closed, so this answer was not saved."
    assert (told["server"]["answer"], told["server"]["revision"]) == ("a", 1)
    assert stored(attempt)[0] == ("a", 1, False)


def test_stale_save_is_409_with_both_answers_and_a_choice(learner_client):
    attempt = begin(learner_client)
    learner_client.post(address("save", attempt), fields(1, answer="a"))
    page = learner_client.post(address("save", attempt), fields(1, revision=0, answer="b") | {"save": 2})
    assert page.status_code == 409
    own, theirs = page.text.split("Saved in the other window")
    assert "Other one" in own
    assert "Right one" in theirs
    assert '<input type="hidden" name="q1-revision" value="1">' in page.text
    assert stored(attempt)[0] == ("a", 1, False)
    response = learner_client.post(address("save", attempt), fields(1, revision=1, answer="b") | {"save": 1})
    assert response.status_code == 302
    assert stored(attempt)[0] == ("b", 2, False)


def test_stale_save_as_json(learner_client):
    attempt = begin(learner_client)
    learner_client.post(address("save", attempt), fields(1, answer="a"))
    saved_at = Response.objects.get(revision=1).saved_at
    response = learner_client.post(address("save", attempt), fields(1, revision=0, answer="b"), headers=JSON)
    assert response.status_code == 409
    assert response.json() == {
        "reason": "A newer answer to this question was saved in another window.",
        "closed": False,
        "checked": False,
        "server": {
            "revision": 1,
            "saved_at": saved_at.isoformat(),
            "message": f"Saved at {saved_at:%H:%M}",
            "answer": "a",
            "words": "Right one",
        },
    }


@pytest.mark.parametrize("type_", sorted(SENT))
def test_stale_page_can_send_every_type_again(learner_client, course, check, type_):
    build, right, _partly, wrong = factories.SIX_TYPES[type_]
    factories.quiz(check.unit, [build(course, "S")])
    attempt = begin(learner_client)
    item = attempt.items.select_related("attempt", "question_version", "response").get()
    attempts.save(item=item, answer=wrong, revision=0, at=timezone.now())
    page = learner_client.post(address("save", attempt), fields(1, **SENT[type_][0]) | {"save": 1})
    assert page.status_code == 409
    hidden = dict.fromkeys(f"q1-{name}" for name in SENT[type_][0])
    for name in hidden:
        assert f'name="{name}"' in page.text
    learner_client.post(address("save", attempt), fields(1, revision=1, **SENT[type_][0]) | {"save": 1})
    assert stored(attempt)[0][0] == ("€1,400k" if type_ == "numeric" else right)


@pytest.mark.parametrize("name", ["attempt", "save", "review", "submit", "result"])
def test_an_attempt_of_somebody_else_is_not_found(learner_client, cohort, check, name):
    other = factories.enrolment(cohort, factories.user("Omar Haddad"))
    foreign = attempts.start(enrolment=other, quiz=check, at=timezone.now())
    send = learner_client.post if name in ("save", "submit") else learner_client.get
    assert send(address(name, foreign), fields(1, answer="a")).status_code == 404
    assert nothing_written(foreign)
    foreign.refresh_from_db()
    assert foreign.is_open


@pytest.mark.parametrize("name", ["save", "submit"])
def test_pages_that_take_a_form_lead_a_get_to_their_page(learner_client, name):
    """After signing in anew the browser comes back by GET; it must not meet a 405."""
    attempt = begin(learner_client)
    assert learner_client.get(address(name, attempt)).url == address({"save": "attempt"}.get(name, "review"), attempt)
    assert learner_client.get(f"{FRONT}start/").url == FRONT


def test_unknown_checks_and_questions_are_not_found(learner_client, six):
    attempt = begin(learner_client)
    assert learner_client.get("/cto/lessons/2/check/").status_code == 404
    assert learner_client.get("/cto/lessons/9/check/").status_code == 404
    assert learner_client.get(f"{address('attempt', attempt)}?q=7").status_code == 404
    submit(learner_client, attempt)
    Unit.objects.filter(key="check").update(retired_at=timezone.now())
    assert learner_client.get(FRONT).status_code == 404


def test_visitors_are_asked_to_sign_in(client, check, enrolment):
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=timezone.now())
    for url in (FRONT, address("attempt", attempt), address("save", attempt), address("result", attempt)):
        assert client.get(url).url.startswith("/accounts/login/")
    assert client.post(address("save", attempt), fields(1, answer="a"), headers=JSON).status_code == 403
    assert nothing_written(attempt)


def test_pages_lead_to_where_the_attempt_is(learner_client):
    attempt = begin(learner_client)
    assert learner_client.get(address("result", attempt)).url == address("attempt", attempt)
    submit(learner_client, attempt)
    assert learner_client.get(address("attempt", attempt)).url == address("result", attempt)
    assert learner_client.get(address("review", attempt)).url == address("result", attempt)
