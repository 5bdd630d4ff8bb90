"""The edge of a worker: every request is received whole, and in time, before Django's one thread is asked for it.

Django runs on one thread of a worker. A sender of one byte a second, or of half a body, would hold that thread, and as
many of them as there are workers would hold the site. Here a body is received by the event loop, which waits for
thousands of them at once; the thread gets a request that is complete and gives back a response that is complete. Heads
of requests, idle connections and readers that take their time are the server's: it needs no thread of Python for them.
"""

import asyncio
import io
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from http import HTTPStatus
from typing import IO, Any

logger = logging.getLogger("django.request")

Headers = list[tuple[str, str]]
Environ = dict[str, Any]

#: Seconds in which a whole body has to be here.
SECONDS = 60.0
#: The largest body that is received, in bytes. Of a larger one Django sees the announced length and no byte: the pages
#: that refuse it look at nothing else (cto_course.middleware.Bodies, quizzes.exchange.admin).
LARGEST = 2_100_000
#: Bodies up to here wait in memory, in bytes; a larger one goes to a temporary file.
IN_MEMORY = 16_384
PLAIN = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]


class Refused(Exception):
    """A request that does not reach Django: its status, and the line to answer."""

    def __init__(self, status: HTTPStatus, line: str):
        super().__init__(line)
        self.status, self.line = status, line


class Edge:
    """An RSGI application that receives requests and lets a WSGI application answer them, one at a time."""

    def __init__(self, application: Callable[..., Iterable[bytes]], *, seconds: float = SECONDS):
        self.application, self.seconds = application, seconds
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="django")

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request. `scope` and `protocol` are granian's."""
        try:
            body = await self.receive(scope.headers, protocol)
        except Refused as refused:
            protocol.response_str(refused.status, PLAIN, f"{refused.line}\n")
            return
        await asyncio.get_running_loop().run_in_executor(self.thread, self.answer, environ(scope, body), protocol)

    async def receive(self, headers: Any, protocol: Any) -> IO[bytes]:
        """The whole body, to be read from its start; empty where none comes. Raises Refused."""
        length = announced(headers)
        if length == 0 or length > LARGEST:
            return io.BytesIO()
        try:
            async with asyncio.timeout(self.seconds):
                body = await (in_memory(protocol) if length <= IN_MEMORY else in_file(protocol))
        except TimeoutError:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT, f"Send it within {self.seconds:.0f} seconds.") from None
        except OSError:
            logger.exception("A body of %s bytes finds no room", length)
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "There is no room for it now. Send it later.") from None
        if body.seek(0, io.SEEK_END) != length:
            # The sender is gone. Half of a form must not look like a whole one.
            raise Refused(HTTPStatus.BAD_REQUEST, "Send all of it.")
        body.seek(0)
        return body

    def answer(self, environ: Environ, protocol: Any) -> None:
        """Ask Django and hand its whole response to the server. Runs on Django's thread."""
        status, headers = HTTPStatus.INTERNAL_SERVER_ERROR.value, PLAIN
        result: Iterable[bytes] = []

        def start(line: str, sent: Headers, _error: Any = None) -> None:
            nonlocal status, headers
            status, headers = int(line[:3]), sent

        content = b""
        try:
            result = self.application(environ, start)
            content = b"".join(result)
        except Exception:
            # Django answers its own errors; this one is of the ground it stands on.
            logger.exception("No response to %s", environ["PATH_INFO"])
            status, headers = HTTPStatus.INTERNAL_SERVER_ERROR.value, PLAIN
        finally:
            protocol.response_bytes(status, headers, content)
            if hasattr(result, "close"):
                result.close()


def announced(headers: Any) -> int:
    """The length of the body, in bytes. Raises Refused for one of unknown length, which could go on for ever."""
    if "transfer-encoding" in headers:
        raise Refused(HTTPStatus.LENGTH_REQUIRED, "Send it with a Content-Length.")
    return int(headers.get("content-length", "0"))


async def in_memory(protocol: Any) -> IO[bytes]:
    """A small body. Raises Refused when its sender hangs up."""
    try:
        return io.BytesIO(await protocol())
    except RuntimeError:
        raise Refused(HTTPStatus.BAD_REQUEST, "Send all of it.") from None


async def in_file(protocol: Any) -> IO[bytes]:
    """A larger body. Raises OSError where the disk has no room for it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 — closed with the request, or with its last reference
    async for chunk in protocol:
        file.write(chunk)
    return file


def environ(scope: Any, body: IO[bytes]) -> Environ:
    """The request as a WSGI application reads it (PEP 3333): text holds one byte a character."""
    server, _, port = scope.server.rpartition(":")
    values = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        # X_Forwarded_For would become the same variable as X-Forwarded-For, past a proxy that only knows the latter.
        if "_" not in name:
            variable = variable_of(name)
            before = f"{values[variable]}{'; ' if name == 'cookie' else ','}" if variable in values else ""
            values[variable] = before + value
    return values


@lru_cache(maxsize=256)
def variable_of(header: str) -> str:
    """The name under which a WSGI application looks for a header."""
    name = header.upper().replace("-", "_")
    return name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"
