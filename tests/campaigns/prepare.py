"""`manage.py prepare` is killed, at every kind of moment, and run again.

    python -m tests.campaigns.prepare --kills 60

Each time on an empty database: SIGKILL before one of its statements (always before the first ones after the last
migration, when Django has not yet made the permissions; else evenly spread from the first statement to the last), or
while it collects the static files. The next run has to finish what is missing: all permissions and rights, the whole
course, static files that equal their sources, the people to sign in as, no broken invariant; and the run after it has
nothing left to do.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests import folders, sites

ROOT = Path(__file__).resolve().parents[2]
#: Statements after the last migration at which a start is killed in any case.
AFTER = (1, 2, 5)
#: Every so-manieth start is killed while it collects static files, a fraction of a second after it began to.
COLLECTING = 6


def manage(*words, **variables):
    """Run a command in this environment to its end, whatever that is."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def empty(database):
    """An empty database beside that of the address, or an empty file; its variables."""
    with tempfile.TemporaryDirectory() as directory:
        own = {"DATA_DIR": f"{directory}/var", "STATIC_ROOT": f"{directory}/static"}
        if not database.startswith("postgres"):
            yield own
            return
        import psycopg

        name = f"campaign_{os.getpid()}"
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
            try:
                yield own | {"DATABASE_URL": urlsplit(database)._replace(path=f"/{name}").geturl()}
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def killed_at(statement, own):
    """Prepare, killed before this statement; whether it was."""
    ended = manage("prepare", "--settings", "tests.campaigns.killing", KILL_AT=str(statement), **own)
    return ended.returncode == -signal.SIGKILL


def killed_while_collecting(own, rng):
    """Prepare, killed a little after it began to collect static files; whether it was."""
    running = subprocess.Popen(
        [sys.executable, "manage.py", "prepare"], cwd=ROOT, env=os.environ | own, stdout=subprocess.DEVNULL
    )
    while running.poll() is None and not (Path(own["STATIC_ROOT"]) / ".collecting").exists():
        time.sleep(0.002)
    time.sleep(rng.uniform(0.0, 0.3))
    running.kill()
    return running.wait() == -signal.SIGKILL


def moments(kills, own):
    """The numbers of the statements to be killed at, from a start that nobody kills."""
    with tempfile.NamedTemporaryFile() as file:
        manage("prepare", "--settings", "tests.campaigns.killing", COUNTED=file.name, **own)
        counted = json.loads(Path(file.name).read_text())
    fixed = [counted["last_migration"] + number for number in AFTER][:kills]
    spread = max(kills - len(fixed) - kills // COLLECTING, 0)
    return fixed + [1 + counted["statements"] * number // max(spread, 1) for number in range(spread)]


def faults(own):
    """What is wrong after the next run, in words."""
    wrong = []
    if (again := manage("prepare", **own)).returncode:
        wrong.append(f"the next run failed: {again.stderr[-300:]}")
    if (third := manage("prepare", **own)).stdout or third.stderr or third.returncode:
        wrong.append(f"the run after it still had something to do: {third.stdout[-300:]}{third.stderr[-300:]}")
    if (asked := manage("verify_invariants", **own)).returncode:
        wrong += [line for line in asked.stdout.splitlines() if line.startswith("BROKEN")] or [asked.stderr[-300:]]
    script = (
        "from cto_course import local_accounts as a, rights; from django.contrib.auth import authenticate; "
        "from django.contrib.auth.models import Group; from lessons.models import UnitVersion; "
        "print(sum(authenticate(username=one.email, password=one.password) is not None for one in a.read()), "
        "Group.objects.get().permissions.count() - len(rights.of_instructors()), UnitVersion.objects.count())"
    )
    there = manage("shell", "--no-imports", "-c", script, **own).stdout.split()
    if there[:2] != ["4", "0"] or there[2:] in ([], ["0"]):
        wrong.append(f"people who can sign in, rights too many, units: {there}")
    sources = [path for path in (ROOT / "static").rglob("*") if path.is_file()]
    copies = [Path(own["STATIC_ROOT"]) / path.relative_to(ROOT / "static") for path in sources]
    differing = [
        source.name
        for source, copy in zip(sources, copies, strict=True)
        if not copy.is_file() or copy.read_bytes() != source.read_bytes()
    ]
    return wrong + ([f"static files that differ: {differing[:3]}"] if differing else [])


def campaign(database, kills):
    """Run it; what was found."""
    rng = random.Random(1)
    with empty(database) as own:
        numbers = moments(kills, own)
    killed, wrong = {"at a statement": 0, "while collecting": 0}, []
    for number in numbers:
        with empty(database) as own:
            killed["at a statement"] += killed_at(number, own)
            wrong += [f"statement {number}: {fault}" for fault in faults(own)]
    for _time in range(kills // COLLECTING):
        with empty(database) as own:
            killed["while collecting"] += killed_while_collecting(own, rng)
            wrong += [f"collecting: {fault}" for fault in faults(own)]
    return {"runs": len(numbers) + kills // COLLECTING, "killed": killed, "broken": wrong[:5]}


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--kills", type=int, default=60)
    given = options.parse_args()
    database = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory() as directory:
        sites.configure(directory, settings="cto_course.settings", workers=1, course=False, migrated=False)
        folders.write(Path(os.environ["CONTENT_DIR"]) / "cto")
        found = campaign(database, given.kills)
        shutil.rmtree(os.environ["CONTENT_DIR"])
    sys.stdout.write(json.dumps(found) + "\n")
    sys.exit(1 if found["broken"] or sum(found["killed"].values()) < found["runs"] - 1 else 0)


if __name__ == "__main__":
    main()
