"""The result of a quiz that releases the score only, as the exam does: points by competency, and what to work on.

A sum over several questions tells no answer, so it may be shown where verdicts on single questions may not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from cohorts.models import Enrolment, Role
from lessons.models import Unit, UnitVersion
from quizzes.grading import runs
from quizzes.models import Attempt, QuizVersion
from quizzes.questions import scoring

#: Points of fewer questions than this are not summed up where single questions are not explained.
FEWEST = 2


@dataclass(frozen=True)
class Line:
    """One competency of a result: `points` of `worth` for reading, whether that reaches the floor and the pass mark."""

    key: str
    title: str
    points: Decimal
    worth: Decimal
    meets_floor: bool
    meets_mark: bool

    @property
    def places(self) -> int:
        """For the filter floatformat: whole points without decimals, others with all of theirs."""
        return int(self.points.as_tuple().exponent)


@dataclass(frozen=True)
class Study:
    """The sections to go through again for one competency; `minutes` for all of them."""

    line: Line
    sections: Sequence[UnitVersion] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(section.minutes for section in self.sections)


def by_competency(own: Attempt) -> list[Line]:
    """The points of a graded attempt, in the order of the competencies of the course; one query.

    Competencies of which every question was dropped by a regrade are left out: they are worth nothing. Empty when there
    is one competency, which the score is about already, or when some competency stands in one question only: its points
    would be the verdict on that question.
    """
    version, competency = own.quiz_version, "item__question_version__competency__"
    counted = runs.in_force(own).filter(worth__gt=0).order_by(f"{competency}position", f"{competency}key", "pk")
    rows = counted.values_list(f"{competency}key", f"{competency}title", "numerator", "denominator", "worth")
    of = {named: list(group) for named, group in groupby(rows, key=lambda row: row[:2])}
    if len(of) == 1 or any(len(group) < FEWEST for group in of.values()):
        return []
    return [_line(key, title, group, version=version) for (key, title), group in of.items()]


def _line(key: str, title: str, rows: Sequence[tuple], *, version: QuizVersion) -> Line:
    """`rows` end in numerator, denominator and worth of one score."""
    total = sum((Fraction(part, whole) * Fraction(worth) for *_names, part, whole, worth in rows), Fraction(0))
    worth, floor, mark = sum((row[-1] for row in rows), Decimal(0)), version.floor_percent, version.pass_percent
    return Line(
        key=key,
        title=title,
        points=scoring.shown_sum(total, worth=worth, marks=[mark] if floor is None else [mark, floor]),
        worth=worth,
        meets_floor=scoring.meets_floor([(total, worth)], floor_percent=floor),
        meets_mark=scoring.passes(score=total, maximum=worth, pass_percent=mark),
    )


def to_work_on(lines: Sequence[Line]) -> list[Line]:
    """The competencies that kept an attempt from passing: those below the floor first, then those below the mark, most
    points lost first."""
    weak = [line for line in lines if not (line.meets_floor and line.meets_mark)]
    return sorted(weak, key=lambda line: (line.meets_floor, line.points - line.worth, line.key))


def study_plan(enrolment: Enrolment, lines: Sequence[Line]) -> list[Study]:
    """The readings of the course for each of these competencies, in their order; one query.

    Sections name their competencies with the main one first. Those of which it is the main one are enough, unless there
    are none.
    """
    if not lines:
        return []
    readings = UnitVersion.objects.live(enrolment.course).filter(unit__kind=Unit.Kind.READING)
    sections = [section for section in readings if section.competencies]
    for section in sections:
        section.unit.lesson.course = enrolment.course
    plan = []
    for weak in lines:
        about = [section for section in sections if weak.key in section.competencies]
        plan.append(Study(weak, [section for section in about if section.competencies[0] == weak.key] or about))
    return plan


def managers(enrolment: Enrolment) -> list[str]:
    """Names of those who can grant another attempt; people without a name are not named."""
    roles = Role.objects.filter(cohort=enrolment.cohort_id, kind=Role.Kind.MANAGER, user__is_active=True)
    return list(roles.exclude(user__name="").order_by("user__name").values_list("user__name", flat=True))


def result(own: Attempt, *, left: int | None = None) -> dict[str, Any]:
    """What the result page shows of a graded attempt beside its score; `left` is how many attempts there still are."""
    lines = by_competency(own)
    context: dict[str, Any] = {"competencies": lines}
    if not own.passed:
        context["study"] = study_plan(own.enrolment, to_work_on(lines))
        context["managers"] = managers(own.enrolment) if left == 0 else []
    return context


def to_study(finished: Sequence[Attempt]) -> Attempt | None:
    """The attempt whose result holds the study plan: the last graded one, unless any has passed. `finished` are those
    that are over, the newest first."""
    graded = [attempt for attempt in finished if attempt.is_graded]
    if not graded or any(attempt.passed for attempt in graded):
        return None
    return graded[0] if graded[0].quiz_version.feedback == QuizVersion.Feedback.SCORE_ONLY else None
