"""`make bench`: the main pages beside a bare Django view, in one run on one machine.

One worker of the production server answers this process over kept-alive connections. Processor time is that of the
server's processes, database included. Milliseconds differ between machines; the ratios to the bare view do much less.
"""

import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import count
from statistics import median
from typing import NamedTuple
from urllib.parse import urlencode

from tests import sites
from tests.benchmarks import scratch

LEARNERS = 30
ROUNDS, REQUESTS, WARM_UP = 5, 80, 20
CONNECTIONS = 2
#: CPU ms of the bare view on the machine for which the targets were set.
ANCHOR = 1.18


class Page(NamedTuple):
    """What is measured; the targets are CPU ms per request on the machine of the anchor."""

    name: str
    request: Callable[[int], bytes]
    status: int
    must: float | None = None
    stretch: float | None = None


class Result(NamedTuple):
    """Requests per second and CPU ms per request of one round."""

    rate: float
    cost: float


def pages(port: int, course, visitors: list[scratch.Visitor]) -> list[Page]:
    """The pages in the order of the table; request number n comes from another learner than n + 1."""
    host = f"Host: 127.0.0.1:{port}\r\n"
    unit = first_unit(course)
    saves = [count() for _visitor in visitors]

    def get(path):
        def request(number):
            visitor = visitors[number % len(visitors)]
            address = path.format(attempt=visitor.attempt)
            return f"GET {address} HTTP/1.1\r\n{host}Cookie: {visitor.cookie}\r\n\r\n".encode()

        return request

    def save(number):
        visitor = visitors[number % len(visitors)]
        body = save_form(visitor, next(saves[number % len(visitors)]))
        head = f"POST /{course.key}/attempts/{visitor.attempt}/save/ HTTP/1.1\r\n{host}Cookie: {visitor.cookie}\r\n"
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        return f"{head}Accept: application/json\r\n\r\n{body}".encode()

    return [
        Page("bare view", get("/bare/"), 200),
        Page("home", get(f"/{course.key}/home/"), 200, 5, 3.5),
        Page("unit page", get(unit.get_absolute_url()), 200, 5, 3.5),
        Page("attempt page", get(f"/{course.key}/attempts/{{attempt}}/"), 200, 6, 4),
        Page("save an answer", save, 200, 2.5, 1.5),
    ]


def first_unit(course):
    from lessons.models import UnitVersion

    return UnitVersion.objects.live(course).first().unit


def save_form(visitor: scratch.Visitor, number: int) -> str:
    """The body of the learner's save number `number` (from 0): the choice changes each time, or nothing is written."""
    question = f"q{visitor.item.position}"
    choices = [choice["key"] for choice in visitor.item.question_version.body["choices"]]
    return urlencode(
        {
            "csrfmiddlewaretoken": visitor.token,
            "question": visitor.item.position,
            f"{question}-revision": number,
            f"{question}-answer": choices[number % len(choices)],
        }
    )


class Browser:
    """One kept-alive connection that reads as little as it must."""

    def __init__(self, port: int):
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> tuple[int, bytes]:
        """Status and whole answer. Raises ConnectionError when the server hangs up."""
        self.connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.receive()
        head, _, body = answer.partition(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        while len(body) < length:
            body += self.receive()
        return int(head[9:12]), head + b"\r\n\r\n" + body

    def receive(self) -> bytes:
        received = self.connection.recv(65536)
        if not received:
            raise ConnectionError("The server closed the connection.")
        return received


def visit(browser: Browser, page: Page, numbers: range) -> None:
    """Send these requests one after the other. Raises AssertionError for an answer other than the expected one."""
    for number in numbers:
        status, answer = browser.send(page.request(number))
        if status != page.status:
            raise AssertionError(f"{page.name}: expected {page.status}, got\n{answer[:2000].decode(errors='replace')}")


def measure(page: Page, port: int, server: int, begin: int, requests: int) -> Result:
    """One round: requests from number `begin` on, spread over the connections so that no learner meets themselves."""
    failures: list[BaseException] = []

    def work(browser, numbers):
        try:
            visit(browser, page, numbers)
        except BaseException as failure:
            failures.append(failure)

    browsers = [Browser(port) for _connection in range(CONNECTIONS)]
    threads = [
        threading.Thread(target=work, args=(browser, range(begin + place, begin + requests, CONNECTIONS)))
        for place, browser in enumerate(browsers)
    ]
    used, began = scratch.processor_seconds(server), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, used = time.perf_counter() - began, scratch.processor_seconds(server) - used
    if failures:
        raise failures[0]
    return Result(requests / seconds, used * 1000 / requests)


def run(port: int, server: int, measured: list[Page]) -> dict[str, Result]:
    """All pages in turn, round after round, so that whatever else the machine does meets all of them; medians."""
    for page in measured:
        measure(page, port, server, 0, WARM_UP)
    rounds = [
        {page.name: measure(page, port, server, WARM_UP + turn * REQUESTS, REQUESTS) for page in measured}
        for turn in range(ROUNDS)
    ]
    return {
        page.name: Result(
            median(turn[page.name].rate for turn in rounds), median(turn[page.name].cost for turn in rounds)
        )
        for page in measured
    }


def table(measured: list[Page], results: dict[str, Result]) -> list[str]:
    """One line a page. The targets stand as ratios to the bare view, which is what another machine can be held to."""
    bare = results[measured[0].name]
    lines = [
        f"{'page':<16}{'requests/s':>11}{'of bare':>9}{'CPU ms':>9}{'x bare':>8}{'must':>7}{'stretch':>9}",
        "-" * 78,
    ]
    for page in measured:
        result = results[page.name]
        ratio = result.cost / bare.cost
        line = f"{page.name:<16}{result.rate:>11.0f}{result.rate / bare.rate:>8.0%} {result.cost:>8.2f}{ratio:>8.2f}"
        if page.must and page.stretch:
            must, stretch = page.must / ANCHOR, page.stretch / ANCHOR
            verdict = "stretch" if ratio <= stretch else "ok" if ratio <= must else "OVER"
            line += f"{must:>7.2f}{stretch:>9.2f}  {verdict}"
        lines.append(line)
    return lines


def main():
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        port = sites.configure(directory, settings="tests.benchmarks.settings", workers=1)
        course, visitors = scratch.build(LEARNERS)
        server = scratch.serve(port)
        try:
            measured = pages(port, course, visitors)
            results = run(port, server.pid, measured)
        finally:
            server.terminate()
            server.wait()
    print(f"{LEARNERS} learners, 1 worker, {CONNECTIONS} connections, {ROUNDS} rounds of {REQUESTS} requests a page")
    print("\n".join(table(measured, results)))
    print(f"must and stretch: as multiples of the bare view ({ANCHOR} ms where the targets were set)")
    unit = results["unit page"].rate / results["bare view"].rate
    print(f"unit page throughput: {unit:.0%} of the bare view (must 20%, stretch 33%)")
    print(f"took {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
