"""The settings of the server, with one more page: the yardstick."""

from cto_course.settings import *  # noqa: F403 — all of them, so that both run the same
from cto_course.settings import BASE_DIR, TEMPLATES

ROOT_URLCONF = "tests.benchmarks.urls"
TEMPLATES = [TEMPLATES[0] | {"DIRS": [*TEMPLATES[0]["DIRS"], BASE_DIR / "tests" / "benchmarks" / "templates"]}]
