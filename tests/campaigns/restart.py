"""PostgreSQL is restarted again and again while learners save.

    python -m tests.campaigns.restart --times 20

Makes a cluster of its own in a temporary directory (`initdb`; as root in the name of the user postgres), listening on
this machine only, and starts the production server on it. The cluster is stopped in turn politely and as if its machine
had crashed, stays away for a moment and comes back. Meanwhile /health/ answers, /ready/ says no, and whoever saves is
told to wait; afterwards everything goes on without a restart of the server, and no acknowledged answer is missing.
Without `initdb` on this machine nothing is done, and the report says so.
"""

import argparse
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

from tests import sites
from tests.campaigns import crash, outage, scratch


def programs():
    """The directory of initdb and pg_ctl, the newest one; nothing where there is none."""
    known = [Path(found).parent] if (found := shutil.which("initdb")) else []
    known += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    return next((path for path in known if (path / "initdb").is_file() and (path / "pg_ctl").is_file()), None)


class Cluster:
    """A PostgreSQL cluster below a directory, on a free port of this machine."""

    def __init__(self, directory: Path, binaries: Path):
        self.directory, self.binaries = directory, binaries
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]

    def run(self, program: str, *words: str) -> None:
        # PostgreSQL refuses to run as root.
        whom = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        subprocess.run(
            [self.binaries / program, "-D", self.directory / "data", *words],
            cwd=self.directory,
            check=True,
            stdout=subprocess.DEVNULL,
            **whom,
        )

    def make(self) -> None:
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.directory, owner.pw_uid, owner.pw_gid)
        self.run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.directory}"
        self.run("pg_ctl", "-w", "-o", options, "-l", str(self.directory / "log"), "start")

    def stop(self, how: str) -> None:
        self.run("pg_ctl", "-w", "-m", how, "stop")


@contextmanager
def cluster(binaries):
    """A cluster that runs; it stops and is deleted afterwards."""
    with tempfile.TemporaryDirectory() as directory:
        made = Cluster(Path(directory), binaries)
        made.make()
        try:
            yield made
        finally:
            made.stop("immediate")


def campaign(database, times, learners=8):
    """Run it; what was found."""
    made = crash.visitors(learners)
    port, stop = int(os.environ["PORT"]), threading.Event()
    told = {"health": [], "ready": [], "reading": [], "afterwards": []}
    with scratch.server(Path(os.environ["DATA_DIR"]) / "server.log") as server:
        asking = outage.Asking(port, made[0][2])
        browsers = outage.browsers_of(made, port, stop)
        for number in range(times):
            outage.pause(0.5)
            database.stop("fast" if number % 2 else "immediate")
            outage.pause(outage.KNOWN)
            told["health"].append(asking.status("/health/"))
            told["ready"].append(asking.status("/ready/"))
            told["reading"].append(asking.status("/trial/home/"))
            database.start()
            told["afterwards"].append(asking.wait_until("/ready/", 200, stop))
        outage.pause(0.5)
        outage.finish(browsers, stop)
        lived = server.poll() is None
    return {
        "times": times,
        **{name: sorted(set(answers)) for name, answers in told.items()},
        "server_lived": lived,
        **outage.found(browsers, made, asking),
    }


def as_promised(found):
    wanted = {"health": [200], "ready": [503], "reading": [503], "afterwards": [True], "server_lived": True}
    return {name: found[name] for name in wanted} == wanted and found["told_to_wait"] > 0


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--times", type=int, default=20)
    given = options.parse_args()
    binaries = programs()
    if binaries is None:
        sys.stdout.write(outage.line({"left_out": "initdb is not on this machine"}))
        return
    with tempfile.TemporaryDirectory() as directory, cluster(binaries) as database:
        sites.configure(directory, settings="cto_course.settings", workers=2, course=False)
        os.environ["DATABASE_URL"] = f"postgres://postgres@127.0.0.1:{database.port}/postgres"
        found = campaign(database, given.times)
        # What the checks of the answers opened has to be gone before the cluster can stop.
        from django.db import connections

        connections.close_all()
    sys.stdout.write(outage.line(found))
    sys.exit(0 if outage.good(found) and as_promised(found) else 1)


if __name__ == "__main__":
    main()
