"""Files that mean harm, sent to a server that really runs: refused with words, nothing kept, no memory taken.

What is asserted is the refusal; `-s` prints how long each took and the memory of the workers.
"""

import contextlib
import gzip
import html
import http.client
import io
import re
import sys
import time
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from quizzes.exchange.records import MAXIMUM_BYTES as FULL
from tests.journeys import conftest
from tests.journeys.people import sign_in_state

pytestmark = pytest.mark.xdist_group("journeys")
site = conftest.site

READ = "/manage/quizzes/questionimport/read/"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
HUGE = b"a" * 50_000_000
TOO_LARGE = "The file is larger than 2 MB. Split it, or leave its pictures out."
NOT_TAKEN = "The file was not read. Correct the fields marked below. Then choose the file again."
NO_FORM = "What was sent is larger than any form of this site, so nothing was saved."

ROWS = """
import json
from django.apps import apps
rooms = ("cohorts", "notifications", "plans", "progress", "quizzes")
models = [model for room in rooms for model in apps.get_app_config(room).get_models()]
print(json.dumps([list(model.objects.order_by("pk").values()) for model in models], default=str))
"""


class Person:
    """Somebody signed in, without a browser: what is not taken is not sent to its end."""

    def __init__(self, site, email=""):
        self.address = urlsplit(site.url)
        state = sign_in_state(site, email)["cookies"] if email else []
        self.cookies = {cookie["name"]: cookie["value"] for cookie in state} | {"csrftoken": "a" * 32}

    def ask(self, method, path, body=b"", type_=FORM):
        """Status, address it leads to, text, and how many bytes of the body were sent."""
        connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=30)
        connection.putrequest(method, path)
        connection.putheader("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        connection.putheader("Content-Type", type_)
        connection.putheader("Content-Length", str(len(body)))
        sent = 0
        try:
            connection.endheaders()
            while sent < len(body):
                connection.send(body[sent : sent + 65_536])
                sent += 65_536
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.getheader("Location", ""), text, min(sent, len(body))


def multipart(fields, content, name):
    parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()]
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return "".join(parts).encode() + head.encode() + content + b"\r\n--x--\r\n"


@pytest.fixture(scope="module")
def author(site):
    return Person(site, "instructor@example.com")


@pytest.fixture(scope="module")
def upload(site, author):
    """Send a file as the form does; the answer, as `Person.ask` gives it."""
    page = author.ask("GET", READ)[2]
    first = {
        name: re.search(rf'name="{name}".*?<option value="(\d+)"', page, re.DOTALL)[1]
        for name in ("course", "competency")
    }
    given = first | {"csrfmiddlewaretoken": "a" * 32, "lesson": "", "bloom": "apply"}

    def send(content, format_, name="bank.txt"):
        return author.ask("POST", READ, multipart(given | {"format": format_}, content, name), MULTIPART)

    return send


def said(text):
    """What stands at the fields of a page, or over them."""
    found = re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>|class="errornote[^>]*>(.*?)</p>', text, re.DOTALL)
    return [" ".join(html.unescape(re.sub("<[^>]+>", " ", "".join(each))).split()) for each in found]


def memory(site):
    """Proportional memory of the server and its workers in MB, by process; {} where the system does not tell."""
    taken = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"DATA_DIR={site.data}\0".encode() in (folder / "environ").read_bytes():
                taken[folder.name] = int(re.search(r"\nPss: +(\d+)", (folder / "smaps_rollup").read_text())[1]) / 1024
        except (OSError, TypeError):
            continue
    return taken


def say(line):
    sys.stdout.write(f"{line}\n")


def timed(name, send):
    began = time.perf_counter()
    answer = send()
    say(f"{name:42} {answer[0]} {time.perf_counter() - began:6.3f} s")
    return answer


# ---- Files -----------------------------------------------------------------------------------------------------------


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("quiz.xml", b"\0" * 100_000_000)
    return file.getvalue()


LAUGHS = '<!DOCTYPE z [<!ENTITY lol "lol">' + "".join(
    f'<!ENTITY lol{n} "{f"&lol{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 10)
)
BLOW_UP = f'<!DOCTYPE q [<!ENTITY a "{"a" * 900_000}">]><quiz>{"&a;" * 250_000}</quiz>'
DECLARED = "A document type or an entity is declared here. Take the declaration out."
DEEP = "This is nested too deeply, or has too many parts, for a question."
NOT_TEXT = "Line 1: The file is not UTF-8 text. Save it as UTF-8 and read it again."
MANY = "Line 1001: The file holds more than 500 questions. Split it."

#: Each with its format and what is said of it.
FILES = {
    "50 MB": (lambda: HUGE, "gift", 413, TOO_LARGE),
    "2 MB and a byte": (lambda: b"a" * (FULL + 1), "gift", 400, TOO_LARGE),
    "billion laughs": (lambda: f"{LAUGHS}]><quiz>&lol9;</quiz>".encode(), "moodle", 400, DECLARED),
    "billion laughs in UTF-16": (lambda: f"{LAUGHS}]><quiz>&lol9;</quiz>".encode("utf-16"), "moodle", 400, NOT_TEXT),
    "quadratic blow-up": (BLOW_UP.encode, "moodle", 400, DECLARED),
    "external entity": (
        lambda: b'<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>',
        "moodle",
        400,
        DECLARED,
    ),
    "external definition": (lambda: b'<!DOCTYPE q SYSTEM "http://192.0.2.1/x.dtd"><quiz/>', "moodle", 400, DECLARED),
    "deep nesting": (lambda: b"<quiz>" + b"<question>" * 199_900, "moodle", 400, f"Line 1: {DEEP}"),
    "parts without end": (
        lambda: b'<quiz><question type="multichoice">' + b"<answer/>" * 222_000,
        "moodle",
        400,
        f"Line 1: {DEEP}",
    ),
    "a million Aiken lines": (
        lambda: b"A\n" * (FULL // 2),
        "aiken",
        400,
        "There is no question in this file: no line begins with ANSWER:",
    ),
    "333,000 GIFT questions": (lambda: b"a{}\n\n" * (FULL // 5), "gift", 400, MANY),
    "zip bomb called .xml": (zipped, "moodle", 400, NOT_TEXT),
    "zip bomb called .txt": (zipped, "gift", 400, NOT_TEXT),
    "gzip bomb": (lambda: gzip.compress(b"a" * 100_000_000), "moodle", 400, NOT_TEXT),
    "NUL": (
        lambda: b"\0" * FULL,
        "gift",
        400,
        "Line 1: The control character '\\x00' has no place in questions. Take it out.",
    ),
}


def test_hostile_file_is_refused_with_words_and_nothing_is_kept(site, upload):
    before = site.shell(ROWS)
    for name, (make, format_, status, words) in FILES.items():
        content = make()
        got, _location, text, sent = timed(name, lambda content=content, format_=format_: upload(content, format_))
        told = " ".join(said(text))
        assert (name, got, told) == (name, status, words if status == 413 else f"{NOT_TAKEN} {words}")
        assert sent < 10_000_000
    assert site.shell(ROWS) == before


#: These are read as questions, each of which is refused or shown as plain text.
READ_AS_TEXT = {
    "a million GIFT questions in a row": (lambda: b"{}" * (FULL // 2), "gift"),
    "a million lines": (lambda: b"A\n" * (FULL // 2), "gift"),
    "deep HTML": (
        lambda: (
            b"<quiz><question type='truefalse'><questiontext format='html'><text><![CDATA["
            + b"<div>" * 300_000
            + b"]]></text></questiontext></question></quiz>"
        ),
        "moodle",
    ),
    "HTML laden with scripts": (
        lambda: "<quiz>{}</quiz>".format(
            "<question type='multichoice'><questiontext format='html'><text><![CDATA[<script>alert(1)</script>"
            f"<img src=x onerror=alert(1)><a href='javascript:x'>y</a>{'<b onclick=x>' * 150}]]></text></questiontext>"
            "<answer fraction='100'><text>a</text></answer><answer fraction='0'><text>b</text></answer></question>"
            * 480
        ).encode(),
        "moodle",
    ),
}


def test_hostile_text_is_shown_as_text_and_reaches_no_question(site, author, upload):
    bank = 'from quizzes.models import *; print(list(QuestionVersion.objects.order_by("pk").values()))'
    before = site.shell(bank)
    for name, (make, format_) in READ_AS_TEXT.items():
        content = make()
        status, report, _text, _sent = timed(name, lambda content=content, format_=format_: upload(content, format_))
        assert (name, status) == (name, 302)
        status, _location, page, _sent = timed("  its report", lambda report=report: author.ask("GET", report))
        main = page[page.index('id="content-main"') :].lower()
        found = [text for text in ("<script>", "onerror=alert", "javascript:", "onclick") if text in main]
        assert (name, status, found) == (name, 200, [])
    assert site.shell(bank) == before


# ---- Everything else -------------------------------------------------------------------------------------------------

ADDRESSES = [
    "/accounts/login/",
    "/cto/lessons/1/check/start/",
    "/cto/practice/review/",
    "/manage/quizzes/question/add/",
    "/manage/login/",
]


def test_fifty_megabytes_are_not_received_by_any_form(site, author):
    """By nobody and by an instructor, as a form, as a file and as anything else; memory is that of before."""
    visitor = Person(site)
    for person in (visitor, author):  # every worker has shown such a page once
        for path in ADDRESSES * 4:
            person.ask("POST", path, b"a=b" * 400_000)
    before, kept = memory(site), site.shell(ROWS)
    bodies = {
        FORM: b"a=" + HUGE,
        MULTIPART: multipart({"csrfmiddlewaretoken": "a" * 32}, HUGE, "a"),
        "text/plain": HUGE,
    }
    for path in ADDRESSES:
        for type_, body in bodies.items():
            for person in (visitor, author):
                status, _location, text, sent = timed(
                    f"{path} {type_.partition(';')[0].partition('/')[2]}",
                    lambda person=person, path=path, body=body, type_=type_: person.ask("POST", path, body, type_),
                )
                assert (path, type_, status, NO_FORM in text, sent < 10_000_000) == (path, type_, 413, True, True)
    after = memory(site)
    say(f"memory before {list(before.values())}, after {list(after.values())}")
    assert site.shell(ROWS) == kept
    assert [process for process in after if after[process] - before.get(process, 0) > 25] == []


def test_body_without_a_length_is_no_form(site, author):
    """Sent in pieces: nothing of it is waited for, and the answer says what is missing."""
    connection = http.client.HTTPConnection(author.address.hostname, author.address.port, timeout=30)
    cookies = "; ".join(f"{name}={value}" for name, value in author.cookies.items())
    headers = {"Cookie": cookies, "Content-Type": MULTIPART}
    pieces = (HUGE[:65_536] for _piece in range(800))
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.request("POST", READ, pieces, headers, encode_chunked=True)
    assert connection.getresponse().status == 411
    connection.close()
