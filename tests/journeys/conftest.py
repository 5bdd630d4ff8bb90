"""A real server on a scratch database with the real course, and a real browser in front of it."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import databases

ROOT = Path(__file__).resolve().parents[2]
#: The one without a window comes first: it draws the same pages in half the time.
BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WITHOUT_CHROMIUM = "Install Chromium to run the browser journeys: apt-get install chromium"


#: Journeys that look at every page; together they take as long as all others.
LOOKING = {"test_accessibility.py", "test_admin_pages.py"}


def pytest_collection_modifyitems(items):
    """Two workers run the journeys, each on a server of its own, and they begin: they take longest. Without a browser
    on the machine they are left out, in one line.
    """
    journeys = {item for item in items if ROOT / "tests" / "journeys" in item.path.parents}
    for item in journeys:
        item.add_marker(pytest.mark.xdist_group("looking" if item.path.name in LOOKING else "journeys"))
        item.add_marker(pytest.mark.journey)
        if CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason=WITHOUT_CHROMIUM))
    items.sort(key=lambda item: item not in journeys)


@dataclass
class Site:
    """A running site: its address, its folder of data, the environment its commands run in, the pid of its server."""

    url: str
    data: Path
    environment: dict
    server: int = 0
    _shell: subprocess.Popen | None = None

    def manage(self, *arguments, check=True):
        """Run a management command against the same database; its standard output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    def shell(self, code):
        """Run Python code inside the site; what it printed."""
        if self._shell is None:
            command = [sys.executable, "-m", "tests.journeys.shell"]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            self._shell = subprocess.Popen(command, cwd=ROOT, env=self.environment, **pipes)
        self._shell.stdin.write(json.dumps(code) + "\n")
        self._shell.stdin.flush()
        failed, printed, reason = json.loads(self._shell.stdout.readline())
        assert not failed, reason
        return printed.strip()

    def close(self):
        """End the shell, if one was opened."""
        if self._shell is not None:
            self._shell.communicate(timeout=20)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_site(data, **variables):
    """The site as `make run` starts it, on a port of its own, with its data in a folder; `variables` as in `.env`."""
    port = free_port()
    environment = {
        key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    environment |= {
        "ENV_FILE": "none",
        "SECRET_KEY": "a-key-for-journeys-only-" + "0" * 40,
        "LOCAL": "1",
        "PORT": str(port),
        "DATA_DIR": str(data),
        "STATIC_ROOT": str(data / "static"),
        **variables,
    }
    databases.place(data)
    log = (data / "server.log").open("wb")
    server = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log)
    running = Site(f"http://127.0.0.1:{port}", data, environment, server.pid)
    try:
        for _attempt in range(300):
            if server.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{running.url}/health/", timeout=2):
                    break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)  # the server is a process of its own; there is nothing else to wait on
        assert server.poll() is None, (data / "server.log").read_text()
        yield running
    finally:
        running.close()
        server.terminate()
        server.wait(timeout=20)
        log.close()


# Both end with the last journey of a worker: as long as the browser's driver runs, Django takes the thread for one that
# must not ask the database, and other tests come afterwards.


@pytest.fixture(scope="package")
def site(tmp_path_factory):
    """One site for all journeys of a worker; what a journey changes behind its back, others may find."""
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="package")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, site):
    """Open a fresh browser window: `visit(javascript=False, width=390, scheme="dark")` → page.

    When the test ends, no window may have reported an error or a violation of the content security policy.
    """
    contexts, complaints = [], []

    def open_window(*, javascript=True, width=1280, height=844, scheme="light", state=None, forced="none"):
        context = chromium.new_context(
            base_url=site.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            forced_colors=forced,
            storage_state=state,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_window
    for context in contexts:
        context.close()
    expected = re.compile(r"status of (?:40[0-9]|503)|ERR_INTERNET_DISCONNECTED")
    assert [text for text in complaints if not expected.search(text)] == []
