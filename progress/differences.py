"""What is stored about learners and is not what their facts amount to."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from lessons.outlines import Outline
from progress import completion, recording
from progress.completion import Fact, LessonCount, Standing
from progress.models import EnrolmentSummary, LearningEvent, LessonState, UnitState


def of(enrolments: Sequence[int], outline: Outline) -> list[str]:
    """What is stored about these learners (ids) and is not what their facts amount to; [] when all is well.

    Four queries for all of them. Writes nothing.
    """
    facts, kinds = _facts_by_enrolment(enrolments)
    stored = recording.by_enrolment(
        UnitState.objects.filter(enrolment__in=enrolments).order_by().values_list(*recording.STORED)
    )
    lessons: dict[int, dict[int, LessonCount]] = defaultdict(dict)
    for state in LessonState.objects.filter(enrolment__in=enrolments).order_by():
        count = LessonCount(state.units_done, state.units_required, state.percent, state.done_at)
        lessons[state.enrolment_id][state.lesson_id] = count
    summaries = EnrolmentSummary.objects.in_bulk(enrolments)
    return [
        f"enrolment {pk}: {difference}"
        for pk in enrolments
        for difference in _differences(
            recording.standings(kinds, facts[pk]), *stored[pk], lessons[pk], summaries.get(pk), outline
        )
    ]


def _differences(
    computed: Mapping[int, Standing],
    stored: Mapping[int, Standing],
    touched: set[int],
    lessons: Mapping[int, LessonCount],
    summary: EnrolmentSummary | None,
    outline: Outline,
) -> Iterator[str]:
    for unit_id in sorted(computed.keys() | stored.keys()):
        if computed.get(unit_id) != stored.get(unit_id):
            yield f"unit {unit_id}: stored {stored.get(unit_id)}, facts say {computed.get(unit_id)}"
    count = completion.count(outline, computed, touched)
    for lesson_id in sorted(lessons.keys() | count.lessons.keys()):
        if lessons.get(lesson_id) != count.lessons.get(lesson_id):
            yield f"lesson {lesson_id}: stored {lessons.get(lesson_id)}, facts say {count.lessons.get(lesson_id)}"
    if summary is None:
        if computed:
            yield "facts without a summary"
        return
    for field in recording.SUMMED:
        # What was completed once stays so, whatever the facts amount to in today's outline.
        if getattr(summary, field) != getattr(count, field) and (field != "completed_at" or count.completed_at):
            yield f"{field}: stored {getattr(summary, field)}, facts say {getattr(count, field)}"


def _facts_by_enrolment(enrolments: Sequence[int]) -> tuple[dict[int, dict[int, list[Fact]]], dict[int, str]]:
    """The facts of each learner by unit id, and the kinds of those units; one query."""
    facts: dict[int, dict[int, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    kinds = {}
    columns = ("enrolment_id", "unit_id", "unit__kind", "kind", "at", "payload")
    for enrolment, unit, kind, *fact in LearningEvent.objects.filter(enrolment__in=enrolments).values_list(*columns):
        facts[enrolment][unit].append(Fact._make(fact))
        kinds[unit] = kind
    return facts, kinds
