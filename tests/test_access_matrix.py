"""Every address × everybody: one table of what is expected, and nobody's own things on anybody else's pages.

A new address without a row in TABLE fails `test_table_has_every_address`. Below /accounts/ (allauth) and /manage/ (the
admin) the addresses are many and alike: each of the two has one rule instead of rows.
"""

from dataclasses import dataclass, field

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from cohorts.models import Cohort, Role
from cto_course import rights
from lessons.models import Unit
from notifications.models import Message
from plans.models import Note
from progress import recording
from quizzes import attempts
from quizzes.models import Attempt
from tests import factories
from tests.factories import NOW

PEOPLE = ("anonymous", "learner", "other", "instructor", "coach", "manager", "stranger", "operator")
ENROLLED = {"learner", "other"}
METHODS = ("get", "post")

SIGN_IN, JOIN = "sign in", "course page"


# ---- What is expected ----------------------------------------------------------------------------------------------


def everybody(outcome, **others):
    return dict.fromkeys(PEOPLE, outcome) | others


def signed_in(outcome, **others):
    return everybody(outcome, anonymous=SIGN_IN) | others


def enrolled(outcome, **others):
    """Pages behind the gate: who learns in the course gets in, everybody else is shown the way to join."""
    return everybody(JOIN, anonymous=SIGN_IN, learner=outcome, other=outcome) | others


def own(outcome):
    """The learner's own things: not there for the other learner."""
    return enrolled(outcome, other=404)


def of_cohort(outcome):
    """Pages of the learner's cohort: there for its manager and coach only."""
    return signed_in(404, coach=outcome, manager=outcome)


POST_ONLY = everybody(405)
READ_ONLY = everybody(405)
COURSE = {"course": "cto"}
LESSON = COURSE | {"number": 1}
UNIT = LESSON | {"key": "first"}
PROFILE = {"name": "Renamed", "time_zone": "UTC", "language": "en-gb"}

# Address: its arguments, what is expected for GET and POST, and what is sent.
# An argument "own …" is the learner's; a redirect that is neither to sign-in nor to the course page is 302.
TABLE = {
    "front": ({}, everybody(200), READ_ONLY, {}),
    "home": ({}, signed_in(302), signed_in(405), {}),
    "health": ({}, everybody(200), READ_ONLY, {}),
    "ready": ({}, everybody(200), READ_ONLY, {}),
    "help": ({}, everybody(200), READ_ONLY, {}),
    "privacy": ({}, everybody(200), READ_ONLY, {}),
    "accessibility": ({}, everybody(200), READ_ONLY, {}),
    "accounts:profile": ({}, signed_in(200), signed_in(302), PROFILE),
    "accounts:theme": ({}, POST_ONLY, everybody(302), {"theme": "dark"}),
    "accounts:totp_qr": ({}, signed_in(404), signed_in(405), {}),
    # The mailbox exists on one's own machine only, and is there for somebody who cannot sign in yet.
    "notifications:mailbox": ({}, everybody(200), READ_ONLY, {}),
    "notifications:message": ({"pk": "own message"}, everybody(200), READ_ONLY, {}),
    "leading:cohorts": ({}, signed_in(200), signed_in(405), {}),
    "leading:cohort": ({"slug": "own cohort"}, of_cohort(200), signed_in(405), {}),
    "lessons:course": (COURSE, everybody(200), READ_ONLY, {}),
    "lessons:lessons": (COURSE, everybody(200), READ_ONLY, {}),
    "lessons:lesson": (LESSON, everybody(200), READ_ONLY, {}),
    "lessons:terms": (COURSE, everybody(200), READ_ONLY, {}),
    "lessons:sources": (COURSE, everybody(200), READ_ONLY, {}),
    "lessons:unit": (UNIT, enrolled(200), enrolled(405), {}),
    "cohorts:join": (COURSE, POST_ONLY, everybody(302), {}),
    "progress:home": (COURSE, enrolled(200), enrolled(405), {}),
    # Addresses of forms lead a browser that comes by GET, after signing in again, to the page of the form.
    "progress:mark_done": (UNIT, enrolled(302), enrolled(302), {}),
    "progress:position": (UNIT, enrolled(302), enrolled(204), {"anchor": "why"}),
    "practice:practice": (COURSE, enrolled(200), enrolled(405), {}),
    "practice:card": (COURSE, enrolled(302), enrolled(405), {}),
    "practice:review": (COURSE, enrolled(302), enrolled(400), {"ticket": "forged", "rating": "got_it"}),
    "plans:notes": (COURSE, enrolled(200), enrolled(405), {}),
    "plans:note": (UNIT, enrolled(302), enrolled(302), {"text": "New words", "revision": "1"}),
    "quizzes:front": (LESSON, enrolled(200), enrolled(405), {}),
    "quizzes:start": (LESSON, enrolled(302), enrolled(302), {}),
    "quizzes:attempt": (COURSE | {"uuid": "own open attempt"}, own(200), enrolled(405), {}),
    "quizzes:save": (
        COURSE | {"uuid": "own open attempt"},
        enrolled(302),
        own(302),
        {"question": "1", "q1-answer": "12", "q1-revision": "1"},
    ),
    "quizzes:clock": (COURSE | {"uuid": "own open attempt"}, own(302), enrolled(405), {}),
    "quizzes:answers": (COURSE | {"uuid": "own open attempt"}, own(200), enrolled(405), {}),
    "quizzes:review": (COURSE | {"uuid": "own open attempt"}, own(200), enrolled(405), {}),
    "quizzes:submit": (COURSE | {"uuid": "own open attempt"}, enrolled(302), own(302), {}),
    "quizzes:result": (COURSE | {"uuid": "own result"}, own(200), enrolled(405), {}),
}
# Whose things may stand on whose pages besides one's own: (address, person) → what of the learner's.
SHOWN = {
    ("leading:cohort", "manager"): {"name"},
    ("leading:cohort", "coach"): {"name"},
}
LOCAL_ONLY = {"notifications:mailbox", "notifications:message"}


# ---- The world -----------------------------------------------------------------------------------------------------


@dataclass
class World:
    """People by role, what may be asked for, and what is each learner's own."""

    people: dict
    values: dict
    canaries: dict
    clients: dict = field(default_factory=dict)

    def client(self, person):
        """Signed in once for all requests: what a request does to the session is taken back with the rest."""
        if person not in self.clients:
            self.clients[person] = Client()
            if self.people[person]:
                backend = "django.contrib.auth.backends.ModelBackend"
                self.clients[person].force_login(self.people[person], backend=backend)
        return self.clients[person]

    def url(self, name, arguments):
        return reverse(name, kwargs={key: self.values.get(value, value) for key, value in arguments.items()})

    def foreign(self, person, address=""):
        """What must not stand on a page of this person."""
        return {
            text
            for owner, things in self.canaries.items()
            if owner != person
            for kind, text in things.items()
            if not (owner == "learner" and kind in SHOWN.get((address, person), ()))
        }


@pytest.fixture
def world(course, cohort):
    other_cohort = factories.cohort(course, title="Autumn 2026", kind=Cohort.Kind.SCHEDULED, open_to_all=False)
    quiz = factories.quiz(Unit.objects.get(key="check"), [factories.numeric(course, "Q1.04")])
    people, canaries, made = {"anonymous": None}, {}, {}
    for person, place, answer in [("learner", cohort, "8675301"), ("other", other_cohort, "8675302")]:
        user = factories.user(f"Canary-name-{person}", email=f"canary-email-{person}@example.com")
        people[person] = user
        canaries[person] = {"name": user.name, "email": user.email, "note": f"canary-note-{person}", "answer": answer}
        made[person] = belongings(factories.enrolment(place, user), quiz, canaries[person])
    people["manager"] = factories.manager(cohort, "Marta Silva")
    people["stranger"] = factories.manager(other_cohort, "Olga Brandt")
    people["coach"] = factories.user("Carla Pinto")
    Role.objects.create(cohort=cohort, user=people["coach"], kind=Role.Kind.COACH)
    people["instructor"] = factories.user("Ines Duarte", is_staff=True)
    people["instructor"].groups.add(rights.instructors(at=NOW))
    people["operator"] = factories.user("Omar Haddad", is_staff=True, is_superuser=True)
    return World(people, made["learner"] | {"own cohort": cohort.slug}, canaries)


def belongings(enrolment, quiz, canary):
    """A note, a section done, a result, an open attempt with an answer, and a message."""
    unit = Unit.objects.get(key="first")
    recording.mark_done(enrolment=enrolment, unit=unit, at=NOW)
    Note.objects.create(enrolment=enrolment, unit=unit, text=canary["note"], revision=1)
    result = answered(enrolment, quiz, canary["answer"])
    attempts.close(attempt=result, as_of=NOW, by=Attempt.ClosedBy.LEARNER)
    message = Message.objects.create(
        user=enrolment.user, to=canary["email"], subject="Hello", text=canary["name"], dedupe_key=canary["email"]
    )
    return {
        "own result": result.uuid,
        "own open attempt": answered(enrolment, quiz, canary["answer"]).uuid,
        "own message": message.pk,
    }


def answered(enrolment, quiz, answer):
    attempt = attempts.start(enrolment=enrolment, quiz=quiz, at=NOW)
    attempts.save(item=attempt.items.get(), answer=answer, revision=0, at=NOW)
    return attempt


def outcome_of(response):
    """The status, or for what keeps somebody out where it leads."""
    location = response.headers.get("Location", "")
    if location.startswith((reverse("account_login"), reverse("admin:login"))):
        return SIGN_IN
    if response.status_code == 403 and "<h1>You are signed out</h1>" in response.text:
        return SIGN_IN
    no_place = response.status_code == 403 and "You have no place in the course" in response.text
    if no_place or location == reverse("lessons:course", args=["cto"]):
        return JOIN
    return response.status_code


def asked(client, method, url, data=None):
    """The response of one request whose traces in the database are taken back."""
    with transaction.atomic():
        response = getattr(client, method)(url, data or {})
        transaction.set_rollback(True)
    return response


def found(response, texts):
    """Which of the texts stand in the body or in a header."""
    whole = response.content.decode() if not response.streaming else b"".join(response.streaming_content).decode()
    whole += "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return {text for text in texts if text in whole}


# ---- The addresses -------------------------------------------------------------------------------------------------


def addresses(patterns, namespace=""):
    """The names of all addresses, allauth's and the admin's aside."""
    for pattern in patterns:
        if not isinstance(pattern, URLResolver):
            yield f"{namespace}{pattern.name}"
        elif pattern.app_name != "admin" and str(pattern.pattern) != "accounts/":
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner)


def resolver_of(prefix):
    return next(
        pattern
        for pattern in get_resolver().url_patterns
        if isinstance(pattern, URLResolver) and str(pattern.pattern) == prefix
    )


def plain_addresses(patterns, prefix=""):
    """Paths below a prefix that need no argument."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from plain_addresses(pattern.url_patterns, path)
        elif "<" not in path and "(" not in path and "^" not in path:
            yield path


def test_table_has_every_address():
    assert set(addresses(get_resolver().url_patterns)) == set(TABLE)


def test_everybody_gets_what_is_declared_and_nobody_elses_things(world):
    """All in one test, because making the world takes longer than asking it."""
    declared, outcomes, leaks = {}, {}, {}
    for address, (arguments, get, post, data) in TABLE.items():
        declared[address] = {"get": get, "post": post}
        outcomes[address] = {method: {} for method in METHODS}
        url = world.url(address, arguments)
        for method in METHODS:
            for person in PEOPLE:
                response = asked(world.client(person), method, url, data if method == "post" else None)
                outcomes[address][method][person] = outcome_of(response)
                leak = found(response, world.foreign(person, address))
                if leak and address not in LOCAL_ONLY:
                    leaks[address, method, person] = leak
    assert outcomes == declared
    assert leaks == {}


def test_other_methods_do_nothing_for_anybody(world):
    kept_out = {SIGN_IN, JOIN, 302, 403, 404, 405}
    wrong = {}
    for address, (arguments, *_rest) in TABLE.items():
        url = world.url(address, arguments)
        for method in ("put", "patch", "delete"):
            for person in PEOPLE:
                outcome = outcome_of(asked(world.client(person), method, url))
                if outcome not in kept_out:
                    wrong[address, method, person] = outcome
    assert wrong == {}


def test_canaries_are_where_their_owner_reads_them(world):
    """Otherwise the test above would find nothing because there is nothing."""
    client = world.client("learner")
    seen = set()
    for address in ("plans:notes", "quizzes:attempt", "quizzes:result", "accounts:profile", "account_email"):
        arguments, *_rest = TABLE.get(address, ({},))
        seen |= found(client.get(world.url(address, arguments)), set(world.canaries["learner"].values()))
    assert seen == set(world.canaries["learner"].values())


# ---- allauth -------------------------------------------------------------------------------------------------------

# What somebody who is not signed in may open below /accounts/; everything else sends them to sign in.
DOORS = {
    "login/",
    "login/code/",
    "signup/",
    "inactive/",
    "confirm-email/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/done/",
    "2fa/webauthn/login/",
}


def test_account_pages_open_to_their_owner_and_say_nothing_of_others(world):
    leaks, opened = {}, set()
    for path in plain_addresses(resolver_of("accounts/").url_patterns):
        for person in PEOPLE:
            response = asked(world.client(person), "get", f"/accounts/{path}")
            assert response.status_code in {200, 302, 403, 404, 405}, (path, person)
            if person == "anonymous" and response.status_code == 200:
                opened.add(path)
            leak = found(response, world.foreign(person))
            if leak:
                leaks[path, person] = leak
    assert (opened - DOORS, leaks) == (set(), {})


# ---- The admin -----------------------------------------------------------------------------------------------------


def admin_pages():
    """(model, page, path) of every list and every add form."""
    for model in admin.site._registry:
        for page in ("changelist", "add"):
            yield model, page, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


def expected_in_admin(path, person):
    """What somebody who is not staff gets there: the way to sign in, which says 403 to who is signed in already.

    Signing out takes a form; asked for by GET it leads to the index, and so on.
    """
    if person == "anonymous":
        return SIGN_IN
    return {"/manage/login/": 403, "/manage/logout/": 302}.get(path, SIGN_IN)


def test_admin_is_closed_to_who_is_not_staff(world):
    paths = [f"/manage/{path}" for path in plain_addresses(resolver_of("manage/").url_patterns)]
    assert len(paths) > 60
    for person in ("anonymous", "learner", "other", "coach", "manager", "stranger"):
        client = world.client(person)
        for path in paths:
            response = asked(client, "get", path)
            assert outcome_of(response) == expected_in_admin(path, person), (path, person)
            assert found(response, world.foreign(person)) == set(), (path, person)


def test_instructor_opens_the_course_in_the_admin_and_meets_no_learner(world):
    client = world.client("instructor")
    opened = set()
    for model, page, path in admin_pages():
        response = asked(client, "get", path)
        assert response.status_code in {200, 403}, path
        assert found(response, world.foreign("instructor")) == set(), path
        if response.status_code == 200:
            opened.add((model._meta.app_label, page))
    lists = {(room, "changelist") for room in ("lessons", "plans", "quizzes")}
    assert opened == lists | {("lessons", "add"), ("quizzes", "add")}


def test_operator_opens_all_of_the_admin_and_reads_no_note(world):
    client = world.client("operator")
    notes = {things["note"] for things in world.canaries.values()}
    for _model, page, path in admin_pages():
        response = asked(client, "get", path)
        assert response.status_code in ({200} if page == "changelist" else {200, 403}), path
        assert found(response, notes) == set(), path
