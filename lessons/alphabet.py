"""The order of words in the alphabet of who reads them.

No database keeps it: SQLite puts all capitals before all small letters, PostgreSQL goes by its server's locale.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TypeVar

Thing = TypeVar("Thing")
#: Letters that a language counts as its own and others only as decorated ones: behind which letter they come, in their
#: order. Source: the collations of CLDR for these languages, single letters only.
OWN_LETTERS = {
    "da": ("z", "æøå"),
    "es": ("n", "ñ"),
    "fi": ("z", "åäö"),
    "nb": ("z", "æøå"),
    "ru": ("и", "й"),
    "sv": ("z", "åäö"),
    "uk": ("и", "й"),
}
#: What begins with no letter, as "70/20/10", is listed under this sign, before all letters.
NO_LETTER = "#"


def sort_key(text: str, language: str) -> tuple[list[tuple[str, int]], str, str, str]:
    """What to sort words by in a language ("en-gb"): their letters and digits, then accents, then capitals.

    Spaces and signs do not count, as in a dictionary: "go/no-go" stands where "gonogo" would. Digits come first.
    """
    places = [placed(sign, language) for sign in letters(text, language)]
    return places, text.casefold(), text.swapcase(), text


def initial(text: str, language: str) -> str:
    """The capital letter under which a word is listed; NO_LETTER where it begins with none."""
    first = next(letters(text, language), "")
    return first.upper() if first.isalpha() else NO_LETTER


def by_letter(things: Iterable[Thing], *, name: Callable[[Thing], str], language: str) -> list[tuple[str, list[Thing]]]:
    """Things by the first letter of their name: letters in their order, and under each its things in theirs."""
    ordered = sorted(things, key=lambda thing: sort_key(name(thing), language))
    return [
        (letter, list(group)) for letter, group in groupby(ordered, key=lambda thing: initial(name(thing), language))
    ]


def letters(text: str, language: str) -> Iterator[str]:
    """The letters and digits of a text in small, without accents but for the letters that are the language's own."""
    _behind, own_letters = OWN_LETTERS.get(language.split("-")[0].lower(), ("", ""))
    for sign in unicodedata.normalize("NFC", text.casefold()):
        for plain in sign if sign in own_letters else unicodedata.normalize("NFKD", sign):
            if plain.isalnum():
                yield plain


def placed(letter: str, language: str) -> tuple[str, int]:
    """Where a letter stands: the letter that it comes behind, and as which one."""
    behind, own_letters = OWN_LETTERS.get(language.split("-")[0].lower(), ("", ""))
    return (behind, 1 + own_letters.index(letter)) if letter in own_letters else (letter, 0)
