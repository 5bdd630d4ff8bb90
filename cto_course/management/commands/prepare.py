"""`manage.py prepare`: bring database, course and static files up to date without serving."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, IntegrityError, ProgrammingError
from django.utils import timezone

from cto_course import local_accounts, preparing, rights


class Command(BaseCommand):
    help = "Migrate, load the course if its files changed, make the local accounts, collect static files."
    # A start must be quick; `make check` runs the system checks.
    requires_system_checks = []

    def handle(self, *args, **options):
        try:
            self.prepare()
        except preparing.NotReady as error:
            raise CommandError(str(error)) from error

    def prepare(self):
        """Run every step in order. Raises NotReady."""
        try:
            self.steps()
        except (IntegrityError, ProgrammingError):
            # The database works; the fault is ours and wants its traceback.
            raise
        except DatabaseError as error:
            raise preparing.unusable(error) from error

    def steps(self):
        for line in preparing.data_directory():
            self.stderr.write(line)
        if preparing.database():
            self.stdout.write("The database is up to date.")
        if corrected := preparing.results(at=timezone.now()):
            self.stdout.write(f"Results corrected, because their points were counted on rounded ones: {corrected}.")
        for line in preparing.courses(at=timezone.now()):
            self.stdout.write(line)
        rights.instructors(at=timezone.now())
        if settings.LOCAL:
            local_accounts.make(at=timezone.now())
        if preparing.static_files():
            self.stdout.write("The static files are collected.")
