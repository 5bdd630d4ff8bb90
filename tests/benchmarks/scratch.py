"""A scratch site for the benchmark: its own database and static files, the real course, learners with sessions."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from tests import sites

ROOT = Path(__file__).resolve().parent.parent.parent


class Visitor(NamedTuple):
    """A learner who is signed in, with an attempt open: cookies, form token, the attempt's uuid, one of its items."""

    cookie: str
    token: str
    attempt: str
    item: object


def build(learners: int):
    """Migrate, load the course and let people in; returns the course and its visitors."""
    import django

    django.setup()
    from django.utils import timezone

    from cto_course import preparing
    from lessons.models import Course
    from tests import factories

    preparing.data_directory()
    preparing.database()
    preparing.static_files()
    try:
        preparing.courses(at=timezone.now())
        course = Course.objects.get(key="cto")
    except (preparing.NotReady, Course.DoesNotExist) as error:
        print(f"The course could not be loaded; a small one stands in for it.\n{error}")
        course = factories.cohort(factories.course()).course
    cohort = course.cohorts.get()
    return course, [visitor(course, factories.enrolment(cohort), read=number % 5) for number in range(learners)]


def visitor(course, enrolment, *, read: int) -> Visitor:
    """Sign a learner in who has read the first units and opened the check of lesson 1."""
    from django.utils import timezone

    from lessons.models import UnitVersion
    from progress import recording
    from quizzes import attempts
    from quizzes.models import Quiz

    now = timezone.now()
    for version in [version for version in UnitVersion.objects.live(course) if version.unit.kind == "reading"][:read]:
        recording.mark_done(enrolment=enrolment, unit=version.unit, at=now)
    quiz = Quiz.objects.get(unit__lesson__course=course, unit__lesson__number=1)
    attempt = attempts.start(enrolment=enrolment, quiz=quiz, at=now)
    cookie, token = sites.signed_in(enrolment.user)
    item = attempt.items.filter(question_version__type__in=["single", "scenario"]).first()
    return Visitor(cookie, token, str(attempt.uuid), item)


def serve(port: int) -> subprocess.Popen:
    """Start the production server with one worker and wait until it answers."""
    from django.db import connections

    connections.close_all()
    server = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT, stdout=subprocess.DEVNULL)
    for _try in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return server
        except OSError:
            time.sleep(0.05)
    server.kill()
    sys.exit("The server did not start.")


def processor_seconds(pid: int) -> float:
    """Processor time that a process, all its threads and its living children have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(processor_seconds(int(child)) for child in children)
