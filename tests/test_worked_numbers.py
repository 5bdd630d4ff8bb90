"""The worked numbers of the lessons: each is computed here and must stand, rounded as printed, in its unit.

The rows are in tests/worked_numbers, a module for each lesson. A row is (claim, computed value, printed text, unit
under content/cto). The number that is compared stands in braces in the printed text; its decimals say how far it is
rounded. White space and the typographic minus make no difference.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from django.conf import settings

from tests.worked_numbers import lesson_1, lesson_2, lesson_3, lesson_4, lesson_5, lesson_6

COURSE = Path(settings.BASE_DIR) / "content" / "cto"
ROWS = [row for lesson in (lesson_1, lesson_2, lesson_3, lesson_4, lesson_5, lesson_6) for row in lesson.ROWS]
COUNTED = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
WORDS = {word: Decimal(number) for number, word in enumerate(COUNTED.split())} | {
    "eighteen": Decimal(18),
    "twenty": Decimal(20),
    "twenty-eight": Decimal(28),
    "thirty": Decimal(30),
    "thirty-three": Decimal(33),
    "eighth": Decimal("0.125"),
    "fifth": Decimal("0.2"),
}


def normal(text):
    return re.sub(r"\s+", " ", text.replace("−", "-"))


def number(figure):
    """What stands in the braces, as a number: 1,545.6 or −20 or twelve."""
    word = WORDS.get(figure.lower())
    return Decimal(re.sub(r"[^\d.\-]", "", normal(figure))) if word is None else word


@pytest.mark.parametrize(("claim", "value", "printed", "unit"), ROWS, ids=[f"{row[3][0]}: {row[0]}" for row in ROWS])
def test_a_worked_number_is_right_and_stands_in_its_unit(claim, value, printed, unit):
    text = normal((COURSE / unit).read_text(encoding="utf-8"))
    passage = re.escape(normal(printed.replace("{", "").replace("}", "")))
    # A number is not found in a longer one: 2.5 does not stand in 12.5 nor in 2.55.
    assert re.search(rf"(?<!\d)(?<!\d[.,]){passage}(?!\d|[.,]\d)", text), f"{unit} does not print it"

    assert isinstance(value, int | Decimal), "a float is not exact"
    (figure,) = re.findall(r"\{([^}]*)\}", printed)
    shown = number(figure)
    assert Decimal(value).quantize(shown, rounding=ROUND_HALF_UP) == shown, f"{claim} is {value}"
