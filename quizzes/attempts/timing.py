"""When an attempt may start and when it ends: rules of the quiz, the learner's factor, extensions. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import NamedTuple

from cohorts.models import Extension
from quizzes.models import QuizVersion

NORMAL = Decimal("1")
#: What learners may choose from before starting, where the quiz lets them; None is "no limit".
FACTORS: tuple[Decimal | None, ...] = (NORMAL, Decimal("1.5"), Decimal("2"), None)


class Granted(NamedTuple):
    """What all extensions of one learner at one quiz come to."""

    minutes: int = 0
    attempts: int = 0
    closes_at: datetime | None = None


NOTHING = Granted()


class Deadline(NamedTuple):
    """When the time of an attempt is over, and when, after the grace, its last answer is taken. None: never."""

    deadline_at: datetime | None
    closes_at: datetime | None


def granted(extensions: Iterable[Extension | Granted]) -> Granted:
    """Minutes and attempts add up; of the later ends the latest counts."""
    total = Granted()
    for each in extensions:
        total = plus(total, minutes=each.minutes, attempts=each.attempts, closes_at=each.closes_at)
    return total


def plus(extra: Granted, *, minutes: int = 0, attempts: int = 0, closes_at: datetime | None = None) -> Granted:
    """What it comes to with one more extension."""
    ends = [end for end in (extra.closes_at, closes_at) if end]
    return Granted(extra.minutes + minutes, extra.attempts + attempts, max(ends, default=None))


def seconds_left(deadline_at: datetime | None, *, at: datetime) -> int | None:
    """Whole seconds until the deadline, 0 when it is over; None without one.

    A second that has begun counts: who counts from it never comes to the end before the server does.
    """
    return None if deadline_at is None else max(ceil((deadline_at - at).total_seconds()), 0)


def window_end(version: QuizVersion, extra: Granted) -> datetime | None:
    """The end of the window for this learner; an extension never makes it earlier. None: it stays open."""
    if version.closes_at is None:
        return None
    return max(version.closes_at, extra.closes_at or version.closes_at)


def end_of_limit(
    version: QuizVersion, *, started_at: datetime, time_factor: Decimal | None, extra: Granted
) -> datetime | None:
    """When the time limit of an attempt is over, whatever its window says; None without one."""
    minutes = version.minutes_allowed(time_factor)
    return None if minutes is None else started_at + timedelta(minutes=float(minutes) + extra.minutes)


def deadline(
    version: QuizVersion, *, started_at: datetime, time_factor: Decimal | None, extra: Granted = NOTHING
) -> Deadline:
    """The end of an attempt that started at `started_at`; `time_factor` None means no time limit.

    A window that closes everything ends it early, time limit or not.
    """
    end = end_of_limit(version, started_at=started_at, time_factor=time_factor, extra=extra)
    closing = window_end(version, extra)
    if closing and version.window == QuizVersion.Window.EVERYTHING:
        end = min(end or closing, closing)
    return Deadline(end, end and end + timedelta(seconds=version.grace_seconds))


def factors(version: QuizVersion, *, time_factor: Decimal) -> list[Decimal | None]:
    """What this learner may choose before starting, [] when there is nothing to choose; never less than their own."""
    if version.time_limit_minutes is None or not version.learner_sets_time:
        return []
    return [time_factor, *(factor for factor in FACTORS if factor is None or factor > time_factor)]
