"""Writing a note."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from lessons.models import Unit
from plans import notes
from plans.models import Note
from plans.notes import NoteChanged
from tests import factories
from tests.factories import NOW

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def unit(course):
    return Unit.objects.get(key="first")


def stored():
    return list(Note.objects.order_by("pk").values_list("text", "revision", "saved_at"))


def test_first_text_makes_the_note(enrolment, unit):
    note = notes.write(enrolment=enrolment, unit=unit, text="One", revision=0, at=NOW)
    assert (note.revision, stored()) == (1, [("One", 1, NOW)])


def test_next_text_raises_the_revision(enrolment, unit):
    notes.write(enrolment=enrolment, unit=unit, text="One", revision=0, at=NOW)
    note = notes.write(enrolment=enrolment, unit=unit, text="Two", revision=1, at=LATER)
    assert (note.revision, stored()) == (2, [("Two", 2, LATER)])


@pytest.mark.parametrize("revision", [0, 1])
def test_text_that_is_stored_already_is_saved(enrolment, unit, revision):
    """The reply to a save was lost; the browser sends it again with the revision it knows."""
    notes.write(enrolment=enrolment, unit=unit, text="One", revision=0, at=NOW)
    notes.write(enrolment=enrolment, unit=unit, text="Two", revision=1, at=NOW)
    note = notes.write(enrolment=enrolment, unit=unit, text="Two", revision=revision, at=LATER)
    assert (note.revision, stored()) == (2, [("Two", 2, NOW)])


def test_unchanged_text_does_not_raise_the_revision(enrolment, unit):
    notes.write(enrolment=enrolment, unit=unit, text="One", revision=0, at=NOW)
    note = notes.write(enrolment=enrolment, unit=unit, text="One", revision=1, at=LATER)
    assert (note.revision, stored()) == (1, [("One", 1, NOW)])


@pytest.mark.parametrize("revision", [0, 1, 7])
def test_text_begun_from_an_old_revision_is_refused(enrolment, unit, revision):
    """Two tabs: whoever saves second learns what the first saved, and nothing is overwritten."""
    notes.write(enrolment=enrolment, unit=unit, text="One", revision=0, at=NOW)
    notes.write(enrolment=enrolment, unit=unit, text="Two", revision=1, at=NOW)
    with pytest.raises(NoteChanged) as refused:
        notes.write(enrolment=enrolment, unit=unit, text="Mine", revision=revision, at=LATER)
    assert (refused.value.note.text, refused.value.note.revision) == ("Two", 2)
    assert stored() == [("Two", 2, NOW)]


def test_text_with_a_revision_of_a_note_that_is_not_there_is_kept(enrolment, unit):
    note = notes.write(enrolment=enrolment, unit=unit, text="Mine", revision=3, at=NOW)
    assert (note.revision, stored()) == (1, [("Mine", 1, NOW)])


def test_notes_of_others_are_left_alone(enrolment, unit, cohort):
    other = factories.enrolment(cohort)
    notes.write(enrolment=other, unit=unit, text="Theirs", revision=0, at=NOW)
    notes.write(enrolment=enrolment, unit=unit, text="Mine", revision=0, at=LATER)
    assert stored() == [("Theirs", 1, NOW), ("Mine", 1, LATER)]


def test_saved_words(enrolment, unit):
    note = notes.write(enrolment=enrolment, unit=unit, text="One", revision=0, at=NOW)
    with timezone.override("Europe/Lisbon"), time_machine.travel(NOW, tick=False):
        assert notes.saved_words(note.saved_at, on=timezone.localdate()) == "Saved at 09:30"
    with timezone.override("Asia/Tokyo"):
        assert notes.saved_words(note.saved_at, on=NOW.date()) == "Saved at 18:30"
        assert notes.saved_words(note.saved_at, on=NOW.date() + timedelta(days=1)) == "Saved on 2 November at 18:30"
