"""What was published, asked, answered or scored is frozen by the database itself."""

import re

import pytest
from django.db import DatabaseError, connection, transaction

from lessons.models import UnitVersion
from lessons.versions import PublishedVersionChanged
from plans.models import AssignmentVersion
from quizzes.models import QuestionVersion, QuizVersion
from tests import factories

FROZEN = {
    "accounts_auditentry_frozen",
    "cohorts_extension_frozen",
    "lessons_unitversion_frozen",
    "lessons_unitversion_state",
    "plans_assignmentversion_frozen",
    "plans_assignmentversion_state",
    "progress_learningevent_frozen",
    "quizzes_attempt_frozen",
    "quizzes_attempt_maximum",
    "quizzes_attempt_state",
    "quizzes_attemptitem_frozen",
    "quizzes_gradingrun_frozen",
    "quizzes_itemscore_frozen",
    "quizzes_practicereview_frozen",
    "quizzes_questionversion_frozen",
    "quizzes_questionversion_state",
    "quizzes_quizversion_frozen",
    "quizzes_quizversion_state",
    "quizzes_regrade_applied",
    "quizzes_regrade_frozen",
    "quizzes_response_checked",
    "quizzes_response_frozen",
    "quizzes_response_logged",
    "quizzes_responselog_frozen",
}


@pytest.mark.django_db
def test_triggers_exist_after_all_migrations():
    """SQLite loses the triggers of a table that a migration rebuilds; this test is what notices."""
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT DISTINCT trigger_name FROM information_schema.triggers",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert {name for (name,) in cursor.fetchall()} >= FROZEN


@pytest.mark.django_db
@pytest.mark.parametrize("model", [UnitVersion, QuestionVersion, QuizVersion, AssignmentVersion])
def test_triggers_watch_every_column(model):
    """A new field of a version is frozen too: its migration must renew the trigger."""
    name = f"{model._meta.db_table}_frozen"
    sql = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE name = %s",
        "postgresql": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = %s",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql, [name])
        (definition,) = cursor.fetchone()
    # PostgreSQL gives it back with parentheses and casts: (new.title)::text IS DISTINCT FROM …
    watched = re.findall(r"new\W+(\w+)\W*(?:::[\w ]+)? IS (?:NOT|DISTINCT)", definition, re.I)
    assert sorted(watched) == sorted(model.frozen_columns())


def test_published_version_is_refused_by_the_guard(course):
    version = UnitVersion.objects.get(unit__key="first")
    version.title = "Rewritten"
    with pytest.raises(PublishedVersionChanged):
        version.save()
    with pytest.raises(PublishedVersionChanged):
        version.delete()
    assert UnitVersion.objects.get(unit__key="first").title == "First"


def test_published_version_is_refused_by_the_database(course):
    """The model guard can be walked around with update(); the trigger cannot."""
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        UnitVersion.objects.filter(unit__key="first").update(title="Rewritten")
    with pytest.raises(DatabaseError, match="does not become a draft"), transaction.atomic():
        UnitVersion.objects.filter(unit__key="first").update(state="draft")
    assert UnitVersion.objects.get(unit__key="first").title == "First"


def test_draft_may_change(course):
    unit = course.lessons.first().units.first()
    draft = UnitVersion.objects.create(unit=unit, number=2, title="Draft")
    draft.title = "Better draft"
    draft.save()
    assert UnitVersion.objects.get(pk=draft.pk).title == "Better draft"


def test_only_one_draft_and_one_current(course):
    unit = course.lessons.first().units.first()
    UnitVersion.objects.create(unit=unit, number=2, title="Draft")
    with pytest.raises(DatabaseError), transaction.atomic():
        UnitVersion.objects.create(unit=unit, number=3, title="Second draft")
    with pytest.raises(DatabaseError), transaction.atomic():
        UnitVersion.objects.create(unit=unit, number=4, title="Second current", state="current")


def test_publishing_makes_the_former_current_past(course):
    from lessons import versions

    unit = course.lessons.first().units.first()
    draft = UnitVersion.objects.create(unit=unit, number=2, title="Draft")
    versions.publish(draft, at=factories.NOW)
    assert list(unit.versions.order_by("number").values_list("number", "state")) == [(1, "past"), (2, "current")]
