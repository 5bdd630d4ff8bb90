"""The cache in which rate limits stand: roomy, kept for them alone, and cleared of what has run out.

allauth counts in the cache called "default"; nothing else may be put there, since a full cache throws out what it likes
and a limit that is thrown out is a lock that opens. Whatever else is to be cached gets a cache of its own.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection

#: How many limits are kept at once. Below this nothing is thrown out that still counts; a limit stands for five minutes
#: at most, so that filling it takes a thousand requests a second.
ROOM = 300_000


def cache(config: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of the cache for limits, from those that CACHE_URL gives; what Redis holds is set there."""
    made = {"KEY_PREFIX": "limits"} | dict(config)
    if not made["BACKEND"].endswith("RedisCache"):
        made["OPTIONS"] = {"MAX_ENTRIES": ROOM} | made.get("OPTIONS", {})
    return made


def clear_expired(*, as_of: datetime) -> int:
    """Delete what has run out from the table; returns how many. Other caches do that themselves."""
    limits = caches["default"]
    if not isinstance(limits, DatabaseCache):
        return 0
    rows = f"FROM {connection.ops.quote_name(limits.cache_model_class._meta.db_table)} WHERE expires < %s"
    expired = [connection.ops.adapt_datetimefield_value(as_of.replace(microsecond=0))]
    with connection.cursor() as cursor:
        # Looked for first: on SQLite a DELETE waits for every writer, also when it finds nothing.
        cursor.execute(f"SELECT 1 {rows} LIMIT 1", expired)
        if cursor.fetchone() is None:
            return 0
        cursor.execute(f"DELETE {rows}", expired)
        return cursor.rowcount
