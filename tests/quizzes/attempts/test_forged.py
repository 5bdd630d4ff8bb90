"""Requests that no page of ours sends: refused, and every row of the rooms around a check is as it was.

What could be forged is made first, and what is refused is shown to work for whom and when it should.
"""

import json
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cto_course import rights
from lessons.models import Unit
from quizzes import attempts
from quizzes.models import Attempt, PracticeCard, Quiz, Response, ResponseLog
from quizzes.practice import pages as practising
from quizzes.practice import schedule
from tests import factories
from tests.factories import NOW

JSON = {"accept": "application/json"}
ROOMS = ("cohorts", "notifications", "plans", "progress", "quizzes")
LATER = NOW + timedelta(minutes=5)

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

#: What a learner may wish a server to believe. Nothing of it is a field of ours, or has a say where it is sent.
WISHES = {
    name: value
    for prefix in ("", "q1-", "attempt-", "item-")
    for value, names in {
        "2099-01-01T00:00:00Z": "deadline_at closes_at saved_at started_at submitted_at checked_at at as_of now client",
        "1000": "time_factor score points fraction maximum percent minutes extra grace_seconds number left clock",
        "1": "passed pass_kept correct graded released answered id item_id run",
        "graded": "state status closed_by reason",
        "other": "item attempt enrolment user quiz_version question_version choice_order parameters language by",
    }.items()
    for name in (f"{prefix}{each}" for each in names.split())
}
#: The same wishes in headers.
HEADERS = {"date": "Tue, 01 Jan 2030 00:00:00 GMT", "x-forwarded-time": "0", "x-http-method-override": "DELETE"}


@pytest.fixture(autouse=True)
def _still(db):
    """No time passes, so that two ways to one state can be compared."""
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def world(course, cohort, enrolment):
    """Nadia and Omar in a check of eight types with an hour for it, the first answer of each saved; a card of each."""
    unit = Unit.objects.get(lesson__course=course, key="check")
    makers = [build for build, *_rest in factories.SIX_TYPES.values()] + [factories.short, factories.long]
    questions = [make(course, f"F{place}", lesson=unit.lesson) for place, make in enumerate(makers, 1)]
    quiz = factories.quiz(unit, questions, time_limit_minutes=60, attempts_allowed=3)
    made = SimpleNamespace(course=course, cohort=cohort, quiz=quiz, enrolment=enrolment, questions=questions)
    made.attempt, made.card = belongings(enrolment, quiz)
    made.omar = factories.enrolment(cohort, factories.user("Omar Haddad"))
    made.foreign, made.foreign_card = belongings(made.omar, quiz)
    return made


def belongings(enrolment, quiz):
    attempt = attempts.start(enrolment=enrolment, quiz=quiz, at=NOW)
    item = attempt.items.select_related("attempt", "question_version", "response").get(position=1)
    attempts.save(item=item, answer="a", revision=0, at=NOW)
    question = factories.single(enrolment.course, f"P{enrolment.pk}")
    memory = schedule.reviewed({}, "again", on=(NOW - timedelta(days=3)).date())
    return attempt, PracticeCard.objects.create(enrolment=enrolment, question=question, due_at=NOW, memory=memory)


def rows(*, without=()):
    """Every row of the rooms, by model."""
    return {
        model._meta.label: [
            {name: value for name, value in row.items() if name not in without}
            for row in model.objects.order_by("pk").values()
        ]
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
    }


def tried(send):
    """What a request makes of the rows; it is taken back."""
    with transaction.atomic():
        response = send()
        after = rows(without=("id", "run_id"))
        transaction.set_rollback(True)
    return response, after


def address(name, attempt):
    return reverse(f"quizzes:{name}", args=["cto", attempt.uuid])


def fields(position, revision=0, **answer):
    named = {f"q{position}-{name.replace('_', '-')}": value for name, value in answer.items()}
    return {"question": position, f"q{position}-revision": revision} | named


def ticket(card, *, number=1, version=None):
    return practising.Ticket(card.pk, number, version or card.question.versions.get().pk).signed


FORMS = ("start", "save", "submit", "practice")


def form(world, name):
    """Where a form of the learner goes, and what an honest one holds."""
    return {
        "start": ("/cto/lessons/1/check/start/", {}),
        "save": (address("save", world.attempt), fields(1, 1, answer="b")),
        "submit": (address("submit", world.attempt), {}),
        "practice": ("/cto/practice/review/", {"ticket": ticket(world.card), "rating": "got_it"}),
    }[name]


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


def closed(world, how):
    if how == "void":
        attempts.void(attempt=world.attempt, by=world.omar.user, reason="For this test.", at=NOW)
    elif how == "sent":
        attempts.close(attempt=world.attempt, as_of=NOW, by=Attempt.ClosedBy.LEARNER)
    else:
        Attempt.objects.filter(pk=world.attempt.pk).update(deadline_at=NOW, closes_at=NOW)
        if how == "deadline":
            attempts.close_overdue(as_of=LATER)


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


# ---- Other people's --------------------------------------------------------------------------------------------------

OF_AN_ATTEMPT = ("attempt", "save", "clock", "answers", "review", "submit", "result")


@pytest.mark.parametrize("name", OF_AN_ATTEMPT)
def test_other_peoples_attempts_are_not_there(learner_client, world, name):
    before = rows()
    send = learner_client.post if name in ("save", "submit") else learner_client.get
    nobodys = SimpleNamespace(uuid=UUID(int=7))
    for attempt in (world.foreign, nobodys):
        for headers in ({}, JSON):
            assert send(address(name, attempt), WISHES | fields(1, 1, answer="b"), headers=headers).status_code == 404
    assert send(address(name, world.foreign), {"then": "review"}).status_code == 404
    assert send(f"/cto/attempts/{world.attempt.pk}/save/", fields(1, 1, answer="b")).status_code == 404
    assert rows() == before


def test_visitor_is_asked_to_sign_in(client, world):
    before = rows()
    for name in FORMS:
        url, sent = form(world, name)
        response = client.post(url, sent)
        assert (response.status_code, response.url.startswith("/accounts/login/")) == (302, True)
    assert rows() == before


def test_positions_of_one_attempt_do_not_reach_another(learner_client, world):
    """Two attempts of one person: an answer goes to the one that the address names, or nowhere."""
    closed(world, "sent")
    other = factories.unit(world.quiz.unit.lesson, "other", position=9, kind=Unit.Kind.QUIZ)
    small = attempts.start(
        enrolment=world.enrolment, quiz=factories.quiz(other, [factories.single(world.course, "S")]), at=NOW
    )
    before = rows()
    items = list(world.attempt.items.values_list("pk", flat=True))
    for sent in (fields(2, answer=["a"]), fields(1, 0, answer="r2"), *({"question": pk} for pk in items)):
        response = learner_client.post(address("save", small), sent | {"item": items[0], "attempt": world.attempt.pk})
        assert (response.status_code, rows()) == (400, before)


# ---- Practice --------------------------------------------------------------------------------------------------------

BAD_TICKETS = {
    "none": lambda world: "",
    "made up": lambda world: "forged",
    "tampered": lambda world: ticket(world.card)[:-1] + ("A" if ticket(world.card)[-1] != "A" else "B"),
    "other body": lambda world: ticket(world.foreign_card).split(":")[0] + ":" + ticket(world.card).split(":", 1)[1],
    "unsigned": lambda world: json.dumps([world.card.pk, 1, 1]),
    "another salt": lambda world: practising.signing.dumps([world.card.pk, 1, 1], salt="other"),
    "NUL": lambda world: ticket(world.card) + "\0",
    "odd letters": lambda world: "é:\u202e:😀",
    "huge": lambda world: "a:" * 50_000,
}


@pytest.mark.parametrize("make", BAD_TICKETS.values(), ids=BAD_TICKETS)
def test_ticket_that_was_not_made_here(learner_client, world, make):
    before = rows()
    sent = {"ticket": make(world), "rating": "got_it"}
    assert learner_client.post("/cto/practice/review/", sent).status_code == 400
    if len(sent["ticket"]) < 5_000:
        assert learner_client.get("/cto/practice/next/", sent | {"show": "1"}).status_code == 400
    assert rows() == before


def test_ticket_of_another_person_is_not_there(learner_client, world):
    before = rows()
    foreign = ticket(world.foreign_card)
    for rating in ("again", "got_it"):
        assert learner_client.post("/cto/practice/review/", {"ticket": foreign, "rating": rating}).status_code == 404
    assert learner_client.get("/cto/practice/next/", {"ticket": foreign, "show": "1"}).status_code == 404
    assert rows() == before


@pytest.mark.parametrize("rating", ["", "easy", "GOT_IT", "got_it\0", "5", "x" * 20_000])
def test_rating_that_does_not_exist(learner_client, world, rating):
    before = rows()
    sent = {"ticket": ticket(world.card), "rating": rating}
    assert (learner_client.post("/cto/practice/review/", sent).status_code, rows()) == (400, before)


def test_used_ticket_is_one_review(learner_client, world):
    """A ticket ends with its review: the other rating of it, later, changes nothing and shows no key."""
    used = ticket(world.card)
    learner_client.post("/cto/practice/review/", {"ticket": used, "rating": "again"})
    before = rows()
    for rating in ("again", "got_it"):
        assert learner_client.post("/cto/practice/review/", {"ticket": used, "rating": rating}).status_code == 302
    shown = learner_client.get("/cto/practice/next/", {"ticket": used, "show": "1"})
    assert (shown.status_code, rows()) == (302, before)


# ---- Forms of staff --------------------------------------------------------------------------------------------------


def staff_forms(world):
    """Every form that changes what a learner has, as somebody with the right sends it."""
    version = world.questions[0].versions.get()
    waiting = waiting_attempt(world)
    admin = "/manage/quizzes"
    reason = {"reason": "The power failed."}
    return {
        "extend": (f"{admin}/attempt/{world.attempt.pk}/extend/", reason | {"minutes": 9, "known": 0, "grant": "1"}),
        "void": (f"{admin}/attempt/{world.attempt.pk}/void/", reason | {"confirmed": "on"}),
        "regrade": (
            f"{admin}/regrade/of/{version.pk}/",
            reason | {"policy": "full_credit", "right": "a", "apply": "1"},
        ),
        "read": (f"{admin}/attempt/reading/{waiting.uuid}/", {"q8-level-a": 3, "q8-level-b": 2, "q8-comment": ""}),
    }


def waiting_attempt(world):
    item = world.foreign.items.select_related("attempt", "question_version", "response").get(position=8)
    attempts.save(item=item, answer="A long text.", revision=0, at=NOW)
    return attempts.close(attempt=world.foreign, as_of=NOW, by=Attempt.ClosedBy.LEARNER)


#: Who is kept out of which form; `reader` is staff that may only look, everywhere.
KEPT_OUT = {
    "extend": ("learner", "manager", "instructor", "reader", "nobody"),
    "void": ("learner", "manager", "instructor", "reader", "nobody"),
    "regrade": ("learner", "manager", "reader", "nobody"),
    "read": ("learner", "manager", "reader", "nobody"),
}


@pytest.fixture
def people(world):
    reader = factories.user("Rosa Lind", is_staff=True)
    reader.user_permissions.add(*Permission.objects.filter(codename__startswith="view_"))
    instructor = factories.user("Ines Duarte", is_staff=True)
    instructor.groups.add(rights.instructors(at=NOW))
    return {
        "learner": world.enrolment.user,
        "manager": factories.manager(world.cohort),
        "instructor": instructor,
        "reader": reader,
        "nobody": factories.user("Nils Aldo", is_staff=True),
        "operator": factories.user("Olu Staff", is_staff=True, is_superuser=True),
    }


def client_for(person, **options):
    client = Client(**options)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("name", KEPT_OUT)
def test_form_of_staff_is_for_those_with_the_right(world, people, name):
    url, sent = staff_forms(world)[name]
    before = rows()
    for person in KEPT_OUT[name]:
        client = client_for(people[person])
        for response in (client.post(url, sent), client.post(url, sent | WISHES, headers=JSON), client.get(url)):
            location = response.headers.get("Location", "")
            outcome = "sign in" if location.startswith("/manage/login/") else response.status_code
            assert (person, outcome) == (person, "sign in" if person in ("learner", "manager") else 403)
        assert rows() == before
    operator = client_for(people["operator"], enforce_csrf_checks=True)
    assert (operator.post(url, sent).status_code, rows()) == (403, before)
    allowed, after = tried(lambda: client_for(people["operator"]).post(url, sent))
    assert (allowed.status_code, after != rows(without=("id", "run_id"))) == (302, True)


@pytest.mark.parametrize("name", ["extend", "void", "regrade"])
@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"reason": "a\0b"}, {"reason": "x" * 20_000}, {"reason": "\n\u3000\n"}],
    ids=["none", "NUL", "huge", "blank"],
)
def test_form_of_staff_without_a_reason_that_can_be_kept(world, people, name, wrong):
    url, sent = staff_forms(world)[name]
    before = rows()
    response = client_for(people["operator"]).post(url, sent | wrong)
    assert (response.status_code, rows()) == (400, before)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("extend", {"minutes": -60}),
        ("extend", {"minutes": 10**9}),
        ("extend", {"minutes": "9" * 5_000}),
        ("extend", {"minutes": "NaN"}),
        ("extend", {"known": 7}),
        ("extend", {"known": ""}),
        ("extend", {"minutes": "", "more_attempts": -1}),
        ("extend", {"minutes": "", "closes_at": "2099-01-01T00:00"}),
        ("void", {"confirmed": ""}),
        ("regrade", {"policy": "best"}),
        ("regrade", {"policy": "new_key", "right": "z"}),
        ("regrade", {"policy": "accept", "right": ["a", "r2"]}),
        ("read", {"q8-level-a": 4}),
        ("read", {"q8-level-a": 0}),
        ("read", {"q8-level-b": ""}),
        ("read", {"q8-comment": "a\0b"}),
        ("read", {"q8-comment": "x" * 20_000}),
    ],
)
def test_form_of_staff_with_values_that_are_not_offered(world, people, name, wrong):
    url, sent = staff_forms(world)[name]
    before = rows()
    response = client_for(people["operator"]).post(url, sent | wrong)
    assert (response.status_code, rows()) == (200 if name == "read" else 400, before)


def test_keys_that_no_row_has(world, people):
    """Numbers that fit no column are numbers of nothing."""
    before = rows()
    client = client_for(people["operator"])
    for key in (10**9, 2**63, 10**30):
        for path in ("attempt/{}/extend/", "attempt/{}/void/", "regrade/of/{}/", "regrade/{}/apply/"):
            assert client.post(f"/manage/quizzes/{path.format(key)}", {"reason": "x"}).status_code == 404
        assert client.get(f"/manage/quizzes/questionimport/export/?format=gift&ids={key}").status_code == 200
    assert client.get(f"/manage/quizzes/questionimport/export/?format=gift&ids={'9' * 5_000}").status_code == 200
    assert client.post(f"/manage/quizzes/attempt/reading/{UUID(int=7)}/", {"q8-comment": "x"}).status_code == 409
    assert rows() == before


# ---- Requests of the wrong kind --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
def test_form_without_its_token(world, name):
    url, sent = form(world, name)
    before = rows()
    client = client_for(world.enrolment.user, enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    for token in ({}, {"csrfmiddlewaretoken": "b" * 32}, {"csrfmiddlewaretoken": "\0"}):
        assert (client.post(url, sent | token).status_code, rows()) == (403, before)
    asked = client.post(url, json.dumps(sent), content_type="application/json", headers={"x-csrftoken": "b" * 32})
    assert (asked.status_code, rows()) == (403, before)


@pytest.mark.parametrize("name", FORMS)
def test_method_that_no_form_has(learner_client, world, name):
    url, sent = form(world, name)
    before = rows()
    for method in ("put", "patch", "delete", "options"):
        response = getattr(learner_client, method)(url, json.dumps(sent), content_type="application/json")
        assert (method, response.status_code, rows()) == (method, 405, before)
    assert (learner_client.trace(url).status_code, rows()) == (405, before)
    for send in (learner_client.get, learner_client.head):
        led = send(url, sent | {"method": "POST", "_method": "post"})
        assert (led.status_code, rows()) == (302, before)


@pytest.mark.parametrize("name", sorted(set(OF_AN_ATTEMPT) - {"save", "submit"}))
def test_page_takes_no_form(learner_client, world, name):
    before = rows()
    for method in ("post", "put", "patch", "delete"):
        response = getattr(learner_client, method)(address(name, world.attempt), {"q": 1} if method == "post" else "")
        assert (method, response.status_code, rows()) == (method, 405, before)


BODIES = {
    "JSON": ("application/json", '{"question": 1, "q1-revision": 1, "q1-answer": "b"}', 400),
    "JSON named a form": ("application/x-www-form-urlencoded", '{"question": 1, "q1-answer": "b"}', 400),
    "form named text": ("text/plain", "question=1&q1-revision=1&q1-answer=b", 400),
    "form named nothing": ("", "question=1&q1-revision=1&q1-answer=b", 400),
    "bytes": ("application/octet-stream", b"\x00\xff" * 9, 400),
    "XML": ("application/xml", "<question>1</question>", 400),
    "multipart without an end": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data", 400),
    "multipart without a boundary": ("multipart/form-data", b"--x--", 400),
    "multipart with a bad boundary": ("multipart/form-data; boundary=\xe9", b"--x--", 400),
    "multipart with bad base64": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="question"\r\nContent-Transfer-Encoding: base64\r\n\r\n!'
        b"\r\n--x--",
        400,
    ),
    **{
        f"in {charset}": (f"{type_}; charset={charset}", body, 415)
        for charset in ("utf-7", "latin-1", "utf-16", "unicode_escape", "zlib", "idna", "undefined")
        for type_, body in (
            ("application/x-www-form-urlencoded", "question=1&q1-revision=1&q1-answer=b"),
            (
                "multipart/form-data; boundary=x",
                b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\\ud800\r\n--x--',
            ),
        )
    },
    "more fields than any form": ("application/x-www-form-urlencoded", "q1-answer=b&" * 501 + "question=1", 400),
    "thousands of fields": ("application/x-www-form-urlencoded", "question=1&" * 20_000, 413),
    "hundreds of files": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="q1-answer"; filename="a"\r\n\r\na\r\n' * 101 + b"--x--\r\n",
        400,
    ),
    "more than a megabyte": ("application/x-www-form-urlencoded", "question=1&a=" + "b" * 1_000_000, 413),
    "a file of more than a megabyte": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n' + b"a" * 1_000_000 + b"\r\n--x--\r\n",
        413,
    ),
}


@pytest.mark.parametrize(("type_", "body", "status"), BODIES.values(), ids=BODIES)
def test_body_that_is_no_form(learner_client, world, type_, body, status):
    before = rows()
    for name in ("save", "practice"):
        for headers in ({}, JSON):
            response = learner_client.generic("POST", form(world, name)[0], body, type_, headers=headers)
            assert (name, response.status_code, rows()) == (name, status, before)


@pytest.mark.parametrize("accept", ["", ";;;q=x,/", "*/*;q=0", "text/html;q=0, application/json", "a" * 5_000, "\xff"])
def test_header_that_says_nothing(learner_client, world, accept):
    before = rows()
    sent = fields(9, 1, answer="b")
    response = learner_client.post(address("save", world.attempt), sent, headers={"accept": accept})
    assert (response.status_code, rows()) == (400, before)


@pytest.mark.parametrize("cookie", ["\0" * 32, "é" * 32, "x" * 4_000, "' OR 1=1 --------------------------"])
def test_session_that_nobody_has(client, world, cookie):
    before = rows()
    client.cookies["session"] = cookie
    for name in FORMS:
        url, sent = form(world, name)
        assert client.post(url, sent).url.startswith("/accounts/login/")
    assert rows() == before


def test_question_that_the_address_asks_for(learner_client, world):
    """`?q=` shows a question of this attempt or none."""
    page = address("attempt", world.attempt)
    for place in ("0", "9", "99999", "-1"):
        assert (place, learner_client.get(page, {"q": place}).status_code) == (place, 404)
    for place in ("x", "\0", "1\0", "１", "9" * 5_000, "1,2"):
        assert (place[:9], learner_client.get(page, {"q": place}).status_code in (200, 404)) == (place[:9], True)


def test_rules_are_of_checks_that_are_there(learner_client, world):
    before = rows()
    assert Quiz.objects.count() == 1
    for path in ("0/check", "2/check", f"{10**30}/check", "1/check/nothing", "1/check/first"):
        for end in ("", "start/"):
            send = learner_client.post if end else learner_client.get
            assert send(f"/cto/lessons/{path}/{end}").status_code == 404
    for path in ("/other/lessons/1/check/start/", "/cto/exam/start/"):
        assert learner_client.post(path).status_code == 404
    assert rows() == before
