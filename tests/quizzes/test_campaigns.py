"""The short form of the campaigns of tests/campaigns; docs/quality.md has the full one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.quizzes.test_races import database

__all__ = ["database"]

ROOT = Path(__file__).resolve().parents[2]
#: What an outage of the database must leave behind.
KEPT = {"server_lived": True, "unanswered": 0, "odd": [], "lost": 0, "broken": {}}


def run(module, *options, **environment):
    done = subprocess.run(
        [sys.executable, "-m", f"tests.campaigns.{module}", *options],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.race
def test_processes_that_start_save_send_and_expire_at_once(database):
    found = run("races", "--rounds", "6", "--processes", "8", **database)
    assert found["did"]["saved"] > 0
    assert 6 <= found["attempts"] == found["runs"] <= 18
    assert {name: found[name] for name in ("lost", "beyond_allowance", "failures", "broken")} == {
        "lost": 0,
        "beyond_allowance": 0,
        "failures": [],
        "broken": {},
    }


@pytest.mark.race
def test_without_the_guards_the_same_races_break_the_promises(database):
    """The twin: it shows that the races above are real. Who meets whom is chance: it has five goes."""
    broken = set()
    for seed in range(1, 6):
        found = run("races", "--rounds", "6", "--processes", "8", "--guards", "off", "--seed", str(seed), **database)
        broken |= {"an acknowledged answer was lost"} if found["lost"] else set()
        graded_twice = found["runs"] > found["attempts"]
        broken |= {"one end for each attempt"} if graded_twice or "nothing_after_close" in found["broken"] else set()
        if len(broken) == 2:
            break
    assert broken == {"an acknowledged answer was lost", "one end for each attempt"}


@pytest.mark.race
def test_workers_that_are_killed_lose_no_acknowledged_answer(tmp_path):
    found = run("crash", "--kills", "2", "--learners", "8")
    assert found["acknowledged"] > 0
    assert {name: found[name] for name in ("killed", "server_lived", "odd", "lost", "broken")} == {
        "killed": 2,
        "server_lived": True,
        "odd": [],
        "lost": 0,
        "broken": {},
    }


@pytest.mark.race
def test_full_disk_loses_nothing_and_is_said():
    found = run("disk", "--times", "1")
    assert found["acknowledged"] > 0
    assert found["told_to_wait"] > 0
    told = {name: found[name] for name in ("health", "ready", "reading", "sign_in", "afterwards", "sign_in_afterwards")}
    assert told == {
        "health": [200],
        "ready": [503],
        "reading": [200],
        "sign_in": [[503, True]],
        "afterwards": [True],
        "sign_in_afterwards": [302, False],
    }
    assert {name: found[name] for name in KEPT} == KEPT


@pytest.mark.race
def test_database_that_restarts_loses_nothing_and_is_said():
    found = run("restart", "--times", "1")
    if "left_out" in found:
        pytest.skip(found["left_out"])
    assert found["acknowledged"] > 0
    assert found["told_to_wait"] > 0
    told = {name: found[name] for name in ("health", "ready", "reading", "afterwards")}
    assert told == {"health": [200], "ready": [503], "reading": [503], "afterwards": [True]}
    assert {name: found[name] for name in KEPT} == KEPT


@pytest.mark.race
def test_killed_start_is_finished_by_the_next():
    """Killed between the last migration and the permissions that Django makes after it."""
    found = run("prepare", "--kills", "1")
    assert found == {"runs": 1, "killed": {"at a statement": 1, "while collecting": 0}, "broken": []}


@pytest.mark.race
def test_slow_senders_and_readers_hold_nobody_up():
    found = run("slow", "--each", "64", "--idle", "1000", "--seconds", "3")
    assert found["open"] == {"idle": 1000, "half a head": 64, "half a body": 64, "slow readers": 64}
    assert found["acknowledged"] > 0
    assert found["median"] < 1
    assert {name: found[name] for name in ("unanswered", "odd", "lost", "broken")} == {
        "unanswered": 0,
        "odd": [],
        "lost": 0,
        "broken": {},
    }
