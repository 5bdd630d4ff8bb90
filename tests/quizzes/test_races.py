"""The races of an attempt, and of two people at one form of the admin, on a SQLite file and on PostgreSQL.

See racing.py and tests/racing_editing.py.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

psycopg = pytest.importorskip("psycopg")

ROOT = Path(__file__).resolve().parents[2]
ASKED = os.environ.get("RACE_DATABASE_URL") or os.environ.get("TEST_DATABASE_URL")
POSTGRES = ASKED or "postgres://postgres@127.0.0.1:5432/postgres"
ROUNDS = 10


def postgres_answers():
    if not POSTGRES.startswith("postgres"):
        return False
    try:
        psycopg.connect(POSTGRES.rpartition("/")[0] + "/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """The address of a database and a place for its file."""
    if request.param == "postgresql":
        if not postgres_answers():
            pytest.skip("no PostgreSQL answers at TEST_DATABASE_URL")
        return {"DATABASE_URL": POSTGRES, "DATA_DIR": str(tmp_path)}
    return {"DATABASE_URL": f"sqlite:///{tmp_path / 'course.sqlite3'}", "DATA_DIR": str(tmp_path)}


def race(scenario, database):
    return run(database, "tests.quizzes.racing", scenario, str(ROUNDS))


def run(database, program, *arguments):
    """What a program of races prints, on that database."""
    done = subprocess.run(
        [sys.executable, "-m", program, *arguments],
        cwd=ROOT,
        env=os.environ | database,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.race
@pytest.mark.parametrize("scenario", ["start", "allowance", "submit", "expire", "read", "decide", "extend", "regrade"])
def test_only_one_of_several_at_once(scenario, database):
    assert race(scenario, database) == {"rounds": ROUNDS, "good": ROUNDS, "problems": [], "saves": 0, "broken": {}}


@pytest.mark.race
def test_every_acknowledged_answer_is_graded_and_nothing_comes_after_the_close(database):
    found = race("save", database)
    assert found.pop("saves") > ROUNDS
    assert found == {"rounds": ROUNDS, "good": ROUNDS, "problems": [], "broken": {}}


@pytest.mark.race
def test_looking_first_and_writing_then_would_lose_answers_on_postgresql(database):
    """The twin without the guard: it shows that the race above is real. SQLite has one writer at a time."""
    found = race("unguarded", database)
    if database["DATABASE_URL"].startswith("postgres"):
        assert found["good"] < ROUNDS
        assert "scores_are_recomputable" in found["broken"]
    else:
        assert (found["good"], found["broken"]) == (ROUNDS, {})


@pytest.mark.race
def test_one_of_two_saves_in_the_admin_is_stored_and_the_other_sees_both_texts(database):
    """The last one is the twin without the guard: on PostgreSQL both are stored, and one text is lost. SQLite has one
    writer at a time."""
    found = run(database, "tests.racing_editing", str(ROUNDS))
    unguarded = found.pop("unguarded")
    scenarios = ("lesson", "roles", "added", "draft", "seat")
    assert found == dict.fromkeys(scenarios, ROUNDS) | {"problems": []}
    assert (unguarded < ROUNDS) == database["DATABASE_URL"].startswith("postgres")
