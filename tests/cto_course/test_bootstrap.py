"""`bin/bootstrap` on machines that lack something, and on one that lacks nothing."""

import os
import shutil
import stat
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="has nothing to do with the database")
BOOTSTRAP = settings.BASE_DIR / "bin" / "bootstrap"


@pytest.fixture
def root(tmp_path):
    """A checkout with nothing to install, whose .venv does not exist yet."""
    (tmp_path / "bin").mkdir()
    shutil.copy(BOOTSTRAP, tmp_path / "bin" / "bootstrap")
    for name in ("requirements.txt", "requirements-prod.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("# nothing\n")
    return tmp_path


def bootstrap(root, *options, before="", **variables):
    """Run it after a line of Python that takes something away from the machine: (exit code, output, errors)."""
    script = root / "bin" / "bootstrap"
    program = f"import runpy, sys\n{before}\nsys.argv = {[str(script), *options]!r}\n"
    program += f"runpy.run_path({str(script)!r}, run_name='__main__')"
    done = subprocess.run(
        [getattr(sys, "_base_executable", sys.executable), "-c", program],
        env={"PATH": "/usr/bin:/bin"} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("before", "line"),
    [
        (
            "sys.version_info = (3, 9, 2, 'final', 0)",
            "Python 3.11 or newer is needed, this is 3.9: apt-get install python3",
        ),
        ("sys.modules['ensurepip'] = None", "Install python3-venv: apt-get install python3-venv"),
        ("sys.modules['venv'] = None", "Install python3-venv: apt-get install python3-venv"),
    ],
)
def test_machine_lacks(root, before, line):
    assert bootstrap(root, before=before) == (1, "", f"{line}\n")
    assert sorted(path.name for path in root.iterdir()) == [
        "bin",
        "requirements-dev.txt",
        "requirements-prod.txt",
        "requirements.txt",
    ]


def test_disk_is_full(root):
    before = (
        "import shutil; shutil.disk_usage = lambda path: shutil._ntuple_diskusage(10**9, 10**9 - 5 * 10**6, 5 * 10**6)"
    )
    assert bootstrap(root, before=before) == (
        1,
        "",
        f"5 MB are free on the disk of {root}, 300 are needed. Free some space.\n",
    )


def test_unknown_option(root):
    assert bootstrap(root, "--fast") == (1, "", "There is no option --fast. There are --dev and --production.\n")


def test_directory_cannot_be_written(root):
    """A file stands where .venv should be made."""
    (root / ".venv").write_text("")
    code, _output, errors = bootstrap(root)
    assert (code, errors.splitlines()[-1]) == (1, f"The virtual environment could not be made in {root}/.venv.")


def test_bootstrap_twice(root):
    """Everything is made once; what is there is neither made again nor changed."""
    code, output, errors = bootstrap(root)
    assert (code, output) == (0, "")
    assert errors.splitlines() == [
        "Making .venv …",
        "Installing the packages of requirements.txt …",
        f"Wrote {root}/.env with a fresh SECRET_KEY.",
    ]
    env = root / ".env"
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    written = env.read_text()
    _comment, key, local = written.splitlines()
    assert len(key.removeprefix("SECRET_KEY=")) >= 50
    assert local == "LOCAL=1"
    assert bootstrap(root) == (0, "", "")
    assert env.read_text() == written
    # Another list, another installation; the .venv itself stays.
    (root / "requirements.txt").write_text("# nothing, but said otherwise\n")
    assert bootstrap(root) == (0, "", "Installing the packages of requirements.txt …\n")
    # Where the settings come with the environment, a local profile must not slip in.
    env.unlink()
    assert bootstrap(root, SECRET_KEY="from-elsewhere") == (0, "", "")
    assert bootstrap(root, "--production") == (0, "", "Installing the packages of requirements-prod.txt …\n")
    assert not env.exists()


def test_packages_cannot_be_installed(root):
    (root / "requirements.txt").write_text("no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n")
    code, output, errors = bootstrap(root, PIP_NO_INDEX="1")
    assert (code, output) == (1, "")
    assert errors.splitlines()[-1] == (
        "The packages could not be installed; pip says why above. Is the network there, and the disk free?"
    )
    # Nothing is taken for installed.
    assert not list((root / ".venv").glob("*.installed"))
