"""Django's SQLite backend, with a queue in front of BEGIN IMMEDIATE.

SQLite lets one writer in at a time and makes the others poll: whoever happens to ask at the right moment wins, and
under load somebody waits until the timeout. Here a transaction takes its place with an advisory lock on a file beside
the database first; the kernel wakes the waiting processes and threads in turn. Nothing rests on this lock for
correctness: BEGIN IMMEDIATE still decides. Where the lock cannot be had (no `fcntl`, another file system) SQLite's own
waiting remains.

Its cursors write the placeholders of SQLite into a statement once: Django searches the whole text for them each time,
and prepared queries send the same ones again and again.
"""

import contextlib
import os
from functools import lru_cache

from django.db.backends.sqlite3 import base

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # — the name of a module, or of none


#: Longer statements, such as those that insert many rows, are seldom sent twice.
LONGEST = 10_000


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that knows the statements it was sent before."""

    def convert_query(self, query, *, param_names=None):
        if param_names is None and len(query) <= LONGEST:
            return _converted(query)
        return super().convert_query(query, param_names=param_names)


@lru_cache(maxsize=600)
def _converted(query):
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class Queue:
    """The place of one connection in the line of writers of one database file."""

    def __init__(self, path):
        self.file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def enter(self):
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def leave(self):
        fcntl.flock(self.file, fcntl.LOCK_UN)

    def close(self):
        os.close(self.file)


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection that waits in line before it begins a transaction, and leaves the line when it ends."""

    queue = None

    def get_new_connection(self, conn_params):
        """Opens the file, and makes it where there is none: its owner's alone, and with it the log beside it."""
        if not self.is_in_memory_db() and not str(self.settings_dict["NAME"]).startswith("file:"):
            # Where that fails SQLite itself says why.
            with contextlib.suppress(OSError):
                os.close(os.open(self.settings_dict["NAME"], os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        return super().get_new_connection(conn_params)

    def create_cursor(self, name=None):
        return self.connection.cursor(factory=Cursor)

    def _start_transaction_under_autocommit(self):
        if fcntl and self.queue is None and not self.is_in_memory_db():
            self.queue = Queue(f"{self.settings_dict['NAME']}.queue")
        if self.queue is None:
            return super()._start_transaction_under_autocommit()
        self.queue.enter()
        try:
            return super()._start_transaction_under_autocommit()
        except BaseException:
            self.queue.leave()
            raise

    def _commit(self):
        with self._leaving():
            return super()._commit()

    def _rollback(self):
        with self._leaving():
            return super()._rollback()

    def _close(self):
        try:
            return super()._close()
        finally:
            if self.queue is not None:
                self.queue.close()
                self.queue = None

    @contextlib.contextmanager
    def _leaving(self):
        try:
            yield
        finally:
            if self.queue is not None:
                self.queue.leave()
