"""What has to happen without anybody asking: mail leaves, overdue attempts are closed, regrades reach everybody."""

import logging
import signal
import threading

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from cto_course import limits
from notifications import outbox
from quizzes import attempts
from quizzes.regrading import process

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Every few seconds hand over mail, close overdue attempts, go on with regrades; SIGTERM or Ctrl-C ends it."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="one round, then end; for cron and tests")
        parser.add_argument("--pause", type=float, default=5, metavar="SECONDS", help="between two rounds (default: 5)")

    def handle(self, *args, once, pause, **options):
        if once:
            self.stdout.write(work())
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            close_old_connections()
            try:
                work()
            except Exception:
                # The database may be away for a minute (an upgrade, a restart); the worker is still there afterwards.
                logger.exception("This round of the worker failed; the next one starts in %s s.", pause)
            stop.wait(pause)
        self.stdout.write("Stopped.")


def work() -> str:
    """One round; returns what it did, in one line."""
    closed = attempts.close_overdue(as_of=timezone.now())
    process.apply_waiting(at=timezone.now())
    limits.clear_expired(as_of=timezone.now())
    if not settings.DELIVERY:
        return f"Mail stays in the outbox (EMAIL_URL is not set). Attempts closed: {closed}."
    try:
        done = outbox.deliver_due(as_of=timezone.now(), connection=outbox.connection())
    except OSError as error:
        logger.warning("The mail server cannot be reached; mail waits in the outbox: %s", error)
        return f"The mail server cannot be reached. Attempts closed: {closed}."
    return f"Mail sent: {done.sent}, put off: {done.put_off}, given up: {done.failed}. Attempts closed: {closed}."
