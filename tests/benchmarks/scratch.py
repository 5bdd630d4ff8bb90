"""The scratch site of one benchmark: its own database and static files, the real course, people with sessions.

`python -m tests.benchmarks.scratch` builds it in the tree it is started in and prints what `Site` holds as one line of
JSON. Another revision runs this very module (see revisions.py), so it uses only what every revision has.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests import databases, sites

ROOT = Path(__file__).resolve().parent.parent.parent


class Visitor(NamedTuple):
    """A learner who is signed in: cookies, form token, an open attempt and one of its items, a sent attempt."""

    cookie: str
    token: str
    attempt: str
    position: int
    choices: list[str]
    sent: str


class Starter(NamedTuple):
    """A learner who may start the exam, and has answered an open attempt that may be sent: each once."""

    cookie: str
    token: str
    attempt: str


class Site(NamedTuple):
    """A site that answers: its port, the processes that work for it (pids), the key of its course, addresses, people's
    cookies."""

    port: int
    processes: list[int]
    key: str
    unit: str
    check: str
    cohort: str
    manager: str
    instructor: str
    visitors: list[Visitor]
    starters: list[Starter]


@contextmanager
def site(root: Path, learners: int, starters: int = 0, *, postgres: str = "") -> Iterator[Site]:
    """A site of the tree `root` with this many learners, served by one worker until the end of the block.

    `postgres` is the address of a server of PostgreSQL on this machine, on which it gets a database of its own.
    """
    with ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory())
        port = sites.configure(directory, settings="tests.benchmarks.settings", workers=1, migrated=False)
        variables, others = dict(os.environ), []
        if postgres:
            variables["DATABASE_URL"] = stack.enter_context(databases.scratch(postgres))
            others = [databases.process(postgres)]
        command = [python_of(root), "-m", "tests.benchmarks.scratch", str(learners), str(starters)]
        built = subprocess.run(command, cwd=root, env=variables, stdout=subprocess.PIPE, text=True, check=False)
        if built.returncode:
            sys.exit(f"The site of {root} could not be built.")
        found = json.loads(built.stdout.splitlines()[-1])
        server = serve(root, port, variables)
        stack.callback(server.wait)
        stack.callback(server.terminate)
        people = {
            "visitors": [Visitor(*visitor) for visitor in found.pop("visitors")],
            "starters": [Starter(*starter) for starter in found.pop("starters")],
        }
        yield Site(port=port, processes=[server.pid, *others], **people, **found)


def python_of(root: Path) -> str:
    """The Python of the tree's own .venv, where it has one; else this one."""
    own = root / ".venv/bin/python"
    return str(own) if own.exists() else sys.executable


def serve(root: Path, port: int, variables: dict[str, str]) -> subprocess.Popen:
    """Start the production server with one worker and wait until it answers."""
    command = [python_of(root), "manage.py", "serve"]
    server = subprocess.Popen(command, cwd=root, env=variables, stdout=subprocess.DEVNULL)
    for _try in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return server
        except OSError:
            time.sleep(0.05)
    server.kill()
    sys.exit("The server did not start.")


def processor_seconds(pid: int) -> float:
    """Processor time, to the nanosecond, of all living threads of a process and of its living children."""
    threads = list(Path(f"/proc/{pid}/task").iterdir())
    own = sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(processor_seconds(int(child)) for child in children)


def build(learners: int, starters: int = 0) -> dict:
    """Migrate, load the course and let people in; what `Site` holds, but for the port and the processes."""
    import django

    django.setup()
    from django.utils import timezone

    from cto_course import preparing
    from lessons.models import Course, UnitVersion
    from tests import factories

    preparing.data_directory()
    preparing.database()
    preparing.static_files()
    preparing.courses(at=timezone.now())
    course = Course.objects.get(key="cto")
    cohort = course.cohorts.get()
    manager = factories.manager(cohort)
    instructor = factories.user("Ines Duarte", is_staff=True, is_superuser=True)
    visitors = [visitor(course, factories.enrolment(cohort), read=number % 5) for number in range(learners)]
    version = UnitVersion.objects.live(course).first()
    assert version is not None
    return {
        "key": course.key,
        "unit": version.unit.get_absolute_url(),
        "check": f"/{course.key}/lessons/1/check/",
        "cohort": f"/cohorts/{cohort.slug}/",
        "manager": sites.signed_in(manager)[0],
        "instructor": sites.signed_in(instructor)[0],
        "visitors": visitors,
        "starters": [starter(course, factories.enrolment(cohort)) for _number in range(starters)],
    }


def visitor(course, enrolment, *, read: int) -> Visitor:
    """Sign a learner in who has read the first units, sent the check of lesson 1 and opened that of lesson 2."""
    from django.utils import timezone

    from lessons.models import UnitVersion
    from progress import recording
    from quizzes import attempts
    from quizzes.models import Attempt, Quiz

    now = timezone.now()
    for version in [version for version in UnitVersion.objects.live(course) if version.unit.kind == "reading"][:read]:
        recording.mark_done(enrolment=enrolment, unit=version.unit, at=now)
    first, second = (Quiz.objects.get(unit__lesson__course=course, unit__lesson__number=number) for number in (1, 2))
    sent = attempts.start(enrolment=enrolment, quiz=first, at=now)
    attempts.close(attempt=sent, as_of=now, by=Attempt.ClosedBy.LEARNER)
    attempt = attempts.start(enrolment=enrolment, quiz=second, at=now)
    cookie, token = sites.signed_in(enrolment.user)
    item = attempt.items.filter(question_version__type__in=["single", "scenario"]).first()
    choices = [choice["key"] for choice in item.question_version.body["choices"]]
    return Visitor(cookie, token, str(attempt.uuid), item.position, choices, str(sent.uuid))


def starter(course, enrolment) -> Starter:
    """Sign a learner in to whom every check counts as passed, with an open attempt at that of lesson 2: one choice of
    each question that has any is answered."""
    from django.utils import timezone

    from lessons.models import UnitVersion
    from progress.models import UnitState
    from quizzes import attempts
    from quizzes.models import AttemptItem, Quiz

    now = timezone.now()
    checks = UnitVersion.objects.live(course).filter(unit__kind="quiz", required=True)
    UnitState.objects.bulk_create(
        UnitState(enrolment=enrolment, unit=check.unit, state="done", percent=90, started_at=now, done_at=now)
        for check in checks
    )
    attempt = attempts.start(
        enrolment=enrolment, quiz=Quiz.objects.get(unit__lesson__course=course, unit__lesson__number=2), at=now
    )
    for item in AttemptItem.objects.select_related("attempt", "question_version", "response").filter(attempt=attempt):
        if item.question_version.type in ["single", "scenario"]:
            attempts.save(item=item, answer=item.choice_order[0], revision=0, at=now)
    return Starter(*sites.signed_in(enrolment.user), str(attempt.uuid))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(build(*map(int, sys.argv[1:]))) + "\n")
