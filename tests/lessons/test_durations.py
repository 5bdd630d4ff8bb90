"""Lengths of time in words (lessons.durations)."""

from decimal import Decimal

import pytest

from lessons import durations


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (None, "0 minutes"),
        (0, "0 minutes"),
        (1, "1 minute"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (61, "1 hour 1 minute"),
        (160, "2 hours 40 minutes"),
        (1240, "20 hours 40 minutes"),
    ],
)
def test_exactly(number, words):
    assert durations.exactly(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (None, "About 0 minutes"),
        (1, "About 1 minute"),
        (4, "About 4 minutes"),
        (6, "About 5 minutes"),
        (38, "About 40 minutes"),
        (54, "About 55 minutes"),
        (55, "About 1 hour"),
        (74, "About 1 hour"),
        (80, "About 1½ hours"),
        (110, "About 2 hours"),
        (180, "About 3 hours"),
    ],
)
def test_roughly(number, words):
    assert durations.roughly(number) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (Decimal("37.50"), "37.5 minutes"),
        (1, "1 minute"),
        (60, "60 minutes"),
        (90, "90 minutes"),
        (120, "2 hours"),
        (2880, "2 days"),
        (0, ""),
    ],
)
def test_as_set(minutes, words):
    assert durations.as_set(minutes) == words


@pytest.mark.parametrize(("seconds", "words"), [(30, "1 min left"), (2520, "42 min left"), (3601, "1 h 1 min left")])
def test_left(seconds, words):
    assert durations.left(seconds) == words
