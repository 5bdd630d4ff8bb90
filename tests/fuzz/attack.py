"""Asking for everything as everybody, and counting what fails.

Deterministic: the same seed on the same code asks the same things in the same order. What a request writes is taken
back, so that the next one meets the world as it was made.
"""

import random
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_from_bytes, urlsplit

from django.db import transaction

from tests.fuzz import addresses, pages, values, world

ROOT = Path(__file__).resolve().parents[2]
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "fuzz"
#: Other methods than those that pages use.
METHODS = ["OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get"]


@dataclass
class Request:
    """One request: `path` and `query` as they stand in an address, percent-encoded."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    type: str = FORM
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self):
        return f"{self.method} {self.path[:200]}?{self.query[:300]} {self.body[:300]!r} {self.headers}"


@dataclass
class Found:
    """What came of it: `statuses` by their number, `failures` by where they happened with an example of each."""

    requests: int = 0
    addresses: set[str] = field(default_factory=set)
    statuses: Counter = field(default_factory=Counter)
    failures: Counter = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)


class Attack:
    """The addresses of the site, the clients of all roles, and a row of chances."""

    def __init__(self, *, seed: int):
        self.clients = world.make()
        self.valid = addresses.Valid()
        self.cookies = {role: client.cookies.output() and dict(client.cookies) for role, client in self.clients.items()}
        self.rng = random.Random(seed)
        self.found = Found()
        self.seen: set = set()

    def run(self, *, requests: int, whole: bool) -> Found:
        """Ask at least so many times; `whole` goes on until every address was asked by every role."""
        pairs = [(template, role) for template in addresses.templates() for role in self.clients]
        while self.found.requests < requests:
            self.rng.shuffle(pairs)
            self.seen.clear()
            for template, role in pairs:
                if not whole and self.found.requests >= requests:
                    break
                self.found.addresses.add(template)
                self.ask_everything(template, role)
            whole = False
        return self.found

    def ask_everything(self, template: str, role: str) -> None:
        path = self.path(template)
        response = self.ask(role, Request("GET", path))
        forms, linked = [], {}
        if (
            response is not None
            and response.status_code == 200
            and response.headers["Content-Type"].startswith("text/html")
        ):
            forms, linked = pages.read(response.content.decode(), path)
        open_ = response is not None and response.status_code == 200
        for request in self.about_the_address(template, path, linked, open_):
            self.ask(role, request)
        for form in forms:
            kind = (role, form.method, self.shape(form.action), frozenset(form.fields))
            if kind not in self.seen:
                self.seen.add(kind)
                for request in self.about_the_form(form, path):
                    self.ask(role, request)

    def about_the_address(self, template, path, linked, open_) -> Iterator[Request]:
        """Every method and parameter of a page that is open to the role; some of one that is not."""
        other = Request(self.rng.choice(METHODS), path, body=b"a=b")
        body, type_ = self.rng.choice(values.BODIES)
        yield Request("POST", path, body=body, type=type_)
        yield from [Request("HEAD", path), other, Request("POST", path)] if open_ else [other]
        for place in addresses.places(template):
            hostile = quoted(self.rng.choice(values.HOSTILE)[:4000], safe="/")
            yield Request(self.rng.choice(["GET", "POST"]), self.path(template, **{place: hostile}))
        names = sorted({*addresses.parameters(template), *linked})
        for name in names if open_ else self.rng.sample(names, 1):
            yield Request("GET", path, f"{name}={quoted(self.rng.choice(values.HOSTILE)[:8000])}")
        header, texts = self.rng.choice(list(values.HEADERS.items()))
        yield Request(self.rng.choice(["GET", "POST"]), path, headers={header: self.rng.choice(texts)})

    def about_the_form(self, form, page) -> Iterator[Request]:
        action = urlsplit(form.action)
        path = action.path or page
        sent = {name: [text.encode(errors="replace") for text in texts] for name, texts in form.fields.items()}
        if form.method == "get":
            for name in sent:
                yield Request("GET", path, encoded(sent | {name: [self.rng.choice(values.HOSTILE)[:8000]]}))
            return
        yield Request("POST", path, action.query, encoded(sent).encode())
        for name in sent:
            changed = sent | {name: [self.rng.choice(values.HOSTILE)]}
            yield Request("POST", path, action.query, encoded(changed).encode())
        for name in form.files:
            body = parts(sent, name, self.rng.choice(values.FILES))
            yield Request("POST", path, action.query, body, f"multipart/form-data; boundary={BOUNDARY}")
        if sent:
            missing = self.rng.choice(sorted(sent))
            yield Request("POST", path, action.query, encoded({n: t for n, t in sent.items() if n != missing}).encode())
            twice = self.rng.choice(sorted(sent))
            both = [self.rng.choice(values.HOSTILE) for _twice in range(2)]
            yield Request(
                "POST", path, action.query, parts(sent | {twice: both}), f"multipart/form-data; boundary={BOUNDARY}"
            )
            everything = {name: [self.rng.choice(values.HOSTILE)[:2000]] for name in sent}
            yield Request("POST", path, action.query, encoded(everything).encode())

    def path(self, template: str, **given: str) -> str:
        """An address with something valid in every place that is not given."""
        places = {place: self.rng.choice(self.valid.of(template, place)) for place in addresses.places(template)}
        return addresses.filled(template, places | given)

    def ask(self, role: str, request: Request):
        """Send it as this role and count what comes back; None when not even an error page came."""
        client = self.clients[role]
        self.found.requests += 1
        environ = {"QUERY_STRING": request.query, **request.headers}
        client.exc_info = None
        with transaction.atomic():
            try:
                response = client.generic(request.method, request.path, request.body, request.type, **environ)
                for _part in response if response.streaming else ():
                    pass
            except Exception as problem:
                response = None
                self.fail(role, request, problem)
            transaction.set_rollback(True)
        client.cookies.clear()
        client.cookies.update(self.cookies[role] or {})
        if response is not None:
            self.found.statuses[response.status_code] += 1
            if response.status_code >= 500:
                self.fail(role, request, response.exc_info[1] if response.exc_info else None, response.status_code)
        return response

    def fail(self, role: str, request: Request, problem: Exception | None, status: int = 0) -> None:
        name = f"{type(problem).__name__} {place_of(problem)}" if problem else f"status {status}"
        self.found.failures[name] += 1
        self.found.examples.setdefault(name, f"{str(problem)[:200]} · {role}: {request}")

    def shape(self, action: str) -> str:
        """An address without its numbers: forms that differ by them only are one form."""
        return "".join("#" if letter in "0123456789abcdef-" else letter for letter in urlsplit(action).path)


def place_of(problem: Exception) -> str:
    """The last line of ours, and the last line at all, that a failure went through."""
    frames = traceback.extract_tb(problem.__traceback__)
    if not frames:
        return ""
    ours = [f for f in frames if Path(f.filename).is_relative_to(ROOT) and "site-packages" not in f.filename]
    ours = [f for f in ours if "/tests/" not in f.filename][-1:]
    last = frames[-1]
    named = f"{Path(ours[0].filename).relative_to(ROOT)}:{ours[0].lineno} " if ours else ""
    return f"{named}({'/'.join(Path(last.filename).parts[-3:])}:{last.lineno} {last.name})"


def quoted(value: bytes, safe: str = "") -> str:
    return quote_from_bytes(value, safe=safe)


def encoded(sent: dict[str, list[bytes]]) -> str:
    """Fields as a browser writes them into a body or an address, whatever bytes they hold."""
    return "&".join(f"{quoted(name.encode())}={quoted(value)}" for name, texts in sent.items() for value in texts)


def parts(sent: dict[str, list[bytes]], name: str = "", file: tuple[bytes, bytes] = (b"", b"")) -> bytes:
    """Fields, and a file when it has a name, as the parts of a form."""
    body = b""
    for key, texts in sent.items():
        for value in texts:
            body += b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (
                BOUNDARY.encode(),
                key.encode(),
                value,
            )
    if name:
        body += b'--%s\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n%s\r\n' % (
            BOUNDARY.encode(),
            name.encode(),
            *file,
        )
    return body + b"--%s--\r\n" % BOUNDARY.encode()
