"""A SQLite database holds what people wrote and who they are: only its owner may read it."""

import os
from collections.abc import Iterator
from pathlib import Path

OTHERS = 0o077
#: What stands beside the database file, by the end of its name.
BESIDE = ("", "-wal", "-shm", "-journal", ".queue")


def guard(database: Path) -> Iterator[str]:
    """Take the rights of others off a database's files and folder; a line for everything where that cannot be done.

    A folder that holds something else as well may be meant for others: it is left as it is, and said.
    """
    ours = [database.with_name(f"{database.name}{end}") for end in BESIDE]
    for path in ours:
        if path.exists():
            yield from take(path, 0o600)
    folder = database.parent
    if folder.is_dir() and open_to_others(folder):
        if set(folder.iterdir()) <= set(ours):
            yield from take(folder, 0o700)
        else:
            yield advice(folder, 0o700)


def take(path: Path, mode: int) -> Iterator[str]:
    """Set the mode unless nobody else can read the path; a line if this user may not."""
    if open_to_others(path):
        try:
            path.chmod(mode)
        except OSError:
            yield advice(path, mode)


def open_to_others(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & OTHERS)


def advice(path: Path, mode: int) -> str:
    return f"Others on this machine can read {path}. Let its owner run: chmod {mode:o} {path}"
