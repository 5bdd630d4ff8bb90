"""`manage.py verify_invariants`: what must always be true of the data, asked of the data."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import pluralize

#: Rows named for each broken invariant; the count says how many there are.
SHOWN = 5


def checks():
    """Every check of every room, lowest room first: (room, sentence, function that returns the offending rows)."""
    for room in settings.ROOMS:
        if find_spec(f"{room}.invariants"):
            for sentence, find in import_module(f"{room}.invariants").CHECKS:
                yield room, str(sentence), find


class Command(BaseCommand):
    help = "Print one line per invariant; exit 1 if any row breaks one."

    def handle(self, *args, **options):
        broken = sum(self.verify(room, sentence, list(find())) for room, sentence, find in checks())
        if broken:
            raise CommandError(f"{broken} invariant{pluralize(broken)} {pluralize(broken, 'is,are')} broken.")

    def verify(self, room, sentence, rows):
        """Print the line of one check; true when it is broken."""
        if not rows:
            self.stdout.write(f"ok      {room}: {sentence}")
            return False
        listed = ", ".join(str(row) for row in rows[:SHOWN]) + (", …" if len(rows) > SHOWN else "")
        self.stdout.write(f"BROKEN  {room}: {sentence} ({len(rows)}: {listed})")
        return True
