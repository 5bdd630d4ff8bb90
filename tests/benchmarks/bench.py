"""`make bench`: the main pages beside a bare Django view, in one run on one machine.

One worker of the production server answers this process over kept-alive connections. Processor time is that of the
server's processes, database included. Milliseconds differ between machines; the ratios to the bare view do much less.

Starting and sending happen once: each of their requests comes from a learner of its own, who is built for it
(`scratch.starter`), and there are fewer of them in a round.

`make bench ARGS="--against REV"` builds that revision beside this tree and asks both in turns: each row then says what
a request costs here as a multiple of what it costs there, the median of all turns and the middle half of them.

With `--postgres postgres://postgres@127.0.0.1/postgres` this tree is also measured on a database of that server, which
runs on this machine: its processes are counted, so that nothing else should use it meanwhile.
"""

import argparse
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from statistics import median, quantiles
from typing import NamedTuple
from urllib.parse import urlencode

from tests.benchmarks import revisions, scratch

LEARNERS = 30
ROUNDS, REQUESTS, WARM_UP = 9, 60, 20
#: As many requests of a page that each learner asks for once.
ONCE, ONCE_WARM_UP = 10, 10
CONNECTIONS = 2
STARTED = ["start an exam", "send and grade"]
#: CPU ms of the bare view on the machine for which the targets were set.
ANCHOR = 1.18


class Page(NamedTuple):
    """What is measured; the targets are CPU ms per request on the machine of the anchor."""

    name: str
    request: Callable[[int], bytes]
    must: float | None = None
    stretch: float | None = None
    #: Status of the answer; how many requests a round has, and how many come before the first.
    status: int = 200
    requests: int = REQUESTS
    warm_up: int = WARM_UP


class Result(NamedTuple):
    """Requests per second and CPU ms per request of one round."""

    rate: float
    cost: float


Rounds = dict[str, list[Result]]


def pages(site: scratch.Site) -> list[Page]:
    """The pages in the order of the table; request number n comes from another learner than n + 1."""
    host = f"Host: 127.0.0.1:{site.port}\r\n"
    saves = [count() for _visitor in site.visitors]

    def visitor(number):
        return site.visitors[number % len(site.visitors)]

    def get(path, cookie=""):
        def request(number):
            address = path.format(attempt=visitor(number).attempt, sent=visitor(number).sent)
            return f"GET {address} HTTP/1.1\r\n{host}Cookie: {cookie or visitor(number).cookie}\r\n\r\n".encode()

        return request

    def save(number):
        body = save_form(visitor(number), next(saves[number % len(saves)]))
        head = f"POST /{site.key}/attempts/{visitor(number).attempt}/save/ HTTP/1.1\r\n{host}"
        head += f"Cookie: {visitor(number).cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        return f"{head}Content-Length: {len(body)}\r\nAccept: application/json\r\n\r\n{body}".encode()

    def once(path):
        def request(number):
            starter = site.starters[number]
            body = urlencode({"csrfmiddlewaretoken": starter.token})
            head = f"POST {path.format(attempt=starter.attempt)} HTTP/1.1\r\n{host}Cookie: {starter.cookie}\r\n"
            head += "Content-Type: application/x-www-form-urlencoded\r\n"
            return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()

        return request

    few = {"status": 302, "requests": ONCE, "warm_up": ONCE_WARM_UP}
    return [
        Page("bare view", get("/bare/")),
        Page("home", get(f"/{site.key}/home/"), 5, 3.5),
        Page("lessons", get(f"/{site.key}/lessons/")),
        Page("unit page", get(site.unit), 5, 3.5),
        Page("check front", get(site.check)),
        Page("exam front", get(f"/{site.key}/exam/")),
        Page("attempt page", get(f"/{site.key}/attempts/{{attempt}}/"), 6, 4),
        Page("save an answer", save, 2.5, 1.5),
        Page("result", get(f"/{site.key}/attempts/{{sent}}/result/")),
        Page("cohort page", get(site.cohort, site.manager)),
        Page("question list", get("/manage/quizzes/question/", site.instructor)),
        Page(STARTED[0], once(f"/{site.key}/exam/start/"), **few),
        Page(STARTED[1], once(f"/{site.key}/attempts/{{attempt}}/submit/"), **few),
    ]


def save_form(visitor: scratch.Visitor, number: int) -> str:
    """The body of the learner's save number `number` (from 0): the choice changes each time, or nothing is written."""
    return urlencode(
        {
            "csrfmiddlewaretoken": visitor.token,
            "question": visitor.position,
            f"q{visitor.position}-revision": number,
            f"q{visitor.position}-answer": visitor.choices[number % len(visitor.choices)],
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
    """Send these requests one after the other. Raises AssertionError for an answer of another status."""
    for number in numbers:
        status, answer = browser.send(page.request(number))
        if status != page.status:
            raise AssertionError(f"{page.name}: expected {page.status}, got\n{answer[:2000].decode(errors='replace')}")


def measure(site: scratch.Site, page: Page, begin: int, requests: int) -> Result:
    """One round: requests from number `begin` on, spread over the connections so that no learner meets themselves."""
    failures: list[BaseException] = []

    def work(browser, numbers):
        try:
            visit(browser, page, numbers)
        except BaseException as failure:
            failures.append(failure)

    browsers = [Browser(site.port) for _connection in range(CONNECTIONS)]
    threads = [
        threading.Thread(target=work, args=(browser, range(begin + place, begin + requests, CONNECTIONS)))
        for place, browser in enumerate(browsers)
    ]
    used, began = spent(site), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, used = time.perf_counter() - began, spent(site) - used
    for browser in browsers:
        browser.connection.close()
    if failures:
        raise failures[0]
    return Result(requests / seconds, used * 1000 / requests)


def spent(site: scratch.Site) -> float:
    """Processor time of all processes of a site, in seconds."""
    return sum(map(scratch.processor_seconds, site.processes))


def run(built: list[scratch.Site], names: list[str], rounds: int) -> list[Rounds]:
    """All pages in turn, round after round and site after site, so that whatever else the machine does meets them all.

    What each site did, in the order of `built`: name of the page → one result a round. Every second round begins with
    the other site.
    """
    measured = [{page.name: page for page in pages(site)} for site in built]
    results: list[Rounds] = [{name: [] for name in names} for _site in built]
    for site, known in zip(built, measured, strict=True):
        for name in names:
            measure(site, known[name], 0, known[name].warm_up)
    for turn in range(rounds):
        for name in names:
            for place in range(len(built))[:: -1 if turn % 2 else 1]:
                page = measured[place][name]
                begin = page.warm_up + turn * page.requests
                results[place][name].append(measure(built[place], page, begin, page.requests))
    return results


def middle(results: list[Result]) -> Result:
    return Result(median(result.rate for result in results), median(result.cost for result in results))


def table(measured: list[Page], results: Rounds) -> list[str]:
    """One line a page. The targets stand as ratios to the bare view, which is what another machine can be held to."""
    bare = middle(results["bare view"])
    lines = [
        f"{'page':<16}{'requests/s':>11}{'of bare':>9}{'CPU ms':>9}{'x bare':>8}{'must':>7}{'stretch':>9}",
        "-" * 78,
    ]
    for page in measured:
        result = middle(results[page.name])
        ratio = result.cost / bare.cost
        line = f"{page.name:<16}{result.rate:>11.0f}{result.rate / bare.rate:>8.0%} {result.cost:>8.2f}{ratio:>8.2f}"
        if page.must and page.stretch:
            must, stretch = page.must / ANCHOR, page.stretch / ANCHOR
            verdict = "stretch" if ratio <= stretch else "ok" if ratio <= must else "OVER"
            line += f"{must:>7.2f}{stretch:>9.2f}  {verdict}"
        lines.append(line)
    return lines


def comparison(here: Rounds, there: Rounds) -> list[str]:
    """One line a page: CPU ms a request here and there, the median of their ratios, and the middle half of those."""
    lines = [f"{'page':<16}{'here':>9}{'there':>9}{'ratio':>8}{'middle half':>16}", "-" * 58]
    for name, results in here.items():
        pairs = [new.cost / old.cost for new, old in zip(results, there[name], strict=True)]
        low, _, high = quantiles(pairs, n=4) if len(pairs) > 1 else pairs * 3
        costs = f"{middle(results).cost:>9.2f}{middle(there[name]).cost:>9.2f}"
        lines.append(f"{name:<16}{costs}{median(pairs):>8.2f}{low:>9.2f} – {high:.2f}")
    return lines


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=str(__doc__).splitlines()[0])
    parser.add_argument("--against", metavar="REV", help="measure that revision of this repository in the same run")
    parser.add_argument("--postgres", metavar="URL", help="measure this tree on PostgreSQL beside SQLite")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"turns a page ({ROUNDS} unless said)")
    parser.add_argument("--rows", metavar="NAME", nargs="+", help="only these pages, beside the bare view")
    return parser.parse_args()


def main() -> None:
    began, chosen = time.monotonic(), options()
    with ExitStack() as stack:
        trees = [(scratch.ROOT, "")]
        if chosen.against:
            trees.append((stack.enter_context(revisions.laid_out(chosen.against)), ""))
        if chosen.postgres:
            trees.insert(0, (scratch.ROOT, chosen.postgres))
        are_started = not chosen.rows or any(name in STARTED for name in chosen.rows)
        starters = ONCE_WARM_UP + chosen.rounds * ONCE if are_started else 0
        built = [
            stack.enter_context(scratch.site(tree, LEARNERS, starters, postgres=postgres)) for tree, postgres in trees
        ]
        measured = [page for page in pages(built[0]) if not chosen.rows or page.name in ["bare view", *chosen.rows]]
        results = run(built, [page.name for page in measured], chosen.rounds)
    print(f"{LEARNERS} learners, 1 worker, {CONNECTIONS} connections, {chosen.rounds} rounds of {REQUESTS} requests")
    print("\n".join(table(measured, results[0])))
    print(f"must and stretch: as multiples of the bare view ({ANCHOR} ms where the targets were set)")
    if chosen.postgres:
        print("\nCPU of a request on PostgreSQL and on SQLite, the database's own included")
        print("\n".join(comparison(results[0], results[1])))
    if chosen.against:
        print(f"\nCPU of a request here and at {chosen.against}")
        print("\n".join(comparison(results[-2], results[-1])))
    print(f"took {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
