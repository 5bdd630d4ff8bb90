"""What the tests of asking and scoring start from, beside the people and the course of tests/conftest.py."""

import pytest

from quizzes.models import Quiz


@pytest.fixture
def check(course):
    """The check of lesson 1: three questions with one choice each."""
    return Quiz.objects.get(unit__lesson__course=course)
