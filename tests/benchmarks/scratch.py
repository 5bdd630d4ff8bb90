"""A scratch site for the benchmark: its own database and static files, the real course, learners with sessions."""

import os
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent


class Visitor(NamedTuple):
    """A learner who is signed in, with an attempt open: cookies, form token, the attempt's uuid, one of its items."""

    cookie: str
    token: str
    attempt: str
    item: object


def configure(directory: str) -> int:
    """Point this process and its children at the directory, whatever the shell says; returns a free port."""
    for name in ("DATABASE_URL", "CACHE_URL", "EMAIL_URL", "DEBUG", "SITE_URL", "ALLOWED_HOSTS"):
        os.environ.pop(name, None)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "ENV_FILE": "none",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "LOCAL": "1",
        "DATA_DIR": f"{directory}/var",
        "STATIC_ROOT": f"{directory}/static",
        "PORT": str(port),
        "WORKERS": "1",
    }
    return port


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
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
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
    session = SessionStore()
    session[SESSION_KEY] = str(enrolment.user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = enrolment.user.get_session_auth_hash()
    session.create()
    token = secrets.token_hex(16)
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
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
