"""What saving the questions of a file would do to the bank, before anything of it changes.

A question is found by what it is called where it came from, which identifies it within one source only: `identity` says
which questions of the bank a name may mean, and when a person has to choose. What the other system does not know
(misconceptions, sources, the unit to reread) is kept from the version there is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Max
from django.utils.translation import gettext as _

from lessons.content.versioning import fingerprint
from lessons.models import Competency, Course
from quizzes.authoring import drafts
from quizzes.authoring.form import in_form_words
from quizzes.content import dumping
from quizzes.content.rendering import body_of, rendered_of
from quizzes.exchange import aiken, gift, identity, moodle
from quizzes.exchange.merging import merged, record_of, same
from quizzes.exchange.records import Entry, Fields
from quizzes.models import Question, QuestionImport, QuestionVersion

READERS: dict[str, Callable[[str], list[Entry]]] = {
    QuestionImport.Format.GIFT: gift.read,
    QuestionImport.Format.AIKEN: aiken.read,
    QuestionImport.Format.MOODLE_XML: moodle.read,
}


class Fate(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    #: Its name is known from elsewhere: a person says whether it is that question or a new one.
    CHOOSE = "choose"


@dataclass(frozen=True)
class Defaults:
    """What is taken where the file does not say it."""

    competency: Competency
    bloom: str


@dataclass
class Step:
    """What would happen with one question of the file: its fate, the draft it becomes, and why not.

    `known` are the questions of the bank that its name may mean, `chosen` what somebody said of them: "new", the id of
    one of them, or "" for nothing.
    """

    entry: Entry
    fate: Fate
    reason: str = ""
    draft: QuestionVersion | None = None
    replaces: QuestionVersion | None = None
    record: Fields = field(default_factory=dict)
    known: Sequence[Question] = ()
    chosen: str = ""

    @property
    def saves(self) -> bool:
        return self.fate in (Fate.NEW, Fate.CHANGED)

    @property
    def saves_or_waits(self) -> bool:
        return self.saves or self.fate == Fate.CHOOSE

    def render(self) -> None:
        """Give the draft its HTML; apart from planning, because a page shows some of many."""
        if self.draft and not self.draft.rendered:
            self.draft.rendered = rendered_of(self.record | {"stem": self.draft.stem}, self.draft.body)

    def missing(self) -> list[str]:
        """What has to be written before this draft can be published."""
        return missing(self.draft) if self.draft else []


@dataclass
class Plan:
    """All steps in the order of the file, and a fingerprint of what they would do."""

    steps: list[Step]

    def count(self, fate: str) -> int:
        return sum(step.fate == fate for step in self.steps)

    @property
    def saves(self) -> int:
        return sum(step.saves for step in self.steps)

    @property
    def waits(self) -> int:
        """How many wait for somebody to choose."""
        return self.count(Fate.CHOOSE)

    @property
    def fingerprint(self) -> str:
        return fingerprint(
            [
                [step.fate, step.entry.external_id, step.draft.fingerprint if step.draft else "", bases(step)]
                for step in self.steps
            ]
        )


def bases(step: Step) -> list[int | None]:
    draft = step.draft
    return [draft.question_id, draft.number, step.replaces.pk if step.replaces else None] if draft else []


def missing(version: QuestionVersion) -> list[str]:
    """What keeps a draft from being published, in the words of its form: [] when it is complete.

    Each line names the field first: "Choice 2, Feedback: is empty". What the course has is not asked for again.
    """
    _fields, faults = drafts.judged(dumping.record_of(version), is_exam=version.question.lesson_id is None)
    return [in_form_words(fault, version.type) for fault in faults]


def entries_of(text: str, format_: str) -> list[Entry]:
    """The questions of a file. Raises FileRefused."""
    return READERS[format_](text)


def plan(entries: Sequence[Entry], *, question_import: QuestionImport, defaults: Defaults) -> Plan:
    """What saving the questions of an import would do, with what was chosen for it. Reads the bank, writes nothing."""
    bank = Bank(question_import, entries)
    return Plan([bank.step(entry, defaults) for entry in entries])


class Bank:
    """The questions of a course that a file may mean, with their drafts and current versions."""

    def __init__(self, question_import: QuestionImport, entries: Sequence[Entry]):
        self.question_import, self.course = question_import, question_import.course
        self.names = identity.Names(question_import, entries)
        versions = QuestionVersion.objects.filter(question__in=self.names.ids).select_related("competency", "unit")
        self.drafts = {version.question_id: version for version in versions.drafts()}
        self.current = {version.question_id: version for version in versions.current()}
        last = versions.order_by().values("question_id").annotate(last=Max("number"))
        self.last = dict(last.values_list("question_id", "last"))
        self.competencies = {item.key: item for item in Competency.objects.filter(course=self.course)}
        self.free = free_keys(self.course)
        ends = Question.objects.filter(course=self.course).order_by().values("lesson_id").annotate(last=Max("position"))
        self.positions: dict[int | None, int] = dict(ends.values_list("lesson_id", "last"))

    def step(self, entry: Entry, defaults: Defaults) -> Step:
        if entry.refusal:
            return Step(entry, Fate.REFUSED, entry.refusal)
        if entry.competency and entry.competency not in self.competencies:
            reason = _("The course has no competency %(key)s.") % {"key": entry.competency[:40]}
            return Step(entry, Fate.REFUSED, reason)
        if entry.bloom and entry.bloom not in QuestionVersion.Bloom.values:
            return Step(entry, Fate.REFUSED, _("There is no Bloom level %(level)s.") % {"level": entry.bloom[:40]})
        known = self.names.known(entry)
        chosen = self.question_import.choices.get(entry.external_id, "")
        by_id = {str(question.pk): question for question in known}
        if not known:
            return self.new(entry, defaults)
        if chosen == identity.NEW:
            step = self.new(entry, defaults)
        elif chosen in by_id:
            step = self.update(entry, by_id[chosen], defaults)
        else:
            chosen, step = "", self.unchosen(entry, known, defaults)
        updated = str(step.draft.question_id) if step.draft and step.fate == Fate.CHANGED else ""
        step.known, step.chosen = known, chosen or updated
        return step

    def unchosen(self, entry: Entry, known: Sequence[Question], defaults: Defaults) -> Step:
        """A name that is known, and nobody said yet what it means here."""
        for question in known:
            base = self.drafts.get(question.pk) or self.current.get(question.pk)
            if base and not question.retired_at and same(entry, base, self.question_import.format):
                return Step(entry, Fate.UNCHANGED, _("It is %(key)s.") % {"key": question.key})
        mine = self.names.identified(entry, known, drafts=self.drafts)
        if mine:
            return self.update(entry, mine, defaults)
        reason = _("The bank has this name from elsewhere: %(questions)s. Choose what it is.")
        names = "; ".join(identity.description(question) for question in known)
        # Shown as a new one would be, and not saved.
        draft = self.draft_of(Question(course=self.course, key=_("new")), 1, entry, entry.record, defaults, None)
        return Step(entry, Fate.CHOOSE, reason % {"questions": names}, draft=draft, record=entry.record)

    def new(self, entry: Entry, defaults: Defaults) -> Step:
        lesson = self.question_import.lesson
        place = lesson.pk if lesson else None
        self.positions[place] = self.positions.get(place, 0) + 1
        question = Question(
            course=self.course,
            lesson=lesson,
            key=next(self.free),
            external_id=self.names.free(entry.external_id),
            external_source=self.question_import.source,
            position=self.positions[place],
        )
        draft = self.draft_of(question, 1, entry, entry.record, defaults, None)
        return Step(entry, Fate.NEW, draft=draft, record=entry.record)

    def update(self, entry: Entry, question: Question, defaults: Defaults) -> Step:
        """A question that is in the bank: compared by what the format can say."""
        format_ = self.question_import.format
        draft, current = self.drafts.get(question.pk), self.current.get(question.pk)
        base = draft or current
        if question.retired_at:
            reason = _("The question %(key)s is retired. Bring it back first.") % {"key": question.key}
            return Step(entry, Fate.REFUSED, reason)
        if base and same(entry, base, format_):
            return Step(entry, Fate.UNCHANGED, _("It is %(key)s.") % {"key": question.key})
        if draft and not untouched(draft):
            reason = _("%(key)s has a draft that was written or changed here. Publish or delete it first.")
            return Step(entry, Fate.REFUSED, reason % {"key": question.key})
        record = merged(entry.record, record_of(base), format_) if base else entry.record
        number = draft.number if draft else self.last.get(question.pk, 0) + 1
        made = self.draft_of(question, number, entry, record, defaults, base)
        reason = _("It becomes a new draft of %(key)s.") % {"key": question.key}
        if draft:
            name = question.key if self.names.is_mine(question) else identity.description(question)
            reason = _("It replaces the draft of %(question)s.") % {"question": name}
        return Step(entry, Fate.CHANGED, reason, draft=made, replaces=draft, record=record)

    def draft_of(self, question, number, entry: Entry, record: Fields, defaults: Defaults, base) -> QuestionVersion:
        """The draft, not saved: filed as the file says, else as it was, else by the defaults."""
        body = body_of({"id": question.key, **record})
        draft = QuestionVersion(
            question=question,
            number=number,
            type=record["type"],
            competency=self.competencies[entry.competency]
            if entry.competency
            else base.competency
            if base
            else defaults.competency,
            bloom=entry.bloom or (base.bloom if base else defaults.bloom),
            sources=base.sources if base else [],
            unit=base.unit if base else None,
            stem=record["stem"],
            body=body,
        )
        draft.fingerprint = content_of(draft)
        return draft


def free_keys(course: Course):
    """Keys for imported questions that no question of the course has: I.001, I.002 …"""
    taken = set(Question.objects.filter(course=course, key__startswith="I.").values_list("key", flat=True))
    number = 0
    while True:
        number += 1
        if f"I.{number:03}" not in taken:
            yield f"I.{number:03}"


def content_of(version: QuestionVersion) -> str:
    """The fingerprint of everything an author can change in a version. An imported draft carries its own, and so shows
    whether somebody has worked on it since."""
    unit = version.unit_id
    filed = [version.competency.key, version.bloom, list(version.sources), unit]
    return fingerprint([version.type, version.stem, version.body, filed])


def untouched(draft: QuestionVersion) -> bool:
    return bool(draft.fingerprint) and draft.fingerprint == content_of(draft)
