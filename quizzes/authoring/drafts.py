"""Questions written outside of files: a draft, and what is missing in it.

There is one set of rules, that of the files (`quizzes.content`). Whatever was typed is read as if it stood in
quiz.yaml, by the same shapes and the same rules, and is stored in the same form, so that `dump_course` writes it back
as it is.
"""

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from lessons.content.parsing import CONTROL, Node
from lessons.content.problems import Report
from lessons.content.values import OMITTED, Fields, Place
from lessons.content.versioning import fingerprint
from lessons.models import Course, Lesson, Unit, UnitVersion
from quizzes.authoring import carrying
from quizzes.content import formats, rules
from quizzes.content.dumping import record_of
from quizzes.content.loading import question_content
from quizzes.content.rendering import body_of, rendered_of
from quizzes.models import Question, QuestionVersion

#: What the readers of files say of a text that is not there.
EMPTY, LEFT_OUT = "is empty", re.compile(r"the field (\w+) is missing")
#: Stands for such a text while the others are judged.
FILLED = "still-to-be-written-"
NAMED = re.compile(r"([a-z_]+(?:\.\w+)*): ")
#: Keys that the next free number can be told from.
LESSON_KEY, EXAM_KEY = "Q{}.", "E.{}."


class Typed(str):
    """A number as somebody typed it: read like one that stands in a file without quotes."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field: "choices.2.feedback" is that of the second choice, "" the question as a whole."""

    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}" if self.field else self.reason


class Incomplete(Exception):
    """A draft cannot be published as it is; `faults` says everything that is missing."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        super().__init__("; ".join(map(str, faults)))


# ---- Reading and storing -------------------------------------------------------------------------------------------


def read_record(
    record: Mapping[str, Any], *, course: Course, lesson: Lesson | None
) -> tuple[Fields | None, list[Fault]]:
    """The fields as a file with this question would give them (None where a value cannot be used), and every fault.

    `record` has the fields of docs/authoring.md; without `lesson` it belongs to the exam and names no unit.
    """
    fields, faults = judged(record, is_exam=lesson is None)
    if fields is not None:
        faults += unknown(fields, course, lesson)
    return (fields if fields and fields.whole else None), faults


def judged(record: Mapping[str, Any], *, is_exam: bool) -> tuple[Fields | None, list[Fault]]:
    """What can be said of a record without its course: the fields that could be read, if any, and every fault."""
    report = Report()
    shape = formats.EXAM_QUESTION if is_exam else formats.QUESTION
    fields = shape.read(node_of(record), Place("", report))
    faults = [fault_of(problem.line, problem.reason) for problem in report.problems]
    faults += [Fault(name, reason) for name, reason in unreadable(record)]
    if fields is OMITTED:
        return None, faults
    whole = fields if fields.whole else shape.read(node_of(filled(record, faults)), Place("", Report()))
    if whole is not OMITTED and whole.whole:
        faults += [Fault(name, reason) for name, reason in rules.faults(whole) if FILLED not in reason]
    return fields, list(dict.fromkeys(faults))


def filled(record: Mapping[str, Any], faults: Iterable[Fault]) -> dict[str, Any]:
    """A record with something in the place of every text that is missing, so that the rest of it can be judged."""
    whole = copy.deepcopy(dict(record))
    for number, fault in enumerate(faults):
        left_out = LEFT_OUT.fullmatch(fault.reason)
        if left_out or fault.reason == EMPTY:
            path = [part for part in fault.field.split(".") if part] + ([left_out[1]] if left_out else [])
            name = path.pop()
            part: Any = whole
            for step in path:
                part = part[int(step) - 1 if step.isdigit() else step]
            part[int(name) - 1 if name.isdigit() else name] = f"{FILLED}{number}"
    return whole


def node_of(value: Any) -> Node:
    """A value as the reader of files would have found it; what is None is left out."""
    if isinstance(value, Mapping):
        return Node({name: node_of(item) for name, item in value.items() if item is not None}, 0)
    if isinstance(value, (list, tuple)):
        return Node([node_of(item) for item in value], 0)
    if isinstance(value, Typed):
        return Node(value.strip(), 0, plain=True)
    if isinstance(value, bool):
        return Node("true" if value else "false", 0, plain=True)
    if isinstance(value, (int, float, Decimal)):
        return Node(rules.plain(Decimal(str(value))), 0, plain=True)
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    # In a text of several lines a fault names its line.
    return Node(text, 0, text_line=1 if "\n" in text.strip() else 0)


def fault_of(line: int, reason: str) -> Fault:
    match = NAMED.match(reason)
    field, words = (match[1], reason[match.end() :]) if match else ("", reason)
    return Fault(field, _("line %(line)s: %(reason)s") % {"line": line, "reason": words} if line else words)


def unreadable(value: Any, name: str = ""):
    """(field, reason) for every text that no file could hold."""
    if isinstance(value, Mapping):
        for label, item in value.items():
            yield from unreadable(item, f"{name}.{label}" if name else label)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value, 1):
            yield from unreadable(item, f"{name}.{number}")
    elif isinstance(value, str):
        match = CONTROL.search(value.replace("\r\n", "\n"))
        if match:
            yield name, _("the control character %(sign)r has no place here") % {"sign": match[0]}


def unknown(fields: Fields, course: Course, lesson: Lesson | None) -> list[Fault]:
    """What the fields name and the course does not have, as `quizzes.content.files` says it of files."""
    faults = []
    for name, what in (("competencies", "competency"), ("sources", "source")):
        field = "competency" if name == "competencies" else name
        wanted = fields.get(field) or []
        keys = [wanted] if isinstance(wanted, str) else wanted
        known = set(getattr(course, name).filter(key__in=keys).values_list("key", flat=True))
        faults += [Fault(field, f"there is no {what} {key}") for key in keys if key not in known]
    unit = fields.get("unit")
    if unit and not units_of(lesson).filter(key=unit).exists():
        faults.append(Fault("unit", f"there is no unit of this lesson with the key {unit}"))
    return faults


def units_of(lesson: Lesson | None):
    """The readings that a question of this lesson may send back to."""
    live = UnitVersion.objects.current().values("unit")
    return Unit.objects.filter(lesson=lesson, kind=Unit.Kind.READING, retired_at__isnull=True, pk__in=live)


def fill(version: QuestionVersion, fields: Fields) -> QuestionVersion:
    """Put fields that `read_record` found whole on a draft, as loading a file would."""
    question = version.question
    version.type, version.bloom, version.sources = fields["type"], fields["bloom"], fields["sources"]
    version.competency = question.course.competencies.get(key=fields["competency"])
    wanted = fields.get("unit")
    version.unit = units_of(question.lesson).get(key=wanted) if wanted else None
    version.stem = fields["stem"]
    version.body = body_of(fields)
    version.rendered = rendered_of(fields, version.body)
    return version


def faults(version: QuestionVersion) -> list[Fault]:
    """What keeps a version from being published; nothing for one that a file could hold as it is."""
    question = version.question
    return read_record(record_of(version), course=question.course, lesson=question.lesson)[1]


def complete(version: QuestionVersion) -> QuestionVersion:
    """See that a draft may be published, and store it in the one form that files give. Raises Incomplete."""
    question = version.question
    fields, faults = read_record(record_of(version), course=question.course, lesson=question.lesson)
    if faults or fields is None:
        raise Incomplete(faults)
    before = fingerprint(question_content(version))
    if fingerprint(question_content(fill(version, fields))) != before:
        version.save()
    return version


def seen(version: QuestionVersion) -> str:
    """A short text that changes with the content of a draft, so that two people do not write over each other."""
    return fingerprint(question_content(version))[:16] if version.pk else ""


def says_the_same(version: QuestionVersion) -> bool:
    """Whether publishing a draft would change nothing, because what is current, as it counts today, says the same."""
    current = carrying.in_use(version.question)
    if current is None:
        return False
    now = carrying.today(current)
    if now.accepted or now.standing.full_credit or now.standing.dropped:
        return False
    current.body, current.rendered = dict(now.body), dict(now.rendered)
    return fingerprint(question_content(current)) == fingerprint(question_content(version))


# ---- Beginning -----------------------------------------------------------------------------------------------------


def next_version(question: Question) -> QuestionVersion:
    """The draft of a question: the one that is there, else a copy of what is current, with the key that counts today.
    Raises DoesNotExist for a question without any version."""
    draft = question.versions.drafts().first()
    if draft:
        return draft
    version = question.versions.current().first() or question.versions.latest("number")
    copied = ("type", "competency_id", "bloom", "sources", "unit_id", "stem")
    now = carrying.today(version)
    try:
        with transaction.atomic():
            return QuestionVersion.objects.create(
                question=question,
                number=next_number(question),
                body=now.body,
                rendered=now.rendered,
                **{name: getattr(version, name) for name in copied},
            )
    except IntegrityError:
        # Somebody else pressed the button at the same moment.
        return question.versions.drafts().get()


def next_number(question: Question) -> int:
    return (question.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def next_key(course: Course, lesson: Lesson | None, *, competency: str = "") -> str:
    """The next free key of a lesson, like Q2.14, or of a competency in the exam, like E.STR.07."""
    start = LESSON_KEY.format(lesson.number) if lesson else EXAM_KEY.format(competency)
    taken = Question.objects.filter(course=course, key__startswith=start).values_list("key", flat=True)
    rests = [key.removeprefix(start) for key in taken]
    last = max((int(rest) for rest in rests if rest.isascii() and rest.isdigit()), default=0)
    return f"{start}{last + 1:02}"


def next_position(course: Course, lesson: Lesson | None) -> int:
    last = Question.objects.filter(course=course, lesson=lesson).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1
