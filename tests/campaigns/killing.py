"""The settings of the server, and an end by SIGKILL before the statement with the number KILL_AT (from 1).

Whoever ends on their own leaves behind, in the file COUNTED, how many statements there were and which one recorded the
last migration.
"""

import atexit
import json
import os
import signal
from pathlib import Path

from django.db.backends.signals import connection_created

from cto_course.settings import *  # noqa: F403 — all of them, so that both run the same

KILL_AT = int(os.environ.get("KILL_AT", "0"))
counted = {"statements": 0, "last_migration": 0}


def count(execute, sql, params, many, context):
    counted["statements"] += 1
    if counted["statements"] == KILL_AT:
        os.kill(os.getpid(), signal.SIGKILL)
    if sql.startswith('INSERT INTO "django_migrations"'):
        counted["last_migration"] = counted["statements"]
    return execute(sql, params, many, context)


def watch(connection, **_kwargs):
    if count not in connection.execute_wrappers:
        connection.execute_wrappers.append(count)


connection_created.connect(watch)
if "COUNTED" in os.environ:
    atexit.register(lambda: Path(os.environ["COUNTED"]).write_text(json.dumps(counted)))
