"""The environment the suite runs in: loaded by pytest before the settings (`-p tests.environment` in pyproject.toml).

Nothing of a developer's own .env reaches a test. `TEST_DATABASE_URL` chooses the database; without it it is SQLite in
memory.
"""

import gc
import os
import tempfile
from pathlib import Path

os.environ |= {
    "ENV_FILE": "none",
    "SECRET_KEY": "a-key-for-tests-only-" + "0" * 40,
    "LOCAL": "1",
    "STATIC_ROOT": str(Path(tempfile.gettempdir()) / "cto-course-no-collected-files"),
}
Path(os.environ["STATIC_ROOT"]).mkdir(exist_ok=True)
# Django holds a million small things for good; looking through them all the time took a sixth of the suite's time.
gc.set_threshold(100_000, 50, 100)
os.environ.pop("DATABASE_URL", None)
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]


def pytest_addoption(parser):
    parser.addoption(
        "--database-only", action="store_true", help="leave out tests that touch no database: they ran on the other one"
    )


def pytest_collection_modifyitems(config, items):
    """With `--database-only`, only the tests that ask for the database stay."""
    if not config.getoption("--database-only"):
        return
    kept = [item for item in items if needs_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def needs_database(item) -> bool:
    """Whether a test, or a fixture of it, opens the database that the settings name."""
    return bool(item.get_closest_marker("django_db") or {"db", "transactional_db"} & {*item.fixturenames})
