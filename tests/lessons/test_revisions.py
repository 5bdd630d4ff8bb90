"""The revision of a course (database.revisions): whatever changes what its reader shows renews it."""

import pytest
from django.db import connection, transaction

from lessons import outlines, versions
from lessons.models import Competency, Course, Lesson, Source, Term, Unit, UnitVersion
from progress import recording
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

TABLES = ["competency", "lesson", "source", "term", "unit", "unitversion"]


def revision(course):
    return Course.objects.values_list("revision", flat=True).get(pk=course.pk)


def draft(course):
    unit = Unit.objects.get(key="first", lesson__course=course)
    return UnitVersion.objects.create(unit=unit, number=2, title="Second thoughts")


def publish(course):
    versions.publish(draft(course), at=NOW)


CHANGES = {
    "the course is renamed": lambda course: Course.objects.filter(pk=course.pk).update(title="CTO"),
    "the course is saved": lambda course: course.save(),
    "a lesson is added": lambda course: Lesson.objects.create(course=course, number=3, key="x", title="X"),
    "a lesson is renamed": lambda course: Lesson.objects.filter(course=course, number=1).update(title="New"),
    "a unit is added": lambda course: factories.unit(course.lessons.get(number=2), "fourth", position=4),
    "a unit is retired": lambda course: Unit.objects.filter(lesson__course=course, key="second").update(retired_at=NOW),
    "a unit moves": lambda course: Unit.objects.filter(lesson__course=course, key="second").update(position=9),
    "a version is published": publish,
    "a term is added": lambda course: Term.objects.create(course=course, key="y", title="Y"),
    "a term is defined anew": lambda course: Term.objects.filter(course=course).update(definition_html="New."),
    "a term is deleted": lambda course: Term.objects.filter(course=course).delete(),
    "a source is added": lambda course: Source.objects.create(course=course, key="R2", title="Y", mark="V1"),
    "a source is renamed": lambda course: Source.objects.filter(course=course).update(title="New"),
    "a source is deleted": lambda course: Source.objects.filter(course=course).delete(),
    "a competency is renamed": lambda course: Competency.objects.filter(course=course).update(title="New"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_learners_see_renews_it(course, change):
    """Of this course, and of no other."""
    other = factories.course(key="other")
    before = revision(course), revision(other)
    change(course)
    after = revision(course), revision(other)
    assert (after[0] != before[0], after[1] != before[1]) == (True, False)


def test_what_moves_between_courses_renews_both(course):
    other = factories.course(key="other")
    before = revision(course), revision(other)
    Lesson.objects.filter(course=course, number=2).update(course=other, number=7, key="seven")
    after = revision(course), revision(other)
    assert (after[0] != before[0], after[1] != before[1]) == (True, True)


def test_drafts_and_learners_renew_nothing(enrolment, course):
    before = revision(course)
    version = draft(course)
    version.title = "Third thoughts"
    version.save()
    version.delete()
    recording.mark_done(enrolment=enrolment, unit=Unit.objects.get(key="first"), at=NOW)
    assert revision(course) == before


def test_no_copy_that_was_read_earlier_brings_an_older_one_back(course):
    """Otherwise what was read at the older one would be shown again."""
    stale = Course.objects.get(pk=course.pk)
    seen = {stale.revision}
    publish(course)
    seen.add(revision(course))
    stale.save()
    assert revision(course) not in seen
    assert outlines.read(course).units[0].title == "Second thoughts"


def test_a_change_that_is_taken_back_shows_what_was_before(course):
    before = outlines.read(course)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish(course)
        assert outlines.read(course).units[0].title == "Second thoughts"
        raise ZeroDivisionError
    assert outlines.read(course) is before
    publish(course)
    assert outlines.read(course).units[0].title == "Second thoughts"


def test_every_trigger_is_there(course):
    """SQLite loses the triggers of a table that a migration rebuilds; this test is what notices."""
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT DISTINCT trigger_name FROM information_schema.triggers",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = {name for (name,) in cursor.fetchall() if "_revised_" in name}
    acts = ("insert", "update", "delete")
    assert found == {"lessons_course_revised_update"} | {
        f"lessons_{table}_revised_{act}" for table in TABLES for act in acts
    }


def test_what_was_published_is_on_the_page_at_the_next_request(learner_client, course):
    assert "First" in learner_client.get("/cto/lessons/1/first/").content.decode()
    publish(course)
    page = learner_client.get("/cto/lessons/1/first/").content.decode()
    assert "<h1>Second thoughts</h1>" in page
    Term.objects.update(definition_html="Another meaning.")
    versions.publish(
        UnitVersion.objects.create(unit=Unit.objects.get(key="first"), number=3, title="Third", terms=["lead-time"]),
        at=NOW,
    )
    assert "Another meaning." in learner_client.get("/cto/lessons/1/first/").content.decode()
