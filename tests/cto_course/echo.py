"""A server behind the edge that tells what reached it: `python -m tests.cto_course.echo PORT`."""

import json
import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces

from cto_course.edge import Edge

#: Seconds for a body.
SECONDS = 1


def application():
    return Edge(echo, seconds=SECONDS)


def echo(environ, start_response):
    """Everything of the request that is text, and how much body there was: its length, and its first bytes."""
    if environ["PATH_INFO"] == "/fails/":
        raise LookupError("nothing")
    body = environ["wsgi.input"].read()
    told = {name: value for name, value in environ.items() if isinstance(value, str)}
    start_response("200 OK", [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    yield json.dumps(told | {"body": [len(body), body[:20].decode()]}).encode()


if __name__ == "__main__":
    Granian(
        "tests.cto_course.echo:application",
        factory=True,
        port=int(sys.argv[1]),
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
    ).serve()
