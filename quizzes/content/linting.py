"""What is a matter of judgement over the questions of a course: keys that give themselves away or go out of date, and
whether the exam has enough of them.

Pure functions over files that `quizzes.content.read` could read without a fault. A rule yields Problems.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lessons.content.folder import CourseFolder
from lessons.content.problems import Problem
from lessons.content.values import texts_of
from lessons.linting.links import Site, address, dead_links_in_fields
from lessons.linting.rules import LETTERS, above, is_longest, unsaid
from lessons.markup import inline, plain_text
from lessons.markup.prose import RESERVED_IDS
from quizzes.content import blueprints
from quizzes.content.files import ExamFile, QuestionFiles, QuizFile
from quizzes.questions.types import TYPES, made_of

#: Who takes the exam again is to meet other questions.
SUPPLY = 2
FORMS = 3
#: A smaller pool is still being written.
FEWEST_FOR_FORMS = 100
LONGEST_IS_KEY = 30
FEWEST_FOR_LENGTH = 4
SAME_PLACE_IS_KEY = 45
FEWEST_FOR_PLACE = 8
MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE_PARTS = re.compile(rf"\b(?:{MONTH}|early|mid|late|\d+(?:st|nd|rd|th|s)?)\b", re.IGNORECASE)
IS_DATE = re.compile(rf"\b(?:{MONTH})\b|(?<![€$£])\b(?:1[5-9]|20)\d\ds?\b")
# From 2024 on what is true today may not be true when the question is asked. "€2025" and "2,030" are amounts.
RECENT = re.compile(r"(?<![\d,.€$£])20(?:2[4-9]|[3-9]\d)(?![\d,%]|\.\d)")


def faults(files: QuestionFiles, site: Site) -> Iterator[Problem]:
    """Everything that the rules of this module find."""
    for file in files.all:
        yield from dead_links_in_fields(file.file, file.record, site)
        yield from fiction_unsaid(file, files.fictional)
        yield from keys_that_tell(file)
        for question in file.record["questions"]:
            for reason in date_dependent(question):
                yield Problem(file.file, question.line, f"{question['id']}: {reason}")
    if files.exam:
        record = files.exam.record
        for reason in blueprint_gaps(record["questions"], record.get("blueprint") or []):
            yield Problem(files.exam.file, record.at("questions"), reason)
        yield from draw_gaps(files.exam)


def pages(folder: CourseFolder, quizzes: Iterable[QuizFile]) -> dict[str, frozenset[str]]:
    """Addresses of the quizzes, as `lessons.linting.rules.pages` has those of the texts."""
    return {address(folder, quiz.lesson, quiz.record["key"]): frozenset(RESERVED_IDS) for quiz in quizzes}


def cited(files: QuestionFiles) -> set[str]:
    """Keys of the sources on which questions rest."""
    return {key for file in files.all for question in file.record["questions"] for key in question["sources"]}


def fiction_unsaid(file: QuizFile | ExamFile, fictional: Sequence[str]) -> Iterator[Problem]:
    """Questions are drawn one by one: each that names a fictional company says what it is, unless the intro does."""
    if "fictional" in file.record.get("intro", "").casefold():
        return
    for question in file.record["questions"]:
        text = " ".join(text for _line, text in texts_of(question))
        for name in unsaid(text, fictional):
            yield Problem(file.file, question.line, f"{question['id']}: {name} without the word fictional")


# ---- keys that tell


def one_best(file: QuizFile | ExamFile) -> list[Mapping[str, Any]]:
    """The questions of which one choice is the best."""
    return [question for question in file.record["questions"] if TYPES[question["type"]].has_best]


def key_place(question: Mapping[str, Any]) -> int:
    """The place of the best choice in the file, from 0."""
    scores = [choice["score"] for choice in question["choices"]]
    return scores.index(max(scores))


def key_is_longest(question: Mapping[str, Any]) -> bool:
    return is_longest([len(plain(choice["text"])) for choice in question["choices"]], key_place(question))


def plain(text: str) -> str:
    """The text as a learner sees it."""
    return plain_text(inline(text))


def keys_that_tell(file: QuizFile | ExamFile) -> Iterator[Problem]:
    items = one_best(file)
    line = file.record.at("questions")
    if len(items) >= FEWEST_FOR_LENGTH:
        longest = [item["id"] for item in items if key_is_longest(item)]
        yield from above(file.file, line, "the key is the longest choice", longest, items, LONGEST_IS_KEY, "questions")
    if len(items) >= FEWEST_FOR_PLACE:
        place, _count = Counter(map(key_place, items)).most_common(1)[0]
        there = [item["id"] for item in items if key_place(item) == place]
        what = f"the key is {LETTERS[place]}"
        yield from above(file.file, line, what, there, items, SAME_PLACE_IS_KEY, "questions")


# ---- dates


def date_dependent(question: Mapping[str, Any]) -> Iterator[str]:
    """Why a question asks for a date rather than for understanding, or will be wrong one day."""
    texts = [choice["text"] for choice in question.get("choices", [])]
    without = {" ".join(DATE_PARTS.sub("", text).split()).casefold() for text in texts}
    if len(texts) > 1 and len(without) == 1 and all(IS_DATE.search(text) for text in texts):
        yield "its choices differ by dates only"
    for text in key_texts(question):
        if match := RECENT.search(text):
            yield f"its key holds a date that will pass, {match[0]}: {text}"


def key_texts(question: Mapping[str, Any]) -> list[str]:
    """What a learner has to choose, put in place or write."""
    return made_of(question).key_texts(question)


# ---- the exam


def blueprint_gaps(questions: Sequence[Mapping[str, Any]], cells: Iterable[Mapping[str, Any]]) -> list[str]:
    """What a pool of FEWEST_FOR_FORMS questions or more lacks for FORMS forms of the exam that share no question."""
    if len(questions) < FEWEST_FOR_FORMS:
        return []
    held = Counter(question["competency"] for question in questions)
    return [
        f"{competency} has {held[competency]} question{'' if held[competency] == 1 else 's'}, "
        f"three forms of the exam want {FORMS * wanted}"
        for competency, wanted in drawn(cells).items()
        if held[competency] < FORMS * wanted
    ]


def drawn(cells: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How many questions of each competency one form of the exam asks."""
    counts: Counter[str] = Counter()
    for cell in cells:
        counts[cell["competency"]] += cell["pick"]
    return counts


def draw_gaps(exam: ExamFile) -> Iterator[Problem]:
    """Cells that have too few questions for a second attempt."""
    record = exam.record
    for number, cell in enumerate(record.get("blueprint") or [], 1):
        held = len(blueprints.members(cell, record["questions"]))
        if held < SUPPLY * cell["pick"]:
            reason = f"has {held} to pick {cell['pick']} from; a second attempt wants {SUPPLY * cell['pick']}"
            yield Problem(exam.file, cell.line, f"blueprint.{number}: {reason}")


def never_drawn(exam: ExamFile) -> list[str]:
    """Ids of the questions that no slot of the exam holds."""
    inside = {identifier for slot in blueprints.slots(exam.record) for identifier in slot["questions"]}
    return [question["id"] for question in exam.record["questions"] if question["id"] not in inside]


# ---- the report


def table(questions: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Counter[str]]]:
    """Competency → level of Bloom → how many questions of each type."""
    counts: dict[str, dict[str, Counter[str]]] = {}
    for question in questions:
        levels = counts.setdefault(question["competency"], {})
        levels.setdefault(question["bloom"], Counter())[question["type"]] += 1
    return counts


def summary(file: QuizFile | ExamFile) -> dict[str, Any]:
    """Questions by type, how many keys stand at each place, and in how many the key is the longest choice."""
    items = one_best(file)
    places = Counter(LETTERS[key_place(item)] for item in items)
    return {
        "questions": len(file.record["questions"]),
        "types": dict(Counter(question["type"] for question in file.record["questions"])),
        "one_best": len(items),
        "places": dict(sorted(places.items())),
        "longest": sum(map(key_is_longest, items)),
    }
