"""What the tests of authoring start from."""

import pytest

from lessons.models import Lesson


@pytest.fixture
def author(client_of, instructor):
    return client_of(instructor)


@pytest.fixture
def one(course):
    return Lesson.objects.get(course=course, number=1)
