"""Senders who never finish, readers who never read and connections that never ask, beside people who learn.

    python -m tests.campaigns.slow --each 64 --idle 1000 --seconds 70

Starts the production server with two workers and opens, all at the same time: connections that say nothing, requests
with half a head, forms with half a body (small ones and such as go to the disk), and readers who ask for one page after
the other and read none of them. Meanwhile people open pages and save answers: everything has to be answered, and fast.
With seconds enough the server has to have closed or refused every one of them at the end.
"""

import argparse
import http.client
import json
import os
import re
import select
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests import sites
from tests.campaigns import crash, scratch

#: The slowest answer that is fast, in seconds.
FAST = 1.0
HALF_HEAD = b"GET /help/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
HALF_BODY = (
    "POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Content-Length: {}\r\n\r\nlogin=half"
)
PAGES = ("/health/", "/", "/help/", "/accounts/login/")


class Visitor(threading.Thread):
    """Somebody who opens pages, each over a new connection. `times` holds (seconds, status, path)."""

    def __init__(self, port, stop):
        super().__init__(daemon=True)
        self.port, self.stop, self.times = port, stop, []

    def run(self):
        while not self.stop.is_set():
            for path in PAGES:
                began = time.monotonic()
                try:
                    connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
                    connection.request("GET", path)
                    answer = connection.getresponse()
                    answer.read()
                    connection.close()
                    status = answer.status
                except (OSError, http.client.HTTPException) as error:
                    status = type(error).__name__
                self.times.append((time.monotonic() - began, status, path))
            self.stop.wait(0.1)


def connect(port, first=b""):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(first)
    return connection


def reader(port, path):
    """Asks for a large page and reads nothing of it: the answers fill what little room there is."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    connection.connect(("127.0.0.1", port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() * 20)
    return connection


def stylesheet(port):
    """The path of the largest thing that everybody may ask for."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/help/")
    return re.search(r'/static/css/app\.[^"]*', connection.getresponse().read().decode()).group()


def occupy(port, each, idle):
    """Every slow connection, by kind."""
    large = stylesheet(port)
    return {
        "idle": [connect(port) for _number in range(idle)],
        "half a head": [connect(port, HALF_HEAD) for _number in range(each)],
        "half a body": [
            connect(port, HALF_BODY.format(1_000 if number % 2 else 900_000).encode()) for number in range(each)
        ],
        "slow readers": [reader(port, large) for _number in range(each)],
    }


def slowest_alone(port):
    """The slowest answer in seconds before anybody is slow."""
    stop = threading.Event()
    visitors = [Visitor(port, stop) for _number in range(2)]
    for visitor in visitors:
        visitor.start()
    stop.wait(3)
    stop.set()
    for visitor in visitors:
        visitor.join(timeout=30)
    return round(max(one[0] for visitor in visitors for one in visitor.times), 3)


def ended(connections):
    """How many of them the server has answered or closed."""
    count = 0
    for connection in connections:
        poll = select.poll()
        poll.register(connection, select.POLLIN)
        count += bool(poll.poll(0))
    return count


def campaign(each, idle, seconds, learners=2):
    """Run it; what was found."""
    made = crash.visitors(learners)
    port = int(os.environ["PORT"])
    with scratch.server(Path(os.environ["DATA_DIR"]) / "server.log"):
        alone = slowest_alone(port)
        slow = occupy(port, each, idle)
        stop = threading.Event()
        browsers = [crash.Browser(port, *one[1:], stop) for one in made]
        visitors = [Visitor(port, stop) for _number in range(2)]
        for thread in [*browsers, *visitors]:
            thread.start()
        stop.wait(seconds)
        stop.set()
        for thread in [*browsers, *visitors]:
            thread.join(timeout=30)
        over = {kind: ended(connections) for kind, connections in slow.items() if kind != "slow readers"}
    times = sorted(one for visitor in visitors for one in visitor.times)
    return {
        "open": {kind: len(connections) for kind, connections in slow.items()},
        "ended_by_the_server": over,
        "pages": len(times),
        "median": round(times[len(times) // 2][0], 3),
        "slowest_alone": alone,
        "slowest": round(times[-1][0], 3),
        "odd": [one for one in times if one[1] != 200][:5] + [one for browser in browsers for one in browser.odd][:5],
        "unanswered": sum(browser.unanswered for browser in browsers),
        "acknowledged": sum(len(browser.acknowledged) for browser in browsers),
        "lost": crash.lost(browsers, made),
        "broken": scratch.broken_invariants(),
    }


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--each", type=int, default=64)
    options.add_argument("--idle", type=int, default=1000)
    options.add_argument("--seconds", type=float, default=70)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        sites.configure(directory, settings="cto_course.settings", workers=2, course=False)
        found = campaign(given.each, given.idle, given.seconds)
    sys.stdout.write(json.dumps(found) + "\n")
    refused = all(found["ended_by_the_server"][kind] == found["open"][kind] for kind in found["ended_by_the_server"])
    # On a busy machine pages are slower without anybody's doing.
    good = found["slowest"] < max(FAST, 2 * found["slowest_alone"]) and refused and found["acknowledged"]
    sys.exit(0 if good and not (found["lost"] or found["unanswered"] or found["odd"] or found["broken"]) else 1)


if __name__ == "__main__":
    main()
