"""What reaches Django, and what does not: requests over the network to a server that tells what it got."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress

import pytest
from django.conf import settings

from cto_course import edge
from quizzes.exchange import admin, records
from tests.cto_course import echo

pytestmark = pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="nothing here opens a database")


@pytest.fixture(scope="module")
def port():
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        free = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "tests.cto_course.echo", str(free)], cwd=settings.BASE_DIR)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", free)).close()
            break
        time.sleep(0.02)
    yield free
    server.terminate()
    server.wait(timeout=20)


@pytest.fixture
def connect(port):
    """A new connection on which so many bytes are sent; all are closed at the end."""
    opened = []

    def send(raw):
        opened.append(socket.create_connection(("127.0.0.1", port), timeout=20))
        opened[-1].sendall(raw)
        return opened[-1]

    yield send
    for each in opened:
        each.close()


def answer(connection):
    """(status, headers, body) of the answer on a connection."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status, response.getheaders(), response.read()


def told(connection):
    """What the server behind the edge says of the request."""
    status, _headers, body = answer(connection)
    assert status == 200
    return json.loads(body)


def head(first="POST / HTTP/1.1", **headers):
    lines = [first, "Host: here", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def test_request_as_the_application_reads_it(connect, port):
    raw = (
        b"GET /a%20b/%C3%A9/%2F?q=%20&r=\xc3\xa9 HTTP/1.1\r\nHost: here\r\nAccept: a\r\nAccept: b\r\nCookie: c=1\r\n"
        b"Cookie: d=2\r\nX-Forwarded-For: 192.0.2.1\r\nX_Forwarded_For: 192.0.2.2\r\nContent-Type: text/plain\r\n\r\n"
    )
    connection = connect(raw)
    assert told(connection) == {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/a b/é//".encode().decode("latin-1"),
        "QUERY_STRING": "q=%20&r=é".encode().decode("latin-1"),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "here",
        "HTTP_ACCEPT": "a,b",
        "HTTP_COOKIE": "c=1; d=2",
        "HTTP_X_FORWARDED_FOR": "192.0.2.1",
        "CONTENT_TYPE": "text/plain",
        "body": [0, ""],
    }


def test_answer_as_the_application_gives_it(connect):
    status, headers, _body = answer(connect(head("GET / HTTP/1.1")))
    assert (status, [value for name, value in headers if name == "set-cookie"]) == (200, ["a=1", "b=2"])


@pytest.mark.parametrize("length", [1, edge.IN_MEMORY, edge.IN_MEMORY + 1, 1_000_000, edge.LARGEST])
def test_body_of_any_size_arrives_whole(connect, length):
    connection = connect(head(Content_Length=length) + b"x" * length)
    assert told(connection)["body"] == [length, "x" * min(length, 20)]


def test_body_that_no_page_takes_is_not_received(connect):
    """The application sees how long it would be and answers without it."""
    connection = connect(head(Content_Length=edge.LARGEST + 1))
    got = told(connection)
    assert (got["CONTENT_LENGTH"], got["body"]) == (str(edge.LARGEST + 1), [0, ""])


def test_largest_file_of_an_import_is_received():
    """And what is larger is refused by every page from its announced length alone."""
    largest_form = max(records.MAXIMUM_BYTES + admin.FORM_BYTES, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    assert largest_form <= edge.LARGEST


def test_connection_serves_one_request_after_the_other(connect):
    connection = connect(head(Content_Length=3) + b"one" + head(Content_Length=3) + b"two")
    assert [told(connection)["body"] for _request in range(2)] == [[3, "one"], [3, "two"]]


@pytest.mark.parametrize("lengths", [{}, {"Content_Length": 5}])
def test_body_of_unknown_length_is_refused(connect, lengths):
    connection = connect(head(Transfer_Encoding="chunked", **lengths) + b"5\r\na=bcd\r\n0\r\n\r\n")
    status, _headers, body = answer(connection)
    assert (status, body) == (411, b"Send it with a Content-Length.\n")


def test_half_a_body_holds_nobody_up_and_is_refused_in_time(connect):
    """Sixty-four senders who stop half-way, in memory and on disk, on one worker with one thread."""
    halves = [connect(head(Content_Length=length) + b"half") for length in (8, 500_000) for _sender in range(32)]
    began = time.monotonic()
    assert told(connect(head(Content_Length=5) + b"whole"))["body"] == [5, "whole"]
    assert time.monotonic() - began < echo.SECONDS
    answers = [answer(half) for half in halves]
    assert {(status, body) for status, _headers, body in answers} == {(408, b"Send it within 1 seconds.\n")}
    assert {dict(headers)["connection"] for _status, headers, _body in answers} == {"close"}


@pytest.mark.parametrize("length", [8, 500_000])
def test_half_a_body_of_a_sender_who_left_reaches_nobody(connect, length):
    connection = connect(head(Content_Length=length) + b"half")
    connection.shutdown(socket.SHUT_WR)
    received = connection.recv(1000)
    assert received == b"" or received.startswith(b"HTTP/1.1 400 ")
    assert told(connect(head(Content_Length=5) + b"whole"))["body"] == [5, "whole"]


def test_application_that_fails_is_answered_for(connect):
    status, _headers, body = answer(connect(head("GET /fails/ HTTP/1.1")))
    assert (status, body) == (500, b"")
    assert told(connect(head("GET / HTTP/1.1")))["body"] == [0, ""]
