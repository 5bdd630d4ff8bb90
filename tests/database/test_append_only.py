"""Rows that are written once (database.append_only)."""

import pytest

from accounts.models import AuditEntry
from progress.models import LearningEvent
from tests.factories import NOW


def an_entry(enrolment):
    return AuditEntry.objects.create(actor=enrolment.user, action="joined", subject="cohort", at=NOW)


def an_event(enrolment):
    unit = enrolment.course.lessons.first().units.first()
    return LearningEvent.objects.create(enrolment=enrolment, unit=unit, kind="marked_done", idempotency_key="1", at=NOW)


@pytest.mark.parametrize("made", [an_entry, an_event])
def test_row_is_neither_changed_nor_deleted(enrolment, made):
    row = made(enrolment)
    rows = type(row).objects.filter(pk=row.pk)
    for act in (row.save, row.delete, rows.delete, lambda: rows.update(at=NOW)):
        with pytest.raises(TypeError, match=f"{type(row).__name__} is append-only"):
            act()
    assert rows.count() == 1
