"""`manage.py make_local_accounts`: the four people to sign in as on this machine."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cto_course import local_accounts


class Command(BaseCommand):
    help = "Make learner, instructor, manager and operator with random passwords; whoever exists stays as they are."

    def handle(self, *args, **options):
        try:
            accounts = local_accounts.make(at=timezone.now())
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        for line in local_accounts.introduced(accounts):
            self.stdout.write(line)
