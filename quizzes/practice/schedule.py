"""When a question is practised again, and in which order those of a day are asked. Pure.

FSRS (the library `fsrs`, with its own parameters) plans in days of the learner's calendar: it is told on which day a
question was practised and answers with the day on which it is due. Days have no time zone, so no change of the clocks
and no hour of the day moves a plan; only `start_of` makes an instant of a day.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, TypeVar, cast

from fsrs import Card, Rating, Scheduler
from fsrs.card import CardDict

Thing = TypeVar("Thing")

#: At most so many reviews a day.
MOST = 20
#: What one of them takes, in seconds: reading, thinking, reading why.
SECONDS = 40
RATINGS = {"again": Rating.Again, "got_it": Rating.Good}
#: "Again" is always the next day: one step of a day instead of the library's minutes, for what is asked twice in an
#: hour is remembered for the hour. No fuzz: the days that the buttons name are the days that come.
STEP = (timedelta(days=1),)
SCHEDULER = Scheduler(desired_retention=0.9, learning_steps=STEP, relearning_steps=STEP, enable_fuzzing=False)


def day_of(at: datetime, zone: tzinfo) -> date:
    """The day that the learner's calendar shows at an instant."""
    return at.astimezone(zone).date()


def start_of(day: date, zone: tzinfo) -> datetime:
    """The instant, in UTC, at which a day begins there: midnight, or where clocks skip midnight the first moment."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def reviewed(memory: Mapping[str, Any], rating: str, *, on: date) -> dict[str, Any]:
    """The memory after a review; {} is that of a question never met before. `rating` is a key of RATINGS."""
    # Every card has a row of its own, so the library's number of a card stands for nothing.
    known = Card.from_dict(cast(CardDict, dict(memory))) if memory else Card(card_id=0, due=_as_instant(on))
    after, _log = SCHEDULER.review_card(known, RATINGS[rating], _as_instant(on))
    return dict(after.to_dict())


def due_on(memory: Mapping[str, Any]) -> date:
    """The day on which a card is due: a later one than that of its last review."""
    return datetime.fromisoformat(memory["due"]).date()


def days_ahead(memory: Mapping[str, Any], *, on: date) -> dict[str, int]:
    """In how many days the card would be due, for each rating; at least 1."""
    return {rating: (due_on(reviewed(memory, rating, on=on)) - on).days for rating in RATINGS}


def _as_instant(day: date) -> datetime:
    """How a day is told to the library, which knows instants in UTC only."""
    return datetime.combine(day, time(), tzinfo=UTC)


def tomorrow(day: date) -> date:
    return day + timedelta(days=1)


def minutes_for(count: int) -> int:
    """About how many minutes so many questions take, rounded up."""
    return -(-count * SECONDS // 60)


def mixed(things: Sequence[tuple[Hashable, Thing]], *, before: Hashable = None) -> list[Thing]:
    """(lesson, thing) pairs, the longest due first, so ordered that lessons alternate.

    `before` is the lesson of what was asked last. Two of one lesson follow each other only as often as cannot be
    avoided; apart from that the longest due comes first. Taking the first away and mixing the rest, with its lesson as
    `before`, gives the rest of the same order.
    """
    left, ordered = list(things), []
    while left:
        lesson, thing = pair = _next_of(left, before)
        left.remove(pair)
        ordered.append(thing)
        before = lesson
    return ordered


def _next_of(left: Sequence[tuple[Hashable, Thing]], before: Hashable) -> tuple[Hashable, Thing]:
    counts = Counter(lesson for lesson, _thing in left)
    fewest = _repeats(counts, before)
    for pair in left:
        lesson = pair[0]
        rest = counts - Counter([lesson])
        if (lesson == before) + _repeats(rest, lesson) == fewest:
            return pair
    raise AssertionError("one of them begins the best order")


def _repeats(counts: Mapping[Hashable, int], before: Hashable) -> int:
    """How often, at the least, one lesson follows itself: each of its things but the first, which the things of the
    others can keep apart; also from `before` when that is the same."""
    total = sum(counts.values())
    return max([0, *(2 * count - total - (lesson != before) for lesson, count in counts.items())])
