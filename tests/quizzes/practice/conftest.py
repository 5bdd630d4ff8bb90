"""What the tests of practice start from."""

import pytest
import time_machine

from lessons.models import Lesson
from tests.quizzes.practising import TUESDAY


@pytest.fixture
def lesson(course):
    return Lesson.objects.get(number=1)


@pytest.fixture
def tuesday(db):
    """The day after the attempts of these tests."""
    with time_machine.travel(TUESDAY, tick=False):
        yield
