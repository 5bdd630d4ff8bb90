"""The form in which an author writes a question: common fields, those of its type, and rows of choices and the like.

It turns what was typed into the record that a file would have, and leaves judging it to `quizzes.authoring.drafts`.
"""

import re
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from database.admin.differences import Difference, differences, in_words
from quizzes.authoring import drafts, gap_rows
from quizzes.authoring.drafts import Fault
from quizzes.authoring.fields import FORMS
from quizzes.authoring.gap_rows import GapAnswers
from quizzes.authoring.parameters import Parameters
from quizzes.content.dumping import record_of
from quizzes.models import Question, QuestionVersion
from quizzes.questions import formulas
from quizzes.questions.types import TYPES


class QuestionDraft:
    """The whole form of one draft: `form` with the plain fields, `sets` of rows, `parameters` of a numeric question.

    Give either the `version` to be changed, or `course`, `lesson` (None: the exam) and `type` of a new question, and
    perhaps the `question` that has no version yet. Without `data` it shows what is there.
    """

    def __init__(self, data=None, *, version=None, question=None, course=None, lesson=None, type_=""):
        self.version, self.question = version, version.question if version else question
        self.course = self.question.course if self.question else course
        self.lesson = self.question.lesson if self.question else lesson
        self.type = version.type if version else type_
        self.data, self.reasons = data, []
        #: The content that the author began from (`authoring.seen`).
        self.seen = ""
        #: It was changed since, in another window or by somebody else.
        self.overtaken = False
        record = record_of(version) if version else {}
        initial = FORMS[self.type].initial_of(record) if version else {"key": self._proposed()}
        if version:
            initial |= {"competency": version.competency_id, "unit": version.unit_id}
        self.form = FORMS[self.type](
            data, initial=initial, course=self.course, lesson=self.lesson, is_new=self.question is None
        )
        self.sets = [rows(data, parts=record.get(rows.name, [])) for rows in FORMS[self.type].rows]
        self.parameters = None
        if FORMS[self.type].has_parameters:
            self.parameters = Parameters(data, needed=self._needed(record), record=record)
        self.fields = None

    @property
    def parts(self) -> list[Any]:
        """The forms and sets of forms of which it is made, the plain fields first."""
        return [self.form, *([self.parameters] if self.parameters else []), *self.sets]

    @property
    def type_label(self) -> str:
        return str(TYPES[self.type].label)

    def _proposed(self) -> str:
        """The exam counts by competency, which is not chosen yet."""
        return "" if self.lesson is None or self.question else drafts.next_key(self.course, self.lesson)

    def _needed(self, record: Mapping[str, Any]) -> list[str]:
        """Parameters of the formulas that are chosen at the moment, in the order of their definitions."""
        if self.data is None:
            names = [record.get("formula", ""), *(each.get("formula", "") for each in record.get("mistakes", []))]
        else:
            names = [self.data.get("formula", "")]
            names += [row["formula"].value() or "" for row in self.sets[0].forms if not row["remove"].value()]
        known = [name for name in names if name in formulas.FORMULAS]
        return list(dict.fromkeys(each for name in known for each in formulas.parameter_names(name)))

    # ---- Judging

    def is_valid(self) -> bool:
        """Read what was typed by the rules of the files; every fault stands beside its field afterwards."""
        for part in self.parts:
            part.is_valid()
        # A field that could not be read is told once, in its own words.
        self.unread = set(self.form.errors)
        faults = self.parameters.both() if self.parameters else []
        self.fields, more = drafts.read_record(self._record(), course=self.course, lesson=self.lesson)
        for fault in [*faults, *more]:
            self._tell(fault)
        if self.question is None and self.fields and self._key_taken():
            self._tell(Fault("id", _("The course has this key already.")))
        return not self.has_errors

    def _record(self) -> dict[str, Any]:
        data = self.form.cleaned_data
        competency, unit = data.get("competency"), data.get("unit")
        record = {
            "id": self._key(data, competency),
            "type": str(self.type),
            "competency": competency.key if competency else "",
            "bloom": data.get("bloom", ""),
            "sources": data.get("sources", []),
            "unit": unit.key if unit else None,
            "stem": data.get("stem", ""),
        }
        fields = {name: data.get(name, "") for name in self.form.fields}
        self.form.cleaned_data = fields | data
        record |= self.form.own_record() | {rows.name: rows.records() for rows in self.sets}
        return record | ({"parameters": self.parameters.records()} if self.parameters else {})

    def _key(self, data: Mapping[str, Any], competency) -> str:
        if self.question:
            return self.question.key
        proposed = drafts.next_key(self.course, self.lesson, competency=competency.key if competency else "")
        return data.get("key") or proposed

    def _key_taken(self) -> bool:
        return Question.objects.filter(course=self.course, key=self.fields["id"]).exists()

    def _tell(self, fault: Fault) -> None:
        name, *path = fault.field.split(".")
        # Parameters say themselves what to do about a part that is empty.
        if name != Parameters.name or not fault.reason.endswith(", found nothing"):
            fault = Fault(fault.field, counted(fault.reason))
        for part in self.parts[1:]:
            if part.name == name:
                part.tell(path, fault.reason)
                return
        field = self.form.field_of([name, *path])
        if field is None:
            self.reasons.append(str(fault))
        elif field not in self.unread:
            entry = path[0] if path and path[0].isdigit() else ""
            sentence = _("entry %(number)s: %(reason)s") % {"number": entry, "reason": fault.reason}
            self.form.add_error(field, sentence if entry else fault.reason)

    def refuse(self, reason: str) -> None:
        """Say something about the draft as a whole."""
        self.reasons.append(reason)

    @property
    def has_errors(self) -> bool:
        return bool(self.problems)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(id of the field or "", what is wrong) of everything, in the order of the page."""
        problems = [("", reason) for reason in self.reasons]
        problems += errors_of(self.form, "")
        if self.parameters:
            problems += [("parameters", reason) for reason in self.parameters.reasons]
            problems += self.parameters.problems()
        for rows in self.sets:
            problems += [(rows.prefix, f"{rows.title}: {reason}") for reason in rows.reasons]
            for number, row in enumerate(rows.forms, 1):
                problems += errors_of(row, f"{rows.one} {number}")
        return problems

    def beside(self) -> list[Difference]:
        """What the database says now beside what was typed, where the two differ."""
        now = QuestionDraft(version=self.version)
        changes = differences(self.form)
        if self.parameters:
            stands, typed = (_numbers_of(each) for each in (now.parameters, self.parameters))
            changes += [Difference(_("Parameters"), stands, typed)] if stands != typed else []
        for mine, theirs in zip(self.sets, now.sets, strict=True):
            stored = [_said_of(row.texts) for row in theirs.forms[: theirs.initial_form_count()]]
            written = [_said_of(row.texts) for row in mine.remaining]
            pairs = enumerate(zip_longest(stored, written, fillvalue=""), 1)
            changes += [Difference(f"{mine.one} {number}", *pair) for number, pair in pairs if pair[0] != pair[1]]
        return changes

    # ---- Saving

    @transaction.atomic
    def save(self) -> QuestionVersion:
        """Store the draft that `is_valid` found sound. Raises ValidationError when its key was taken meanwhile."""
        version = self.version
        if version is None:
            question = self.question or self._new_question()
            number = drafts.next_number(question)
            version = QuestionVersion(question=question, number=number, state=QuestionVersion.State.DRAFT)
        try:
            with transaction.atomic():
                drafts.fill(version, self.fields).save()
        except IntegrityError as error:
            raise ValidationError(_("There is a draft already. Open that one.")) from error
        return version

    def _new_question(self) -> Question:
        try:
            with transaction.atomic():
                return Question.objects.create(
                    course=self.course,
                    lesson=self.lesson,
                    key=self.fields["id"],
                    position=drafts.next_position(self.course, self.lesson),
                )
        except IntegrityError as error:
            raise ValidationError(_("The course has this key already.")) from error


def _said_of(fields) -> str:
    """The fields that say something, one on a line."""
    lines = [(str(field.label), in_words(field.field, field.value())) for field in fields]
    return "\n".join(f"{label}: {text}" for label, text in lines if text)


def _numbers_of(parameters: Parameters) -> str:
    """The parameters that have a number or a range, one on a line."""
    lines = [(row["name"], [str(field.value() or "") for field in row["fields"]]) for row in parameters.rows]
    return "\n".join(f"{name}: {' '.join(filter(None, parts))}" for name, parts in lines if any(parts))


def counted(reason: str) -> str:
    """What must be there, and how much of it, in the words of somebody who fills a form."""
    if expected := re.match(r"expected a (whole )?number, found", reason):
        return _("write a whole number, like 4") if expected[1] else _("write a number, like 1250 or 0.5")
    match = re.fullmatch(r"needs (\d+(?: to \d+)?) entries, has (\d+)", reason)
    return _("give %(wanted)s, here: %(has)s") % {"wanted": match[1], "has": match[2]} if match else reason


def in_form_words(fault: Fault, type_: str) -> str:
    """A fault of a draft named as the form of its type does: "Choice 3, Feedback: is empty"."""
    if left_out := re.fullmatch(r"the field (\w+) is missing", fault.reason):
        fault = Fault(".".join(filter(None, [fault.field, left_out[1]])), _("is empty"))
    name, *path = fault.field.split(".")
    rows = next((rows for rows in FORMS[type_].rows if rows.name == name), None)
    if rows is GapAnswers:
        path, fault = gap_rows.placed(path, fault)
    if rows:
        head = rows.head(path)
    elif name == Parameters.name:
        head = " ".join([_("Parameter"), *path[:1]])
    else:
        fields = FORMS[type_].base_fields
        both = "_".join([name, *path[:1]])
        field = fields.get({"id": "key"}.get(name, both if both in fields else name))
        head = str(field.label) if field else fault.field
    return f"{head}: {counted(fault.reason)}" if head else counted(fault.reason)


def errors_of(form: forms.Form, before: str) -> list[tuple[str, str]]:
    """(id, what is wrong) of every field of a form."""
    errors = []
    for name, reasons in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        where = form[name].id_for_label if name in form.fields else form.prefix or ""
        head = ", ".join(filter(None, [before, str(label)]))
        errors += [(where, f"{head}: {reason}" if head else str(reason)) for reason in reasons]
    return errors
