"""Becoming the production server."""

import errno
import gc
import multiprocessing
import os
import resource
import signal
import socket
import threading
from contextlib import suppress
from pathlib import Path

from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from cto_course.edge import Edge

#: Seconds for the head of a request; a connection without one is closed after them, so it may also be idle so long.
HEAD_SECONDS = 30
#: Connections that one worker holds at the same time, where the machine allows as many open files.
CONNECTIONS = 8192
#: Files that a worker opens besides: database, logs, bodies on their way.
FILES = 256


class PortRefused(Exception):
    """The server cannot listen where it should; the text is the one line to show."""


def check_port(host: str, port: int) -> None:
    """Refuse a port that somebody else listens on, or that this user may not open. Raises PortRefused.

    The server itself would share a taken port with another server of its kind, and half of the pages would be theirs.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortRefused(f"Port {port} is taken. Choose another one: PORT={port + 1} make run") from error
        raise PortRefused(f"{host}:{port} cannot be opened: {error.strerror}. Set HOST and PORT.") from error


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def connections_allowed() -> int:
    """How many connections one worker may hold: raises the limit of open files as far as this user may."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + FILES
    allowed = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return max(allowed - FILES, 1)


def load() -> None:
    """Load what every worker needs: addresses with their views, templates, words. What is loaded before the workers are
    forked is there once for all of them, and no reader waits for it."""
    get_resolver().reverse_dict  # noqa: B018 — reading it imports every view
    translation.gettext("Lessons")
    for directory in engines["django"].template_dirs:
        for path in Path(directory).rglob("*.html"):
            with suppress(TemplateDoesNotExist, TemplateSyntaxError):
                get_template(str(path.relative_to(directory)))


def serve(host: str, port: int, *, workers: int) -> None:
    """Serve until SIGINT or SIGTERM. The workers are forks of this process and share what it has loaded."""
    connections.close_all()
    load()
    # What is loaded by now stays: the workers need not copy its pages to find that out.
    gc.collect()
    gc.freeze()
    Granian(
        "cto_course.serving:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_SECONDS * 1000),
        websockets=False,
        workers=workers,
        backlog=1024,
        backpressure=connections_allowed(),
        workers_kill_timeout=5,
        # One worker that dies (out of memory, a fault below Python) is replaced while the others go on. One that dies
        # again within seconds ends the server: whoever supervises it should see that.
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()


def application() -> Edge:
    """The application, made in a worker.

    Ctrl-C in a terminal reaches every process. A worker leaves it to the server, which ends the workers by SIGTERM;
    otherwise the server may take an obedient worker for a broken one. Until granian listens to SIGTERM it just ends.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=end_with_the_server, name="end with the server", daemon=True).start()
    return Edge(get_wsgi_application())


def end_with_the_server() -> None:
    """End this worker when the server is gone.

    A server that is killed (SIGKILL, out of memory) ends nobody. Its workers would keep the port and answer with old
    code, beside those of the server that is started next.
    """
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
        # What was acknowledged is committed; the database rolls the rest back.
        os._exit(1)
