"""The result of a quiz that releases the score only, as the exam does: points by competency, and what to work on.

A sum over several questions tells no answer, so it may be shown where verdicts on single questions may not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cohorts.models import Enrolment, Role
from lessons.models import Unit, UnitVersion
from quizzes.grading import in_force
from quizzes.models import Attempt, ItemScore, QuizVersion
from quizzes.questions import scoring

#: Points of fewer questions than this are not summed up where single questions are not explained.
FEWEST = 2
#: Texts of a question that no sum needs.
UNREAD = ["stem", "body", "rendered", "sources"]


@dataclass(frozen=True)
class CompetencyScore:
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

    line: CompetencyScore
    sections: Sequence[UnitVersion] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(section.minutes for section in self.sections)


def by_competency(attempt: Attempt) -> list[CompetencyScore]:
    """The points of a graded attempt of which no question is explained; one query.

    Competencies of which every question was dropped by a regrade are left out: they are worth nothing. Empty when there
    is one competency, which the score is about already, or when some competency stands in one question only: its points
    would be the verdict on that question.
    """
    version = "item__question_version"
    counted = ItemScore.objects.in_force().filter(run__attempt=attempt, worth__gt=0)
    scores = counted.select_related(f"{version}__competency").defer(*(f"{version}__{name}" for name in UNREAD))
    shares = in_force.by_competency(scores)
    if len(shares) == 1 or any(share.questions < FEWEST for share in shares):
        return []
    return lines_of(attempt, shares, points=in_force.Share.points_cut)


def lines_of(
    attempt: Attempt,
    shares: Sequence[in_force.Share],
    *,
    points: Callable[[in_force.Share, list[Decimal]], Decimal] = in_force.Share.points,
) -> list[CompetencyScore]:
    """The points of an attempt for reading, one line for each competency; `points` says how they are read."""
    floor, mark = attempt.quiz_version.floor_percent, attempt.quiz_version.pass_percent
    return [
        CompetencyScore(
            key=share.competency.key,
            title=share.competency.title,
            points=points(share, [mark] if floor is None else [mark, floor]),
            worth=share.worth,
            meets_floor=scoring.meets_floor([(share.total, share.worth)], floor_percent=floor),
            meets_mark=scoring.passes(score=share.total, maximum=share.worth, pass_percent=mark),
        )
        for share in shares
    ]


def to_work_on(lines: Sequence[CompetencyScore]) -> list[CompetencyScore]:
    """The competencies that kept an attempt from passing: those below the floor first, then those below the mark, most
    points lost first."""
    weak = [line for line in lines if not (line.meets_floor and line.meets_mark)]
    return sorted(weak, key=lambda line: (line.meets_floor, line.points - line.worth, line.key))


def study_plan(enrolment: Enrolment, lines: Sequence[CompetencyScore]) -> list[Study]:
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
    """Names of those to ask for another attempt, which an operator grants; people without a name are not named."""
    roles = Role.objects.filter(cohort=enrolment.cohort_id, kind=Role.Kind.MANAGER, user__is_active=True)
    return list(roles.exclude(user__name="").order_by("user__name").values_list("user__name", flat=True))


def result(attempt: Attempt, *, left: int | None = None) -> dict[str, Any]:
    """What the result page shows of a graded attempt beside its score; `left` is how many attempts there still are."""
    lines = by_competency(attempt)
    context: dict[str, Any] = {"competencies": lines}
    context["adds_up"] = sum(line.points for line in lines) == attempt.score
    if not attempt.passed:
        context["study"] = study_plan(attempt.enrolment, to_work_on(lines))
        context["managers"] = managers(attempt.enrolment) if left == 0 else []
    return context


def to_study(finished: Sequence[Attempt]) -> Attempt | None:
    """The attempt whose result holds the study plan: the last graded one, unless any has passed. `finished` are those
    that are over, the newest first."""
    graded = [attempt for attempt in finished if attempt.is_graded]
    if not graded or any(attempt.passed for attempt in graded):
        return None
    return graded[0] if graded[0].quiz_version.feedback == QuizVersion.Feedback.SCORE_ONLY else None
