"""The admin: every model is there, learner records are only looked at, drafts are written, published things stay."""

import re
from collections import Counter
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, User
from cohorts.models import Enrolment, Extension, Role
from lessons.models import Term, Unit, UnitVersion
from notifications.models import Message
from plans.models import Note
from progress import recording
from quizzes.models import (
    Attempt,
    AttemptItem,
    PracticeCard,
    QuestionImport,
    QuestionVersion,
    Quiz,
    QuizVersion,
    Regrade,
    Response,
)
from tests import factories
from tests.factories import NOW

MODELS = [model for room in settings.ROOMS for model in apps.get_app_config(room).get_models()]
READ_ONLY = {
    "accounts.AuditEntry",
    "cohorts.Extension",
    "notifications.Message",
    "plans.AssignmentVersion",
    "plans.Note",
    "progress.EnrolmentSummary",
    "progress.LearningEvent",
    "progress.LessonState",
    "progress.UnitState",
    "quizzes.Attempt",
    "quizzes.AttemptItem",
    "quizzes.GradingRun",
    "quizzes.ItemScore",
    "quizzes.PracticeCard",
    "quizzes.PracticeReview",
    "quizzes.QuestionImport",
    "quizzes.Regrade",
    "quizzes.Response",
    "quizzes.ResponseLog",
}
# What may be deleted, one by one: roles; drafts and what belongs to them.
DELETABLE = {
    "cohorts.Role",
    "lessons.UnitVersion",
    "quizzes.PoolMember",
    "quizzes.QuestionVersion",
    "quizzes.QuizVersion",
    "quizzes.Slot",
}


def test_form_that_another_one_overtook_is_asked_again(client_of, operator, course):
    """The other row comes between looking whether there is one and writing this one, and is gone at the second look."""
    overtaken = []

    def overtake(run, sql, params, many, context):
        if sql.startswith('INSERT INTO "lessons_term"') and not overtaken:
            overtaken.append(run(sql, params, many, context))
        return run(sql, params, many, context)

    term = {"course": course.pk, "key": "twice", "title": "Twice", "definition": "Two times.", "position": 0}
    client = client_of(operator)
    with connection.execute_wrapper(overtake):
        response = client.post("/manage/lessons/term/add/", term)
    assert (len(overtaken), response.url) == (1, "/manage/lessons/term/")
    again = client.post("/manage/lessons/term/add/", term)
    assert (again.status_code, Term.objects.filter(key="twice").count()) == (200, 1)


@pytest.mark.parametrize(
    "address",
    [
        "lessons/unitversion/?_to_field=",
        "lessons/unitversion/1/delete/?_to_field=",
        "progress/lessonstate/?lesson__exact=-9223372036854775809",
        "progress/lessonstate/?lesson__exact=99999999999999999999",
        "cohorts/extension/?granted_at__year=9223372036854775808",
        "cohorts/extension/?granted_at__year=999999999999",
        "lessons/unitversion/?state=a%00b",
        "lessons/unitversion/?q=%00",
    ],
)
def test_address_that_no_link_of_the_admin_has_is_refused(client_of, operator, course, address):
    assert client_of(operator).get(f"/manage/{address}").status_code == 400


@pytest.fixture
def operator_client(client_of, operator):
    return client_of(operator)


@pytest.fixture
def unit(course):
    return Unit.objects.get(key="first")


def url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def errors(response):
    return {name: list(said) for name, said in response.context["adminform"].form.errors.items()}


def seen(client, address):
    """The mark of what a form of the admin shows now."""
    return re.search(r'name="seen" value="(\w+)"', client.get(address).text)[1]


def change(client, thing, given, *, page="change"):
    """Send the form of a thing right after opening it."""
    address = url(type(thing), page, thing.pk)
    return client.post(address, {"seen": seen(client, address)} | given)


def delete(client, thing):
    return change(client, thing, {"post": "yes"}, page="delete")


def act(client, action, *things):
    return client.post(
        url(type(things[0]), "changelist"),
        {"action": action, "_selected_action": [thing.pk for thing in things]},
        follow=True,
    )


def record(enrolment):
    """One row in every table of learner records."""
    unit = Unit.objects.get(key="first")
    recording.mark_done(enrolment=enrolment, unit=unit, at=NOW)
    Note.objects.create(enrolment=enrolment, unit=unit, text="a secret thought")
    quiz = Quiz.objects.get()
    version = quiz.versions.get()
    number = enrolment.attempts.count() + 1
    factories.assignment(unit.lesson, key=f"assignment-{Unit.objects.count()}")
    attempt = Attempt.objects.create(
        enrolment=enrolment, quiz=quiz, quiz_version=version, number=number, state="submitted", submitted_at=NOW
    )
    for position, member in enumerate(version.slots.get().members.all(), 1):
        item = AttemptItem.objects.create(
            attempt=attempt, position=position, question_version=member.question.versions.get()
        )
        response = Response.objects.create(item=item, answer="b", revision=1, saved_at=NOW)
        response.log.create(revision=1, answer="b", saved_at=NOW)
        run = attempt.runs.create(number=position, at=NOW)
        run.scores.create(item=item, exact=Fraction(0), points=0, worth=1)
    question = QuestionVersion.objects.first()
    card = PracticeCard.objects.create(enrolment=enrolment, question=question.question, due_at=NOW)
    card.reviews.create(number=1, question_version=question, rating="again", at=NOW)
    staff = factories.user("Ines Duarte")
    Regrade.objects.create(question_version=question, policy="drop", reason="Two were right.", decided_by=staff)
    QuestionImport.objects.create(course=enrolment.course, format="gift", filename="q.txt", text="", made_by=staff)
    Extension.objects.create(enrolment=enrolment, unit=unit, minutes=10, reason="The power failed.", granted_by=staff)
    Message.objects.create(
        to=enrolment.user.email,
        subject="Reset",
        text="a secret link",
        dedupe_key=f"k{enrolment.pk}",
        user=enrolment.user,
    )
    AuditEntry.objects.create(actor=enrolment.user, action="joined", subject="cohort", at=NOW)
    return attempt


@pytest.fixture
def records(enrolment):
    return record(enrolment)


def test_every_model_is_in_the_admin():
    assert {model for model in MODELS if not admin.site.is_registered(model)} == set()


def test_every_model_can_be_searched_and_is_listed_by_more_than_its_name():
    plain = {
        model._meta.label
        for model in MODELS
        if not admin.site.get_model_admin(model).search_fields
        or len(admin.site.get_model_admin(model).list_display) < 2
    }
    assert plain == set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_list_takes_at_most_twelve_queries_whatever_its_length(operator_client, enrolment, model):
    record(enrolment)
    factories.manager(enrolment.cohort)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert operator_client.get(url(model, "changelist"), {"q": "e"}).status_code == 200
            assert operator_client.get(url(model, "changelist")).status_code == 200
        return len(queries)

    few = count()
    for _number in range(5):
        other = factories.enrolment(enrolment.cohort, factories.user("Bilal Haddad"))
        record(other)
        factories.manager(enrolment.cohort, "Olga Brandt")
    assert count() <= few <= 24


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_what_may_be_done_with_a_model(rf, operator, model):
    request = rf.get("/manage/")
    request.user = operator
    allowed = admin.site.get_model_admin(model).get_model_perms(request)
    label = model._meta.label
    # Parts are added to their whole; an assignment is made by the files of its course, which say what it asks.
    made_elsewhere = {"quizzes.Slot", "quizzes.PoolMember", "plans.Assignment"}
    assert allowed == {
        "add": label not in READ_ONLY | made_elsewhere,
        "change": label not in READ_ONLY,
        "delete": label in DELETABLE,
        "view": True,
    }


def test_no_action_deletes(rf, operator):
    request = rf.get("/manage/")
    request.user = operator
    actions = Counter(name for each in admin.site._registry.values() for name in each.get_actions(request))
    assert actions == {"publish": 3, "retire": 2, "bring_back": 2, "export": 1}


@pytest.mark.parametrize("label", sorted(READ_ONLY))
def test_records_are_shown_and_not_changed(operator_client, records, label):
    model = apps.get_model(label)
    row = model.objects.first()
    page = operator_client.get(url(model, "change", row.pk))
    assert page.status_code == 200
    assert 'name="_save"' not in page.text
    assert operator_client.post(url(model, "change", row.pk), {"state": "left"}).status_code == 403
    assert operator_client.get(url(model, "add")).status_code == 403
    assert operator_client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("model", "secret"), [(Note, "a secret thought"), (Message, "a secret link")], ids=["note", "message"]
)
def test_private_text_is_not_shown(operator_client, records, model, secret):
    """A note is its writer's; a mail carries links that open its receiver's account."""
    assert secret not in operator_client.get(url(model, "change", model.objects.get().pk)).text
    assert secret not in operator_client.get(url(model, "changelist"), {"q": "secret"}).text


def test_second_factors_and_sessions_keep_their_secrets(operator_client, learner):
    from allauth.mfa.models import Authenticator
    from allauth.usersessions.models import UserSession

    factor = Authenticator.objects.create(user=learner, type="totp", data={"secret": "JBSWY3DP"})
    session = UserSession.objects.create(user=learner, ip="192.0.2.1", session_key="the-key-of-it", user_agent="x")
    assert "JBSWY3DP" not in operator_client.get(url(Authenticator, "change", factor.pk)).text
    for page in (url(UserSession, "change", session.pk), url(UserSession, "changelist") + "?q=nadia"):
        response = operator_client.get(page)
        assert response.status_code == 200
        assert "the-key-of-it" not in response.text


@pytest.mark.parametrize(
    "label", ["accounts.User", "lessons.Course", "lessons.Unit", "quizzes.Question", "cohorts.Cohort"]
)
def test_what_records_rest_on_is_not_deleted(operator_client, records, label):
    model = apps.get_model(label)
    row = model.objects.first()
    assert operator_client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


# ---- People --------------------------------------------------------------------------------------------------------


def test_person_is_added_with_a_small_address_and_no_password(operator_client):
    given = {"email": "Hiro@Example.com", "name": "Hiro Tanaka", "usable_password": "false"}
    assert operator_client.post(url(User, "add"), given).status_code == 302
    person = User.objects.get(name="Hiro Tanaka")
    assert (person.email, person.has_usable_password(), person.is_staff) == ("hiro@example.com", False, False)


def test_who_has_no_password_is_said_to_sign_in_by_what_there_is(operator_client, learner):
    said = "Whether they can sign in with a password. Without one they sign in by a code that is mailed to them, or"
    for address in (url(User, "add"), reverse("admin:auth_user_password_change", args=[learner.pk])):
        page = operator_client.get(address).text
        assert (said in page, "LDAP" in page) == (True, False), address


def test_person_with_a_taken_address_is_refused(operator_client, learner):
    given = {"email": learner.email.upper(), "name": "Somebody", "usable_password": "false"}
    assert "email" in errors(operator_client.post(url(User, "add"), given))
    assert not User.objects.filter(name="Somebody").exists()


def person_form(person, **fields):
    addresses = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 1, "0-id": person.emailaddress_set.get().pk, "0-user": person.pk}
    return {
        "name": person.name,
        "time_zone": "UTC",
        "language": "en-gb",
        "is_active": "on",
        **{f"emailaddress_set-{name}": value for name, value in addresses.items()},
    } | fields


def test_address_is_vouched_for_and_not_changed(operator_client, learner):
    learner.emailaddress_set.update(verified=False)
    given = person_form(
        learner,
        **{"email": "other@example.com", "emailaddress_set-0-verified": "on", "emailaddress_set-0-email": "o@x.org"},
    )
    assert change(operator_client, learner, given).status_code == 302
    before = learner.email
    learner.refresh_from_db()
    assert learner.email == before
    assert learner.emailaddress_set.values("email", "verified").get() == {"email": before, "verified": True}


def test_helper_who_may_change_people_does_not_rise_by_it(client_of, operator, learner):
    helper = factories.user("Hanna Berg", is_staff=True)
    helper.user_permissions.add(*Permission.objects.filter(codename__in=["change_user", "view_user"]))
    client = client_of(helper)
    given = person_form(learner, name="Nadia", is_staff="on", is_superuser="on")
    assert change(client, learner, given).status_code == 302
    learner.refresh_from_db()
    assert (learner.name, learner.is_staff, learner.is_superuser) == ("Nadia", False, False)
    assert client.post(url(User, "change", operator.pk), person_form(operator)).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[operator.pk])
    given = {"password1": "a-new-long-password", "password2": "a-new-long-password", "usable_password": "true"}
    assert client.post(password, given).status_code == 403
    operator.refresh_from_db()
    assert operator.check_password("correct-horse-battery")


# ---- Cohorts -------------------------------------------------------------------------------------------------------


def test_enrolment_takes_its_course_from_its_cohort(operator_client, cohort):
    person = factories.user("Hiro Tanaka")
    given = {"user": person.pk, "cohort": cohort.pk, "state": "active", "time_factor": "1.50"}
    assert operator_client.post(url(Enrolment, "add"), given).status_code == 302
    assert Enrolment.objects.get(user=person).course == cohort.course


def test_second_active_place_in_a_course_is_refused(operator_client, enrolment):
    other = factories.cohort(enrolment.course, open_to_all=False)
    given = {"user": enrolment.user.pk, "cohort": other.pk, "state": "active", "time_factor": "1"}
    response = operator_client.post(url(Enrolment, "add"), given)
    assert errors(response) == {"__all__": ["This person already has an active place in this course."]}
    left = factories.enrolment(other, enrolment.user, state="left")
    given = {"state": "active", "time_factor": "1"}
    assert "__all__" in errors(change(operator_client, left, given))


def test_place_does_not_pass_to_somebody_else(operator_client, enrolment):
    other = factories.user("Hiro Tanaka")
    given = {"user": other.pk, "state": "left", "time_factor": "2"}
    assert change(operator_client, enrolment, given).status_code == 302
    kept = Enrolment.objects.get()
    assert (kept.user, kept.state, kept.time_factor) == (enrolment.user, "left", 2)


def test_role_is_taken_away(operator_client, cohort):
    factories.manager(cohort)
    role = Role.objects.get()
    assert delete(operator_client, role).status_code == 302
    assert not Role.objects.exists()


# ---- Instructors ---------------------------------------------------------------------------------------------------


def test_instructor_writes_the_course_and_sees_no_learner(client_of, instructor, records):
    client = client_of(instructor)
    assert client.get(url(UnitVersion, "add")).status_code == 200
    seen = {model._meta.label for model in MODELS if client.get(url(model, "changelist")).status_code == 200}
    assert {label.split(".")[0] for label in seen} == {"lessons", "plans", "quizzes"}
    assert seen & READ_ONLY == {"plans.AssignmentVersion", "quizzes.QuestionImport", "quizzes.Regrade"}
    draft = UnitVersion.objects.create(unit=Unit.objects.get(key="first"), number=2, title="New")
    act(client, "publish", draft)
    draft.refresh_from_db()
    assert draft.state == "current"


def test_learner_and_manager_do_not_enter(client_of, cohort, learner):
    for person in (learner, factories.manager(cohort)):
        response = client_of(person).get(reverse("admin:index"))
        assert (response.status_code, "Lessons" in response.text) in [(302, False), (403, False)]


# ---- Looks ---------------------------------------------------------------------------------------------------------


def test_pages_carry_our_theme_and_nothing_inline(operator_client, unit):
    operator_client.cookies["theme"] = "dark"
    pages = [reverse("admin:index"), url(User, "changelist"), url(User, "add"), url(UnitVersion, "add")]
    pages.append(url(UnitVersion, "change", unit.versions.get().pk))
    for page in pages:
        text = operator_client.get(page).text
        assert re.search(r'<body class="[^"]*theme-dark', text), page
        assert "css/tokens.css" in text
        assert "admin/js/theme.js" not in text
        assert (
            re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\b(?:src|type=\"application/json\"))", text) == []
        ), page


def test_times_and_words_are_those_of_the_site(client_of, operator, cohort, unit):
    """Dates and hours as the course has them, in the reader's zone; lists are called by what they hold."""
    operator.time_zone = "Europe/Lisbon"
    operator.save()
    UnitVersion.objects.filter(unit=unit).update(published_at=datetime(2026, 7, 9, 14, 5, tzinfo=UTC))
    client = client_of(operator)
    page = client.get(url(UnitVersion, "changelist"), {"unit": unit.pk})
    assert ">9 July 2026, 15:05<" in page.text
    assert "<h1>Unit versions</h1>" in page.text
    assert "9 July 2026, 15:05" in client.get(url(UnitVersion, "change", unit.versions.get().pk)).text
    assert "<h1>Administration</h1>" in client.get(reverse("admin:index")).text
    assert client.get(url(QuizVersion, "add")).text.count("In your time zone, Europe/Lisbon.") == 2
    given = {"title": "Self-paced", "slug": "self", "kind": "self_paced", "time_zone": "UTC"}
    given |= {"roles-TOTAL_FORMS": 0, "roles-INITIAL_FORMS": 0}
    said = change(client, cohort, given)
    assert [str(message) for message in get_messages(said.wsgi_request)][-1].startswith("Saved: ")
    refused = change(client, cohort, given | {"title": ""})
    assert "Nothing was saved yet. Look at what is said below." in refused.text
