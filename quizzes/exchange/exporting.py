"""Questions of the bank into files: current versions only, and what each format loses is said before it is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from lessons.content import writing
from lessons.content.schema import Record
from quizzes.content import dumping, formats
from quizzes.exchange import aiken, gift_writing, moodle_writing, roundtrip
from quizzes.exchange.merging import record_of
from quizzes.exchange.records import CannotWrite, Written
from quizzes.models import Question, QuestionVersion, Regrade

YAML = "yaml"
WRITERS: dict[str, Callable[[Sequence[Written]], str]] = {
    roundtrip.GIFT: gift_writing.write,
    roundtrip.AIKEN: aiken.write,
    roundtrip.MOODLE: moodle_writing.write,
}
#: (name on screen, end of the file's name, its type).
FILES = {
    roundtrip.GIFT: ("GIFT", "gift.txt", "text/plain"),
    roundtrip.AIKEN: ("Aiken", "aiken.txt", "text/plain"),
    roundtrip.MOODLE: ("Moodle XML", "xml", "application/xml"),
    YAML: ("YAML", "yaml", "application/yaml"),
}


@dataclass
class ExportOutcome:
    """One question and what becomes of it: `refusal` when the format cannot say it, else what it loses."""

    key: str
    lost: list[str] = field(default_factory=list)
    refusal: str = ""


def versions_of(questions: QuerySet) -> list[QuestionVersion]:
    """The current versions of these questions in the order of the bank; what is retired or only a draft has none."""
    alike = Question.objects.filter(course=OuterRef("question__course"), external_id=OuterRef("question__external_id"))
    return list(
        QuestionVersion.objects.current()
        .filter(question__in=questions, question__retired_at__isnull=True)
        .annotate(
            shares_name=Exists(alike.exclude(pk=OuterRef("question"))),
            is_corrected=Exists(Regrade.objects.filter(question_version=OuterRef("pk"))),
        )
        .select_related("question", "competency", "unit")
        .order_by("question__lesson__number", "question__position", "question__key")
    )


def written_of(version: QuestionVersion) -> Written:
    """With the name it came with, which another question may have in another source: then with its key."""
    question = version.question
    name = "" if getattr(version, "shares_name", False) else question.external_id
    return Written(question.key, record_of(version), name, version.competency.key, version.bloom)


def report(versions: Sequence[QuestionVersion], format_: str) -> list[ExportOutcome]:
    """What this format would lose or refuse, question by question."""
    return [line_of(version, format_) for version in versions]


def line_of(version: QuestionVersion, format_: str) -> ExportOutcome:
    # A correction is a row beside the wording; what a file says is the wording.
    corrections = [_("what was corrected since: the key is written as it was published")]
    lost = corrections if getattr(version, "is_corrected", False) else []
    if format_ == YAML:
        return ExportOutcome(version.question.key, lost)
    written = written_of(version)
    try:
        WRITERS[format_]([written])
        lost = lost + roundtrip.losses(written.record, format_)
    except CannotWrite as error:
        return ExportOutcome(version.question.key, refusal=str(error))
    if version.sources or version.unit_id:
        lost.append(_("sources and what to reread"))
    return ExportOutcome(version.question.key, lost)


def text_of(versions: Sequence[QuestionVersion], format_: str) -> str:
    """The file: every question that the format can say."""
    if format_ == YAML:
        records = [dumping.record_of(version) for version in versions]
        return writing.write(Record(fields={"questions": formats.QUIZ.fields["questions"]}), {"questions": records})
    writable = [version for version in versions if not line_of(version, format_).refusal]
    return WRITERS[format_]([written_of(version) for version in writable])
