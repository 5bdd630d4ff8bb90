"""`manage.py serve`: prepare everything and become the production server."""

from django.conf import settings
from django.core.management.base import CommandError

from cto_course import checks, local_accounts, serving
from cto_course.management.commands import prepare


class Command(prepare.Command):
    help = "Prepare (see `prepare`) and serve on HOST:PORT. Ctrl-C stops."

    def handle(self, *args, **options):
        try:
            serving.check_port(settings.HOST, settings.PORT)
        except serving.PortRefused as error:
            raise CommandError(str(error)) from error
        super().handle(*args, **options)
        self.introduce()
        self.stdout.flush()
        serving.serve(settings.HOST, settings.PORT, workers=settings.WORKERS or serving.cores())

    def introduce(self):
        """Say where to go and, on a newcomer's machine, who to sign in as."""
        if not settings.LOCAL:
            for warning in checks.sqlite_is_safe(None):
                self.stderr.write(f"{warning.msg} {warning.hint}")
            self.stdout.write(f"Serving {settings.SITE_URL} on {settings.HOST}:{settings.PORT}")
            return
        lines = ["", f"The course is at {settings.SITE_URL}/   (Ctrl-C stops it)", "Sign in as"]
        lines += [f"  {line}" for line in local_accounts.introduced(local_accounts.read())]
        if settings.MAILBOX:
            lines.append(f"or sign up: mail that would be sent is at {settings.SITE_URL}/mailbox/")
        lines.append(f"The passwords are kept in {local_accounts.file()}")
        self.stdout.write("\n".join(lines))
