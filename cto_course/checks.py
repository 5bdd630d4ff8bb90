"""What `manage.py check` says about the machine."""

import sqlite3

from django.conf import settings
from django.core.checks import Tags, Warning, register

SAFE_SQLITE = (3, 51, 3)


@register(Tags.database)
def sqlite_is_safe(app_configs, **kwargs):
    """Warn where SQLite is old enough to corrupt a database in WAL mode under two processes (fixed in 3.51.3)."""
    if settings.DATABASES["default"]["ENGINE"] != "database.sqlite" or sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return []
    return [
        Warning(
            f"SQLite {sqlite3.sqlite_version} can corrupt a database when two processes write (fixed in 3.51.3).",
            hint="Install the pysqlite3 wheel, update SQLite, or use PostgreSQL (DATABASE_URL).",
            id="cto_course.W001",
        )
    ]
