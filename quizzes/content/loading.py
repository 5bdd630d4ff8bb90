"""Quizzes and questions into the database: the same rules as for units, see `lessons.content.loading`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from lessons.content.changes import Changes
from lessons.content.loading import count_version, load_identities, unit_content
from lessons.content.problems import ContentErrors, Problem
from lessons.content.values import Fields
from lessons.content.versioning import publish_new
from lessons.models import Competency, Course, Lesson, Unit, UnitVersion
from quizzes.content import blueprints
from quizzes.content.files import ExamFile, QuestionFiles, QuizFile
from quizzes.content.formats import RULES, UNSAID
from quizzes.content.rendering import body_of, rendered_of
from quizzes.models import PoolMember, Question, QuestionVersion, Quiz, QuizVersion, Slot

#: When a quiz is open is a matter of the running course: files that do not mention it leave it as the admin set it.
OPENING = ("opens_at", "closes_at", "window")
#: A question as its file has it: record, lesson (None: the exam), position.
Written = tuple[Fields, Lesson | None, int]


@transaction.atomic
def load(files: QuestionFiles, *, course: Course, at: datetime) -> Changes:
    """Make the database say what the files say. Raises ContentErrors, and then nothing was written.

    The course itself must have been loaded. The questions of the exam belong to no lesson.
    """
    changes = Changes()
    lessons = {lesson.key: lesson for lesson in Lesson.objects.filter(course=course)}
    questions = load_questions(files, course, lessons, changes, at=at)
    files_of_quizzes: list[QuizFile | ExamFile] = [
        *files.quizzes,
        *([files.exam] if files.exam and files.exam.is_exam else []),
    ]
    load_quizzes(files_of_quizzes, course, lessons, questions, changes, at=at)
    return changes


def load_questions(
    files: QuestionFiles, course: Course, lessons: Mapping[str, Lesson], changes: Changes, *, at: datetime
) -> dict[str, Question]:
    """Questions by key: identities, then a new version for each that changed."""
    written: dict[str, Written] = {}
    for file in files.all:
        lesson = lessons[file.lesson.record["key"]] if isinstance(file, QuizFile) else None
        for position, record in enumerate(file.record["questions"], 1):
            written[record["id"]] = (record, lesson, position)
    questions = load_question_identities(written, course, changes, at=at)
    competencies = {item.key: item for item in Competency.objects.filter(course=course)}
    units = {
        (unit.lesson_id, unit.key): unit for unit in Unit.objects.filter(lesson__course=course, retired_at__isnull=True)
    }
    current = {
        version.question_id: version
        for version in QuestionVersion.objects.current()
        .filter(question__in=[question.pk for question in questions.values()])
        .select_related("competency", "unit__lesson")
    }
    new: list[QuestionVersion] = []
    for key, (record, lesson, _position) in written.items():
        body = body_of(record)
        version = QuestionVersion(
            question=questions[key],
            type=record["type"],
            competency=competencies[record["competency"]],
            bloom=record["bloom"],
            sources=record["sources"],
            unit=units[lesson.pk, record["unit"]] if lesson and record["unit"] else None,
            stem=record["stem"],
            body=body,
            rendered=rendered_of(record, body),
        )
        count_version(version, current.get(questions[key].pk), question_content, new, changes, "questions")
    publish_new(new, at=at)
    return questions


def load_question_identities(
    written: Mapping[str, Written], course: Course, changes: Changes, *, at: datetime
) -> dict[str, Question]:
    existing = {question.key: question for question in Question.objects.filter(course=course)}
    new = [
        Question(course=course, key=key, lesson=lesson, position=position)
        for key, (_record, lesson, position) in written.items()
        if key not in existing
    ]
    moved = []
    for key, question in existing.items():
        if key not in written:
            continue
        _record, lesson, position = written[key]
        if (question.lesson_id, question.position, question.retired_at) != (lesson and lesson.pk, position, None):
            if question.retired_at:
                changes.count("questions", "returned")
            question.lesson, question.position, question.retired_at = lesson, position, None
            moved.append(question)
    Question.objects.bulk_create(new)
    Question.objects.bulk_update(moved, ["lesson", "position", "retired_at"])
    gone = Question.objects.filter(
        course=course, retired_at__isnull=True, versions__state=QuestionVersion.State.CURRENT
    ).exclude(key__in=written)
    retired = Question.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).update(retired_at=at)
    changes.count("questions", "retired", retired)
    return {key: question for key, question in existing.items() if key in written} | {q.key: q for q in new}


def question_content(version: QuestionVersion) -> dict[str, Any]:
    """Everything of a question's version that an author or a learner can tell apart."""
    names = ("type", "bloom", "sources", "stem", "body", "rendered")
    unit = version.unit
    return {name: getattr(version, name) for name in names} | {
        "competency": version.competency.key,
        "unit": [unit.lesson.key, unit.key] if unit else None,
    }


def load_quizzes(
    quizzes: Sequence[QuizFile | ExamFile],
    course: Course,
    lessons: Mapping[str, Lesson],
    questions: Mapping[str, Question],
    changes: Changes,
    *,
    at: datetime,
) -> None:
    """The units of kind quiz with their texts, and the rules and draw of each."""
    files = {(quiz.lesson.record["key"], quiz.record["key"]): quiz for quiz in quizzes}
    refuse_other_kinds(course, files)
    move_exam(course, lessons, quizzes)
    # The exam comes after the check and the assignment of its lesson, whether there are any yet or not.
    positions = {key: len(quiz.lesson.units) + (3 if is_exam(quiz) else 1) for key, quiz in files.items()}
    units = load_identities(course, lessons, positions, Unit.Kind.QUIZ, changes, at=at)
    load_texts(files, units, changes, at=at)
    by_unit = {quiz.unit_id: quiz for quiz in Quiz.objects.filter(unit__lesson__course=course)}
    made = Quiz.objects.bulk_create(
        Quiz(unit=units[key], purpose=Quiz.Purpose.EXAM if is_exam(file) else Quiz.Purpose.CHECK)
        for key, file in files.items()
        if units[key].pk not in by_unit
    )
    by_unit |= {quiz.unit_id: quiz for quiz in made}
    current = {
        version.quiz_id: version
        for version in QuizVersion.objects.current()
        .filter(quiz__in=[quiz.pk for quiz in by_unit.values()])
        .prefetch_related("slots__members__question")
    }
    new: list[QuizVersion] = []
    draws: dict[int, list[dict[str, Any]]] = {}
    for key, file in files.items():
        quiz = by_unit[units[key].pk]
        version = QuizVersion(quiz=quiz, **rules_of(file.record))
        draws[quiz.pk] = blueprints.slots(file.record)
        existing = current.get(quiz.pk)
        for name in OPENING if existing else ():
            if file.record[name] is None:
                setattr(version, name, getattr(existing, name))
        count_version(
            version, existing, lambda v: quiz_content(v, draws, written=v.pk is None), new, changes, "quizzes"
        )
    publish_new(new, at=at)
    load_draws(new, draws, questions)


def is_exam(file: QuizFile | ExamFile) -> bool:
    return isinstance(file, ExamFile)


def rules_of(record: Fields) -> dict[str, Any]:
    """The rules as the version has them; what the file leaves out is as it is when nothing is said."""
    rules = {name: UNSAID[name] if record[name] is None and name in UNSAID else record[name] for name in RULES}
    return rules | {
        name: Decimal(str(rules[name])) for name in ("pass_percent", "floor_percent") if rules[name] is not None
    }


def move_exam(course: Course, lessons: Mapping[str, Lesson], quizzes: Sequence[QuizFile | ExamFile]) -> None:
    """When lessons were added, the exam follows to the end of the last one, and everybody's attempts with it."""
    for file in quizzes:
        if is_exam(file):
            last = lessons[file.lesson.record["key"]]
            held = Unit.objects.filter(lesson__course=course, quiz__purpose=Quiz.Purpose.EXAM, key=file.record["key"])
            held.exclude(lesson=last).update(lesson=last)


def refuse_other_kinds(course: Course, files: Mapping[tuple[str, str], QuizFile | ExamFile]) -> None:
    others = Unit.objects.filter(lesson__course=course).exclude(kind=Unit.Kind.QUIZ).select_related("lesson")
    problems = [
        Problem(files[unit.lesson.key, unit.key].file, 1, f"key: {unit.key} is a {unit.get_kind_display()} already")
        for unit in others
        if (unit.lesson.key, unit.key) in files
    ]
    if problems:
        raise ContentErrors(problems)


def load_texts(files: Mapping, units: Mapping, changes: Changes, *, at: datetime) -> None:
    """Title, minutes and intro of a quiz stand in the version of its unit."""
    current = {
        version.unit_id: version for version in UnitVersion.objects.current().filter(unit__in=list(units.values()))
    }
    new: list[UnitVersion] = []
    for key, file in files.items():
        record, unit = file.record, units[key]
        version = UnitVersion(unit=unit, title=record["title"], minutes=record["minutes"], lede=record["intro"])
        # Lessons are finished without the exam; the certificate asks for it.
        version.required = not is_exam(file)
        count_version(version, current.get(unit.pk), unit_content, new, changes, "units")
    publish_new(new, at=at)


def quiz_content(version: QuizVersion, draws: Mapping[int, list[dict[str, Any]]], *, written: bool) -> dict[str, Any]:
    """Rules and draw of a version, from the files (`written`, not saved yet) or from its slots in the database."""
    rules = {name: getattr(version, name) for name in RULES}
    for name in ("pass_percent", "floor_percent"):
        rules[name] = None if rules[name] is None else f"{rules[name]:.2f}"
    for name in ("opens_at", "closes_at"):
        rules[name] = rules[name] and rules[name].isoformat()
    return rules | {"slots": draws[version.quiz_id] if written else slots_of(version)}


def slots_of(version: QuizVersion) -> list[dict[str, Any]]:
    """The slots as `blueprints.slots` has them, in order; wants `slots__members__question` prefetched.

    Retired questions are in no file: a slot is what it draws from today, and one without any is left out.
    """
    slots = []
    for slot in sorted(version.slots.all(), key=lambda slot: slot.position):
        members = [member for member in slot.members.all() if member.question.retired_at is None]
        keys = [member.question.key for member in sorted(members, key=lambda member: member.position)]
        if keys:
            pick = slot.pick and min(slot.pick, len(keys))
            slots.append({"pick": pick, "questions": keys, "criteria": slot.criteria})
    return slots


def load_draws(
    versions: Sequence[QuizVersion], draws: Mapping[int, list[dict[str, Any]]], questions: Mapping[str, Question]
) -> None:
    slots = [
        (
            Slot(quiz_version=version, position=position, pick=slot["pick"], criteria=slot["criteria"]),
            slot["questions"],
        )
        for version in versions
        for position, slot in enumerate(draws[version.quiz_id], 1)
    ]
    Slot.objects.bulk_create([slot for slot, _members in slots])
    PoolMember.objects.bulk_create(
        [
            PoolMember(slot=slot, question=questions[key], position=position)
            for slot, members in slots
            for position, key in enumerate(members, 1)
        ]
    )
