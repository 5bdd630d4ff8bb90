"""The environment the suite runs in: loaded by pytest before the settings (`-p tests.environment` in pyproject.toml).

Nothing of a developer's own .env reaches a test. `TEST_DATABASE_URL` chooses the database; without it it is SQLite in
memory.
"""

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
os.environ.pop("DATABASE_URL", None)
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
