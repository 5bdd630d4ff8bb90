"""Learners answer over the network while the server's worker processes are killed again and again.

    python -m tests.campaigns.crash --kills 200 --learners 32

Starts the production server on SQLite below DATA_DIR, with two workers. Every learner's browser saves answers to its
attempt without a pause, as the autosave does: on no answer from the server it sends the same again, on 409 it goes on
from the server's copy, and it remembers what was acknowledged. A worker is killed (SIGKILL) at a moment that nobody
chooses, and the next one when the server has replaced it. Afterwards every acknowledged answer has to stand in the log
under its revision, and the invariants have to hold.
"""

import argparse
import http.client
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

from tests import sites
from tests.campaigns import scratch

#: The server gives up on a worker that dies again within 5.5 s of being replaced.
BETWEEN = 6.0


class Browser(threading.Thread):
    """One learner who keeps answering. `acknowledged` holds (position, revision, answer) of every "Saved"."""

    def __init__(self, port, path, cookie, token, positions, stop):
        super().__init__(daemon=True)
        self.port, self.path, self.stop, self.positions = port, path, stop, positions
        self.headers = {
            "Cookie": cookie,
            "X-CSRFToken": token,
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.revisions = dict.fromkeys(positions, 0)
        self.acknowledged, self.unanswered, self.unavailable, self.refused, self.odd = [], 0, 0, 0, []
        self.rng = random.Random(path)
        self.connection = None

    def run(self):
        while not self.stop.is_set():
            position, answer = self.rng.choice(self.positions), self.rng.choice("abc")
            # The same answer goes out until the server says what became of it, as from the browser's queue.
            while not self.stop.is_set() and not self.save(position, answer):
                pass

    def save(self, position, answer):
        """Whether the server said anything about this answer."""
        try:
            status, said = self.post(position, answer)
        except (OSError, http.client.HTTPException, ValueError):
            self.unanswered += 1
            self.connection = None
            # A process of its own is being started; there is nothing else to wait on.
            self.stop.wait(0.05)
            return False
        if status == 503:
            self.unavailable += 1
            self.stop.wait(0.1)
            return False
        if status == 200:
            self.revisions[position] = said["revision"]
            self.acknowledged.append((position, said["revision"], answer))
        elif status == 409:
            self.revisions[position] = said["server"]["revision"]
            self.refused += 1
        else:
            self.odd.append((status, str(said)[:200]))
        return True

    def post(self, position, answer):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        fields = {
            "question": position,
            f"q{position}-revision": self.revisions[position],
            f"q{position}-answer": answer,
        }
        self.connection.request("POST", self.path, urlencode(fields), self.headers)
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())


def visitors(count):
    """(attempt uuid, path, cookie, token, positions) for as many learners, each with an open attempt."""
    import django

    django.setup()
    from django.db import connections
    from django.utils import timezone

    from cto_course import preparing
    from quizzes import attempts
    from quizzes.models import Quiz
    from tests import factories

    preparing.data_directory()
    preparing.database()
    course = factories.course("trial")  # beside the real one, which the server loads
    cohort = factories.cohort(course)
    quiz = Quiz.objects.get(unit__lesson__course=course)
    factories.quiz(quiz.unit, [factories.single(course, f"C{n}") for n in range(10)])
    made = []
    for number in range(count):
        enrolment = factories.enrolment(cohort, factories.user(f"Learner {number}"))
        attempt = attempts.start(enrolment=enrolment, quiz=quiz, at=timezone.now())
        cookie, token = sites.signed_in(enrolment.user)
        made.append((attempt.pk, f"/trial/attempts/{attempt.uuid}/save/", cookie, token, list(range(1, 11))))
    connections.close_all()
    return made


def workers(server):
    """Process ids of the workers that serve."""
    return [int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]


def kill_some(server, kills, rng):
    """SIGKILL to one worker after the other; how many were killed before the server gave up, if it did."""
    died: dict[int, float] = {}
    done = 0
    while done < kills and server.poll() is None:
        known = {pid: died.setdefault(pid, time.monotonic()) for pid in workers(server)}
        old = [pid for pid, since in known.items() if time.monotonic() - since > BETWEEN]
        if len(known) < 2 or not old:
            time.sleep(rng.uniform(0.02, 0.1))
            continue
        time.sleep(rng.uniform(0.0, 0.2))
        with suppress(ProcessLookupError):
            os.kill(rng.choice(old), signal.SIGKILL)
            done += 1
    return done


def unavailable(browsers):
    """One entry a browser that was told so, with how often."""
    return [(503, browser.unavailable) for browser in browsers if browser.unavailable]


def lost(browsers, made):
    """Acknowledged answers that are not in the log under their revision."""
    from quizzes.models import ResponseLog

    rows = ResponseLog.objects.values_list("response__item__attempt", "response__item__position", "revision", "answer")
    logged = {(attempt, position, revision): answer for attempt, position, revision, answer in rows}
    missing = 0
    for browser, (attempt, *_rest) in zip(browsers, made, strict=True):
        missing += sum(
            logged.get((attempt, position, revision)) != answer for position, revision, answer in browser.acknowledged
        )
    return missing


def campaign(kills, learners, seed=1):
    """Run it; what was found."""
    made = visitors(learners)
    port = int(os.environ["PORT"])
    with scratch.server(Path(os.environ["DATA_DIR"]) / "server.log") as server:
        stop = threading.Event()
        browsers = [
            Browser(port, path, cookie, token, positions, stop) for _attempt, path, cookie, token, positions in made
        ]
        for browser in browsers:
            browser.start()
        killed = kill_some(server, kills, random.Random(seed))
        time.sleep(2)  # the last worker is replaced, and answers get through once more
        stop.set()
        for browser in browsers:
            browser.join(timeout=30)
        alive = server.poll() is None
    return {
        "killed": killed,
        "server_lived": alive,
        "learners": learners,
        "acknowledged": sum(len(browser.acknowledged) for browser in browsers),
        "unanswered": sum(browser.unanswered for browser in browsers),
        "refused": sum(browser.refused for browser in browsers),
        # Killing a worker is no reason to say that the course is not available.
        "odd": [each for browser in browsers for each in browser.odd][:5] + unavailable(browsers),
        "lost": lost(browsers, made),
        "broken": scratch.broken_invariants(),
    }


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--learners", type=int, default=32)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        sites.configure(directory, settings="cto_course.settings", workers=2)
        found = campaign(given.kills, given.learners, given.seed)
    sys.stdout.write(json.dumps(found) + "\n")
    good = found["server_lived"] and found["acknowledged"] and not (found["lost"] or found["broken"] or found["odd"])
    sys.exit(0 if good and found["killed"] == given.kills else 1)


if __name__ == "__main__":
    main()
