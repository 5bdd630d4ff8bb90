"""`manage.py serve` as a newcomer and as an operator meet it: real processes, real signals, real trouble."""

import http.client
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from cto_course.serving import load
from tests import databases

pytestmark = pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="these processes have their own SQLite")
PRODUCTION = {"LOCAL": "0", "SITE_URL": "https://learn.example.com", "ALLOWED_HOSTS": "learn.example.com"}


@pytest.fixture
def variables(tmp_path):
    """The environment of a fresh installation on a free port, with its database and static files in `tmp_path`."""
    (tmp_path / "content").mkdir()
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    return {
        "PATH": "/usr/bin:/bin",
        "ENV_FILE": "none",
        "SECRET_KEY": "a-key-for-tests-only-" + "0" * 40,
        "LOCAL": "1",
        "DATA_DIR": str(tmp_path / "var"),
        "STATIC_ROOT": str(tmp_path / "static"),
        "CONTENT_DIR": str(tmp_path / "content"),
        "PORT": str(port),
        "WORKERS": "2",
    }


def manage(variables, *words):
    """Run a command to its end: (exit code, output, errors)."""
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=variables, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout, done.stderr


@contextmanager
def serving(variables, *, first=False):
    """The server, from its first answer on; killed at the end if it still runs. `first`: nothing is there yet."""
    if not first and not Path(variables["DATA_DIR"]).exists():
        databases.place(variables["DATA_DIR"])
        Path(variables["DATA_DIR"]).chmod(0o700)
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=settings.BASE_DIR,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        wait_for(f"http://127.0.0.1:{variables['PORT']}/health/", server)
        yield server
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.communicate()


def wait_for(url, server, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url) as answer:
                assert answer.read() == b"ok"
                return
        except OSError:
            assert server.poll() is None, server.communicate()
            time.sleep(0.05)
    raise AssertionError(f"{url} did not answer in {seconds} s")


def ask(variables, path, host, proto="http"):
    """(status, headers by small name, body) of a page that is asked for by this host name, over this protocol."""
    connection = http.client.HTTPConnection("127.0.0.1", int(variables["PORT"]))
    connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": proto})
    answer = connection.getresponse()
    with closing(connection):
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def stop(server, number):
    """Send a signal as a terminal does (SIGINT, to all processes) or a service manager (SIGTERM, to the first)."""
    if number == signal.SIGINT:
        os.killpg(server.pid, number)
    else:
        server.send_signal(number)
    output, errors = server.communicate(timeout=20)
    return server.returncode, output, errors


def test_serve_twice(variables, tmp_path):
    """The first start makes everything and says who to sign in as; the second one makes nothing and says the same."""
    with serving(variables, first=True) as server:
        code, first, errors = stop(server, signal.SIGINT)
    assert (code, errors) == (0, "")
    data = [tmp_path / "var", *sorted((tmp_path / "var").iterdir())]
    assert {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in data} == {
        "var": "0o700",
        ".local-accounts": "0o600",
        "course.sqlite3": "0o600",
        "course.sqlite3.queue": "0o600",
    }
    passwords = tmp_path / "var/.local-accounts"
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
    accounts = passwords.read_text().splitlines()
    assert [line.split()[:2] for line in accounts] == [
        ["learner", "learner@example.com"],
        ["instructor", "instructor@example.com"],
        ["manager", "manager@example.com"],
        ["operator", "operator@example.com"],
    ]
    site = f"http://127.0.0.1:{variables['PORT']}"
    assert first.splitlines() == [
        "The database is up to date.",
        "The static files are collected.",
        "",
        f"The course is at {site}/   (Ctrl-C stops it)",
        "Sign in as",
        *(f"  {line}" for line in accounts),
        f"or sign up: mail that would be sent is at {site}/mailbox/",
        f"The passwords are kept in {passwords}",
    ]
    began = {path: path.stat().st_mtime_ns for path in (tmp_path / "static").rglob("*.css")}
    with serving(variables) as server:
        code, second, errors = stop(server, signal.SIGTERM)
    assert (code, errors) == (0, "")
    assert second.splitlines() == first.splitlines()[2:]
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "static").rglob("*.css")} == began


def test_killed_server_leaves_nobody_on_the_port(variables):
    """Its workers end with it, and the next server starts there at once."""
    with serving(variables) as server:
        server.kill()
        server.wait()
        until = time.monotonic() + 10
        with pytest.raises(ConnectionError):
            while time.monotonic() < until:
                socket.create_connection(("127.0.0.1", int(variables["PORT"]))).close()
    with serving(variables) as server:
        code, _output, _errors = stop(server, signal.SIGTERM)
    assert code == 0


def test_serve_in_production_makes_no_accounts(variables, tmp_path):
    """In the local profile the same command would have made four people with printed passwords."""
    with serving(variables | PRODUCTION | {"TRUSTED_PROXY_COUNT": "1"}, first=True) as server:
        probes = [ask(variables, path, "10.0.0.9") for path in ("/health/", "/ready/", "/help/")]
        visits = [ask(variables, "/help/", "learn.example.com", proto) for proto in ("http", "https")]
        code, output, _errors = stop(server, signal.SIGTERM)
    assert code == 0
    # A probe asks by address and in the clear. Nobody else is answered so.
    assert [(status, body) for status, _headers, body in probes[:2]] == [(200, b"ok"), (200, b"ready")]
    assert [status for status, *_rest in [probes[2], *visits]] == [400, 301, 200]
    assert visits[1][1]["strict-transport-security"] == "max-age=31536000"
    assert output.splitlines() == [
        "The database is up to date.",
        "The static files are collected.",
        f"Serving https://learn.example.com on 127.0.0.1:{variables['PORT']}",
    ]
    assert not list(tmp_path.rglob(".local-accounts"))
    count = "from accounts.models import User; print(User.objects.count())"
    assert manage(variables | PRODUCTION, "shell", "--no-imports", "-c", count)[1] == "0\n"


def test_serve_on_a_taken_port(variables, tmp_path):
    with closing(socket.create_server(("127.0.0.1", int(variables["PORT"])))):
        result = manage(variables, "serve")
    port = int(variables["PORT"])
    assert result == (1, "", f"CommandError: Port {port} is taken. Choose another one: PORT={port + 1} make run\n")
    assert not (tmp_path / "var").exists()


def test_serve_on_an_address_of_another_machine(variables):
    """192.0.2.1 is reserved for documentation: no machine has it."""
    code, output, errors = manage(variables | {"HOST": "192.0.2.1"}, "serve")
    assert (code, output) == (1, "")
    assert re.fullmatch(
        rf"CommandError: 192\.0\.2\.1:{variables['PORT']} cannot be opened: .*\. Set HOST and PORT\.\n", errors
    )


def test_prepare_with_a_file_that_is_no_database(variables, tmp_path):
    database = tmp_path / "var" / "course.sqlite3"
    database.parent.mkdir()
    database.write_bytes(b"This was a letter to a friend." * 100)
    assert manage(variables, "prepare") == (
        1,
        "",
        f"CommandError: The database {database} cannot be used: file is not a database. "
        "Restore it from a backup, or move the file away to begin with an empty one.\n",
    )
    assert database.read_bytes() == b"This was a letter to a friend." * 100


def test_prepare_with_a_damaged_database(variables, tmp_path):
    databases.place(variables["DATA_DIR"])
    assert manage(variables, "prepare")[0] == 0
    database = tmp_path / "var" / "course.sqlite3"
    with database.open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(database.stat().st_size - 100))
    code, output, errors = manage(variables, "prepare")
    assert (code, output) == (1, "")
    assert errors.startswith(f"CommandError: The database {database} cannot be used: ")
    assert errors.endswith("Restore it from a backup, or move the file away to begin with an empty one.\n")
    assert len(errors.splitlines()) == 1


def test_prepare_with_a_directory_in_place_of_the_database(variables, tmp_path):
    database = tmp_path / "var" / "course.sqlite3"
    database.mkdir(parents=True)
    assert manage(variables, "prepare") == (
        1,
        "",
        f"CommandError: The database {database} cannot be used: unable to open database file. "
        "See that this user may write the file and its directory.\n",
    )


def test_prepare_with_a_file_in_place_of_the_data_directory(variables, tmp_path):
    (tmp_path / "var").write_text("not a directory")
    assert manage(variables, "prepare") == (
        1,
        "",
        f"CommandError: {tmp_path}/var cannot be used as the data directory: File exists.\n",
    )


def test_prepare_without_postgresql(variables):
    """The password of the address is not shown."""
    url = "postgres://course:geheim@127.0.0.1:1/course"
    code, output, errors = manage(variables | {"DATABASE_URL": url}, "prepare")
    assert (code, output) == (1, "")
    assert errors.startswith("CommandError: The database course on 127.0.0.1 cannot be used: connection ")
    assert errors.endswith("See DATABASE_URL in docs/deploy.md.\n")
    assert len(errors.splitlines()) == 1
    assert "geheim" not in errors


def test_prepare_with_a_file_in_place_of_the_static_directory(variables, tmp_path):
    (tmp_path / "static").write_text("not a directory")
    code, output, errors = manage(variables, "prepare")
    assert (code, output) == (1, "The database is up to date.\n")
    assert errors == f"CommandError: {tmp_path}/static cannot hold the static files: Not a directory.\n"


def test_what_every_worker_needs_is_loaded_without_the_database():
    """It is loaded before the workers are forked: a connection that they shared would mix up their answers."""
    (loader,) = engines["django"].engine.template_loaders
    loader.reset()
    load()
    loaded = {getattr(template, "name", "") for template in loader.get_template_cache.values()}
    assert {"lessons/unit.html", "quizzes/attempt.html", "admin/change_list.html", "404.html"} - loaded == set()
