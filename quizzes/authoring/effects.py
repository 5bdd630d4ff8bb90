"""What publishing, retiring and bringing back a question means for learners, one sentence each."""

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quizzes.asking import supply
from quizzes.models import Attempt, AttemptItem, Question, QuestionVersion, Quiz

COURSE_CLOSED = gettext_lazy("The course is not published: nobody is asked it until that is.")


def effect(question: Question, *, same: bool = False) -> list[str]:
    """What publishing a draft of this question means for learners, one sentence each; `same` as what is in use, as
    `says_the_same` tells it."""
    drawn = drawn_in(question)
    sentences = [_("Drawn in %(checks)s.") % {"checks": ", ".join(drawn)}] if drawn else []
    sentences += _kept_back(question, drawn)
    was_dropped, cards = _dropped_and_practised(question)
    if was_dropped:
        sentences.append(_("Today’s wording was dropped; with the new one the question is asked again."))
    if drawn and not same and not question.retired_at and question.course.is_published:
        sentences.append(_("Attempts started from then on use the new wording."))
    learners = asked_now(question)
    if learners:
        sentence = ngettext(
            "%(count)d learner has an attempt open: it keeps the wording that was asked.",
            "%(count)d learners have an attempt open: they keep the wording they were asked.",
            learners,
        )
        sentences.append(sentence % {"count": learners})
    if cards and not same:
        sentence = ngettext(
            "%(count)d learner practises it and gets the new wording next time.",
            "%(count)d learners practise it and get the new wording next time.",
            cards,
        )
        sentences.append(sentence % {"count": cards})
    return sentences


def kept_back(question: Question) -> list[str]:
    """Why no learner is asked a question although it has a version in use, one sentence each."""
    return _kept_back(question, drawn_in(question))


def _kept_back(question: Question, drawn: list[str]) -> list[str]:
    reasons = {
        _("No check draws it yet: add it to a slot of the next version of a check."): not drawn,
        _("The question is retired: nobody is asked it until it is brought back."): question.retired_at is not None,
        str(COURSE_CLOSED): not question.course.is_published,
    }
    return [sentence for sentence, holds in reasons.items() if holds]


def _dropped_and_practised(question: Question) -> tuple[bool, int]:
    """Whether the wording of today was dropped for a mistake, and how many learners practise the question."""
    dropped = QuestionVersion.objects.current().filter(question=OuterRef("pk"), regrades__policy="drop")
    practised = Count("practice_cards", filter=Q(practice_cards__sorted_out_at__isnull=True))
    questions = Question.objects.filter(pk=question.pk).annotate(dropped=Exists(dropped), cards=practised)
    return questions.values_list("dropped", "cards").get()


def effect_of_retiring(question: Question) -> list[str]:
    """What retiring it means for learners, one sentence each."""
    drawn = drawn_in(question)
    sentences = [_("It will no longer be drawn in %(checks)s.") % {"checks": ", ".join(drawn)}] if drawn else []
    learners = asked_now(question)
    if learners:
        sentence = ngettext(
            "%(count)d learner has an attempt open with it and keeps it.",
            "%(count)d learners have an attempt open with it and keep it.",
            learners,
        )
        sentences.append(sentence % {"count": learners})
    return [*sentences, *supply.after_taking_out(question), _("All answers and results stay.")]


def effect_of_bringing_back(question: Question) -> str:
    """Where it is drawn once it is no longer retired, in a sentence, and another one while the course is closed."""
    drawn = drawn_in(question)
    if not drawn:
        return _("No check draws it now.")
    checks = {"checks": ", ".join(drawn)}
    if not question.versions.current().exclude(regrades__policy="drop").exists():
        return _("It will be drawn again in %(checks)s, once a new wording of it is published.") % checks
    sentence = _("It will be drawn again in %(checks)s.") % checks
    return sentence if question.course.is_published else f"{sentence} {COURSE_CLOSED}"


def drawn_in(question: Question) -> list[str]:
    """The checks that have it in a pool now, as a person calls them in a sentence."""
    drawing = Quiz.objects.filter(versions__state="current", versions__slots__members__question=question)
    return list(map(supply.in_a_sentence, supply.named(list(drawing.distinct())).values()))


def asked_now(question: Question) -> int:
    """How many learners have it in an attempt that is open."""
    items = AttemptItem.objects.filter(question_version__question=question, attempt__state=Attempt.State.OPEN)
    return items.values("attempt__enrolment").distinct().count()
