"""Whether the platform can do its work just now: which failures pass by themselves, and a write that is tried."""

import errno
import secrets
import sqlite3
import time
from collections.abc import Callable

from django.contrib.sessions.models import Session
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

#: SQLite's reasons that are the machine's or another process's: busy, locked, read-only, interrupted, input and output,
#: full, cannot open, protocol. Others of the same class ("no such table") are our fault.
SQLITE = {5, 6, 8, 9, 10, 13, 14, 15}
#: PostgreSQL's, by class: connection, transaction rollback, insufficient resources, object not in the state that is
#: needed, operator intervention, system error; and a transaction that may only read.
POSTGRESQL = ("08", "40", "53", "55", "57", "58", "25006")
#: The same of files: no room, beyond the quota or the limit of this process, read-only, input and output.
FILES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
#: A write is tried at most so often in one process, in seconds, however often it is asked for.
BETWEEN_TRIES = 1.0


def passes_by_itself(error: BaseException | None) -> bool:
    """Whether this failure, or the one that it came from, lies in the ground that we stand on and not in what we do.

    A database that is full, read-only, locked, restarting or not to be reached; a disk without room.
    """
    while error is not None:
        if isinstance(error, OSError) and error.errno in FILES:
            return True
        if isinstance(error, DatabaseError | InterfaceError) and of_the_database(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def of_the_database(error: DatabaseError | InterfaceError) -> bool:
    """The same for one error of Django's, by the code of the driver's error beneath it."""
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        # The lowest byte is the reason, what stands above is the detail.
        return code & 0xFF in SQLITE
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return state.startswith(POSTGRESQL)
    # Without any code the driver has not reached the database, or no longer holds a connection.
    return isinstance(error, OperationalError | InterfaceError) and not isinstance(cause, sqlite3.Error)


def write() -> bool:
    """Whether something can be written and committed now: a session that has expired comes and goes."""
    try:
        with transaction.atomic():
            session = Session.objects.create(
                session_key=f"ready{secrets.token_hex(8)}", session_data="", expire_date=timezone.now()
            )
            session.delete()
    except (DatabaseError, InterfaceError):
        connection.close()
        return False
    return True


class Readiness:
    """Whether this process can write, found out at most every BETWEEN_TRIES: asking often must not be an attack."""

    def __init__(self, trial: Callable[[], bool] = write, clock: Callable[[], float] = time.monotonic):
        self.trial, self.clock = trial, clock
        self.tried, self.answer = float("-inf"), False

    def __call__(self) -> bool:
        if self.clock() - self.tried >= BETWEEN_TRIES:
            self.answer, self.tried = self.trial(), self.clock()
        return self.answer


ready = Readiness()
