"""Numbers as people write them: read without guessing, written in the reader's language."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from quizzes.questions import signs

MAX_LENGTH = 40
#: What may set thousands apart beside comma and point: a space, and an apostrophe (Switzerland).
GROUPING = " '"


class Unreadable(ValueError):
    """The text is not one number, with or without the expected unit. The message says how to write it."""


def read(text: str, *, unit: str = "", language: str = "en-gb") -> Decimal:
    """The number in `text`.

    Both decimal comma and decimal point are understood, thousands may be set apart by comma, point, space or
    apostrophe, and the unit may stand around the number. Every dash is a minus, every space a space, and what cannot be
    seen is left away (`quizzes.questions.signs`). "1,234" and "1.234" could be meant either way: there, and only
    there, the separators of `language` decide. Raises Unreadable for anything else; nothing is corrected or left out.
    """
    text = text.translate(signs.ALIKE).strip()
    if len(text) > MAX_LENGTH:
        raise Unreadable(_("A number has at most %(count)d characters.") % {"count": MAX_LENGTH})
    match = re.fullmatch(
        rf"([^\d+\-.,]*)([+\-]?)([^\d+\-.,]*)(\d[\d.,{GROUPING}]*|[.,]\d+)(.*)",
        text,
        re.ASCII,
    )
    if match is None:
        raise Unreadable(_example(unit, language))
    before, sign, between, figure, after = match.groups()
    around = "".join(f"{before}{between}{after}".split()).casefold()
    if around and around not in _spellings("".join(unit.translate(signs.ALIKE).split()).casefold()):
        raise Unreadable(_example(unit, language))
    number = Decimal(_plain(figure.rstrip(GROUPING), unit, language))
    return -number if sign and sign != "+" else number


def _spellings(unit: str) -> set[str]:
    """How a unit, in small letters and without spaces, is written around a number.

    As it is, "%" also as a word, and "€k" also with its sign at the other end or left to the question, which names it.
    A sign alone would be another unit.
    """
    if unit == "%":
        return {unit, "percent"}
    scaled = re.fullmatch(r"([€$£])([a-z]+)", unit)
    return {unit, scaled[2] + scaled[1], scaled[2]} if scaled else {unit}


def _plain(figure: str, unit: str, language: str) -> str:
    """Digits with at most one point, from digits with separators."""
    for space in GROUPING:
        if space in figure:
            if not re.fullmatch(rf"\d{{1,3}}({re.escape(space)}\d{{3}})+([.,]\d+)?", figure):
                raise Unreadable(_example(unit, language))
            return figure.replace(space, "").replace(",", ".")
    if re.fullmatch(r"\d{1,3}(,\d{3})+\.\d+", figure) or re.fullmatch(r"\d{1,3}(,\d{3}){2,}", figure):
        return figure.replace(",", "")
    if re.fullmatch(r"\d{1,3}(\.\d{3})+,\d+", figure) or re.fullmatch(r"\d{1,3}(\.\d{3}){2,}", figure):
        return figure.replace(".", "").replace(",", ".")
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", figure):  # the one form with two readings; 0,234 has only one
        decimal = get_format("DECIMAL_SEPARATOR", language, use_l10n=True)
        return figure.replace(",", ".") if decimal in figure else figure.replace(",", "").replace(".", "")
    if re.fullmatch(r"\d+([.,]\d*)?|[.,]\d+", figure):
        return figure.replace(",", ".")
    raise Unreadable(_example(unit, language))


def write(number: Decimal | int | str, *, language: str = "en-gb") -> str:
    """A number for reading: thousands set apart, no trailing zeros, a true minus sign."""
    number = Decimal(str(number))
    whole, _point, rest = f"{abs(number):,f}".partition(".")
    rest = rest.rstrip("0")
    whole = whole.replace(",", get_format("THOUSAND_SEPARATOR", language, use_l10n=True))
    sign = "−" if number < 0 else ""
    return sign + whole + (get_format("DECIMAL_SEPARATOR", language, use_l10n=True) + rest if rest else "")


def rounded(number: Decimal) -> Decimal:
    """A computed number for showing: two decimals, or three significant digits where it is smaller than one.

    Scoring never rounds; only what a person reads is rounded.
    """
    places = 2 if abs(number) >= 1 or not number else 2 - number.adjusted()
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)


def _example(unit: str, language: str) -> str:
    example = write(Decimal("1234.5"), language=language)
    if unit:
        return _("Enter one number in %(unit)s, like %(example)s") % {"unit": unit, "example": example}
    return _("Enter one number, like %(example)s") % {"example": example}


def is_plain(text: str, written: str) -> bool:
    """Whether a typed number has the figures and separators of the number as written out, or no separators at all."""
    typed, digits = (re.sub(r"[^\d.,]", "", each.translate(signs.ALIKE)) for each in (text, written))
    return typed == digits or typed.isdigit()
