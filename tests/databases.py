"""Test databases, copied from one that was migrated once for this state of the code.

Migrating takes eight seconds of processor time, and every worker of pytest, every race and every server of a journey
starts with a fresh database. What is copied is what `manage.py migrate` makes: SQLite copies a file, PostgreSQL a
template database.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PLACE = Path(tempfile.gettempdir()) / f"cto-course-tests-{os.getuid()}"
TEMPLATE = "template_cto_"
#: Templates of other states of the code that stay: somebody may be testing them.
KEPT = 8


def fingerprint() -> str:
    """The state of what a migrated database depends on: migrations, models, their guards, and the pinned packages."""
    kinds = ["*/migrations/*.py", "*/models.py", "*/models/*.py", "*/apps.py", "database/**/*.py", "requirements.txt"]
    files = sorted(path for kind in kinds for path in ROOT.glob(kind))
    content = b"".join(str(path.relative_to(ROOT)).encode() + path.read_bytes() for path in files)
    return hashlib.sha256(content).hexdigest()[:12]


def template_file() -> Path:
    """A migrated SQLite file; made by whoever comes first, while the others wait."""
    PLACE.mkdir(mode=0o700, exist_ok=True)
    made = PLACE / f"{fingerprint()}.sqlite3"
    with (PLACE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for old in sorted(PLACE.glob("*.sqlite3"), key=os.path.getmtime)[:-KEPT]:
                old.unlink()
            with tempfile.TemporaryDirectory(dir=PLACE) as folder:
                migrate(f"sqlite:///{folder}/course.sqlite3")
                with closing(sqlite3.connect(f"{folder}/course.sqlite3")) as file:
                    file.execute("PRAGMA journal_mode=delete")  # a database in memory takes no copy with a log beside
                Path(folder, "course.sqlite3").rename(made)
    return made


def migrate(url: str) -> None:
    """What `manage.py prepare` does for the tables: those of the models, and that of the cache."""
    environment = os.environ | {"ENV_FILE": "none", "SECRET_KEY": "a-key-for-tests-only-" + "0" * 40, "LOCAL": "1"}
    environment |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "cto_course.settings"}
    environment.pop("CACHE_URL", None)
    for command in (["migrate", "--verbosity", "0"], ["createcachetable", "--verbosity", "0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)


def place(folder: str | Path) -> None:
    """Put a migrated database where a site with this DATA_DIR looks for its own."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(template_file(), Path(folder) / "course.sqlite3")
    (Path(folder) / "course.sqlite3").chmod(0o600)


@contextmanager
def copied() -> Iterator[None]:
    """A fresh test database under the name that Django would give it, thrown away afterwards."""
    from django.conf import settings
    from django.db import connection

    creation, original = connection.creation, connection.settings_dict["NAME"]
    name = creation._get_test_db_name()
    connection.close()
    if connection.vendor == "sqlite":
        template = template_file()
        if not connection.is_in_memory_db() and not creation.is_in_memory_db(name):
            Path(name).unlink(missing_ok=True)
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
        connection.ensure_connection()
        with closing(connection.Database.connect(template)) as source:
            source.backup(connection.connection)
    else:
        with creation._nodb_cursor() as cursor:
            copy_template(cursor, name, connection.settings_dict)
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        creation.destroy_test_db(original, verbosity=0)


def copy_template(cursor, name: str, server: dict) -> None:
    """A database of PostgreSQL from the template of this state of the code; older templates go when it is made."""
    template = f"{TEMPLATE}{fingerprint()}"
    # Whoever comes second waits until the template is made, which takes longer than a page may.
    cursor.execute("SET lock_timeout = 0")
    cursor.execute("SET statement_timeout = 0")
    cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [TEMPLATE])
    try:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid", [TEMPLATE])
        found = [row[0] for row in cursor.fetchall()]
        if template not in found:
            for old in [*found[:-KEPT], *(half for half in found if half.endswith("_new"))]:
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{template}_new"')
            migrate(url_of(server, f"{template}_new"))
            cursor.execute(f'ALTER DATABASE "{template}_new" RENAME TO "{template}"')
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    finally:
        cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [TEMPLATE])


def url_of(server: dict, name: str) -> str:
    """The address of another database on the same server, as DATABASE_URL has it."""
    who = f"{server['USER']}:{server['PASSWORD']}" if server["PASSWORD"] else server["USER"]
    return f"postgres://{who}@{server['HOST'] or 'localhost'}:{server['PORT'] or 5432}/{name}"


@contextmanager
def scratch(address: str) -> Iterator[str]:
    """The address of an empty database on the server of PostgreSQL at `address`, until the end of the block."""
    import psycopg

    name = f"scratch_{secrets.token_hex(6)}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(address)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def process(address: str) -> int:
    """The pid of a server of PostgreSQL on this machine: the parent of whoever serves a connection."""
    import psycopg

    with psycopg.connect(address) as server:
        (row,) = server.execute("SELECT pg_backend_pid()").fetchall()
        return int(Path(f"/proc/{row[0]}/stat").read_text().rpartition(")")[2].split()[1])
