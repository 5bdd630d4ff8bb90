"""The page of a closed attempt: its score and what is released with it; a fixed number of queries."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lessons import outlines
from lessons.models import Lesson
from lessons.outlines import LessonLine, Outline
from quizzes import attempts
from quizzes.asking import release, supply
from quizzes.attempts import competencies, explained, lookups, standing
from quizzes.grading import in_force
from quizzes.models import Attempt, QuizVersion
from quizzes.practice import cards

Context = dict[str, Any]


def context(attempt: Attempt, *, at: datetime) -> Context:
    """The score and what is released with it."""
    allowed, course = release.of(attempt), attempt.enrolment.course
    asked = explained.questions(attempt) if allowed.answers else []
    outline = outlines.of(course)
    # The pages of a course that is not published lead nowhere.
    units = {each.unit_id for each in asked} if course.is_published else set()
    lines = lookups.to_reread(outline, course, units)
    figures = {
        "attempt": attempt,
        "lesson": attempt.quiz.unit.lesson,
        "unit": attempt.quiz.unit,
        "shown": attempt.shown_percent,
        "allowed": allowed,
        "questions": explained.html_of(attempt, asked, allowed, lines),
        "shares": competencies.lines_of(attempt, in_force.by_competency(asked)) if allowed.key else [],
        "reread": [lines[unit] for unit in in_force.to_reread(asked) if unit in lines] if allowed.key else [],
        "to_practise": cards.added(attempt) if allowed.key and course.is_published else 0,
        "practise_now": course.is_published and cards.was_sent_today(attempt, at=at),
    }
    more: Context = {} if attempt.passed else _another_go(attempt, at)
    if attempt.passed or more.get("stays"):
        more["next_lesson"] = _lesson_after(attempt.quiz.unit.lesson, outline)
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


def _lesson_after(lesson: Lesson, outline: Outline) -> LessonLine | None:
    return next((each for each in outline.lessons if each.number > lesson.number), None)


def _another_go(attempt: Attempt, at: datetime) -> Context:
    """May the learner try again, by the rules in force today; `stays` is the best attempt that has passed the quiz."""
    enrolment, quiz = attempt.enrolment, attempt.quiz
    found = standing.rules_of_unit(quiz.unit_id)
    mine = standing.attempts(enrolment, quiz)
    stays = max((each for each in mine if each.passed), key=lambda attempt: attempt.percent or 0, default=None)
    if found is None or not quiz.is_offered:
        return {"refusal": _("This check is not open any more."), "left": None, "stays": stays}
    version, has_questions = found
    version.quiz = quiz
    extra = standing.granted(enrolment, quiz, by=[version])
    left = attempts.attempts_left(version, mine, extra=extra)
    missing = 0 if left == 0 else attempts.missing_checks(version, enrolment)
    refusal = attempts.refusal(version, mine, at=at, extra=extra, missing=missing)
    return {
        "refusal": refusal or ("" if has_questions else attempts.nothing_to_ask()),
        "left": left,
        "stays": stays,
        # Counted where it is said.
        "asks": lambda: _asks(varies=version.pk != attempt.quiz_version_id or supply.asks(version).varies),
        "open": next((each for each in mine if each.is_open), None),
    }
