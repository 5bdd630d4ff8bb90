"""How course texts and times are shown (lessons.templatetags.lessons)."""

import pytest

from lessons.templatetags.lessons import blocks, inline, minutes, roughly


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
def test_minutes(number, words):
    assert minutes(number) == words


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
    assert roughly(number) == words


def test_course_fields_are_rendered_and_safe():
    assert inline("*this* <b>not</b>") == "<em>this</em> &lt;b&gt;not&lt;/b&gt;"
    assert blocks("One.\n\nTwo.").replace("\n", "") == "<p>One.</p><p>Two.</p>"
    assert (inline(None), blocks("")) == ("", "")
