"""Requests that no page of ours sends: refused, and every row of the rooms around a check is as it was.

What could be forged is made first, and what is refused is shown to work for whom and when it should.
"""

from datetime import timedelta

import pytest
from django.db import transaction

from quizzes import attempts
from quizzes.models import Attempt, Response, ResponseLog
from tests import factories
from tests.factories import NOW
from tests.quizzes.browsing import JSON, address, fields
from tests.quizzes.forging import FORMS, LATER, WISHES, closed, form, rows, tried

UNKNOWN = "This check has no such question."
NO_REVISION = "The form has no revision. Open the question again."
NO_CHOICE = "This question has no such choice. Choose one of those shown."
NO_CHOICES = "This question has no such choice. Choose from those shown."
NO_NUMBER = "Enter one number in €k, like 1,234.5"
NO_MATCH = "This question has no such match. Choose from those shown."
NO_ITEM = "This question has no such item. Order those shown."
OWN_PLACE = "Give each item its own place."
NO_PLACE = "There is no such place."
NO_TEXT = "The text holds a character that cannot be stored. Paste it as plain text."
STALE = "A newer answer to this question was saved in another window."
CLOSED = "This attempt is closed, so this answer was not saved."
#: The same wishes in headers.
HEADERS = {"date": "Tue, 01 Jan 2030 00:00:00 GMT", "x-forwarded-time": "0", "x-http-method-override": "DELETE"}


pytestmark = pytest.mark.usefixtures("still")


# ---- What is not asked is not heard ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
def test_wishes_are_not_heard(learner_client, world, name):
    """The same form with and without them leads to the same rows: no time, no score and no state is taken from it."""
    if name == "start":
        attempts.void(attempt=world.attempt, by=world.omar.user, reason="For this test.", at=NOW)
    url, honest = form(world, name)
    own = ("id", "uuid", "choice_order", "parameters", "question_version_id", "item_id", "attempt_id")
    for given, headers in ((WISHES, HEADERS), (WISHES, HEADERS | JSON)):
        told, seen = [], []
        for sent, extra in ((honest, {}), (given | honest, headers)):
            with transaction.atomic():
                told.append(learner_client.post(f"{url}?{'&'.join(given)}", sent, headers=extra))
                seen.append(rows(without=own if name == "start" else ("id", "run_id")))
                transaction.set_rollback(True)
        assert [response.status_code for response in told][1] in (200, 302)
        assert seen[0] == seen[1] != rows(without=own if name == "start" else ("id", "run_id"))


def test_time_is_what_the_rules_say(learner_client, world):
    """Where nothing is to choose, a time that is chosen is refused; what has other names has no say."""
    attempts.close(attempt=world.attempt, as_of=NOW, by=Attempt.ClosedBy.LEARNER)
    before = rows()
    for time in ("none", "2", "1000", "-1", "NaN", "\0", "9" * 5_000):
        response = learner_client.post("/cto/lessons/1/check/start/", WISHES | {"time": time})
        assert (response.status_code, rows()) == (400, before)
    assert learner_client.post("/cto/lessons/1/check/start/", WISHES).status_code == 302
    made = Attempt.objects.latest("pk")
    expected = (2, LATER, LATER + timedelta(hours=1), 1, None, None, "open", world.enrolment.pk)
    state = (made.number, made.started_at, made.deadline_at, made.time_factor, made.score, made.passed, made.state)
    assert (*state, made.enrolment_id) == expected


def test_own_factor_is_the_least_that_a_learner_gets(learner_client, world):
    """Also where they may choose: no factor that is not offered, none below their own."""
    factories.quiz(world.quiz.unit, world.questions, time_limit_minutes=60, learner_sets_time=True)
    attempts.close(attempt=world.attempt, as_of=NOW, by=Attempt.ClosedBy.LEARNER)
    type(world.enrolment).objects.filter(pk=world.enrolment.pk).update(time_factor="1.5")
    before = rows()
    for time in ("1", "1.2", "3", "1e9", "None", "none\0", "２"):
        response = learner_client.post("/cto/lessons/1/check/start/", {"time": time})
        assert (time, response.status_code, rows()) == (time, 400, before)


# ---- Answers that do not fit -----------------------------------------------------------------------------------------

ORDER = ["c", "a", "d", "b"]
MISFITS = {
    "no question": ({}, UNKNOWN),
    "no number": ({"question": "", "q1-revision": 1, "q1-answer": "b"}, UNKNOWN),
    **{
        f"question {number[:6]!r}": (fields(number, 1, answer="b"), UNKNOWN)
        for number in ("0", "9", "-1", "99999", "x", "１", "1e0", " 1", "1\0", "9" * 500)
    },
    "one of two": (fields(1, 1, answer="b") | {"question": ["1", "9"]}, UNKNOWN),
    "one twice": (fields(1, 1, answer="b") | {"question": ["1", "01"]}, UNKNOWN),
    **{
        f"revision {str(revision)[:6]!r}": (fields(1, revision, answer="b"), NO_REVISION)
        for revision in ("", "new", "-1", "1.5", "1e3", "NaN", "0x1", "1\0", 2**31 - 1, 2**63, "9" * 5_000)
    },
    "single: other key": (fields(1, 1, answer="r2"), NO_CHOICE),
    "single: another question's text": (fields(1, 1, answer="lead time"), NO_CHOICE),
    "single: NUL": (fields(1, 1, answer="a\0"), NO_CHOICE),
    "single: right to left": (fields(1, 1, answer="\u202ea"), NO_CHOICE),
    "single: full width": (fields(1, 1, answer="ａ"), NO_CHOICE),
    "single: huge": (fields(1, 1, answer="a" * 20_000), NO_CHOICE),
    "single: as JSON": (fields(1, 1, answer='["a"]'), NO_CHOICE),
    "multiple: foreign key": (fields(2, answer=["a", "z"]), NO_CHOICES),
    "multiple: twice": (fields(2, answer=["a", "a"]), "Choose each choice once."),
    "multiple: too many": (fields(2, answer=["a"] * 101), "Choose one or more of the choices."),
    "scenario: foreign key": (fields(3, answer="e"), NO_CHOICE),
    **{
        f"number {text[:8]!r}": (fields(4, answer=text), NO_NUMBER)
        for text in ("lots", "NaN", "Infinity", "1e9", "0x10", "1 400 000 0", "١٤٠٠", "1\0", "\u202e0041", "--1")
    },
    "number: huge": (fields(4, answer="9" * 41), "A number has at most 40 characters."),
    "matching: foreign right": (fields(5, answer_a="r9"), NO_MATCH),
    "matching: NUL": (fields(5, answer_a="r1\0"), NO_MATCH),
    "ordering: foreign": (fields(6, order=[*ORDER, "z"]), NO_ITEM),
    "ordering: too few": (fields(6, order=ORDER[:3]), OWN_PLACE),
    "ordering: twice": (fields(6, order=["a", "a", "b", "c"]), OWN_PLACE),
    "ordering: twice and moved": (fields(6, order=["a", "a"], place_a=1), OWN_PLACE),
    "ordering: nothing in it": (fields(6, order=["", "b"]) | {"q6-place-": 2}, OWN_PLACE),
    "ordering: too many": (fields(6, order=ORDER * 30), OWN_PLACE),
    "ordering: place 0": (fields(6, order=ORDER, place_a=0), NO_PLACE),
    "ordering: place 999": (fields(6, order=ORDER, place_a=999), NO_PLACE),
    "ordering: place ２": (fields(6, order=ORDER, place_a="２"), NO_PLACE),
    "ordering: moves nothing": (fields(6, order=ORDER, move="up:z"), NO_ITEM),
    "short: NUL": (fields(7, answer="lead\0time"), NO_TEXT),
    "short: too long": (
        fields(7, answer="x" * 201),
        "The text has 201 characters; 200 fit. Shorten it, nothing of it is lost.",
    ),
    "long: NUL": (fields(8, answer="text\0"), NO_TEXT),
    "long: too long": (
        fields(8, answer="é" * 20_001),
        "The text has 20,001 characters; 20,000 fit. Shorten it, nothing of it is lost.",
    ),
}


@pytest.mark.parametrize(("sent", "reason"), MISFITS.values(), ids=MISFITS)
def test_what_does_not_fit_is_400(learner_client, world, sent, reason):
    before = rows()
    if sent.get("question") == 1:
        reason += " The answer saved before still counts: Right one"
    told = learner_client.post(address("save", world.attempt), sent | {"save": "review"}, headers=JSON)
    assert (told.status_code, told.json()) == (400, {"reason": reason})
    page = learner_client.post(address("save", world.attempt), sent | {"save": "review"})
    assert (page.status_code, reason in page.text, rows()) == (400, True, before)


@pytest.mark.parametrize(
    "text", ["\u202eemit dael", "e\u0301\u200d\u2066", "😀" * 200, "<script>", "{{ x }}", "\ufeff"]
)
def test_odd_letters_are_texts_like_any_other(learner_client, world, text):
    """They are stored as they were typed, and every page on the way shows them."""
    told = learner_client.post(address("save", world.attempt), fields(7, answer=text), headers=JSON)
    stored = Response.objects.get(item__attempt=world.attempt, item__position=7)
    assert (told.status_code, stored.answer, stored.revision) == (200, text, 1)
    pages = [f"{address('attempt', world.attempt)}?q=7", address("answers", world.attempt)]
    learner_client.post(address("submit", world.attempt))
    for url in (*pages, address("result", world.attempt)):
        shown = learner_client.get(url, follow=True)
        assert (shown.status_code, "<script>" in shown.text.partition("<main")[2]) == (200, False)


def test_half_characters_become_the_sign_for_what_cannot_be_read(learner_client, world):
    body = f"question=7&q7-revision=0&q7-answer=a%ED%A0%80{'%C3'}b"
    form_ = "application/x-www-form-urlencoded"
    told = learner_client.post(address("save", world.attempt), body, content_type=form_, headers=JSON)
    stored = Response.objects.get(item__attempt=world.attempt, item__position=7)
    assert (told.status_code, stored.answer.strip("ab") != "", set(stored.answer)) == (200, True, {"a", "\ufffd", "b"})


# ---- Late, again, in another order -----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["sent", "deadline", "over", "void"])
def test_closed_attempt_takes_nothing(learner_client, world, how):
    """`over`: its time is over and nobody has noticed yet; the answer is refused before anybody closes it."""
    closed(world, how)
    before = rows()
    sent = [
        fields(1, 1, answer="b") | WISHES,
        fields(1, 1, answer="b") | {"check": "1"},
        fields(1, 1, answer="z"),
        fields(2, 0, answer=["a"], flagged="1"),
    ]
    for each in sent:
        told = learner_client.post(address("save", world.attempt), each, headers=JSON)
        answer = told.json()["server"]["answer"]
        assert (told.status_code, told.json()["reason"], told.json()["closed"]) == (409, CLOSED, True)
        assert (answer, rows()) == ("a" if each["question"] == 1 else None, before)
    if how == "over":
        attempts.close_overdue(as_of=LATER)
        before = rows()
    for each in sent:
        assert learner_client.post(address("save", world.attempt), each).status_code == 409
    result = address("result", world.attempt)
    assert learner_client.post(address("submit", world.attempt), WISHES).url == result
    for name in ("attempt", "review"):
        assert learner_client.get(address(name, world.attempt)).url == result
    assert rows() == before


def test_replayed_save_is_acknowledged_and_written_once(learner_client, world):
    url, sent = form(world, "save")
    first = learner_client.post(url, sent, headers=JSON)
    after = rows()
    for _again in range(3):
        told = learner_client.post(url, sent, headers=JSON)
        assert (told.status_code, told.json(), rows()) == (200, first.json(), after)
    logged = ResponseLog.objects.filter(response__item__attempt=world.attempt).values_list("revision", "answer")
    assert list(logged.order_by("revision")) == [(1, "a"), (2, "b")]


@pytest.mark.parametrize("revision", [0, 2, 7, 2**31 - 2])
def test_other_answer_to_another_revision_is_409(learner_client, world, revision):
    before = rows()
    told = learner_client.post(address("save", world.attempt), fields(1, revision, answer="c"), headers=JSON)
    assert told.status_code == 409
    assert told.json() == {
        "reason": STALE,
        "closed": False,
        "checked": False,
        "server": {
            "revision": 1,
            "saved_at": NOW.isoformat(),
            "message": f"Saved at {NOW:%H:%M}",
            "answer": "a",
            "words": "Right one",
        },
    }
    assert learner_client.post(address("save", world.attempt), fields(1, revision, answer="c")).status_code == 409
    assert rows() == before


def test_saves_that_arrive_in_another_order(learner_client, world):
    """The second was faster than the first: the first is stale, whatever it holds and however often it comes."""
    sent = [fields(2, 0, answer=["b"]), fields(2, 1, answer=["c"]), fields(2, 2, answer=["d"])]
    url = address("save", world.attempt)
    assert [learner_client.post(url, each, headers=JSON).status_code for each in sent] == [200, 200, 200]
    before = rows()
    for each in (sent[1], sent[0], sent[1], fields(2, 0, answer=[]), fields(2, 0, flagged="1", answer=["d", "b"])):
        assert learner_client.post(url, each, headers=JSON).status_code == 409
    assert rows() == before


def test_start_replayed_goes_on_with_the_open_attempt(learner_client, world):
    before = rows()
    for _again in range(3):
        response = learner_client.post("/cto/lessons/1/check/start/", WISHES)
        assert (response.status_code, response.url) == (302, address("attempt", world.attempt))
    assert rows() == before


def test_check_is_refused_where_nothing_is_explained_before_sending(learner_client, world):
    reason = "Answers of this check are explained after sending, not one by one."
    before = rows()
    told = learner_client.post(address("save", world.attempt), fields(1, 1, answer="a") | {"check": "1"}, headers=JSON)
    assert (told.status_code, told.json(), rows()) == (400, {"reason": reason}, before)


@pytest.mark.parametrize("place", ["1", "2", "9", "x", "\0", "x" * 5_000, "//evil.example", "\r\nLocation: /x"])
def test_forged_button_leads_nowhere_else(learner_client, world, place):
    """A button that says where to go leads to a page of the attempt, however it is spelt; the answer is saved."""
    page = f"{address('attempt', world.attempt)}?q="
    buttons = [{"save": place}, {"then": place}, {f"{place[:99]}-flagged": "1"}, {f"{place[:99]}-move": "up:a"}]
    for button in buttons:
        sent = fields(1, 1, answer="b") | button
        response, _after = tried(lambda sent=sent: learner_client.post(address("save", world.attempt), sent))
        assert response.status_code == 302
        known = place if place.isdigit() else "1"
        assert response.url.partition("#")[0] == page + known
