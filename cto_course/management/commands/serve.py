"""`manage.py serve`: prepare everything and become the production server."""

import os

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, connections

from cto_course import local_accounts, preparing, serving
from cto_course.management.commands import prepare


class Command(prepare.Command):
    help = "Prepare (see `prepare`) and serve on HOST:PORT. Ctrl-C stops."

    def handle(self, *args, **options):
        try:
            serving.check_port(settings.HOST, settings.PORT)
            self.prepare()
        except preparing.NotReady as error:
            raise CommandError(str(error)) from error
        self.introduce()
        connections.close_all()
        self.stdout.flush()
        os.chdir(settings.BASE_DIR)
        command = serving.granian(settings.HOST, settings.PORT, workers=settings.WORKERS or serving.cores())
        os.execv(command[0], command)  # noqa: S606 — no shell on purpose; every word is ours or a checked number

    def introduce(self):
        """Say where to go and, on a newcomer's machine, who to sign in as."""
        if not settings.LOCAL:
            warning = serving.sqlite_warning(connection.vendor)
            if warning:
                self.stderr.write(warning)
            self.stdout.write(f"Serving {settings.SITE_URL} on {settings.HOST}:{settings.PORT}")
            return
        lines = ["", f"The course is at {settings.SITE_URL}/   (Ctrl-C stops it)", "Sign in as"]
        lines += [f"  {line}" for line in local_accounts.table(local_accounts.read())]
        if settings.MAILBOX:
            lines.append(f"or sign up: mail that would be sent is at {settings.SITE_URL}/mailbox/")
        lines.append(f"The passwords are kept in {local_accounts.file()}")
        self.stdout.write("\n".join(lines))
