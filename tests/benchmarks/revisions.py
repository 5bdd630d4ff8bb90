"""A revision of this repository laid out beside the tree, to be measured in the same run.

It is measured by the benchmark of today, which is copied into it, and with the packages of today's .venv unless it pins
others: then with its own, in a .venv of its own.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.scratch import ROOT

#: What of today's tree the older one needs to be measured.
MEASURE = ["tests/benchmarks", "tests/databases.py", "tests/sites.py"]


@contextmanager
def laid_out(revision: str) -> Iterator[Path]:
    """The tree of the revision, in a folder that goes with the block. Exits when git does not know the revision."""
    with tempfile.TemporaryDirectory() as directory:
        tree = Path(directory) / "tree"
        tree.mkdir()
        archive = subprocess.run(["git", "archive", revision], cwd=ROOT, stdout=subprocess.PIPE, check=False)
        if archive.returncode:
            sys.exit(f"{revision} is no revision of this repository.")
        subprocess.run(["tar", "-x", "-C", tree], input=archive.stdout, check=True)
        for name in MEASURE:
            source, place = ROOT / name, tree / name
            if source.is_dir():
                shutil.rmtree(place, ignore_errors=True)
                shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, place)
        if (tree / "requirements.txt").read_bytes() != (ROOT / "requirements.txt").read_bytes():
            subprocess.run([sys.executable, "bin/bootstrap"], cwd=tree, stdout=sys.stderr, check=True)
        yield tree
