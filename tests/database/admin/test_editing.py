"""Two people at one form of the admin: whoever saves second sees both texts, and nothing is undone or lost."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group

from accounts.models import User
from cohorts.models import Cohort, Enrolment, Role
from database.admin.differences import Difference
from database.admin.editing import SeenAdmin, mark
from lessons import versions
from lessons.models import Competency, Course, Lesson, Source, Term, Unit, UnitVersion
from quizzes.models import PoolMember, Question, QuestionVersion, Quiz, QuizVersion, Slot
from tests import factories
from tests.factories import NOW
from tests.test_admin import change, delete, person_form, seen, url
from tests.test_admin_drafts import draft_of


@pytest.fixture
def operator_client(client_of, operator):
    return client_of(operator)


@pytest.fixture
def world(enrolment):
    """A row of everything that can be changed or deleted in the admin, drafts included."""
    lesson = Lesson.objects.get(number=1)
    unit = Unit.objects.get(key="first")
    UnitVersion.objects.create(unit=unit, number=2, title="Draft", source="Text.")
    old = QuestionVersion.objects.first()
    QuestionVersion.objects.create(
        question=old.question, number=2, type=old.type, competency=old.competency, bloom=old.bloom, stem="New?",
        body=old.body, rendered=old.rendered,
    )  # fmt: skip
    quiz = Quiz.objects.get()
    version = QuizVersion.objects.create(quiz=quiz, number=2)
    slot = Slot.objects.create(quiz_version=version, position=1)
    PoolMember.objects.create(slot=slot, question=old.question, position=1)
    factories.assignment(lesson)
    factories.manager(enrolment.cohort)
    Group.objects.get_or_create(name="Instructors")


def changeable(request):
    """(model, its admin) of everything that some row of can be changed or deleted."""
    for model, of_model in admin.site._registry.items():
        rows = model._base_manager.all()
        if any(
            of_model.has_change_permission(request, row) or of_model.has_delete_permission(request, row) for row in rows
        ):
            yield model, of_model


def test_everything_that_can_be_changed_or_deleted_is_guarded(rf, operator, world):
    request = rf.get("/manage/")
    request.user = operator
    found = dict(changeable(request))
    expected = [User, Group, Cohort, Enrolment, Role, Course, Lesson, Unit, UnitVersion, Competency, Term, Source]
    expected += [Question, QuestionVersion, Quiz, QuizVersion, Slot, PoolMember, apps.get_model("plans.Assignment")]
    assert set(found) == set(expected)
    assert [model for model, of_model in found.items() if not isinstance(of_model, SeenAdmin)] == []
    assert [model for model, of_model in admin.site._registry.items() if of_model.list_editable] == []


def test_every_form_carries_its_mark_and_refuses_another(operator_client, operator, world, rf):
    """What each form says when it is sent with the mark of something its writer has not seen."""
    request = rf.get("/manage/")
    request.user = operator
    for model, of_model in changeable(request):
        row = next(row for row in model._base_manager.order_by("-pk") if of_model.has_change_permission(request, row))
        before = model._base_manager.filter(pk=row.pk).values().get()
        assert seen(operator_client, url(model, "change", row.pk)), model
        for stale in ({"seen": "0123456789abcdef"}, {}):
            response = operator_client.post(url(model, "change", row.pk), stale)
            assert response.status_code == 409, model
            assert "This was changed in another window or by somebody else." in response.text, model
        assert model._base_manager.filter(pk=row.pk).values().get() == before


def test_second_save_shows_both_texts_and_a_third_keeps_the_writers(operator_client, world):
    lesson = Lesson.objects.get(number=1)
    fields = {"title": "Lesson one", "short_title": "One", "summary": ""}
    fields |= {"outcomes": "[]", "pre_questions": "[]", "outline": "[]"}
    mine = {"seen": seen(operator_client, url(Lesson, "change", lesson.pk))} | fields
    assert change(operator_client, lesson, fields | {"summary": "Theirs", "short_title": "First"}).status_code == 302
    response = operator_client.post(url(Lesson, "change", lesson.pk), mine | {"summary": "Mine", "title": "A title"})
    assert response.status_code == 409
    assert response.context["differences"] == [
        Difference("Title", "Lesson one", "A title"),
        Difference("Short title", "First", "One"),
        Difference("Summary", "Theirs", "Mine"),
    ]
    assert ">\nMine</textarea>" in response.text
    # Its heading and the way back name what is saved.
    assert (response.context["subtitle"], str(response.context["original"])) == (str(lesson), str(lesson))
    assert "A title" not in response.text.partition("<form")[0]
    lesson.refresh_from_db()
    assert (lesson.summary, lesson.title, lesson.short_title) == ("Theirs", "Lesson one", "First")
    again = mine | {"summary": "Mine", "short_title": "First", "seen": response.context["seen"]}
    assert operator_client.post(url(Lesson, "change", lesson.pk), again).status_code == 302
    lesson.refresh_from_db()
    assert (lesson.summary, lesson.short_title) == ("Mine", "First")


def test_mark_stays_that_of_the_first_look_while_other_faults_are_mended(operator_client, world):
    """A form that was refused for a fault of its own, and then overtaken, is still found to be overtaken."""
    term = Term.objects.get()
    mine = {
        "seen": seen(operator_client, url(Term, "change", term.pk)),
        "title": "",
        "definition": "Mine",
        "position": 1,
    }
    response = operator_client.post(url(Term, "change", term.pk), mine)
    assert response.status_code == 200
    Term.objects.update(definition="Theirs")
    again = mine | {"title": "lead time", "seen": response.context["seen"]}
    assert operator_client.post(url(Term, "change", term.pk), again).status_code == 409
    assert Term.objects.get().definition == "Theirs"


def test_person_who_changes_their_own_name_is_not_undone(operator_client, learner):
    mine = person_form(learner, is_staff="on", **{"emailaddress_set-0-verified": "on"})
    mine |= {"seen": seen(operator_client, url(User, "change", learner.pk))}
    User.objects.filter(pk=learner.pk).update(name="Nadia Osei-Bell", last_login=NOW)
    response = operator_client.post(url(User, "change", learner.pk), mine)
    assert response.context["differences"] == [
        Difference("Name", "Nadia Osei-Bell", "Nadia Osei"),
        Difference("May open the admin", "no", "yes"),
    ]


def test_signing_in_meanwhile_is_no_change(operator_client, learner):
    mine = person_form(learner, name="Nadia") | {"seen": seen(operator_client, url(User, "change", learner.pk))}
    learner.last_login = NOW
    learner.set_password("another-long-password")
    learner.save()
    assert operator_client.post(url(User, "change", learner.pk), mine).status_code == 302


def test_address_that_changed_meanwhile_is_not_vouched_for(operator_client, learner):
    """Whoever ticks "verified" looks at one address; another one that took its place is not meant."""
    learner.emailaddress_set.update(verified=False)
    mine = person_form(learner, **{"emailaddress_set-0-verified": "on"})
    mine |= {"seen": seen(operator_client, url(User, "change", learner.pk))}
    learner.emailaddress_set.update(email="not-mine@example.com")
    assert operator_client.post(url(User, "change", learner.pk), mine).status_code == 409
    assert learner.emailaddress_set.values("email", "verified").get() == {
        "email": "not-mine@example.com",
        "verified": False,
    }


# ---- Rows below ----------------------------------------------------------------------------------------------------


def slot_form(slot, *members):
    """The form of a slot: members are (id or "", question, position)."""
    rows = {f"members-{n}-{name}": value for n, member in enumerate(members) for name, value in member.items()}
    known = sum(1 for member in members if member.get("id"))
    management = {"members-TOTAL_FORMS": len(members), "members-INITIAL_FORMS": known}
    return {"position": slot.position, "pick": "", **management, **rows}


@pytest.fixture
def slot(world):
    slot = Slot.objects.get(quiz_version__state="draft")
    second = Question.objects.get(key="Q1.02")
    PoolMember.objects.create(slot=slot, question=second, position=2)
    return slot


def rows_of(slot):
    return [
        {"id": member.pk, "slot": slot.pk, "question": member.question_id, "position": member.position}
        for member in slot.members.order_by("position")
    ]


def test_rows_that_somebody_else_changed_deleted_and_added_are_shown(operator_client, slot):
    """While one person reorders two questions, another moves the first, deletes the second and adds a third."""
    one, two = rows_of(slot)
    mine = slot_form(slot, one | {"position": 2}, two | {"position": 1})
    mine |= {"seen": seen(operator_client, url(Slot, "change", slot.pk))}
    third = Question.objects.get(key="Q1.03")
    PoolMember.objects.filter(pk=one["id"]).update(position=7)
    PoolMember.objects.filter(pk=two["id"]).delete()
    PoolMember.objects.create(slot=slot, question=third, position=8)
    response = operator_client.post(url(Slot, "change", slot.pk), mine)
    assert response.status_code == 409
    assert response.context["differences"] == [
        Difference("Pool member 1, Position", "7", "2"),
        Difference("Pool member 2, Question", "", "Q1.02"),
        Difference("Pool member 2, Position", "", "1"),
        Difference("Pool member", "Question Q1.03 · Position 8", "not in your form; it stays"),
    ]
    assert sorted(slot.members.values_list("question__key", "position")) == [("Q1.01", 7), ("Q1.03", 8)]
    # The row that was deleted is a new one now: saving again brings it back.
    again = slot_form(slot, one | {"position": 2}, two | {"position": 1, "id": ""}) | {"seen": response.context["seen"]}
    assert operator_client.post(url(Slot, "change", slot.pk), again).status_code == 302
    assert sorted(slot.members.values_list("question__key", "position")) == [("Q1.01", 2), ("Q1.02", 1), ("Q1.03", 8)]


def test_row_that_both_deleted_is_gone(operator_client, slot):
    one, two = rows_of(slot)
    mine = slot_form(slot, one, two | {"DELETE": "on"}) | {"seen": seen(operator_client, url(Slot, "change", slot.pk))}
    PoolMember.objects.filter(pk=two["id"]).delete()
    response = operator_client.post(url(Slot, "change", slot.pk), mine)
    assert (response.status_code, response.context["differences"]) == (409, [])
    again = slot_form(slot, one) | {"seen": response.context["seen"]}
    assert operator_client.post(url(Slot, "change", slot.pk), again).status_code == 302
    assert slot.members.get().pk == one["id"]


# ---- Too late ------------------------------------------------------------------------------------------------------


def test_text_for_a_draft_that_was_published_meanwhile_is_handed_back(operator_client, world):
    draft = UnitVersion.objects.get(state="draft")
    mine = draft_of(draft.unit, title="Mine") | {"seen": seen(operator_client, url(UnitVersion, "change", draft.pk))}
    versions.publish(draft, at=NOW)
    response = operator_client.post(url(UnitVersion, "change", draft.pk), mine)
    assert (response.status_code, response.context["gone"]) == (409, False)
    assert dict(response.context["typed"]) == {
        "Unit": str(draft.unit_id),
        "Title": "Mine",
        "Lede": "Why it is so.",
        "Outcome": "You can say why.",
        "Minutes": "7",
        "Required": "on",
        "Markdown": "## Why\r\n\r\nText with *stress*.",
    }
    draft.refresh_from_db()
    assert draft.title == "Draft"


@pytest.mark.parametrize("model", [UnitVersion, QuestionVersion], ids=["unit", "question"])
def test_text_for_a_draft_that_was_deleted_meanwhile_is_handed_back(operator_client, world, model):
    draft = model.objects.get(state="draft")
    mine = {"seen": seen(operator_client, url(model, "change", draft.pk)), "title": "Mine", "stem": "Mine as well"}
    address = url(model, "change", draft.pk)
    draft.delete()
    response = operator_client.post(address, mine)
    assert (response.status_code, response.context["gone"]) == (409, True)
    assert {"Mine", "Mine as well"} <= {text for _label, text in response.context["typed"]}


@pytest.mark.parametrize("model", [UnitVersion, QuestionVersion, QuizVersion, Role, Slot, PoolMember])
def test_what_changed_meanwhile_is_not_deleted_unseen(operator_client, world, model):
    row = model.objects.filter(state="draft").get() if hasattr(model, "state") else model.objects.latest("pk")
    old = seen(operator_client, url(model, "delete", row.pk))
    changes = {UnitVersion: {"source": "More."}, QuestionVersion: {"stem": "More?"}, QuizVersion: {"one_page": True}}
    model.objects.filter(pk=row.pk).update(
        **changes.get(model, {"kind": "coach"} if model is Role else {"position": 9})
    )
    response = operator_client.post(url(model, "delete", row.pk), {"post": "yes", "seen": old}, follow=True)
    assert "It was changed while you looked at it" in response.text
    assert model.objects.filter(pk=row.pk).exists()
    assert delete(operator_client, row).status_code == 302
    assert not model.objects.filter(pk=row.pk).exists()


def test_mark_changes_with_every_value():
    first = {"title": "A", "terms": ["x"], "minutes": 1, "closed": None}
    others = [first | {name: "other"} for name in first]
    assert len({mark(each) for each in [first, *others]}) == 5
    assert mark(first) == mark(dict(reversed(first.items())))
