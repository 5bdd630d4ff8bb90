"""A course from the database into files again."""

import pytest

from lessons import content
from lessons.models import Unit, UnitVersion
from lessons.versions import Version
from tests import folders
from tests.lessons.loading import AT, load


@pytest.mark.django_db
def test_dump_is_the_folder_again(folder):
    """Line by line what was read: the folder of the tests is in canonical form."""
    course, _changes = load(folder)
    files = {path: text for path, text in folders.FILES.items() if not path.endswith("quiz.yaml")}
    assert content.dump(course) == files


@pytest.mark.django_db
def test_dump_writes_neither_drafts_nor_what_is_retired(folder):
    course, _changes = load(folder)
    before = content.dump(course)
    unit = Unit.objects.get(key="second")
    UnitVersion.objects.create(unit=unit, number=2, title="In work")
    other = Unit.objects.create(lesson=unit.lesson, key="old", position=9, retired_at=AT)
    UnitVersion.objects.create(unit=other, number=1, title="Old", state=Version.State.CURRENT)
    assert content.dump(course) == before


@pytest.mark.django_db
def test_dump_asks_the_same_number_of_questions_for_any_size(folder, django_assert_num_queries):
    course, _changes = load(folder)
    with django_assert_num_queries(5):
        content.dump(course)
