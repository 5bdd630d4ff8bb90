"""Aiken: a question on one line, its choices below it, each with a letter, then the letter of the right one.

https://docs.moodle.org/en/Aiken_format. Texts are plain; there is no feedback and no name.
"""

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from quizzes.exchange import roundtrip, texts
from quizzes.exchange.records import (
    MOST_CHOICES,
    MOST_QUESTIONS,
    CannotWrite,
    Entry,
    FileRefused,
    QuestionRefused,
    Written,
    completed,
    too_many,
    without_doubles,
)

CHOICE = re.compile(r"\s*([A-Z])[.)](?:\s+(.*))?$")
ANSWER = re.compile(r"\s*ANSWER:(.*)$", re.IGNORECASE)
ANY_ANSWER = re.compile(r"^[^\S\n]*ANSWER:", re.IGNORECASE | re.MULTILINE)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

#: Lines of one question, each with its number.
Lines = list[tuple[int, str]]


def read(text: str) -> list[Entry]:
    """The questions of a file. Raises FileRefused when it holds none, or too many."""
    if not ANY_ANSWER.search(text):
        raise FileRefused(_("There is no question in this file: no line begins with ANSWER:"))
    entries: list[Entry] = []
    for lines in questions(text):
        add(entries, lines)
    return without_doubles(entries)


def questions(text: str) -> Iterator[Lines]:
    """The lines of each question, blank ones left out. It ends with ANSWER:, or without it where the next one begins.

    A line between choices belongs to them when their letters go on after it, and begins another question when they
    start with A again, or when nothing follows.
    """
    mine: Lines = []
    between: Lines = []
    has_choices = False
    for line_number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        here = mark(line)
        if has_choices and not here:
            between.append((line_number, line))
            continue
        if between and here == "A":
            yield mine
            mine, between = between, []
        # What a question begins with is its text, even "A. Smith wrote …".
        has_choices = bool(here and (has_choices or mine))
        mine += [*between, (line_number, line)]
        between = []
        if here == "ANSWER":
            yield mine
            mine, has_choices = [], False
    yield from filter(None, (mine, between))


def mark(line: str) -> str:
    """What a line begins with: the letter of a choice, ANSWER, or nothing of both."""
    if ANSWER.match(line):
        return "ANSWER"
    choice = CHOICE.match(line)
    return choice[1] if choice else ""


def add(entries: list[Entry], lines: Lines) -> None:
    if len(entries) == MOST_QUESTIONS:
        raise too_many(lines[0][0])
    entry = Entry(lines[0][0])
    entries.append(completed(entry, lambda entry: fill(entry, lines)))


def fill(entry: Entry, lines: Lines) -> None:
    """Read one question. Raises QuestionRefused."""
    stem: list[str] = []
    choices: list[str] = []
    for line_number, line in lines:
        choice, answer = CHOICE.match(line), ANSWER.match(line)
        if choice and stem:
            expected = LETTERS[len(choices) % 26]
            if choice[1] != expected:
                reason = _("The letter %(expected)s was expected here, %(found)s was found.")
                raise QuestionRefused(reason % {"expected": expected, "found": choice[1]}, line_number)
            choices.append(texts.escaped(texts.one_line(choice[2] or "")))
        elif answer:
            entry.record = record(stem, choices, answer[1].strip().upper(), line_number)
            return
        elif choices:
            reason = _("A line within the choices begins neither with a letter like “B)” nor with ANSWER:")
            raise QuestionRefused(reason, line_number)
        else:
            stem.append(line.strip())
    raise QuestionRefused(_("The line with ANSWER: is missing."), lines[-1][0])


def record(stem: Sequence[str], choices: Sequence[str], right: str, line: int) -> dict:
    letters = LETTERS[: len(choices)]
    if not choices or len(right) != 1 or right not in letters:
        if len(choices) > MOST_CHOICES:
            letters = LETTERS[:MOST_CHOICES]
        reason = _("ANSWER: names one of the letters %(letters)s; here it says “%(found)s”.")
        raise QuestionRefused(reason % {"letters": ", ".join(letters) or "A, B", "found": right[:20]}, line)
    return {
        "type": "single",
        "stem": texts.escaped(texts.one_line(" ".join(stem))),
        "choices": [
            {"text": text, "score": int(letter == right), "feedback": ""}
            for letter, text in zip(letters, choices, strict=True)
        ],
    }


def write(questions: Sequence[Written]) -> str:
    """The file. Raises CannotWrite for a question that Aiken cannot say."""
    return "\n".join(map(question, questions))


def question(written: Written) -> str:
    back = roundtrip.read_back(written.record, roundtrip.AIKEN)
    stem = texts.plain_paragraphs(back["stem"])
    if CHOICE.match(stem) or ANSWER.match(stem):
        raise CannotWrite(_("Its text begins like a choice or like ANSWER:, which Aiken would take it for."))
    lines = [stem]
    for letter, choice in zip(LETTERS, back["choices"], strict=False):
        lines.append(f"{letter}) {texts.plain(choice['text'])}")
    right = next(place for place, choice in enumerate(back["choices"]) if choice["score"])
    return "\n".join([*lines, f"ANSWER: {LETTERS[right]}", ""])
