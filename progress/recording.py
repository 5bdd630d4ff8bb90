"""The one write path of progress: fact → unit state → lesson states → summary, in one transaction.

Every function locks the learner's summary row first (it is made first if there is none), so two facts about one learner
that arrive at once are told one after the other and none is lost. States are recomputed from facts, never incremented:
telling a fact twice changes nothing, and `rebuild` gives what is stored.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from cohorts.models import Enrolment
from database.prepared import Part, Prepared, objects
from lessons import outlines
from lessons.models import Course, Unit
from lessons.outlines import Outline
from progress import completion
from progress.completion import Count, Fact, Standing
from progress.models import EnrolmentSummary, LearningEvent, LessonState, UnitState

COUNTED = ("units_done", "units_required", "lessons_done", "percent")
SUMMED = (*COUNTED, "completed_at")
STORED = ("enrolment_id", "unit_id", "unit__lesson_id", "state", "percent", "started_at", "done_at")
CHUNK = 500

_SUMMARY = Part(EnrolmentSummary)
_LOCKED = Prepared(
    lambda enrolment: (
        EnrolmentSummary.objects.select_for_update(of=("self",))
        .filter(enrolment=enrolment)
        .values_list(*_SUMMARY.columns)
    ),
    enrolment=int,
)
_TOLD = Prepared(
    lambda enrolment, key: (
        LearningEvent.objects.filter(enrolment=enrolment, idempotency_key=key).order_by().values_list("pk")
    ),
    enrolment=int,
    key=str,
)
_FACTS = Prepared(
    lambda enrolment, unit: LearningEvent.objects.filter(enrolment=enrolment, unit=unit).values_list(
        "kind", "at", "payload"
    ),
    enrolment=int,
    unit=int,
)
_STATES = Prepared(
    lambda enrolment: UnitState.objects.filter(enrolment=enrolment).order_by().values_list(*STORED), enrolment=int
)


@transaction.atomic
def record(
    *,
    enrolment: Enrolment,
    unit: Unit,
    kind: str,
    at: datetime,
    key: str,
    payload: dict[str, Any] | None = None,
    seen_at: datetime | None = None,
) -> EnrolmentSummary:
    """Tell one fact and bring every state up to it. `key` names the fact: told again, it changes nothing at all.

    `seen_at` is when the learner was at the unit, None where the fact is the work of others: a reset, a regrade.
    Returns the summary as it is afterwards. Call it inside the transaction of whatever the fact follows from.
    """
    summary = _locked(enrolment)
    # Whoever tells the same fact at once waits for the summary: no savepoint is needed to find it told.
    if not _TOLD(enrolment=enrolment.pk, key=key):
        LearningEvent.objects.create(
            enrolment=enrolment, idempotency_key=key, unit=unit, kind=kind, at=at, payload=payload or {}
        )
        facts = [Fact._make(row) for row in _FACTS(enrolment=enrolment.pk, unit=unit.pk)]
        _write_unit_states(enrolment, standings({unit.pk: unit.kind}, {unit.pk: facts}))
        _write_counts([(summary, _count(enrolment))])
        if seen_at:
            _move(summary, unit=unit, anchor="", at=seen_at)
        summary.save()
    return summary


class NotDoneBySaying(Exception):
    """A unit of this kind is done by what its learner can show."""


def mark_done(*, enrolment: Enrolment, unit: Unit, at: datetime) -> EnrolmentSummary:
    """The learner says that they have done a unit; saying it twice is saying it once, until staff resets the unit.

    Raises NotDoneBySaying for a check or an assignment.
    """
    if unit.kind in completion.PROVEN:
        raise NotDoneBySaying(unit)
    resets = LearningEvent.objects.filter(enrolment=enrolment, unit=unit, kind=LearningEvent.Kind.RESET).count()
    kind, key = LearningEvent.Kind.MARKED_DONE, f"done:{unit.pk}:{resets}"
    return record(enrolment=enrolment, unit=unit, kind=kind, at=at, key=key, seen_at=at)


def note_position(*, enrolment: Enrolment, unit: Unit, anchor: str, at: datetime) -> None:
    """Keep where the learner is reading; `anchor` is a heading's id or "". An older position never replaces a newer."""
    if not _not_seen_since(enrolment, at).update(last_unit=unit, last_anchor=anchor, last_visit_at=at):
        with transaction.atomic():
            summary = _locked(enrolment)
            _move(summary, unit=unit, anchor=anchor, at=at)
            summary.save()


def seen(*, enrolment: Enrolment, at: datetime) -> None:
    """Keep that the learner was at work in the course then, wherever they stopped reading."""
    if not _not_seen_since(enrolment, at).update(last_visit_at=at):
        with transaction.atomic():
            _locked(enrolment)
            _not_seen_since(enrolment, at).update(last_visit_at=at)


def _not_seen_since(enrolment: Enrolment, at: datetime) -> QuerySet[EnrolmentSummary]:
    """The learner's summary, unless it is newer."""
    older = Q(last_visit_at__isnull=True) | Q(last_visit_at__lte=at)
    return EnrolmentSummary.objects.filter(older, enrolment=enrolment)


@transaction.atomic
def rebuild(*, enrolment: Enrolment) -> EnrolmentSummary:
    """Compute every state of a learner from their facts again; what is stored and right stays as it is.

    The last position and a completion once reached are kept: they are history, not states.
    """
    summary = _locked(enrolment)
    standings = _standings_from_facts(enrolment)
    UnitState.objects.filter(enrolment=enrolment).exclude(unit__in=standings).delete()
    _write_unit_states(enrolment, standings)
    count = _count(enrolment)
    LessonState.objects.filter(enrolment=enrolment).exclude(lesson__in=count.lessons).delete()
    _write_counts([(summary, count)])
    summary.save()
    return summary


def recount(*, course: Course) -> int:
    """Bring the summaries of all learners of a course up to its present outline; call it after publishing or retiring.

    Unit states stay: nobody loses what they did. Returns how many summaries changed. Locks 500 learners at a time.
    """
    outline, changed = outlines.read(course), 0
    learners = list(
        EnrolmentSummary.objects.filter(enrolment__course=course).order_by("pk").values_list("pk", flat=True)
    )
    for start in range(0, len(learners), CHUNK):
        with transaction.atomic():
            changed += _recount_chunk(learners[start : start + CHUNK], outline)
    return changed


def _recount_chunk(learners: list[int], outline: Outline) -> int:
    summaries = list(EnrolmentSummary.objects.select_for_update().filter(pk__in=learners).order_by("pk"))
    stored = _stored_standings(UnitState.objects.filter(enrolment__in=learners))
    before = [_numbers(summary) for summary in summaries]
    _write_counts([(summary, completion.count(outline, *stored[summary.pk])) for summary in summaries])
    changed = [summary for summary, numbers in zip(summaries, before, strict=True) if _numbers(summary) != numbers]
    EnrolmentSummary.objects.bulk_update(changed, SUMMED)
    return len(changed)


def _numbers(summary: EnrolmentSummary) -> list:
    return [getattr(summary, field) for field in SUMMED]


def _locked(enrolment: Enrolment) -> EnrolmentSummary:
    """The learner's summary row, locked until the transaction ends; made and counted if there is none.

    On SQLite the transaction itself is the lock (IMMEDIATE: one writer at a time).
    """
    rows = _LOCKED(enrolment=enrolment.pk)
    if rows:
        (summary,) = objects(rows[0], [_SUMMARY])
        return summary
    _summary, is_new = EnrolmentSummary.objects.get_or_create(enrolment=enrolment)
    summary = EnrolmentSummary.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if is_new:
        _write_counts([(summary, _count(enrolment))])
        # Not every caller saves the whole row: who only looked in moves its date.
        summary.save(update_fields=SUMMED)
    return summary


def _facts(events: Iterable[LearningEvent]) -> dict[int, list[Fact]]:
    """Facts by unit id."""
    facts = defaultdict(list)
    for event in events:
        facts[event.unit_id].append(Fact(event.kind, event.at, event.payload))
    return facts


def _standings_from_facts(enrolment: Enrolment) -> dict[int, Standing]:
    events = LearningEvent.objects.filter(enrolment=enrolment).select_related("unit")
    kinds = {event.unit_id: event.unit.kind for event in events}
    return standings(kinds, _facts(events))


def standings(kinds: Mapping[int, str], facts: Mapping[int, Sequence[Fact]]) -> dict[int, Standing]:
    """Standings by unit id, out of the kinds of the units and their facts."""
    standings = {unit_id: completion.standing(kinds[unit_id], each) for unit_id, each in facts.items()}
    return {unit_id: standing for unit_id, standing in standings.items() if standing}


def _stored_standings(states: QuerySet[UnitState]) -> dict[int, tuple[dict[int, Standing], set[int]]]:
    """By enrolment: standings by unit id, and the lessons they are in (also of units that were retired since)."""
    return by_enrolment(states.values_list(*STORED))


def by_enrolment(rows: Iterable[Sequence[Any]]) -> dict[int, tuple[dict[int, Standing], set[int]]]:
    """The same from rows of the columns `STORED`."""
    stored: dict[int, tuple[dict[int, Standing], set[int]]] = defaultdict(lambda: ({}, set()))
    for enrolment_id, unit_id, lesson_id, *values in rows:
        standings, touched = stored[enrolment_id]
        standings[unit_id] = Standing._make(values)
        touched.add(lesson_id)
    return stored


def _count(enrolment: Enrolment) -> Count:
    stored = by_enrolment(_STATES(enrolment=enrolment.pk))
    return completion.count(outlines.read(enrolment.course), *stored[enrolment.pk])


def _write_unit_states(enrolment: Enrolment, standings: dict[int, Standing]) -> None:
    UnitState.objects.bulk_create(
        [UnitState(enrolment=enrolment, unit_id=unit_id, **each._asdict()) for unit_id, each in standings.items()],
        update_conflicts=True,
        unique_fields=["enrolment", "unit"],
        update_fields=["state", "percent", "started_at", "done_at"],
    )


def _write_counts(counts: list[tuple[EnrolmentSummary, Count]]) -> None:
    """Write the lesson rows and put the numbers on the summaries, which the caller saves."""
    LessonState.objects.bulk_create(
        [
            LessonState(enrolment_id=summary.pk, lesson_id=lesson_id, **each._asdict())
            for summary, count in counts
            for lesson_id, each in count.lessons.items()
        ],
        update_conflicts=True,
        unique_fields=["enrolment", "lesson"],
        update_fields=["units_done", "units_required", "percent", "done_at"],
    )
    for summary, count in counts:
        for field in COUNTED:
            setattr(summary, field, getattr(count, field))
        # A completed enrolment stays completed, whatever is authored or reset later.
        summary.completed_at = count.completed_at or summary.completed_at


def _move(summary: EnrolmentSummary, *, unit: Unit, anchor: str, at: datetime) -> None:
    if summary.last_visit_at is None or summary.last_visit_at <= at:
        summary.last_unit, summary.last_anchor, summary.last_visit_at = unit, anchor, at
