"""A database of its own for a campaign, and people in it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests import databases

ROOT = Path(__file__).resolve().parents[2]


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
    with databases.copied():
        yield


@contextmanager
def server(log: Path) -> Iterator[subprocess.Popen]:
    """The production server of this environment (see tests/sites.py) from the moment it listens until the end."""
    with log.open("wb") as out:
        running = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT, stdout=out, stderr=out)
    try:
        while running.poll() is None:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", int(os.environ["PORT"])), timeout=1).close()
                break
            time.sleep(0.1)
        yield running
        if running.poll() is not None:
            sys.stderr.write(log.read_text()[-3000:])
    finally:
        running.terminate()
        running.wait(timeout=30)


def report(found: dict) -> None:
    """What was found, as one line of JSON."""
    sys.stdout.write(json.dumps(found) + "\n")


def broken_invariants() -> dict[str, list[str]]:
    """Name of each invariant that does not hold → its first offenders."""
    from quizzes import invariants

    return {name: rows[:3] for name, check in invariants.CHECKS if (rows := check())}
