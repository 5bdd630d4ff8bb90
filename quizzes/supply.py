"""What the slots of quizzes have to draw today. Retired questions and those dropped for a mistake are not drawn."""

from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from lessons.models import UnitVersion
from quizzes.models import PoolMember, Question, QuestionVersion, Quiz, QuizVersion, Slot


class Shortage(NamedTuple):
    """A slot that has fewer questions than it draws; `wanted` is 0 where it draws all it has, and has none."""

    slot: Slot
    wanted: int
    left: int


def counted(slots: QuerySet[Slot], *, without: Question | None = None) -> QuerySet[Slot]:
    """Slots, each with `.left`: how many questions it has to draw, one of them left out."""
    asked = QuestionVersion.objects.asked().values("question")
    if without:
        asked = asked.exclude(question=without)
    return slots.annotate(left=Count("members", filter=Q(members__question__in=asked)))


def has_questions() -> Exists:
    """Whether a quiz version has anything to ask, for a query of quiz versions."""
    asked = QuestionVersion.objects.asked().values("question")
    return Exists(PoolMember.objects.filter(slot__quiz_version=OuterRef("pk"), question__in=asked))


def questions(version: QuizVersion) -> int:
    """How many questions an attempt has: what each slot draws, at most what it has."""
    slots = counted(version.slots.order_by()).values_list("pick", "left")
    return sum(left if pick is None else min(pick, left) for pick, left in slots)


def shortages(slots: QuerySet[Slot], *, without: Question | None = None) -> list[Shortage]:
    """The slots that cannot draw what they should, in their order."""
    found = counted(slots.select_related("quiz_version__quiz__unit__lesson"), without=without)
    return [
        Shortage(slot, slot.pick or 0, slot.left)
        for slot in found.order_by("quiz_version__quiz__unit__lesson__number", "quiz_version", "position")
        if slot.left < (slot.pick or 1)
    ]


def after_taking_out(question: Question) -> list[str]:
    """What quizzes lack once this question is not asked any more, one sentence for each slot that draws it today."""
    drawing = Slot.objects.filter(
        quiz_version__state=QuizVersion.State.CURRENT,
        quiz_version__quiz__unit__retired_at__isnull=True,
        pk__in=question.memberships.values("slot"),
    )
    return in_words(shortages(drawing, without=question))


def in_words(found: list[Shortage]) -> list[str]:
    names = named([shortage.slot.quiz_version.quiz for shortage in found])
    return [sentence(each, names.get(each.slot.quiz_version.quiz_id, "")) for each in found]


def sentence(shortage: Shortage, check: str) -> str:
    values = {"check": check, "slot": shortage.slot.position, "left": shortage.left, "wanted": shortage.wanted}
    if not shortage.left:
        return _("%(check)s: slot %(slot)s has nothing left to ask, so attempts go without it.") % values
    return _("%(check)s: slot %(slot)s asks %(left)s of the %(wanted)s it should.") % values


def named(quizzes: list[Quiz]) -> dict[int, str]:
    """How people call these quizzes today, by id: "Lesson check of lesson 3", "Final exam"."""
    texts = (
        UnitVersion.objects.current()
        .filter(unit__quiz__in=quizzes, unit__retired_at__isnull=True)
        .select_related("unit__lesson", "unit__quiz")
        .defer("source", "blocks")
        .order_by("unit__lesson__number")
    )
    return {
        text.unit.quiz.pk: text.title
        if text.unit.quiz.is_exam
        else _("%(check)s of lesson %(number)s") % {"check": text.title, "number": text.unit.lesson.number}
        for text in texts
    }
