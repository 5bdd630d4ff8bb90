"""The database into course files: what is current, in canonical form. Drafts are not written."""

from itertools import groupby
from typing import Any

from lessons.content import formats, writing
from lessons.content.folder import FENCE
from lessons.content.loading import UNIT_FIELDS
from lessons.models import Course, Unit, UnitVersion


def dump(course: Course) -> dict[str, str]:
    """Path below the course folder → text, for everything that `lessons.content.load` reads."""
    lessons = list(course.lessons.all())
    competencies = [
        {"key": item.key, "title": item.title, "levels": item.levels}
        for item in course.competencies.order_by("position", "pk")
    ]
    record = {
        **{name: getattr(course, name) for name in ("key", "title", "subtitle", "language", "coming")},
        **course.front,
        "certificate": course.certificate_rule,
        "competencies": competencies,
        "lessons": [lesson.folder for lesson in lessons],
        "authoring": course.authoring or None,
    }
    files = {
        "course.yaml": writing.write(formats.COURSE, record),
        "sources.yaml": writing.write_items(formats.SOURCES, sources(course)),
        "terms.yaml": writing.write_items(formats.TERMS, terms(course)),
    }
    for lesson in lessons:
        record = {name: getattr(lesson, name) for name in formats.LESSON.fields}
        files[f"{lesson.folder}/lesson.yaml"] = writing.write(formats.LESSON, record)
    versions = UnitVersion.objects.current().filter(
        unit__lesson__course=course, unit__retired_at__isnull=True, unit__kind=Unit.Kind.READING
    )
    versions = versions.select_related("unit__lesson").order_by("unit__lesson__number", "unit__position", "unit_id")
    for lesson, units in groupby(versions, key=lambda version: version.unit.lesson):
        for position, version in enumerate(units, 1):
            files[f"{lesson.folder}/{position}-{version.unit.key}.md"] = unit_file(version)
    return files


def remarks(course: Course) -> list[str]:
    """The units of today that no file can hold, one sentence each, for whoever writes the files."""
    held = [Unit.Kind.READING, Unit.Kind.QUIZ, Unit.Kind.ASSIGNMENT]
    texts = UnitVersion.objects.live(course).exclude(unit__kind__in=held)
    return [f"{text.unit} is in no file: files hold no {text.unit.get_kind_display()}" for text in texts]


def sources(course: Course) -> list[dict[str, Any]]:
    return [
        {name: getattr(source, name) for name in ("key", "author", "year", "title", "mark")}
        | {"url": source.url or None, "supports": source.supports or None}
        | {"checked": source.checked.isoformat() if source.checked else None}
        for source in course.sources.order_by("position", "pk")
    ]


def terms(course: Course) -> list[dict[str, Any]]:
    return [
        {"key": term.key, "title": term.title, "definition": term.definition}
        for term in course.terms.order_by("position", "pk")
    ]


def unit_file(version: UnitVersion) -> str:
    """Front matter, a blank line, and the Markdown as it was written."""
    record = {"key": version.unit.key} | {name: getattr(version, name) for name in UNIT_FIELDS}
    return f"{FENCE}{writing.write(formats.UNIT, record)}{FENCE}\n{version.source.strip()}\n"
