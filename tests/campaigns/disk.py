"""The disk under SQLite is full, again and again, while learners save.

    python -m tests.campaigns.disk --times 20

Starts the production server on a small file system of its own (tmpfs, in a mount namespace of this user), and fills it
to the last byte with a file that it throws away again. Where no such file system can be had, the workers are forbidden
to write any file instead. While it is full, pages are read, the probes differ, and whoever signs in is told what is
wrong; whoever saves is told to wait. Afterwards everything goes on by itself, and no acknowledged answer is missing.
"""

import argparse
import errno
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests import sites
from tests.campaigns import crash, outage, scratch

OWN = "CAMPAIGN_OWNS_ITS_MOUNTS"
NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]
SIZE = "96m"


def in_a_namespace():
    """Start this module again where it may mount, if that is possible and has not happened yet."""
    if OWN in os.environ or shutil.which("unshare") is None:
        return
    tried = subprocess.run([*NAMESPACE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False)
    if tried.returncode == 0:
        os.environ[OWN] = "1"
        command = [*NAMESPACE, sys.executable, "-m", "tests.campaigns.disk", *sys.argv[1:]]
        sys.exit(subprocess.run(command, check=False).returncode)


@contextmanager
def ballast(directory, _server):
    """The file system has not one byte left, and neither has the log of the database, whose room is used again."""
    file = directory / "ballast"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("wb", buffering=0) as out:
        fill(out)
        yield
    file.unlink()


def fill(out):
    """Write until there is no room for a single byte."""
    for size in (1 << 20, 4096, 1):
        try:
            while True:
                out.write(b"\0" * size)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise


@contextmanager
def forbidden(_directory, server):
    """No worker may write to any file."""
    before = {}
    for worker in crash.workers(server):
        before[worker] = resource.prlimit(worker, resource.RLIMIT_FSIZE)
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (0, before[worker][1]))
    yield
    for worker, limits in before.items():
        resource.prlimit(worker, resource.RLIMIT_FSIZE, limits)


def campaign(directory, times, learners=8):
    """Run it; what was found."""
    full = ballast if OWN in os.environ else forbidden
    made = crash.visitors(learners)
    port, stop = int(os.environ["PORT"]), threading.Event()
    _attempt, save, cookie, *_rest = made[0]
    from accounts.models import User

    email = User.objects.first().email
    told = {"health": [], "ready": [], "reading": [], "sign_in": [], "afterwards": []}
    with tempfile.NamedTemporaryFile() as log, scratch.server(Path(log.name)) as server:
        asking = outage.Asking(port, cookie)
        browsers = outage.browsers_of(made, port, stop)
        for _time in range(times):
            outage.pause(0.5)
            with full(directory, server):
                outage.pause(outage.KNOWN)
                told["health"].append(asking.status("/health/"))
                told["ready"].append(asking.status("/ready/"))
                told["reading"].append(asking.status(save.removesuffix("save/")))
                told["sign_in"].append(asking.signs_in(email))
            told["afterwards"].append(asking.wait_until("/ready/", 200, stop))
        signed_in = asking.signs_in(email)
        outage.finish(browsers, stop)
        lived = server.poll() is None
    return {
        "full": full.__name__,
        "times": times,
        **{name: sorted(set(answers)) for name, answers in told.items()},
        "sign_in_afterwards": signed_in,
        "server_lived": lived,
        **outage.found(browsers, made, asking),
    }


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--times", type=int, default=20)
    given = options.parse_args()
    in_a_namespace()
    with tempfile.TemporaryDirectory() as outside, tempfile.TemporaryDirectory() as directory:
        if OWN in os.environ:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", directory], check=True)
        try:
            sites.configure(directory, settings="cto_course.settings", workers=2, course=False)
            os.environ["STATIC_ROOT"] = f"{outside}/static"
            found = campaign(Path(directory), given.times)
        finally:
            if OWN in os.environ:
                subprocess.run(["umount", "--lazy", directory], check=True)
    sys.stdout.write(outage.line(found))
    sys.exit(0 if outage.good(found) and as_promised(found) else 1)


def as_promised(found):
    wanted = {
        "health": [200],
        "ready": [503],
        "reading": [200],
        "sign_in": [(503, True)],
        "afterwards": [True],
        "sign_in_afterwards": (302, False),
        "server_lived": True,
    }
    return {name: found[name] for name in wanted} == wanted and found["told_to_wait"] > 0


if __name__ == "__main__":
    main()
