"""A database of its own for a campaign, and people in it."""

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def database():
    """A fresh test database beside that of DATABASE_URL, thrown away afterwards; on SQLite a file below DATA_DIR.

    Child processes that are forked inside use it too, each after closing what it inherited.
    """
    from django.conf import settings
    from django.db import connection

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    own = str(Path(settings.DATA_DIR) / f"campaign-{os.getpid()}.sqlite3")
    connection.settings_dict["TEST"]["NAME"] = own if connection.vendor == "sqlite" else f"test_campaign_{os.getpid()}"
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def report(found: dict) -> None:
    """What was found, as one line of JSON."""
    sys.stdout.write(json.dumps(found) + "\n")


def broken_invariants() -> dict[str, list[str]]:
    """Name of each invariant that does not hold → its first offenders."""
    from quizzes import invariants

    return {name: rows[:3] for name, check in invariants.CHECKS if (rows := check())}
