"""What a page of the reader shows of a version: its head, its text as JSON, its terms and its sources."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse

from database.prepared import Prepared
from lessons import outlines
from lessons.models import Course, Source, Term, UnitVersion
from lessons.reader.frames import Frame, frame
from lessons.reader.remembered import remembered
from lessons.reader.text import prose


class Page(NamedTuple):
    """A unit version for the reader. `blocks` is JSON as stored: it is parsed only when it has to be rendered."""

    title: str
    minutes: int
    lede: str
    outcome: str
    sources: list[str]
    terms: list[str]
    blocks: str


class TermLine(NamedTuple):
    key: str
    title: str
    definition_html: str


class SourceLine(NamedTuple):
    key: str
    author: str
    year: int | None
    title: str
    url: str
    mark: str

    @property
    def mark_label(self) -> str:
        """How it was read, in words; empty where the author's own text was, which needs no remark."""
        return "" if self.mark == Source.Mark.V1 else str(Source.Mark(self.mark).label)


PAGE = Prepared(
    lambda version: (
        UnitVersion.objects.filter(pk=version)
        .order_by()
        .annotate(text=Cast("blocks", TextField()))
        .values_list("title", "minutes", "lede", "outcome", "sources", "terms", "text")
    ),
    version=int,
)
TERMS = Prepared(
    lambda course: Term.objects.filter(course=course).order_by().values_list(*TermLine._fields), course=int
)
SOURCES = Prepared(
    lambda course: Source.objects.filter(course=course).order_by().values_list(*SourceLine._fields), course=int
)

CITED = Prepared(lambda course: UnitVersion.objects.live(course).order_by().values_list("sources"), course=int)


# A page is some fifty thousand characters; most learners read the same few units in the same week.
@remembered(most=80)
def frame_of(course: Course, revision: UUID, number: int, key: str) -> Frame:
    """The whole page of a unit of a course that was read for this very request, at the revision it was read with."""
    return frame("lessons/unit.html", context(course, number, key))


def context(course: Course, number: int, key: str, **answer: str | None) -> dict[str, Any]:
    """What the page of a unit shows; raises LookupError when none is live there.

    `check` and `choice` answer an ungraded check, see `text.prose`.
    """
    outline = outlines.of(course)
    found = outline.find(number, key)
    if found is None:
        raise LookupError(f"There is no live unit {number}/{key}.")
    lesson, unit = found
    version = page(unit.version_id, course)
    path = reverse("lessons:lessons", args=[course.key]) + unit.address
    return {
        "course": course,
        "outline": outline,
        "lesson": lesson,
        "unit": unit,
        "version": version,
        "prose": prose(version.blocks, path=path, coming=tuple(course.coming), **answer),
        "terms": terms(course, version.terms),
        "sources": sources(course, version.sources),
    }


def page(version_id: int, course: Course) -> Page:
    """The live version with this id of a course that was read for this very request."""
    return _page(version_id, course.revision)


def terms(course: Course, keys: Iterable[str]) -> tuple[TermLine, ...]:
    """The course's terms with these keys, in the order of the keys."""
    return _in_order(_terms(course.pk, course.revision), keys) if keys else ()


def sources(course: Course, keys: Iterable[str]) -> tuple[SourceLine, ...]:
    """The course's sources with these keys, in the order of the keys."""
    return _in_order(_sources(course.pk, course.revision), keys) if keys else ()


def cited(course: Course) -> frozenset[str]:
    """The keys of the sources that a section cites which is published: of the others learners have read nothing."""
    return _cited(course.pk, course.revision)


# Each is read once in each process for a revision of the course, which never comes back (database.revisions).


@lru_cache(maxsize=30)
def _page(version_id: int, revision: UUID) -> Page:
    return Page(*PAGE(version=version_id)[0])


@lru_cache(maxsize=4)
def _terms(course: int, revision: UUID) -> dict[str, TermLine]:
    return {line.key: line for line in map(TermLine._make, TERMS(course=course))}


@lru_cache(maxsize=4)
def _sources(course: int, revision: UUID) -> dict[str, SourceLine]:
    return {line.key: line for line in map(SourceLine._make, SOURCES(course=course))}


@lru_cache(maxsize=4)
def _cited(course: int, revision: UUID) -> frozenset[str]:
    return frozenset(key for (keys,) in CITED(course=course) for key in keys)


def _in_order(lines, keys):
    return tuple(lines[key] for key in keys if key in lines)
