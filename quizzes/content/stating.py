"""Numbers of questions that a text states in words or figures: "Ten questions", "36 questions"."""

import re
from typing import NamedTuple

SMALL = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
SMALL += ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBERS = {word: number for number, word in enumerate(SMALL, 1)}
NUMBERS |= {word: 10 * number for number, word in enumerate(TENS, 2)}
NUMBERS |= {f"{tens}-{word}": NUMBERS[tens] + NUMBERS[word] for tens in TENS for word in SMALL[:9]}
STATED = re.compile(rf"\b(\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})\s+questions?\b", re.IGNORECASE)


class Stated(NamedTuple):
    """The words as they stand in the text, and the number that they name."""

    words: str
    number: int


def questions(text: str) -> Stated | None:
    """The first number of questions in an English text, up to 999; None where it states none."""
    match = STATED.search(text)
    if match is None:
        return None
    figure = match[1].lower()
    return Stated(" ".join(match[0].split()), int(figure) if figure.isdigit() else NUMBERS[figure])
