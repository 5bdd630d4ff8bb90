"""Bringing the database, the course and the static files up to date before serving.

Every step first asks whether anything changed, so that a second start does next to nothing.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from accounts import audit
from accounts.models import AuditEntry
from cto_course import private_files, rights
from quizzes.regrading import recounting

#: Below this no write is certain to end well, in megabytes.
SPACE = 50
#: The action under which a load from files stands in the audit log, with the fingerprint of what was loaded.
LOADED = "loaded from files"


class NotReady(Exception):
    """The platform cannot serve; the text is the one line to show."""


def data_directory() -> list[str]:
    """Make the directory of the database, and see that there is room in it and that it is this user's alone.

    Returns what an operator has to do about the latter. Raises NotReady.
    """
    try:
        settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.DATA_DIR).free // 1_000_000
    except OSError as error:
        raise NotReady(f"{settings.DATA_DIR} cannot be used as the data directory: {error.strerror}.") from error
    if free < SPACE:
        raise NotReady(f"{free} MB are free on the disk of {settings.DATA_DIR}, {SPACE} are needed. Free some space.")
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or name.startswith(("file:", ":memory:")):
        return []
    return list(private_files.guard(Path(name)))


def database() -> bool:
    """Bring the tables up to date; true if there was something to do.

    Permissions are made after the last migration. If a start was killed before that, `migrate` makes them without one.
    """
    executor = MigrationExecutor(connection)
    unapplied = bool(executor.migration_plan(executor.loader.graph.leaf_nodes())) or bool(rights.missing())
    if unapplied:
        call_command("migrate", interactive=False, verbosity=0)
    if any(isinstance(cache, DatabaseCache) for cache in caches.all(initialized_only=False)):
        call_command("createcachetable", verbosity=0)
    return unapplied


def results(*, at: datetime) -> int:
    """Correct the results that exact points judge otherwise; how many there were. One look at an index where none are
    left (docs/decisions/0021)."""
    return recounting.finish(at=at)


def unusable(error: DatabaseError) -> NotReady:
    """What to say about a database that cannot be opened, read or written."""
    reason = str(error).strip().splitlines()[0].rstrip(".")
    return NotReady(f"The database {place()} cannot be used: {reason}. {remedy(reason)}")


def place() -> str:
    """The database, named for a person: never with its password."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(database["NAME"])
    return f"{database['NAME']} on {database['HOST'] or 'this machine'}"


def remedy(reason: str) -> str:
    """What to try, by the words of SQLite's error."""
    if "not a database" in reason or "malformed" in reason:
        return "Restore it from a backup, or move the file away to begin with an empty one."
    if "readonly" in reason or "unable to open" in reason:
        return "See that this user may write the file and its directory."
    if "full" in reason:
        return "Free some space on that disk."
    return "See DATABASE_URL in docs/deploy.md."


def courses(*, at: datetime) -> list[str]:
    """Load every course folder whose files, or the code that reads them, changed since its last load.

    Returns what was said about it, line by line. A folder with errors leaves the course as it was loaded before;
    raises NotReady when there is nothing before.
    """
    sentences = []
    for folder in sorted(path.parent for path in Path(settings.CONTENT_DIR).glob("*/course.yaml")):
        fingerprint = fingerprint_of(folder)
        last = AuditEntry.objects.filter(action=LOADED, subject=folder.name).first()
        if last and last.detail["fingerprint"] == fingerprint:
            continue
        output = StringIO()
        try:
            call_command("load_course", str(folder), stdout=output, stderr=output)
        except CommandError as error:
            sentences += [*output.getvalue().splitlines(), str(error)]
            if not last:
                raise NotReady("\n".join([f"{folder} cannot be loaded:", *sentences])) from error
            sentences.append(f"{folder} has errors; the course stays as it was loaded before.")
            continue
        sentences.append(f"The course {folder.name} is loaded: {output.getvalue().splitlines()[-1]}.")
        audit.record(actor=None, action=LOADED, subject=folder.name, at=at, fingerprint=fingerprint)
    return sentences


def fingerprint_of(folder: Path) -> str:
    """SHA-256 over the names and texts of a course's files and over the rooms that turn them into pages."""
    digest = hashlib.sha256()
    rooms = [Path(apps.get_app_config(room).path) for room in rights.INSTRUCTORS]
    code = [path for room in rooms for path in room.rglob("*.py")]
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in sorted(files) + sorted(code):
        digest.update(f"{path.relative_to(settings.BASE_DIR if path in code else folder)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def static_files() -> bool:
    """Collect and compress the static files if one came, went or changed; true if so. Raises NotReady.

    A copy that an interrupted start left half-way is newer than its source and would pass for whole: after such a start
    everything is collected anew.
    """
    if settings.DEBUG:
        return False
    root = Path(settings.STATIC_ROOT)
    marker, begun = root / ".collected", root / ".collecting"
    current = json.dumps(sorted(static_sources()))
    try:
        if marker.is_file() and marker.read_text() == current and not begun.exists():
            return False
        if not root.exists():
            root.mkdir(parents=True)
        if begun.exists():
            for path in set(root.iterdir()) - {begun}:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        begun.touch()
        call_command("collectstatic", interactive=False, verbosity=0)
        marker.write_text(current)
        begun.unlink()
    except OSError as error:
        raise NotReady(f"{settings.STATIC_ROOT} cannot hold the static files: {error.strerror}.") from error
    return True


def static_sources() -> Iterator[tuple[str, int, int]]:
    """Name, size and time of change of every file that would be collected."""
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            yield name, status.st_size, status.st_mtime_ns
