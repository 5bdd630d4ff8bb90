"""Who is inside an attempt while its quiz or course is changed: named first, extended if wanted, told one thing."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import formats, timezone

from accounts import moments
from accounts.models import AuditEntry
from cohorts.models import Extension
from cto_course import confirmation
from lessons import versions
from lessons.models import Unit, UnitVersion
from notifications.models import Message
from quizzes import attempts, invariants
from quizzes.attempts import running
from quizzes.attempts.invariants import time_is_within_the_rules
from quizzes.authoring import rules_in_words
from quizzes.content import formats as files
from quizzes.content import stating
from quizzes.models import Attempt, QuizVersion
from tests import factories

HOUR = timedelta(hours=1)
QUIZZES = reverse("admin:quizzes_quizversion_changelist")
UNITS = reverse("admin:lessons_unit_changelist")


@pytest.fixture
def closes():
    """The end of the window that was announced."""
    return timezone.now().replace(second=0, microsecond=0) + HOUR


@pytest.fixture
def inside(course, enrolment, check, closes):
    """Nadia's attempt at three questions, under a window that closes everything in an hour."""
    questions = [factories.single(course, f"K{n}") for n in range(3)]
    factories.quiz(check.unit, questions, closes_at=closes, window="everything")
    return attempts.start(enrolment=enrolment, quiz=check, at=timezone.now())


def draft(check, *, questions=3, **rules):
    """A draft of the next version, with so many questions."""
    made = QuizVersion.objects.create(quiz=check, number=check.versions.count() + 1, **rules)
    slot = made.slots.create(position=1)
    members = check.versions.current().get().slots.get().members.all()[:questions]
    for member in members:
        slot.members.create(question=member.question, position=member.position)
    return made


def post(client, page, action, *things, **answer):
    return client.post(page, {"action": action, "_selected_action": [each.pk for each in things]} | answer, follow=True)


def shown(moment):
    return formats.date_format(timezone.localtime(moment), "j F, H:i")


def words(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def ends(attempt):
    attempt.refresh_from_db()
    return attempt.deadline_at, attempt.closes_at


@pytest.fixture
def operator_client(client_of, operator):
    operator.time_zone = "UTC"
    operator.save()
    return client_of(operator)


def test_publishing_names_who_is_inside_with_their_old_end_and_changes_nothing_yet(
    operator_client, check, inside, closes
):
    later = draft(check, questions=2, closes_at=closes + HOUR, window="everything")
    page = words(post(operator_client, QUIZZES, "publish", later))
    assert "Nothing is changed yet: a learner is inside." in page
    assert "1 attempt is open. It keeps its questions, its rules and its end." in page
    assert "It asks 2 questions instead of 3." in page
    assert f"Nadia Osei, {inside.enrolment.cohort}" in page
    assert shown(closes) in page
    assert shown(closes + HOUR) in page
    assert "Extend 1 open attempt to the new end" in page
    later.refresh_from_db()
    assert (later.state, Extension.objects.count(), ends(inside)[0]) == ("draft", 0, closes)


def test_publishing_can_extend_those_who_are_inside(operator_client, operator, check, inside, closes):
    later = draft(check, closes_at=closes + HOUR, window="everything")
    answer = {"confirmed": "Publish", "extend": "on", "reason": "The room is free until then."}
    page = words(post(operator_client, QUIZZES, "publish", later, **answer))
    assert f"Published: {later}" in page
    later.refresh_from_db()
    extension = Extension.objects.get()
    assert (extension.closes_at, extension.minutes, extension.granted_by, extension.reason) == (
        closes + HOUR,
        0,
        operator,
        "The room is free until then.",
    )
    assert (later.state, ends(inside)) == ("current", (closes + HOUR, closes + HOUR + timedelta(seconds=30)))
    mail = Message.objects.get()
    assert (mail.user, "The room is free until then." in mail.text) == (inside.enrolment.user, True)
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"published", "granted an extension"}
    assert [check.__name__ for _name, check in invariants.CHECKS if check()] == []


def test_publishing_without_extending_leaves_them_their_end(operator_client, check, inside, closes):
    later = draft(check, closes_at=closes + HOUR, window="everything")
    post(operator_client, QUIZZES, "publish", later, confirmed="Publish", reason="Unused.")
    later.refresh_from_db()
    assert (later.state, ends(inside)[0], Extension.objects.count()) == ("current", closes, 0)


@pytest.mark.parametrize(
    ("limit", "rules", "end"),
    [
        (None, {"closes_at": -30, "window": "everything"}, None),
        (None, {"closes_at": 60, "window": "everything"}, None),
        (None, {"closes_at": 90, "window": "everything"}, 90),
        # A window that only stops starting leaves them until their own time is over; without one there is no such end.
        (None, {"closes_at": 90, "window": "starting"}, None),
        (None, {}, None),
        (120, {"closes_at": 90, "window": "everything"}, 90),
        (120, {"closes_at": 180, "window": "everything"}, 120),
        (120, {"closes_at": 90, "window": "starting"}, 120),
        (120, {}, 120),
        (30, {"closes_at": 90, "window": "everything"}, None),
    ],
)
def test_end_that_a_new_window_gives_who_is_inside(course, enrolment, check, limit, rules, end):
    """Minutes from now; the old window closes everything after 60."""
    now = timezone.now()
    rules = {name: now + timedelta(minutes=v) if name == "closes_at" else v for name, v in rules.items()}
    questions = [factories.single(course, "K")]
    old = {"closes_at": now + HOUR, "window": "everything", "time_limit_minutes": limit}
    factories.quiz(check.unit, questions, **old)
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=now)
    (found,) = running.while_publishing(draft(check, **rules), at=now)
    assert (found.attempt.pk, found.end) == (attempt.pk, end and now + timedelta(minutes=end))
    assert (found.closes_at is None) is (end is None)
    staff = factories.user("Ines Duarte")
    assert running.extend([found], by=staff, reason="A reason.", at=now) == (end is not None)
    if end:
        assert ends(attempt)[0] == found.end
    assert time_is_within_the_rules() == []


def test_instructor_reads_how_many_and_until_when_but_no_name_and_may_not_extend(
    client_of, instructor, check, inside, closes
):
    instructor.time_zone = "UTC"
    instructor.save()
    client = client_of(instructor)
    later = draft(check, closes_at=closes + HOUR, window="everything")
    page = words(post(client, QUIZZES, "publish", later))
    assert (f"Learner {inside.enrolment_id}" in page, "Nadia" in page, shown(closes) in page) == (True, False, True)
    assert "Whoever may grant extensions gives them the new end." in page
    post(client, QUIZZES, "publish", later, confirmed="Publish", extend="on", reason="Forged.")
    later.refresh_from_db()
    assert (later.state, Extension.objects.count(), ends(inside)[0]) == ("current", 0, closes)


def stated(check, lede):
    """The text of the unit of a check says this."""
    version = UnitVersion.objects.create(unit=check.unit, number=2, title="Check what stayed", lede=lede)
    versions.publish(version, at=timezone.now())


def test_publishing_what_asks_less_or_wants_more_says_so_where_nobody_is_inside(operator_client, check):
    stated(check, "Three questions, and a new draw with each attempt.")
    later = draft(check, questions=1, pass_percent=90)
    later.slots.update(pick=5)
    page = words(post(operator_client, QUIZZES, "publish", later))
    changes = [
        "It asks 1 question instead of 3.",
        "Check what stayed of lesson 1, draft: slot 1 would ask 1 of the 5 it should.",
        "The text of the unit says “Three questions”.",
        "Pass mark, percent: 90 instead of 80.",
    ]
    assert f"Check what stayed, version 2 {' '.join(changes)} Leave it as it is" in page
    assert "Nothing is changed yet. Look at what it means for learners." in page
    assert ("inside" in page, "open" in page, "Times in" in page) == (False, False, False)
    later.refresh_from_db()
    assert later.is_draft
    assert f"Published: {later}" in words(post(operator_client, QUIZZES, "publish", later, confirmed="Publish"))


@pytest.mark.parametrize(
    ("lede", "then", "asked"),
    [
        ("Three questions.", 3, []),
        ("Ten questions.", 3, []),
        ("Two questions.", 2, ["It asks 2 questions instead of 3."]),
        ("No number.", 2, ["It asks 2 questions instead of 3."]),
        ("Of 3 questions", 2, ["It asks 2 questions instead of 3.", "The text of the unit says “3 questions”."]),
        ("Nothing to ask is refused at once.", 0, []),
    ],
)
def test_what_publishing_changes(check, lede, then, asked):
    stated(check, lede)
    assert confirmation.of_publishing(draft(check, questions=then), at=timezone.now()).changes == asked


def test_publishing_names_every_rule_that_changes(operator_client, check):
    now = timezone.now()
    rules = {
        "attempts_allowed": 1,
        "cool_down_minutes": 60,
        "time_limit_minutes": 5,
        "closes_at": now - HOUR,
        "window": "everything",
        "feedback": "score_only",
        "one_page": True,
    }
    closed = moments.words(now - HOUR, "j F Y, H:i")
    changes = [
        "Attempts allowed: 1 instead of no limit.",
        "Minutes between attempts: 60 instead of 0.",
        "Time limit, minutes: 5 instead of no limit.",
        f"Closes: {closed} instead of stays open.",
        "What closing means: no new attempts, and running ones are closed "
        "instead of no new attempts; running ones keep their own time.",
        "Feedback: the score only instead of everything after sending.",
        "All questions on one page: yes instead of no.",
        f"It closed on {closed}: nobody can start it.",
    ]
    later = draft(check, **rules)
    assert confirmation.of_publishing(later, at=now).changes == changes
    assert all(each in words(post(operator_client, QUIZZES, "publish", later)) for each in changes)


def test_every_rule_of_a_quiz_has_words(check):
    """A rule that is added to the files has its place among those that are named."""
    named = [name for _label, names in rules_in_words.GROUPS for name in names]
    assert sorted(named) == sorted(files.RULES)
    assert all(rules_in_words.value_of(check.versions.get(), name) for name in named)


def test_first_version_of_a_check_is_asked_about_only_where_a_slot_is_short(course, check):
    short = "Check what stayed of lesson 1, draft: slot 1 would ask 3 of the 4 it should."
    later = draft(check)
    QuizVersion.objects.exclude(pk=later.pk).update(state="past")
    assert confirmation.of_publishing(later, at=timezone.now()).changes == []
    later.slots.update(pick=4)
    assert confirmation.of_publishing(later, at=timezone.now()).changes == [short]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ten questions", ("Ten questions", 10)),
        ("All of the forty-two\nquestions", ("forty-two questions", 42)),
        ("One question", ("One question", 1)),
        ("Three of them count double; 12 questions.", ("12 questions", 12)),
        ("Some questions, ten minutes", None),
        ("", None),
    ],
)
def test_number_of_questions_that_a_text_states(text, found):
    assert stating.questions(text) == found


def test_what_is_so_already_is_not_said_to_have_been_done(operator_client, check):
    current = check.versions.current().get()
    assert f"Already in use, nothing changed: {current}" in words(post(operator_client, QUIZZES, "publish", current))
    first = Unit.objects.get(key="first")
    assert f"In the course already, nothing changed: {first}" in words(
        post(operator_client, UNITS, "bring_back", first)
    )
    post(operator_client, UNITS, "retire", first)
    page = words(post(operator_client, UNITS, "retire", first))
    assert (f"Retired already, nothing changed: {first}" in page, "Retired:" in page) == (True, False)


def test_where_nobody_is_inside_nothing_is_asked(operator_client, check, inside, closes):
    attempts.close(attempt=inside, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)
    later = draft(check, closes_at=closes, window="everything")
    assert f"Published: {later}" in words(post(operator_client, QUIZZES, "publish", later))


def test_attempt_whose_time_is_over_is_not_inside(operator_client, check, inside, closes):
    over = timezone.now() - timedelta(minutes=1)
    Attempt.objects.update(deadline_at=over, closes_at=over)
    later = draft(check, closes_at=closes, window="everything")
    assert f"Published: {later}" in words(post(operator_client, QUIZZES, "publish", later))


def test_publishing_asks_a_fixed_number_of_queries(
    operator_client, cohort, check, inside, closes, django_assert_num_queries
):
    for n in range(8):
        person = factories.enrolment(cohort, factories.user(f"Learner {n}"))
        attempt = attempts.start(enrolment=person, quiz=check, at=timezone.now())
        attempts.extend(
            enrolment=person, quiz=check, by=inside.enrolment.user, reason="A.", at=timezone.now(), closes_at=closes
        )
        assert attempt.is_open
    later = draft(check, closes_at=closes + HOUR, window="everything")
    with django_assert_num_queries(2):
        found = running.while_publishing(later, at=timezone.now())
        told = [(str(each.attempt.enrolment.user), each.attempt.title, each.end) for each in found]
    assert ("Nadia Osei", "Check what stayed", closes + HOUR) in told
    assert len(found) == 9


def test_retiring_a_check_names_who_is_inside(operator_client, check, inside, closes):
    page = words(post(operator_client, UNITS, "retire", check.unit))
    assert "1 attempt is open. It stays open: it is answered and sent as before. Nobody starts another one." in page
    assert ("Nadia Osei" in page, shown(closes) in page) == (True, True)
    assert Unit.objects.get(pk=check.unit.pk).retired_at is None
    assert "Retired:" in words(post(operator_client, UNITS, "retire", check.unit, confirmed="Retire"))
    assert Unit.objects.get(pk=check.unit.pk).retired_at is not None
    first = Unit.objects.get(key="first")
    assert "Retired:" in words(post(operator_client, UNITS, "retire", first))


def form_of(client, course, **typed):
    """Everything that a browser would send of the form of a course, with these fields typed over."""
    page = client.get(reverse("admin:lessons_course_change", args=[course.pk]))
    form = page.context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    sent = {name: value if isinstance(value, str) else json.dumps(value) for name, value in sent.items()}
    return sent | hidden(page) | {"_save": "Save"} | typed


def hidden(page):
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return {name: unescape(value) for name, value in pairs if name != "csrfmiddlewaretoken"}


@pytest.mark.parametrize("state", ["draft", "retired"])
def test_closing_a_course_names_who_is_inside_and_keeps_what_was_typed(operator_client, course, inside, closes, state):
    address = reverse("admin:lessons_course_change", args=[course.pk])
    page = operator_client.post(address, form_of(operator_client, course, state=state, subtitle='Now with "quotes"'))
    assert "1 attempt is open. It stays open: it is answered and sent as before." in words(page)
    rest = "Results stay open to those who have them. Everything else of the course is closed to learners."
    assert rest in words(page)
    assert ("Nadia Osei" in words(page), shown(closes) in words(page)) == (True, True)
    before = (course.state, course.subtitle)
    course.refresh_from_db()
    assert (course.state, course.subtitle) == before
    assert operator_client.post(address, hidden(page) | {"confirmed": "Close it"}).status_code == 302
    course.refresh_from_db()
    assert (course.state, course.subtitle) == (state, 'Now with "quotes"')
    assert list(AuditEntry.objects.values_list("actor__name", "action", "subject", "detail")) == [
        ("Omar Haddad", "closed", "cto course", {"state": state})
    ]


def test_course_that_stays_published_is_saved_without_a_question(operator_client, course, inside):
    address = reverse("admin:lessons_course_change", args=[course.pk])
    assert operator_client.post(address, form_of(operator_client, course, subtitle="Another")).status_code == 302
    course.refresh_from_db()
    assert (course.state, course.subtitle) == ("published", "Another")
    assert not AuditEntry.objects.exists()


def test_front_page_tells_the_rules_of_the_open_attempt(learner_client, check, inside, closes):
    learner = inside.enrolment.user
    learner.time_zone = "UTC"
    learner.save()
    later = draft(
        check,
        questions=2,
        closes_at=closes + HOUR,
        window="everything",
        pass_percent=90,
        requires_checks=True,
        attempts_allowed=1,
        cool_down_minutes=60,
    )
    versions.publish(later, at=timezone.now())
    page = words(learner_client.get(check.get_absolute_url()))
    assert "These are the rules of attempt 1, which is open." in page
    assert (f"It closes on {shown(closes)}." in page, f"Its time ends on {shown(closes)}." in page) == (True, True)
    assert (shown(closes + HOUR) in page, "90 of 100" in page, "Pass these first" in page) == (False, False, False)
    assert ("3 questions." in page, "You need 80 of 100" in page) == (True, True)
    # How often one may try is said by the same rules.
    assert "You can try as often as you like." in page
    assert ("0 are left" in page, "Between two attempts" in page) == (False, False)
    attempts.close(attempt=inside, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)
    page = words(learner_client.get(check.get_absolute_url()))
    assert (f"It closes on {shown(closes + HOUR)}." in page, "2 questions." in page, "You need 90 of 100" in page) == (
        True,
        True,
        True,
    )
    assert "These are the rules" not in page


def test_front_page_of_an_attempt_without_limit_speaks_of_none(course, learner_client, enrolment, check):
    factories.quiz(check.unit, [factories.single(course, "K")], time_limit_minutes=30, learner_sets_time=True)
    attempts.start(enrolment=enrolment, quiz=check, at=timezone.now(), time_factor=None)
    page = words(learner_client.get(check.get_absolute_url()))
    assert ("There is no time limit." in page, "you choose yours" in page) == (True, False)
