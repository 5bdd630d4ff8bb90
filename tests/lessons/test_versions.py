"""The one versioning pattern, and what must always hold of it. Freezing: tests/database/test_frozen.py."""

from datetime import timedelta

import pytest
from django.db import transaction

from lessons import invariants, outlines, versions
from lessons.models import Lesson, Unit, UnitVersion
from lessons.outlines import LessonLine, UnitLine
from lessons.versions import PublishedVersionChanged
from tests import factories
from tests.factories import NOW

LATER = NOW + timedelta(days=1)


@pytest.fixture
def unit(course):
    return Unit.objects.get(key="first")


def rows(unit):
    return list(unit.versions.order_by("number").values_list("number", "state", "published_at"))


def test_publish_makes_a_draft_current_and_the_former_past(unit):
    draft = UnitVersion.objects.create(unit=unit, number=2, title="Second text")
    versions.publish(draft, at=LATER)
    assert rows(unit) == [(1, "past", NOW), (2, "current", LATER)]


def test_publish_twice_is_once(unit):
    draft = UnitVersion.objects.create(unit=unit, number=2, title="Second text")
    versions.publish(draft, at=LATER)
    versions.publish(draft, at=LATER + timedelta(days=1))
    assert rows(unit) == [(1, "past", NOW), (2, "current", LATER)]


def test_publish_leaves_other_units_alone(unit):
    other = Unit.objects.get(key="second")
    versions.publish(UnitVersion.objects.create(unit=unit, number=2, title="Second text"), at=LATER)
    assert rows(other) == [(1, "current", NOW)]


def test_publish_of_a_past_version_is_refused(unit):
    versions.publish(UnitVersion.objects.create(unit=unit, number=2, title="Second text"), at=LATER)
    past = unit.versions.get(number=1)
    with pytest.raises(PublishedVersionChanged):
        versions.publish(past, at=LATER)
    assert rows(unit) == [(1, "past", NOW), (2, "current", LATER)]


def test_published_version_is_changed_by_no_save(unit):
    version = unit.versions.get()
    version.blocks = []
    for save in (version.save, lambda: version.save(update_fields=["blocks"])):
        with pytest.raises(PublishedVersionChanged):
            save()
    assert unit.versions.get().blocks != []


def test_published_versions_are_not_deleted_in_bulk(unit):
    UnitVersion.objects.create(unit=unit, number=2, title="Draft")
    with pytest.raises(PublishedVersionChanged):
        unit.versions.all().delete()
    assert unit.versions.count() == 2
    unit.versions.drafts().delete()
    assert unit.versions.count() == 1


def test_a_draft_shows_nowhere_until_it_is_published(unit):
    """Not in the outline and not in the reader's version; then everywhere at once."""
    course = unit.lesson.course
    draft = UnitVersion.objects.create(unit=unit, number=2, title="Rewritten", minutes=9)
    assert outlines.read(course).units[0].title == "First"
    assert UnitVersion.objects.live(course).first().title == "First"
    versions.publish(draft, at=LATER)
    assert (outlines.read(course).units[0].title, outlines.read(course).units[0].minutes) == ("Rewritten", 9)
    assert UnitVersion.objects.live(course).first().title == "Rewritten"


# ---- Outlines --------------------------------------------------------------------------------------------------------


def test_outline_is_the_live_units_in_reading_order(course, django_assert_num_queries):
    one, two = course.lessons.all()
    empty = Lesson.objects.create(
        course=course, number=3, key="three", title="Lesson three", short_title="Three", outline=["To come"]
    )
    factories.unit(one, "gone", position=0)
    Unit.objects.filter(key="gone").update(retired_at=NOW)
    drafted = Unit.objects.create(lesson=two, key="drafted", position=0)
    UnitVersion.objects.create(unit=drafted, number=1, title="Drafted")
    factories.course(key="other")
    ids = dict(Unit.objects.filter(lesson__course=course).values_list("key", "pk"))
    version = dict(UnitVersion.objects.filter(unit__lesson__course=course).values_list("unit__key", "pk"))
    outlines.read(course)  # compiles the query
    with django_assert_num_queries(1):
        outline = outlines.read(course)
    assert outline.lessons == (
        LessonLine(
            *(one.pk, 1, "Lesson one", "One", ()),
            units=(
                UnitLine(ids["first"], "first", "reading", "First", 5, True, one.pk, 1, version["first"]),
                UnitLine(ids["second"], "second", "reading", "Second", 5, True, one.pk, 1, version["second"]),
                UnitLine(ids["check"], "check", "quiz", "Check what stayed", 5, True, one.pk, 1, version["check"]),
            ),
        ),
        LessonLine(
            *(two.pk, 2, "Lesson two", "Two", ()),
            units=(UnitLine(ids["third"], "third", "reading", "Third", 5, True, two.pk, 2, version["third"]),),
        ),
        LessonLine(empty.pk, 3, "Lesson three", "Three", ("To come",), ()),
    )
    assert [lesson.in_preparation for lesson in outline.lessons] == [False, False, True]


# ---- Invariants ------------------------------------------------------------------------------------------------------


def test_invariants_hold_of_a_sound_course(course):
    assert [find() for _sentence, find in invariants.CHECKS] == [[], [], [], []]


def test_invariant_names_a_unit_that_lost_its_current_version(unit):
    UnitVersion.objects.filter(unit=unit).update(state="past")
    assert invariants.live_units_have_one_current_version() == ["unit 1.1 first: 0 current versions"]
    Unit.objects.filter(pk=unit.pk).update(retired_at=NOW)
    assert invariants.live_units_have_one_current_version() == []


def test_invariant_names_a_published_version_without_a_time(unit):
    version = UnitVersion.objects.create(unit=unit, number=2, title="Past", state="past")
    assert invariants.published_versions_have_a_time() == [f"unit version {version.pk}: published, without a time"]


def test_invariant_names_unknown_terms(course, unit):
    course.terms.all().delete()
    assert invariants.versions_name_terms_of_their_course() == [
        f"unit version {unit.versions.get().pk}: unknown terms lead-time"
    ]


def test_invariant_names_a_gap_in_the_numbers(course):
    with transaction.atomic():
        Lesson.objects.filter(number=2).update(number=5)
    assert invariants.lessons_are_numbered_from_one() == [f"course {course.pk}: lessons numbered [1, 5]"]
