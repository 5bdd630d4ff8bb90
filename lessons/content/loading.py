"""A course folder into the database: identities are kept, changed texts get a new version, what vanished retires."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from lessons import markup
from lessons.content import formats
from lessons.content.changes import Changes
from lessons.content.folder import CourseFolder, LessonFolder, UnitFile
from lessons.content.problems import ContentErrors, Problem
from lessons.content.versioning import fingerprint, publish_new
from lessons.models import Competency, Course, Lesson, Source, Term, Unit, UnitVersion

# While lessons change places, their numbers stand above any that a course may use.
PARKED = 1000
UNIT_FIELDS = ("title", "minutes", "lede", "outcome", "required", "competencies", "sources", "terms")


@transaction.atomic
def load(folder: CourseFolder, *, at: datetime) -> tuple[Course, Changes]:
    """Make the database say what the folder says. Raises ContentErrors, and then nothing was written.

    Courses, lessons, terms, sources and competencies are overwritten; a unit that changed gets a new version. The units
    of kind quiz are left to `quizzes.content`.
    """
    folder.report.raise_any()
    changes = Changes()
    course = load_course(folder, changes)
    load_records(course, folder, changes)
    lessons = load_lessons(course, folder, changes)
    load_units(course, folder, lessons, changes, at=at)
    return course, changes


def load_course(folder: CourseFolder, changes: Changes) -> Course:
    """What the files say of the course. Whether it is open is said in the admin alone: a new one is published."""
    record = folder.course
    fields = {name: record[name] for name in ("title", "subtitle", "language", "coming")} | {
        "front": {name: record[name] for name in formats.FRONT},
        "authoring": {name: value for name, value in (record["authoring"] or {}).items() if value is not None},
        "certificate_rule": dict(record["certificate"]),
    }
    existing = Course.objects.select_for_update().filter(key=record["key"])
    synchronise(Course, {course.key: course for course in existing}, {record["key"]: fields}, {}, changes, "course")
    return Course.objects.get(key=record["key"])


def load_records(course: Course, folder: CourseFolder, changes: Changes) -> None:
    """Terms, sources and competencies, in the order of their files."""
    terms = {
        term["key"]: {"title": term["title"], "definition": term["definition"], "position": position}
        | {"definition_html": markup.inline(term["definition"])}
        for position, term in enumerate(folder.terms or [])
    }
    sources = {
        source["key"]: {name: source[name] for name in ("author", "year", "title", "mark")}
        | {"url": source["url"] or "", "supports": source["supports"] or "", "position": position}
        | {"checked": date.fromisoformat(source["checked"]) if source["checked"] else None}
        for position, source in enumerate(folder.sources or [])
    }
    competencies = {
        competency["key"]: {"title": competency["title"], "levels": competency["levels"], "position": position}
        for position, competency in enumerate(folder.competencies or [])
    }
    for model, kind, wanted in (
        (Term, "terms", terms),
        (Source, "sources", sources),
        (Competency, "competencies", competencies),
    ):
        existing = {thing.key: thing for thing in model.objects.filter(course=course)}
        synchronise(model, existing, wanted, {"course": course}, changes, kind)
        gone = [thing for key, thing in existing.items() if key not in wanted]
        remove(model, gone, folder, changes, kind)


def remove(model: type[models.Model], gone: list, folder: CourseFolder, changes: Changes, kind: str) -> None:
    """Take away terms, sources and competencies that are no longer listed and on which nothing rests."""
    if not gone:
        return
    try:
        model._default_manager.filter(pk__in=[thing.pk for thing in gone]).delete()
    except models.ProtectedError as error:
        file = folder.name("course.yaml" if model is Competency else f"{kind}.yaml")
        names = ", ".join(thing.key for thing in gone)
        reason = f"{names} cannot be taken away: questions or ratings rest on it"
        raise ContentErrors([Problem(file, 1, reason)]) from error
    changes.count(kind, "retired", len(gone))


def load_lessons(course: Course, folder: CourseFolder, changes: Changes) -> dict[str, Lesson]:
    """Lessons by key. None is ever taken away: its number stands in addresses, its learners' states hang on it."""
    names = ("title", "short_title", "summary", "outcomes", "pre_questions", "outline")
    wanted = {
        lesson.record["key"]: {name: lesson.record[name] for name in names} | {"number": lesson.number}
        for lesson in folder.lessons
    }
    existing = {lesson.key: lesson for lesson in Lesson.objects.filter(course=course)}
    gone = sorted(set(existing) - set(wanted))
    if gone:
        reason = f"lessons: {', '.join(gone)} cannot be taken away once loaded; keep the folder, under the same key"
        raise ContentErrors([Problem(folder.name("course.yaml"), folder.course.at("lessons"), reason)])
    moving = [lesson.pk for key, lesson in existing.items() if lesson.number != wanted[key]["number"]]
    Lesson.objects.filter(pk__in=moving).update(number=models.F("number") + PARKED)
    synchronise(Lesson, existing, wanted, {"course": course}, changes, "lessons")
    return {lesson.key: lesson for lesson in Lesson.objects.filter(course=course)}


def load_units(
    course: Course, folder: CourseFolder, lessons: Mapping[str, Lesson], changes: Changes, *, at: datetime
) -> None:
    """Reading units: identities, order, retirement, and a new version for each text that changed."""
    written = {
        (lesson.record["key"], unit.record["key"]): (position, lesson, unit)
        for lesson, position, unit in places(folder)
    }
    refuse_other_kinds(course, folder, written)
    units = load_identities(
        course,
        lessons,
        {key: position for key, (position, _l, _u) in written.items()},
        Unit.Kind.READING,
        changes,
        at=at,
    )
    current = {
        version.unit_id: version for version in UnitVersion.objects.current().filter(unit__in=list(units.values()))
    }
    new: list[UnitVersion] = []
    for key, (_position, _lesson, file) in written.items():
        version = UnitVersion(unit=units[key], source=file.source, blocks=file.blocks)
        for name in UNIT_FIELDS:
            setattr(version, name, file.record[name])
        count_version(version, current.get(units[key].pk), unit_content, new, changes, "units")
    publish_new(new, at=at)


def places(folder: CourseFolder) -> Iterable[tuple[LessonFolder, int, UnitFile]]:
    for lesson in folder.lessons:
        for position, unit in enumerate(lesson.units, 1):
            yield lesson, position, unit


def refuse_other_kinds(course: Course, folder: CourseFolder, written: Mapping) -> None:
    """A unit keeps its kind: learners' states mean something else for a quiz than for a text."""
    others = Unit.objects.filter(lesson__course=course).exclude(kind=Unit.Kind.READING).select_related("lesson")
    problems = [
        Problem(
            written[unit.lesson.key, unit.key][2].file, 2, f"key: {unit.key} is a {unit.get_kind_display()} already"
        )
        for unit in others
        if (unit.lesson.key, unit.key) in written
    ]
    if problems:
        raise ContentErrors(problems)


def load_identities(
    course: Course,
    lessons: Mapping[str, Lesson],
    wanted: Mapping[tuple[str, str], int],
    kind: str,
    changes: Changes,
    *,
    at: datetime,
) -> dict[tuple[str, str], Unit]:
    """The units of one kind by (lesson key, key): made, moved, retired or brought back so that they are as wanted.

    `wanted` gives the position of each. Units that were only ever drafts are nobody's loss and stay as they are.
    """
    existing = {
        (unit.lesson.key, unit.key): unit
        for unit in Unit.objects.filter(lesson__course=course, kind=kind).select_related("lesson")
    }
    new = [
        Unit(lesson=lessons[lesson], key=key, kind=kind, position=position)
        for (lesson, key), position in wanted.items()
        if (lesson, key) not in existing
    ]
    moved = []
    for key, unit in existing.items():
        if key in wanted and (unit.position, unit.retired_at) != (wanted[key], None):
            if unit.retired_at:
                changes.count("units", "returned")
            unit.position, unit.retired_at = wanted[key], None
            moved.append(unit)
    Unit.objects.bulk_create(new)
    Unit.objects.bulk_update(moved, ["position", "retired_at"])
    published = Unit.objects.live().filter(pk__in=[unit.pk for key, unit in existing.items() if key not in wanted])
    retired = Unit.objects.filter(pk__in=list(published.values_list("pk", flat=True))).update(retired_at=at)
    changes.count("units", "retired", retired)
    return {key: unit for key, unit in existing.items() if key in wanted} | {
        (unit.lesson.key, unit.key): unit for unit in new
    }


def unit_content(version: UnitVersion) -> dict[str, Any]:
    """Everything of a unit's version that an author or a reader can tell apart."""
    return {name: getattr(version, name) for name in (*UNIT_FIELDS, "source", "blocks")}


def count_version(version, current, content, new: list, changes: Changes, kind: str) -> None:
    """Put the version with the new ones when it differs from the current one, and count what it is."""
    version.fingerprint = fingerprint(content(version))
    if current is None:
        changes.count(kind, "new")
    elif fingerprint(content(current)) == version.fingerprint:
        changes.count(kind, "unchanged")
        return
    else:
        changes.count(kind, "changed")
    new.append(version)


def synchronise(
    model: type[models.Model], existing: Mapping, wanted: Mapping, fixed: Mapping, changes: Changes, kind: str
) -> None:
    """Create and update rows by key in two statements; `fixed` holds for all of them. Nothing is removed."""
    new = [model(key=key, **fixed, **fields) for key, fields in wanted.items() if key not in existing]
    changed = []
    for key, fields in wanted.items():
        thing = existing.get(key)
        if thing is None:
            continue
        if any(getattr(thing, name) != value for name, value in fields.items()):
            changed.append(thing)
        for name, value in fields.items():
            setattr(thing, name, value)
    model._default_manager.bulk_create(new)
    if changed:
        model._default_manager.bulk_update(changed, list(next(iter(wanted.values()))))
    changes.count(kind, "new", len(new))
    changes.count(kind, "changed", len(changed))
    changes.count(kind, "unchanged", len(wanted) - len(new) - len(changed))
