"""Django's PostgreSQL backend, which asks whether a connection lives only when there is reason to doubt it.

Django asks at every request, by a statement of its own. A connection dies when the server restarts, or when something
between them forgets it: the first is met by an error, after which Django asks anyway, and the second happens to
connections that nobody used for a while.
"""

import time

from django.db.backends.postgresql import base

#: Seconds without a request after which a connection is doubted.
IDLE = 60.0


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection that is trusted while it is used."""

    used_at = float("-inf")

    def close_if_unusable_or_obsolete(self):
        """Called before and after every request."""
        super().close_if_unusable_or_obsolete()
        now = time.monotonic()
        if self.connection is not None and now - self.used_at < IDLE:
            self.health_check_done = True
        self.used_at = now
