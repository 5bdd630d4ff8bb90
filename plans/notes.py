"""Writing a note: the newest text of a page is kept, and no tab overwrites what another has written."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import moments
from cohorts.models import Enrolment
from lessons.models import Unit
from plans.models import Note


class NoteChanged(Exception):
    """The note has been written elsewhere since this text was begun; `note` is what is stored."""

    def __init__(self, note: Note):
        super().__init__(f"Note {note.pk} is at revision {note.revision}.")
        self.note = note


@transaction.atomic
def write(*, enrolment: Enrolment, unit: Unit, text: str, revision: int, at: datetime) -> Note:
    """Store a note whose text was begun from `revision` (0: there was none); returns it with its new revision.

    A text that is stored already is saved, however often it comes: the reply to a save may have been lost. Raises
    NoteChanged when something else was stored in the meantime; nothing is written then.
    """
    mine = Note.objects.of(enrolment).filter(unit=unit)
    if revision == 0:
        try:
            with transaction.atomic():
                return Note.objects.create(enrolment=enrolment, unit=unit, text=text, revision=1, saved_at=at)
        except IntegrityError:
            pass  # There is one already: a second tab, or the same text again.
    elif mine.filter(revision=revision).exclude(text=text).update(text=text, revision=revision + 1, saved_at=at):
        return mine.get()
    stored = mine.first()
    if stored is None:
        return write(enrolment=enrolment, unit=unit, text=text, revision=0, at=at)
    if stored.text != text:
        raise NoteChanged(stored)
    return stored


def saved_words(saved_at: datetime, *, on: date) -> str:
    """When a note was saved, as its reader's clock says it on the day `on`."""
    saved = timezone.localtime(saved_at)
    if saved.date() == on:
        return _("Saved at %(time)s") % {"time": moments.words(saved, "H:i")}
    return _("Saved on %(day)s at %(time)s") % {"day": moments.words(saved, "j F"), "time": moments.words(saved, "H:i")}
