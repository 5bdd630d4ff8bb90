"""The rules of completion: from facts to states. Pure; the only place where they are written.

- A reading (and a tool, until it has a rule of its own) is done when its learner marks it done, not by being opened.
- A check is done when it has been passed once. A later grading run never takes that away.
- An assignment is not done by saying so. Until something can be handed in, it is there to be read.
- A lesson is done when all its required units are, and nothing of it is still to be written.
- A course is done when all its lessons are. Percent counts required units, rounds down, and is 100 only for a course
  that is done.

Every rule looks at the *set* of facts, never at the order of their arrival: telling facts twice or in another order
gives the same states.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from lessons.models import Unit
from lessons.outlines import LessonLine, Outline
from progress.models import LearningEvent, UnitState

Kind = LearningEvent.Kind
State = UnitState.State


#: Kinds of unit that are not done because their learner says so.
PROVEN = frozenset({Unit.Kind.QUIZ, Unit.Kind.ASSIGNMENT})


class Fact(NamedTuple):
    """One learning event of one unit, without its row."""

    kind: str
    at: datetime
    payload: Mapping


class Standing(NamedTuple):
    """Where a learner stands with a unit; `percent` is 0..100 by the keep rule of the check, None before any score."""

    state: str
    percent: Decimal | None
    started_at: datetime
    done_at: datetime | None


class LessonCount(NamedTuple):
    """Required units of a lesson: how many are done, how many there are; when the lesson was finished."""

    units_done: int
    units_required: int
    percent: Decimal | None
    done_at: datetime | None


class Count(NamedTuple):
    """A learner's course in numbers; `lessons` holds the lessons in which they have done anything, by id."""

    units_done: int
    units_required: int
    lessons_done: int
    percent: int
    completed_at: datetime | None
    lessons: dict[int, LessonCount]


def standing(unit_kind: str, facts: Iterable[Fact]) -> Standing | None:
    """The state of one unit from all facts about it, in any order; None when there are none.

    A reset by staff makes everything up to its own time not count; what was started stays started.
    """
    facts = list(facts)
    if not facts:
        return None
    started_at = min(fact.at for fact in facts)
    reset_at = max((fact.at for fact in facts if fact.kind == Kind.RESET), default=None)
    counting = [fact for fact in facts if fact.kind != Kind.RESET and (reset_at is None or fact.at > reset_at)]
    graded = [fact for fact in counting if fact.kind == Kind.QUIZ_GRADED]
    if unit_kind == Unit.Kind.QUIZ:
        done = [fact.at for fact in graded if fact.payload.get("passed")]
    else:
        done = [fact.at for fact in counting if fact.kind == Kind.MARKED_DONE]
    return Standing(
        state=State.DONE if done else State.STARTED,
        percent=kept_percent(fact.payload for fact in graded),
        started_at=started_at,
        done_at=min(done, default=None),
    )


def kept_percent(gradings: Iterable[Mapping]) -> Decimal | None:
    """The percentage that counts, 0..100, from {"percent", "number", "run", "keep"} of every grading; None without any.

    Of each attempt its newest grading run counts; of the attempts the best, the last or the first, as the newest says.
    A grading of nothing, of which every question was dropped, has the percent None and counts for nothing.
    """
    newest: dict[int, Mapping] = {}
    for grading in sorted(gradings, key=lambda fact: (fact.get("run", 1), Decimal(fact["percent"] or 0))):
        newest[grading.get("number", 1)] = grading
    newest = {number: grading for number, grading in newest.items() if grading["percent"] is not None}
    if not newest:
        return None
    percents = {number: Decimal(grading["percent"]) for number, grading in newest.items()}
    keep = newest[max(newest)].get("keep", "best")
    if keep == "last":
        return percents[max(percents)]
    if keep == "first":
        return percents[min(percents)]
    return max(percents.values())


def count(outline: Outline, standings: Mapping[int, Standing], touched: Collection[int] = ()) -> Count:
    """What the standings (by unit id) amount to in the outline as it is now.

    Only live required units are counted. `touched` names lessons that are to be listed although no live unit of theirs
    has a standing, because a unit that was retired since has one.
    """
    done = {unit_id for unit_id, each in standings.items() if each.state == State.DONE}
    lessons: dict[int, LessonCount] = {}
    finished: list[datetime] = []
    units_done = units_required = lessons_done = 0
    for lesson in outline.lessons:
        required = [unit.id for unit in lesson.units if unit.required]
        done_here = [unit_id for unit_id in required if unit_id in done]
        done_at = None
        if is_finished(lesson, done):
            done_at = max(at for unit_id in required if (at := standings[unit_id].done_at))
            finished.append(done_at)
            lessons_done += 1
        units_done += len(done_here)
        units_required += len(required)
        if lesson.id in touched or any(unit.id in standings for unit in lesson.units):
            # Several checks in a lesson: the weakest stands for it. The exam says nothing about its lesson.
            scores = [
                percent
                for unit in lesson.units
                if unit.required and unit.id in standings and (percent := standings[unit.id].percent) is not None
            ]
            lessons[lesson.id] = LessonCount(len(done_here), len(required), min(scores, default=None), done_at)
    complete = bool(outline.lessons) and lessons_done == len(outline.lessons)
    return Count(
        units_done=units_done,
        units_required=units_required,
        lessons_done=lessons_done,
        percent=percent_done(units_done, units_required, complete=complete),
        completed_at=max(finished) if complete else None,
        lessons=lessons,
    )


def is_finished(lesson: LessonLine, done: Collection[int]) -> bool:
    """Whether a lesson is done, `done` being ids of units. A lesson without required units never is."""
    required = [unit.id for unit in lesson.units if unit.required]
    return bool(required) and not lesson.in_preparation and all(unit_id in done for unit_id in required)


def percent_done(units_done: int, units_required: int, *, complete: bool) -> int:
    """Whole percent, rounded down; 100 only when the course is complete, so 99 while sections are still unwritten."""
    if complete:
        return 100
    return min(99, 100 * units_done // units_required) if units_required else 0
