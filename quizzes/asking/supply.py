"""What the slots of quizzes have to draw today. Retired questions and those dropped for a mistake are not drawn."""

import re
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from database.prepared import Prepared
from lessons.models import UnitVersion
from quizzes.models import Question, QuestionVersion, Quiz, QuizVersion, Slot
from quizzes.questions.types import READ


class Shortage(NamedTuple):
    """A slot that has fewer questions than it draws; `wanted` is 0 where it draws all it has, and has none."""

    slot: Slot
    wanted: int
    left: int


class Supply(NamedTuple):
    """What an attempt at a quiz version asks: how many questions, whether a person reads one that it may ask, and
    whether the next attempt may ask others because this one leaves some out."""

    questions: int = 0
    is_read: bool = False
    varies: bool = False


class Fewer(NamedTuple):
    """A check, by its id and as people call it, that asks fewer questions than it did."""

    quiz: int
    check: str
    before: int
    after: int


def counted(slots: QuerySet[Slot], *, without: Question | None = None) -> QuerySet:
    """Slots, each with `.left`: how many questions it has to draw, one of them left out."""
    questions = QuestionVersion.objects.to_ask().values("question")
    if without:
        questions = questions.exclude(question=without)
    return slots.annotate(left=Count("members", filter=Q(members__question__in=questions)))


def has_questions() -> Exists:
    """Whether a quiz version has anything to ask, for a query of quiz versions."""
    return Exists(QuestionVersion.objects.to_ask().filter(question__memberships__slot__quiz_version=OuterRef("pk")))


#: One row for each slot that has something to ask: how many it draws, how many it has, and how many of these are read.
_SLOTS = Prepared(
    lambda version: (
        QuestionVersion.objects.to_ask()
        .filter(question__memberships__slot__quiz_version=version)
        .order_by()
        .values("question__memberships__slot", "question__memberships__slot__pick")
        .annotate(left=Count("pk"), read=Count("pk", filter=Q(type__in=READ)))
        .values_list("question__memberships__slot__pick", "left", "read")
    ),
    version=int,
)


def questions(version: QuizVersion) -> int:
    """How many questions an attempt has: what each slot draws, at most what it has."""
    return by_quiz(version.slots.all()).get(version.quiz_id, 0)


def asks(version: QuizVersion) -> Supply:
    """What an attempt at these rules asks today; one query, for the pages of learners."""
    rows = _SLOTS(version=version.pk)
    return Supply(
        questions=sum(left if pick is None else min(pick, left) for pick, left, _read in rows),
        is_read=any(read for _pick, _left, read in rows),
        varies=any(pick is not None and left > pick for pick, left, _read in rows),
    )


def by_quiz(slots: QuerySet[Slot], *, without: Question | None = None) -> dict[int, int]:
    """How many questions these slots draw together, for each quiz by its id; one question left out."""
    drawn: dict[int, int] = {}
    rows = counted(slots.order_by(), without=without).values_list("quiz_version__quiz", "pick", "left")
    for quiz, pick, left in rows:
        drawn[quiz] = drawn.get(quiz, 0) + (left if pick is None else min(pick, left))
    return drawn


def shortages(slots: QuerySet[Slot], *, without: Question | None = None) -> list[Shortage]:
    """The slots that cannot draw what they should, in their order."""
    rows = counted(slots.select_related("quiz_version__quiz__unit__lesson"), without=without)
    return [
        Shortage(slot, slot.pick or 0, slot.left)
        for slot in rows.order_by("quiz_version__quiz__unit__lesson__number", "quiz_version", "position")
        if slot.left < (slot.pick or 1)
    ]


def after_taking_out(question: Question) -> list[str]:
    """What checks lack once this question is not asked any more: one sentence for each that asks fewer questions then,
    and for each slot that draws it today and is short then."""
    fewer = fewer_without(question)
    # Of a check that nobody can start no slot is short.
    shut = [each.quiz for each in fewer if not each.after]
    drawing = drawing_now(question).exclude(quiz_version__quiz__in=shut)
    return [*map(then_asks, fewer), *in_words(shortages(drawing, without=question))]


def drawing_now(question: Question) -> QuerySet[Slot]:
    """The slots of current checks that have a question in their pool."""
    return Slot.objects.filter(
        quiz_version__state=QuizVersion.State.CURRENT,
        quiz_version__quiz__unit__retired_at__isnull=True,
        pk__in=question.memberships.values("slot"),
    )


def fewer_without(question: Question) -> list[Fewer]:
    """The checks that ask fewer questions once this one is not asked any more, in the order of the course."""
    slots = Slot.objects.filter(quiz_version__in=drawing_now(question).values("quiz_version"))
    before, after = by_quiz(slots), by_quiz(slots, without=question)
    names = named(list(Quiz.objects.filter(pk__in=before))) if before != after else {}
    return [Fewer(pk, name, before[pk], after[pk]) for pk, name in names.items() if after[pk] < before[pk]]


def then_asks(fewer: Fewer) -> str:
    """Of a check before a question is taken out."""
    if not fewer.after:
        return _("%(check)s then has nothing left to ask, so nobody can start it.") % fewer._asdict()
    sentence = ngettext(
        "%(check)s then asks %(after)d question instead of %(before)d.",
        "%(check)s then asks %(after)d questions instead of %(before)d.",
        fewer.after,
    )
    return sentence % fewer._asdict()


def now_asks(fewer: Fewer) -> str:
    """Of a check after a question was taken out."""
    if not fewer.after:
        return _("%(check)s now has nothing left to ask, so nobody can start it.") % fewer._asdict()
    sentence = ngettext(
        "%(check)s now asks %(after)d question instead of %(before)d.",
        "%(check)s now asks %(after)d questions instead of %(before)d.",
        fewer.after,
    )
    return sentence % fewer._asdict()


def in_words(shortages: list[Shortage]) -> list[str]:
    names = named([shortage.slot.quiz_version.quiz for shortage in shortages])
    return [sentence(each, names.get(each.slot.quiz_version.quiz_id, "")) for each in shortages]


def sentence(shortage: Shortage, check: str) -> str:
    """Of a slot that is short: what attempts lack today, or would lack with a draft."""
    values = {"check": check, "slot": shortage.slot.position, "left": shortage.left, "wanted": shortage.wanted}
    is_draft = shortage.slot.quiz_version.is_draft
    if not shortage.left and is_draft:
        return _("%(check)s, draft: slot %(slot)s has nothing to ask, so attempts would go without it.") % values
    if not shortage.left:
        return _("%(check)s: slot %(slot)s has nothing left to ask, so attempts go without it.") % values
    if is_draft:
        return _("%(check)s, draft: slot %(slot)s would ask %(left)s of the %(wanted)s it should.") % values
    return _("%(check)s: slot %(slot)s asks %(left)s of the %(wanted)s it should.") % values


def named(quizzes: list[Quiz]) -> dict[int, str]:
    """How people call these quizzes today, by id: "Lesson 3 check", "What stayed of lesson 3", "The course exam"."""
    texts = (
        UnitVersion.objects.current()
        .filter(unit__quiz__in=quizzes, unit__retired_at__isnull=True)
        .select_related("unit__lesson", "unit__quiz")
        .defer("source", "blocks")
        .order_by("unit__lesson__number")
    )
    return {
        text.unit.quiz.pk: text.title
        if text.unit.quiz.is_exam or re.search(rf"\b{text.unit.lesson.number}\b", text.title)
        else _("%(check)s of lesson %(number)s") % {"check": text.title, "number": text.unit.lesson.number}
        for text in texts
    }


def in_a_sentence(name: str) -> str:
    """A name as it stands in the middle of a sentence: "the course exam"."""
    return re.sub(r"^(The|An?)(?= )", lambda article: article[0].lower(), name)
