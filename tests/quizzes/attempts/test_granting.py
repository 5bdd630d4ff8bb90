"""Extensions and voiding by staff: the effect shown first, written down, told once, open only to who may."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from cohorts.models import Extension
from notifications.models import Message
from quizzes import attempts
from quizzes.attempts import granting
from quizzes.models import Attempt, Quiz
from tests import factories

NOW = factories.NOW


@pytest.fixture
def operator(db):
    return factories.user("Omar Haddad", is_staff=True, is_superuser=True, time_zone="Europe/Lisbon")


@pytest.fixture
def operator_client(client_of, operator):
    return client_of(operator)


@pytest.fixture
def quiz(course):
    check = Quiz.objects.get(unit__lesson__course=course)
    return factories.quiz(
        check.unit, [factories.single(course, "G")], time_limit_minutes=60, attempts_allowed=1, closes_at=far()
    )


def far():
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=3)


@pytest.fixture
def attempt(enrolment, quiz):
    return attempts.start(enrolment=enrolment, quiz=quiz, at=timezone.now())


def page(name, attempt):
    return reverse(f"admin:quizzes_attempt_{name}", args=[attempt.pk])


def form(**fields):
    return {"minutes": "", "more_attempts": "", "closes_at": "", "reason": "The power failed.", "known": 0} | fields


# ---- Extension -----------------------------------------------------------------------------------------------------


def test_attempt_page_offers_both(operator_client, attempt):
    shown = operator_client.get(page("change", attempt)).text
    assert f'href="{page("extend", attempt)}"' in shown
    assert f'href="{page("void", attempt)}"' in shown


def test_extension_shows_its_effect_and_then_is_granted(operator_client, attempt, learner):
    before = attempt.deadline_at
    shown = operator_client.post(page("extend", attempt), form(minutes=15, more_attempts=1, show="1"))
    assert shown.status_code == 200
    assert shown.context["effect"].end == (before, before + timedelta(minutes=15))
    assert shown.context["effect"].left == (0, 1)
    assert not Extension.objects.exists()
    sent = operator_client.post(page("extend", attempt), form(minutes=15, more_attempts=1, grant="1"), follow=True)
    assert "The extension is granted." in sent.text
    attempt.refresh_from_db()
    assert attempt.deadline_at == before + timedelta(minutes=15)
    extension = Extension.objects.get()
    assert (extension.minutes, extension.attempts, extension.reason) == (15, 1, "The power failed.")
    entry = AuditEntry.objects.get(action="granted an extension")
    assert (entry.actor, entry.detail["minutes"], entry.detail["reason"]) == (
        extension.granted_by,
        15,
        "The power failed.",
    )
    mail = Message.objects.get(dedupe_key=f"extension:{extension.pk}")
    assert (mail.to, mail.subject) == (learner.email, "An extension for you: Check what stayed")
    for words in ("15 more minutes", "1 more attempt", "Your running attempt now ends on", "The power failed."):
        assert words in mail.text


def test_same_form_sent_twice_grants_once(operator_client, attempt):
    operator_client.post(page("extend", attempt), form(minutes=15, grant="1"))
    again = operator_client.post(page("extend", attempt), form(minutes=15, grant="1"))
    assert again.status_code == 400
    assert "An extension was granted in the meantime." in again.text
    assert (Extension.objects.count(), Message.objects.count(), AuditEntry.objects.count()) == (1, 1, 1)


def test_open_until_is_read_in_the_zone_of_the_staff(operator_client, attempt, enrolment, quiz):
    later = (far() + timedelta(days=1)).replace(hour=12, minute=0)
    operator_client.post(page("extend", attempt), form(closes_at=f"{later:%Y-%m-%dT}12:00", grant="1"))
    # Lisbon is UTC in winter and an hour ahead in summer.
    assert Extension.objects.get().closes_at.hour in (11, 12)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Enter minutes, attempts or a date."),
        ({"minutes": 5, "reason": " "}, "Enter the reason."),
        ({"minutes": 0}, "greater than or equal to 1"),
        ({"minutes": -5}, "greater than or equal to 1"),
        ({"closes_at": "2020-01-01T10:00"}, "later than the present end"),
    ],
)
def test_extension_that_gives_nothing_is_refused(operator_client, attempt, fields, words):
    shown = operator_client.post(page("extend", attempt), form(grant="1", **fields))
    assert (shown.status_code, words in shown.text) == (400, True)
    assert not Extension.objects.exists()


def test_what_has_no_limit_is_not_extended(operator_client, course, enrolment):
    check = Quiz.objects.get(unit__lesson__course=course)
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=timezone.now())
    assert "there is nothing to extend" in operator_client.get(page("extend", attempt)).text
    assert operator_client.post(page("extend", attempt), form(minutes=5, grant="1")).status_code == 400
    assert not Extension.objects.exists()


def test_attempt_that_follows_older_rules_is_refused_for_their_sake(operator_client, course, enrolment):
    """The quiz of today limits everything; the rules of the open attempt limit nothing."""
    check = Quiz.objects.get(unit__lesson__course=course)
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=timezone.now())
    factories.quiz(check.unit, [factories.single(course, "G")], time_limit_minutes=5, attempts_allowed=1)
    said = " ".join(operator_client.get(page("extend", attempt)).text.split())
    assert (
        f"This attempt follows version {attempt.quiz_version.number} of the rules, which has no time limit, allows any "
        "number of attempts and does not close: there is nothing to extend while it is open. The rules have changed "
        "since. What they limit can be extended once this attempt is closed."
    ) in said
    assert "This quiz has no time limit" not in said


def test_extension_after_the_end_does_not_reopen(operator_client, attempt, enrolment, quiz):
    Attempt.objects.update(deadline_at=NOW, closes_at=NOW)
    operator_client.post(page("extend", attempt), form(minutes=5, more_attempts=1, grant="1"))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.deadline_at) == ("graded", NOW)
    second = attempts.start(enrolment=enrolment, quiz=quiz, at=timezone.now())
    assert second.deadline_at - second.started_at == timedelta(minutes=65)
    assert "now ends on" not in Message.objects.get().text


def test_nothing_is_written_when_anything_of_it_fails(attempt, operator):
    Message.objects.create(to="x@example.com", subject="s", text="t", dedupe_key="other")
    with pytest.raises(granting.GrantedMeanwhile):
        granting.extend(attempt=attempt, by=operator, reason="r", at=NOW, known=7, minutes=5)
    assert (Extension.objects.count(), AuditEntry.objects.count(), Message.objects.count()) == (0, 0, 1)


# ---- Void ----------------------------------------------------------------------------------------------------------


def test_history_says_what_was_done(operator_client, attempt):
    operator_client.post(page("extend", attempt), form(minutes=5, grant="1"))
    operator_client.post(page("void", attempt), {"reason": "The power failed.", "confirmed": "on"})
    history = operator_client.get(page("history", attempt)).text
    assert ("Extension granted." in history, "Voided." in history) == (True, True)


def test_void_page_promises_no_more_than_the_rules_allow(operator_client, attempt):
    said = " ".join(operator_client.get(page("void", attempt)).text.split())
    assert "the learner may start another one, as far as the rules of the check allow." in said


def test_void_needs_a_reason_and_a_tick(operator_client, attempt):
    for sent in ({"reason": "Wrong group."}, {"confirmed": "on", "reason": ""}):
        assert operator_client.post(page("void", attempt), sent).status_code == 400
    attempt.refresh_from_db()
    assert attempt.is_open
    assert not Message.objects.exists()


def test_void_is_written_down_and_told_once(operator_client, attempt, operator, learner):
    sent = {"reason": "Wrong group.", "confirmed": "on"}
    assert "The attempt is voided." in operator_client.post(page("void", attempt), sent, follow=True).text
    assert "cannot be voided" in operator_client.post(page("void", attempt), sent, follow=True).text
    attempt.refresh_from_db()
    assert (attempt.state, attempt.voided_by, attempt.void_reason) == ("voided", operator, "Wrong group.")
    entry = AuditEntry.objects.get(action="voided an attempt")
    assert (entry.actor, entry.detail) == (operator, {"attempt": str(attempt.uuid), "reason": "Wrong group."})
    mail = Message.objects.get(dedupe_key=f"void:{attempt.uuid}")
    assert (mail.to, "Wrong group." in mail.text) == (learner.email, True)
    assert f'href="{page("void", attempt)}"' not in operator_client.get(page("change", attempt)).text


def test_closed_attempt_is_not_voided(operator_client, attempt):
    attempts.close(attempt=attempt, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)
    assert "cannot be voided" in operator_client.get(page("void", attempt)).text
    operator_client.post(page("void", attempt), {"reason": "x", "confirmed": "on"})
    attempt.refresh_from_db()
    assert attempt.state == "graded"
    assert not Message.objects.exists()


# ---- Who may -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rights", "extend", "void"),
    [
        ((), 403, 403),
        (("view_attempt",), 403, 403),
        (("add_extension",), 403, 403),
        (("view_attempt", "add_extension"), 200, 403),
        (("view_attempt", "change_attempt"), 403, 200),
    ],
)
def test_rights(client_of, attempt, rights, extend, void):
    person = factories.user("Ines Duarte", is_staff=True)
    person.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    client = client_of(person)
    assert (client.get(page("extend", attempt)).status_code, client.get(page("void", attempt)).status_code) == (
        extend,
        void,
    )
    if "change_attempt" in rights:
        # The right to void is no right to rewrite.
        assert client.post(page("change", attempt), {"score": 1}).status_code == 403


def test_learners_and_managers_are_led_to_sign_in(client_of, attempt, cohort, learner):
    for person in (learner, factories.manager(cohort)):
        for name in ("extend", "void"):
            assert client_of(person).post(page(name, attempt), form(minutes=9, grant="1")).status_code == 302
    attempt.refresh_from_db()
    assert attempt.is_open
    assert not Extension.objects.exists()


def test_pages_cost_few_queries(operator_client, attempt, django_assert_max_num_queries):
    for name in ("extend", "void"):
        with django_assert_max_num_queries(12):
            operator_client.get(page(name, attempt))
    with django_assert_max_num_queries(12):
        operator_client.post(page("extend", attempt), form(minutes=9, show="1"))
