"""Becoming the production server."""

import errno
import gc
import os
import signal
import socket
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connections
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels


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


def serve(host: str, port: int, *, workers: int) -> None:
    """Serve until SIGINT or SIGTERM. The workers are forks of this process and share what it has loaded.

    One thread a worker: Python runs one at a time, and SQLite writes one at a time.
    """
    connections.close_all()
    # What is loaded by now stays: the workers need not copy its pages to find that out.
    gc.collect()
    gc.freeze()
    Granian(
        "cto_course.serving:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=1,
        workers_kill_timeout=5,
        # One worker that dies (out of memory, a fault below Python) is replaced while the others go on. One that dies
        # again within seconds ends the server: whoever supervises it should see that.
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()


def application() -> Callable[..., Any]:
    """The WSGI application, made in a worker.

    Ctrl-C in a terminal reaches every process. A worker leaves it to the server, which ends the workers by SIGTERM;
    otherwise the server may take an obedient worker for a broken one. Until granian listens to SIGTERM it just ends.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return get_wsgi_application()
