"""Queries compiled once give what the queryset gives."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db.models import Exists

from accounts.models import User
from cohorts.models import Enrolment, Role
from database.prepared import Part, Prepared, PreparedUpdate, Several, objects
from lessons.models import Course, Lesson, UnitVersion
from progress.models import UnitState
from quizzes import attempts
from quizzes.models import Attempt, Quiz
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_queryset_with_every_conversion(enrolment, course):
    unit = course.lessons.first().units.first()
    UnitState.objects.create(enrolment=enrolment, unit=unit, state="done", percent=Decimal("86.67"), done_at=NOW)
    columns = ("unit_id", "percent", "started_at", "done_at")
    prepared = Prepared(
        lambda enrolment: UnitState.objects.filter(enrolment=enrolment).values_list(*columns), enrolment=int
    )
    rows = prepared(enrolment=enrolment.pk)
    assert rows == list(UnitState.objects.filter(enrolment=enrolment).values_list(*columns))
    assert [type(value) for value in rows[0]] == [int, Decimal, datetime, datetime]
    assert (rows[0][1], rows[0][3]) == (Decimal("86.67"), NOW)


def test_json_and_booleans_are_converted(course):
    version = UnitVersion.objects.get(unit__key="first")
    prepared = Prepared(
        lambda version: UnitVersion.objects.filter(pk=version).values_list("required", "terms", "blocks"), version=int
    )
    (row,) = prepared(version=version.pk)
    assert row[0] is True
    assert row[1:] == (["lead-time"], version.blocks)


def test_other_values_give_other_rows(course):
    factories.course(key="other")
    prepared = Prepared(lambda key: Course.objects.filter(key=key).values_list("key"), key=str)
    assert prepared(key="cto") == [("cto",)]
    assert prepared(key="other") == [("other",)]
    assert prepared(key="nowhere") == []


def test_a_value_may_stand_in_several_places(enrolment, cohort):
    def places(user, key):
        roles = Exists(Role.objects.filter(user=user))
        return Enrolment.objects.filter(user=user, course__key=key).annotate(holds=roles).values_list("pk", "holds")

    prepared = Prepared(places, user=int, key=str)
    assert prepared(user=enrolment.user_id, key="cto") == [(enrolment.pk, False)]
    Role.objects.create(cohort=cohort, user=enrolment.user)
    assert prepared(user=enrolment.user_id, key="cto") == [(enrolment.pk, True)]
    assert prepared(user=enrolment.user_id, key="other") == []


def test_values_are_parameters_and_never_text_of_the_query(course):
    prepared = Prepared(lambda key: Course.objects.filter(key=key).values_list("key"), key=str)
    assert prepared(key="' OR 1=1 --") == []
    assert prepared(key="placeholder 0 for key") == []


def test_a_query_that_changes_its_value_is_refused(course):
    """`icontains` sends "%…%": the placeholder would be lost and every call would ask for the same."""
    prepared = Prepared(lambda key: Course.objects.filter(key__icontains=key).values_list("key"), key=str)
    with pytest.raises(ValueError, match="does not use key"):
        prepared(key="cto")


def test_it_is_one_statement(course, django_assert_num_queries):
    prepared = Prepared(lambda key: Course.objects.filter(key=key).values_list("key"), key=str)
    for _ in range(2):
        with django_assert_num_queries(1):
            prepared(key="cto")


def test_a_value_may_be_a_uuid(enrolment, course):
    quiz = Quiz.objects.get(unit__lesson__course=course)
    mine = attempts.start(enrolment=enrolment, quiz=quiz, at=NOW)
    prepared = Prepared(lambda uuid: Attempt.objects.filter(uuid=uuid).values_list("pk", "uuid"), uuid=UUID)
    assert prepared(uuid=mine.uuid) == [(mine.pk, mine.uuid)]
    assert prepared(uuid=uuid4()) == []


def test_a_value_may_be_a_list(course, django_assert_num_queries):
    prepared = Prepared(
        lambda course, keys: Course.objects.filter(pk=course, key__in=keys).values_list("key"),
        course=int,
        keys=Several(str, 3),
    )
    for keys in (["cto"], ["other", "cto"], ["cto", "cto", "other"]):
        assert prepared(course=course.pk, keys=keys) == [("cto",)]
    assert prepared(course=course.pk, keys=["other", "nowhere"]) == []
    with django_assert_num_queries(0):
        assert prepared(course=course.pk, keys=[]) == []
    with pytest.raises(ValueError, match="longer"):
        prepared(course=course.pk, keys=["cto", "a", "b", "c"])


def test_rows_become_objects_of_several_models(course, django_assert_num_queries):
    lesson = course.lessons.first()
    parts = [Part(Lesson, without=["title"]), Part(Course, "course__")]
    columns = [column for part in parts for column in part.columns]
    prepared = Prepared(lambda pk: Lesson.objects.filter(pk=pk).values_list(*columns), pk=int)
    with django_assert_num_queries(1):
        found, around = objects(prepared(pk=lesson.pk)[0], parts)
        assert (found, found.number, around, around.key) == (lesson, lesson.number, course, course.key)
    with django_assert_num_queries(1):
        assert found.title == lesson.title


# ---- Updates ---------------------------------------------------------------------------------------------------------


def renamed(user, since):
    return User.objects.filter(pk=user, date_joined__gte=since)


def test_update_sets_what_it_is_given_where_the_query_says():
    nadia, omar = factories.user("Nadia Osei"), factories.user("Omar Haddad")
    update = PreparedUpdate(renamed, changes={"name": "x", "is_active": True}, user=int, since=datetime)
    before = nadia.date_joined - timedelta(days=1)
    assert update({"name": "Nadia O.", "is_active": False}, user=nadia.pk, since=before) == 1
    assert update({"name": "Late", "is_active": True}, user=nadia.pk, since=before + timedelta(days=2)) == 0
    assert update({"name": "Nobody", "is_active": True}, user=0, since=before) == 0
    found = dict(User.objects.values_list("pk", "name"))
    assert found == {nadia.pk: "Nadia O.", omar.pk: "Omar Haddad"}
    assert User.objects.get(pk=nadia.pk).is_active is False


def test_update_takes_nothing_where_the_field_may_be_empty():
    nadia = factories.user("Nadia Osei")
    update = PreparedUpdate(lambda user: User.objects.filter(pk=user), changes={"last_login": NOW}, user=int)
    assert update({"last_login": NOW}, user=nadia.pk) == 1
    assert User.objects.get(pk=nadia.pk).last_login == NOW
    assert update({"last_login": None}, user=nadia.pk) == 1
    assert User.objects.get(pk=nadia.pk).last_login is None


def test_update_that_does_not_use_a_value_is_refused():
    update = PreparedUpdate(
        lambda user, other: User.objects.filter(pk=user), changes={"name": "x"}, user=int, other=int
    )
    with pytest.raises(ValueError, match="does not use other"):
        update({"name": "y"}, user=1, other=2)
