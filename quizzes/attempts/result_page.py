"""The page of a closed attempt: its score and what is released with it; a fixed number of queries."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lessons.models import Lesson
from quizzes import attempts
from quizzes.asking import explanation, release, supply
from quizzes.attempts import competencies, lookups
from quizzes.grading import in_force
from quizzes.models import Attempt, QuizVersion
from quizzes.practice import cards

Context = dict[str, Any]


def context(attempt: Attempt, *, at: datetime) -> Context:
    """The score and what is released with it."""
    allowed, course = release.of(attempt), attempt.enrolment.course
    scores = in_force.scores_of(attempt) if allowed.answers else []
    reread = in_force.to_reread(scores) if allowed.key else []
    # The pages of a course that is not published lead nowhere.
    units = {score.item.question_version.unit_id for score in scores if course.is_published}
    lines = lookups.to_reread(attempt, units)
    figures = {
        "attempt": attempt,
        "lesson": attempt.quiz.unit.lesson,
        "unit": attempt.quiz.unit,
        "shown": attempt.shown_percent,
        "allowed": allowed,
        "questions": [(each := explanation.explained(score, allowed), lines.get(each.unit_id)) for score in scores],
        "shares": competencies.lines_of(attempt, in_force.by_competency(scores)) if allowed.key else [],
        "reread": [lines[unit] for unit in reread if unit in lines],
        "to_practise": cards.added(attempt) if allowed.key and course.is_published else 0,
        "practise_now": course.is_published and cards.was_sent_today(attempt, at=at),
    }
    more: Context = {} if attempt.passed else _another_go(attempt, at)
    if attempt.passed or more.get("stays"):
        more["next_lesson"] = _lesson_after(attempt.quiz.unit.lesson)
    if attempt.is_graded and attempt.quiz_version.feedback == QuizVersion.Feedback.SCORE_ONLY:
        more |= competencies.result(attempt, left=more.get("left"))
        if not course.is_published or more.get("stays"):
            more["study"] = []
    return {**figures, **more}


def _asks(*, varies: bool) -> str:
    """What another attempt asks, beside the questions of this page."""
    if varies:
        return _("A new attempt may ask other questions, and some of these again.")
    return _("A new attempt asks the same questions.")


def _lesson_after(lesson: Lesson) -> Lesson | None:
    return Lesson.objects.filter(course=lesson.course, number__gt=lesson.number).order_by("number").first()


def _another_go(attempt: Attempt, at: datetime) -> Context:
    """May the learner try again, by the rules in force today; `stays` is the best attempt that has passed the quiz."""
    versions = QuizVersion.objects.current().filter(quiz=attempt.quiz_id)
    version = versions.annotate(has_questions=supply.has_questions(), draws=supply.leaves_some_out()).first()
    mine = list(Attempt.objects.of(attempt.enrolment).filter(quiz=attempt.quiz_id))
    stays = max((each for each in mine if each.passed), key=lambda attempt: attempt.percent or 0, default=None)
    if version is None or not attempt.quiz.is_offered:
        return {"refusal": _("This check is not open any more."), "left": None, "stays": stays}
    version.quiz = attempt.quiz
    for each in mine:
        each.enrolment = attempt.enrolment
    extra = attempts.granted(attempt.enrolment, attempt.quiz)
    left = attempts.attempts_left(version, mine, extra=extra)
    missing = 0 if left == 0 else attempts.missing_checks(version, attempt.enrolment)
    refusal = attempts.refusal(version, mine, at=at, extra=extra, missing=missing)
    return {
        "refusal": refusal or ("" if version.has_questions else attempts.nothing_to_ask()),
        "left": left,
        "stays": stays,
        "asks": _asks(varies=version.draws or version.pk != attempt.quiz_version_id),
        "open": next((each for each in mine if each.is_open), None),
    }
