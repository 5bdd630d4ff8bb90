"""Numbers as people write them: forms with one reading are read, those with two by the language, nothing is guessed."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.questions import numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("960", "960"),
        (" 960 ", "960"),
        ("1 400", "1400"),
        ("1\u00a0400", "1400"),
        ("1\u202f400,5", "1400.5"),
        ("1'400", "1400"),
        ("1’400.25", "1400.25"),
        ("1,400,000", "1400000"),
        ("1.400.000", "1400000"),
        ("1,400.5", "1400.5"),
        ("1.400,5", "1400.5"),
        ("0,5", "0.5"),
        ("0,234", "0.234"),
        (".5", "0.5"),
        ("1,5", "1.5"),
        ("1234,567", "1234.567"),
        ("-960", "-960"),
        ("−960", "-960"),
        ("+960", "960"),
        ("960 €k", "960"),
        ("€960k", "960"),
        ("€ 960 K", "960"),
        ("-€960k", "-960"),
        ("€-960k", "-960"),
        # What spreadsheets, word processors and web pages make of a minus, of spaces, and what cannot be seen.
        *((f"{minus}960", "-960") for minus in "‐‑‒–—―−﹣－"),
        *((f"1{space}400", "1400") for space in "\u00a0\u2002\u2007\u2008\u2009\u200a\u202f\u205f\u3000"),
        ("1\u00a0400\u2007000", "1400000"),
        *((f"{sign}9{sign}60{sign}", "960") for sign in "\u00ad\u200b\u200d\u200e\u202a\u202c\u2060\u2066\ufeff"),
        ("1‘400", "1400"),
        ("\u200b" * 60 + "960", "960"),
    ],
)
@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_read(text, value, language):
    assert numbers.read(text, unit="€k", language=language) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1,234", "en-gb", "1234"),
        ("1.234", "en-gb", "1.234"),
        ("1,234", "de", "1.234"),
        ("1.234", "de", "1234"),
        ("−1,234 €k", "en-gb", "-1234"),
    ],
)
def test_read_what_has_two_readings_by_the_language(text, language, value):
    assert numbers.read(text, unit="€k", language=language) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "\u200b",
            "\u2007-",
            "‐ ‑960",
            "abc",
            "-",
            "€k",
            "1e3",
            "0x10",
            "inf",
            "NaN",
            "1/2",
            "12 34",
            "1,23,4",
            "1.2.3",
            "1,2,3",
            "1 2345",
        ),
        *(
            "9 60",
            "960 m",
            "€960",
            "about 960",
            "960 or 970",
            "960-970",
            "--960",
            "１２",
            "960 €k €k",
            "1,234 567",
            "9" * 41,
        ),
    ],
)
def test_read_refuses_what_it_would_have_to_guess(text):
    with pytest.raises(numbers.Unreadable):
        numbers.read(text, unit="€k")


@pytest.mark.parametrize(
    ("unit", "language", "said"),
    [
        ("", "en-gb", "Enter one number, like 1,234.5"),
        ("€k", "en-gb", "Enter one number in €k, like 1,234.5"),
        ("days", "de", "Enter one number in days, like 1.234,5"),
    ],
)
@pytest.mark.parametrize("text", ["many", "12 parsecs", "1,23,4"])
def test_a_refusal_names_the_unit(text, unit, language, said):
    with pytest.raises(numbers.Unreadable) as refusal:
        numbers.read(text, unit=unit, language=language)
    assert str(refusal.value) == said


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (1400, "en-gb", "1,400"),
        (Decimal("-1400.50"), "en-gb", "−1,400.5"),
        ("0.25", "de", "0,25"),
        (1234567, "de", "1.234.567"),
        (Decimal("1E+3"), "en-gb", "1,000"),
    ],
)
def test_write(value, language, text):
    assert numbers.write(value, language=language) == text


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False, allow_infinity=False),
    st.sampled_from(["en-gb", "de", "fr", "de-ch"]),
)
def test_what_is_written_is_read_back(value, language):
    assert numbers.read(numbers.write(value, language=language), language=language) == value


@given(st.text(max_size=60), st.sampled_from(["en-gb", "de"]))
def test_read_gives_a_finite_number_or_refuses(text, language):
    with suppress(numbers.Unreadable):
        assert numbers.read(text, unit="€k", language=language).is_finite()


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("279.1600504997917", "279.16"),
        ("-1545.6", "−1,545.6"),
        ("960", "960"),
        ("99.8541666", "99.85"),
        ("2.857142", "2.86"),
        ("0.0123456", "0.0123"),
        ("0.5", "0.5"),
        ("0", "0"),
        ("0.99999", "1"),
    ],
)
def test_rounded_is_what_a_person_reads(number, shown):
    assert numbers.write(numbers.rounded(Decimal(number))) == shown
