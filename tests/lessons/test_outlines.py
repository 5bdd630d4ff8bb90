"""The outline of a course (lessons.outlines)."""

from lessons import outlines
from lessons.models import Lesson


def test_equal_outlines_are_one_object(course):
    """Fragments are remembered by their outline: as long as nothing changes, all of them hold the same one."""
    before = outlines.read(course)
    assert outlines.read(course) is before
    Lesson.objects.filter(pk=before.lessons[0].id).update(title="Renamed")
    after = outlines.read(course)
    assert after.lessons[0].title == "Renamed"
    assert outlines.read(course) is after
