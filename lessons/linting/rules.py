"""What is a matter of judgement over a whole course of texts: figures and their sources, lengths, checks, dead links.

Pure functions over a folder that `lessons.content.read` could read without a fault; what a single file gets wrong is
refused there. A rule yields Problems (file, line, what to mend). docs/authoring.md says the same in words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lessons.content.folder import CourseFolder, LessonFolder, UnitFile
from lessons.content.problems import Problem
from lessons.linting import passages
from lessons.linting.links import Site, dead_links
from lessons.linting.passages import FIGURE, Kind, Passage, Sentence
from lessons.markup import plain_text

WORDS_A_MINUTE = 130
LONGEST_IS_RIGHT = 40
SAME_PLACE_IS_RIGHT = 60
#: A share of fewer checks says nothing.
FEWEST_CHECKS = 5
# "(O’Reilly, 2017)" says which edition is meant; it is no figure that the source is to bear out.
PUBLISHED = re.compile(r"\((?:[^()]{0,80},\s)?(?:1[5-9]|20)\d\d\)")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def faults(folder: CourseFolder, site: Site) -> Iterator[Problem]:
    """Everything that the rules of this module find."""
    yield from folder.report.remarks
    yield from dead_links(folder, site)
    yield from terms_without_place(folder)
    marks = {source["key"]: source["mark"] for source in folder.sources or []}
    for lesson in folder.lessons:
        for unit in lesson.units:
            parts = passages.passages(unit.source)
            yield from figures_without_source(unit, parts)
            yield from figures_from_memory(unit, parts, marks)
            yield from fiction_unsaid(unit, folder.authoring.get("fictional") or ())
        yield from lengths(folder, lesson)
        yield from checks_that_tell(folder, lesson)


def at(unit: UnitFile, line: int, reason: str) -> Problem:
    """A problem on a line of the unit's text, counted from 1 within its source."""
    return Problem(unit.file, unit.first_line + line - 1, reason)


# ---- figures and their sources


def figures_without_source(unit: UnitFile, parts: Sequence[Passage]) -> Iterator[Problem]:
    """In a case every number comes from somewhere: its sentence, or the next of the paragraph, says from where. The
    rows of a table share their sources.
    """
    case = [passage for passage in parts if passage.block == "case"]
    sourced = {passage.title for passage in case if passage.kind == Kind.ROW and passages.cited(passage.text)}
    for passage in case:
        if passage.kind == Kind.ROW and passage.title in sourced:
            continue
        sentences = passages.sentences(passage)
        for sentence, following in zip(sentences, [*sentences[1:], None], strict=True):
            near = sentence.citations or (following and following.citations)
            if sentence.prints_figure and not near:
                yield at(unit, sentence.line, f"a figure in a case without its source: {shortened(sentence)}")


def figures_from_memory(unit: UnitFile, parts: Iterable[Passage], marks: Mapping[str, str]) -> Iterator[Problem]:
    """A source that nobody has read again bears no number. The year in which it appeared is none."""
    for passage in parts:
        for sentence in passages.sentences(passage):
            for key in dict.fromkeys(sentence.citations):
                if marks.get(key) == "M" and FIGURE.search(PUBLISHED.sub("", passages.plain(sentence.text))):
                    reason = f"{key} is marked M, so no figure may rest on it: {shortened(sentence)}"
                    yield at(unit, sentence.line, reason)


def shortened(sentence: Sentence) -> str:
    text = " ".join(sentence.text.split())
    return text if len(text) <= 60 else f"{text[:59].rstrip()}…"


def fiction_unsaid(unit: UnitFile, fictional: Iterable[str]) -> Iterator[Problem]:
    """Whoever opens a unit from a search must see that a company of one of these names does not exist."""
    lede = unit.record["lede"] + unit.record["title"]
    text = f"{unit.source}\n{lede}"
    for name in unsaid(text, fictional):
        line = unit.source[: max(unit.source.find(name), 0)].count("\n") + 1
        yield at(unit, line, f"{name} without the word fictional in this unit")


def unsaid(text: str, fictional: Iterable[str]) -> list[str]:
    """Which of these names stand in a text that does not say that they are fictional."""
    return [] if "fictional" in text.casefold() else [name for name in fictional if name in text]


# ---- lengths


def lengths(folder: CourseFolder, lesson: LessonFolder) -> Iterator[Problem]:
    """Words of prose a unit and a lesson, where the course limits them. A lesson that is still being written has no
    length yet."""
    if lesson.record["outline"]:
        return
    counts = {unit.file: passages.count_words(passages.passages(unit.source)) for unit in lesson.units}
    for file, count in counts.items():
        yield from outside(file, "the unit", count, folder.authoring.get("unit_words"))
    file, limits = folder.name(f"{lesson.path}/lesson.yaml"), folder.authoring.get("lesson_words")
    yield from outside(file, "the lesson", sum(counts.values()), limits)


def outside(file: str, what: str, count: int, limits: Sequence[int] | None) -> Iterator[Problem]:
    low, high = limits or (count, count)
    if not low <= count <= high:
        yield Problem(file, 1, f"{what} has {count:,} words of prose, {low:,} to {high:,} are wanted")


# ---- checks


def checks_of(lesson: LessonFolder) -> list[dict]:
    return [block for unit in lesson.units for block in unit.blocks if block["kind"] == "check"]


def right_place(check: Mapping[str, Any]) -> int:
    """The place of the right choice, from 0."""
    return [choice["right"] for choice in check["choices"]].index(True)


def right_is_longest(check: Mapping[str, Any]) -> bool:
    sizes = [len(plain_text(choice["html"])) for choice in check["choices"]]
    return is_longest(sizes, right_place(check))


def is_longest(sizes: Sequence[int], place: int) -> bool:
    """True when the one at `place` is longer than every other; two of one length give nothing away."""
    return all(size < sizes[place] for other, size in enumerate(sizes) if other != place)


def checks_that_tell(folder: CourseFolder, lesson: LessonFolder) -> Iterator[Problem]:
    """A reader who has seen where, or how long, the right choice is need not think."""
    checks = checks_of(lesson)
    if len(checks) < FEWEST_CHECKS:
        return
    file = folder.name(f"{lesson.path}/lesson.yaml")
    longest = [check["key"] for check in checks if right_is_longest(check)]
    yield from above(file, 1, "the right choice is the longest", longest, checks, LONGEST_IS_RIGHT, "checks")
    place, _count = Counter(map(right_place, checks)).most_common(1)[0]
    there = [check["key"] for check in checks if right_place(check) == place]
    reason = f"the right choice is {LETTERS[place]}"
    yield from above(file, 1, reason, there, checks, SAME_PLACE_IS_RIGHT, "checks")


def above(
    file: str, line: int, what: str, places: Sequence[str], among: Sequence, limit: int, things: str
) -> Iterator[Problem]:
    """A problem when more than `limit` percent of the things are among those found."""
    if 100 * len(places) > limit * len(among):
        share = f"{len(places)} of {len(among)} {things}, {limit}% are allowed"
        yield Problem(file, line, f"{what} in {share}: {', '.join(places)}")


# ---- terms and sources


def terms_without_place(folder: CourseFolder) -> Iterator[Problem]:
    introduced = {key for lesson in folder.lessons for unit in lesson.units for key in unit.record["terms"]}
    for term in folder.terms or []:
        if term["key"] not in introduced:
            yield Problem(folder.name("terms.yaml"), term.line, f"the term {term['key']} is introduced by no unit")


def sources_never_cited(folder: CourseFolder, elsewhere: Iterable[str] = ()) -> Iterator[Problem]:
    """For the report: sources that no text cites, nor anything `elsewhere`; and those that a unit lists and its text
    does not cite.
    """
    cited = set(elsewhere)
    for lesson in folder.lessons:
        for unit in lesson.units:
            here = set(passages.cited(unit.source))
            cited |= here
            for key in unit.record["sources"]:
                if key not in here:
                    line = unit.record.at("sources")
                    yield Problem(unit.file, line, f"the source {key} is listed and not cited in this unit")
    for source in folder.sources or []:
        if source["key"] not in cited:
            yield Problem(folder.name("sources.yaml"), source.line, f"the source {source['key']} is never cited")


# ---- the report


def unit_row(unit: UnitFile) -> dict[str, Any]:
    """What an author wants to know of a unit: words, minutes promised, minutes at WORDS_A_MINUTE, grade, blocks."""
    parts = passages.passages(unit.source)
    count = passages.count_words(parts)
    kinds = Counter(block["kind"] for block in unit.blocks)
    return {
        "unit": unit.record["key"],
        "words": count,
        "minutes": unit.record["minutes"],
        "at_130": round(count / WORDS_A_MINUTE, 1),
        "grade": round(passages.grade(parts), 1),
        "checks": kinds["check"],
        "figures": kinds["figure"],
        "boardroom": kinds["boardroom"],
    }
