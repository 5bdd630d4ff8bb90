"""What is a matter of judgement over the questions of a lesson: keys that give themselves away or go out of date.

Pure functions over quizzes that `quizzes.content.read` could read without a fault. A rule yields Problems.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lessons.content.folder import CourseFolder
from lessons.content.problems import Problem
from lessons.links import Site, address, dead_links_in_fields, texts_of
from lessons.linting import LETTERS, NOT_REAL, above, is_longest
from lessons.markup import inline, plain_text
from lessons.markup.prose import RESERVED_IDS
from quizzes.content.reading import QuizFile

LONGEST_IS_KEY = 30
FEWEST_FOR_LENGTH = 4
SAME_PLACE_IS_KEY = 45
FEWEST_FOR_PLACE = 8
MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE_PARTS = re.compile(rf"\b(?:{MONTH}|early|mid|late|\d+(?:st|nd|rd|th|s)?)\b", re.IGNORECASE)
IS_DATE = re.compile(rf"\b(?:{MONTH})\b|(?<![€$£])\b(?:1[5-9]|20)\d\ds?\b")
# From 2024 on what is true today may not be true when the question is asked. "€2025" and "2,030" are amounts.
RECENT = re.compile(r"(?<![\d,.€$£])20(?:2[4-9]|[3-9]\d)(?![\d,%]|\.\d)")


def faults(quizzes: Sequence[QuizFile], site: Site) -> Iterator[Problem]:
    """Everything that the rules of this module find."""
    for quiz in quizzes:
        yield from dead_links_in_fields(quiz.file, quiz.record, site)
        yield from fiction_unsaid(quiz)
        yield from keys_that_tell(quiz)
        for question in quiz.record["questions"]:
            for reason in date_dependent(question):
                yield Problem(quiz.file, question.line, f"{question['id']}: {reason}")


def pages(folder: CourseFolder, quizzes: Iterable[QuizFile]) -> dict[str, frozenset[str]]:
    """Addresses of the quizzes, as `lessons.linting.pages` has those of the texts."""
    return {address(folder, quiz.lesson, quiz.record["key"]): frozenset(RESERVED_IDS) for quiz in quizzes}


def cited(quizzes: Iterable[QuizFile]) -> set[str]:
    """Keys of the sources on which questions rest."""
    return {key for quiz in quizzes for question in quiz.record["questions"] for key in question["sources"]}


def fiction_unsaid(quiz: QuizFile) -> Iterator[Problem]:
    """Questions are drawn one by one: each that names the fictional company says what it is, unless the intro does."""
    if "fictional" in quiz.record["intro"].casefold():
        return
    for question in quiz.record["questions"]:
        text = " ".join(text for _line, text in texts_of(question))
        if NOT_REAL in text and "fictional" not in text.casefold():
            yield Problem(quiz.file, question.line, f"{question['id']}: {NOT_REAL} without the word fictional")


# ---- keys that tell


def one_best(quiz: QuizFile) -> list[Mapping[str, Any]]:
    """The questions of which one choice is the best."""
    return [question for question in quiz.record["questions"] if question["type"] in ("single", "scenario")]


def key_place(question: Mapping[str, Any]) -> int:
    """The place of the best choice in the file, from 0."""
    scores = [choice["score"] for choice in question["choices"]]
    return scores.index(max(scores))


def key_is_longest(question: Mapping[str, Any]) -> bool:
    return is_longest([len(shown(choice["text"])) for choice in question["choices"]], key_place(question))


def shown(text: str) -> str:
    """The text as a learner sees it."""
    return plain_text(inline(text))


def keys_that_tell(quiz: QuizFile) -> Iterator[Problem]:
    items = one_best(quiz)
    line = quiz.record.at("questions")
    if len(items) >= FEWEST_FOR_LENGTH:
        longest = [item["id"] for item in items if key_is_longest(item)]
        yield from above(quiz.file, line, "the key is the longest choice", longest, items, LONGEST_IS_KEY, "questions")
    if len(items) >= FEWEST_FOR_PLACE:
        place, _count = Counter(map(key_place, items)).most_common(1)[0]
        there = [item["id"] for item in items if key_place(item) == place]
        what = f"the key is {LETTERS[place]}"
        yield from above(quiz.file, line, what, there, items, SAME_PLACE_IS_KEY, "questions")


# ---- dates


def date_dependent(question: Mapping[str, Any]) -> Iterator[str]:
    """Why a question asks for a date rather than for understanding, or will be wrong one day."""
    texts = [choice["text"] for choice in question.get("choices", [])]
    without = {" ".join(DATE_PARTS.sub("", text).split()).casefold() for text in texts}
    if len(texts) > 1 and len(without) == 1 and all(IS_DATE.search(text) for text in texts):
        yield "its choices differ by dates only"
    for text in key_texts(question):
        if found := RECENT.search(text):
            yield f"its key holds a date that will pass, {found[0]}: {text}"


def key_texts(question: Mapping[str, Any]) -> list[str]:
    """What a learner has to choose or put in place."""
    if "choices" in question:
        best = max(choice["score"] for choice in question["choices"])
        return [choice["text"] for choice in question["choices"] if choice["score"] == best]
    if "pairs" in question:
        return [pair["right"] for pair in question["pairs"]]
    return [item["text"] for item in question.get("items", [])]


# ---- the report


def summary(quiz: QuizFile) -> dict[str, Any]:
    """Questions by type, how many keys stand at each place, and in how many the key is the longest choice."""
    items = one_best(quiz)
    places = Counter(LETTERS[key_place(item)] for item in items)
    return {
        "questions": len(quiz.record["questions"]),
        "types": dict(Counter(question["type"] for question in quiz.record["questions"])),
        "one_best": len(items),
        "places": dict(sorted(places.items())),
        "longest": sum(map(key_is_longest, items)),
    }
