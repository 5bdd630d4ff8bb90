"""Fragments that are rendered once for each input."""

from django.utils import translation

from lessons.reader.remembered import remembered


def counted(most=8):
    calls = []

    @remembered(most=most)
    def shout(text):
        """Say it loudly."""
        calls.append(text)
        return text.upper()

    return shout, calls


def test_the_same_input_is_rendered_once():
    shout, calls = counted()
    assert [shout("a"), shout("b"), shout("a")] == ["A", "B", "A"]
    assert calls == ["a", "b"]
    assert shout.__doc__ == "Say it loudly."


def test_another_language_is_another_input():
    shout, calls = counted()
    shout("a")
    with translation.override("pt"):
        shout("a")
    assert calls == ["a", "a"]


def test_the_input_used_longest_ago_is_dropped():
    shout, calls = counted(most=2)
    for text in ["a", "b", "a", "c", "b"]:
        shout(text)
    assert calls == ["a", "b", "c", "b"]


def test_nothing_is_kept_under_debug(settings):
    settings.DEBUG = True
    shout, calls = counted()
    assert [shout("a"), shout("a")] == ["A", "A"]
    assert calls == ["a", "a"]
