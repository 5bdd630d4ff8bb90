"""Requests of the wrong kind, from whom they do not belong to: refused, and every row of the rooms is as it was."""

import json
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from cto_course import rights
from lessons.models import Unit
from quizzes import attempts
from quizzes.models import Attempt, Quiz
from quizzes.practice import pages as practising
from tests import factories
from tests.factories import NOW
from tests.quizzes.browsing import JSON, address, fields
from tests.quizzes.forging import FORMS, WISHES, closed, form, rows, ticket, tried

pytestmark = pytest.mark.usefixtures("still")


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
        assert (response.status_code, "<h1>You are signed out</h1>" in response.text) == (403, True)
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
        response = client.post(url, sent)
        assert (response.status_code, "<h1>You are signed out</h1>" in response.text) == (403, True)
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
