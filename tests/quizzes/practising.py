"""Cards as learners get and practise them."""

from datetime import date, timedelta

from lessons import versions
from lessons.models import Unit
from quizzes import attempts
from quizzes.models import (
    GradingRun,
    PracticeCard,
    QuestionVersion,
    Quiz,
    Regrade,
)
from quizzes.practice import cards as practice
from quizzes.practice import schedule
from tests import factories

NOW = factories.NOW  # a Monday, 09:30 UTC
TUESDAY = NOW + timedelta(days=1)


def keys(cards):
    return sorted(cards.values_list("question__key", flat=True))


def carded(enrolment):
    return keys(PracticeCard.objects.of(enrolment))


def asked(enrolment, *, at=TUESDAY):
    """Keys of the questions of today, in the order in which they are asked."""
    key_of = dict(PracticeCard.objects.values_list("pk", "question__key"))
    return [key_of[pk] for pk in practice.deck(enrolment, at=at).cards]


def another_check(lesson, questions, *, key="another", **settings):
    unit = factories.unit(lesson, key, position=9, kind=Unit.Kind.QUIZ)
    return factories.quiz(unit, questions, **settings)


def exam_of(lesson, questions, **settings):
    quiz = another_check(lesson, questions, key="exam", **settings)
    Quiz.objects.filter(pk=quiz.pk).update(purpose=Quiz.Purpose.EXAM)
    return Quiz.objects.get(pk=quiz.pk)


def cards(enrolment, count, *, lesson=None, due_at=NOW, prefix="Z"):
    """So many cards of questions of their own; each due a second after the one before."""
    made = []
    for number in range(count):
        question = factories.single(enrolment.course, f"{prefix}{number:02}", lesson=lesson)
        due = due_at + timedelta(seconds=number)
        made.append(PracticeCard.objects.create(enrolment=enrolment, question=question, due_at=due, memory=MEMORY))
    return made


MEMORY = schedule.reviewed({}, "again", on=date(2026, 11, 1))


def reviewed(card, *, at=TUESDAY, rating="got_it"):
    number = card.reviews.count() + 1
    version = card.question.versions.get(state="current")
    return practice.review(
        enrolment=card.enrolment, card=card.pk, number=number, version=version.pk, rating=rating, at=at
    )


def regraded(attempt, position, policy, **details):
    version = attempt.items.get(position=position).question_version
    ines = factories.user("Ines Duarte")
    Regrade.objects.create(
        question_version=version, policy=policy, details=details, reason="The key was wrong.", decided_by=ines
    )
    return attempts.grade_again(attempt=attempt, reason=GradingRun.Reason.REGRADED, at=TUESDAY, by=ines)


def republished(version, **changes):
    """A later wording of the same question, in force."""
    names = ["type", "competency", "bloom", "unit", "stem", "body", "rendered"]
    fields = {name: getattr(version, name) for name in names} | changes
    made = QuestionVersion.objects.create(question=version.question, number=version.number + 1, **fields)
    return versions.publish(made, at=NOW)
