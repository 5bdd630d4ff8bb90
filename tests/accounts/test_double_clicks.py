"""A form that is sent twice at the same moment is done once, and neither answer is an error."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.quizzes.test_races import database

__all__ = ["database"]

ROOT = Path(__file__).resolve().parents[2]
DONE = {
    "sign_up": ["(302, '/accounts/confirm-email/')"],
    "change_address": ["(302, '/accounts/email/')", "(200, '')"],
    "join": ["(302, '/cto/home/')"],
    "add_in_the_admin": [
        "(302, '/manage/lessons/term/')",
        "(302, '/manage/accounts/user/#/change/')",
        "(200, '')",
    ],
}


@pytest.mark.race
def test_pairs_at_the_same_moment(database):
    done = subprocess.run(
        [sys.executable, "-m", "tests.accounts.racing", "8"],
        cwd=ROOT,
        env=os.environ | database,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert {name: pairs["pairs"] for name, pairs in found.items()} == dict.fromkeys(DONE, 8)
    assert [answer for name, pairs in found.items() for answer in pairs["answers"] if answer not in DONE[name]] == []
    assert {name: pairs["made"] for name, pairs in found.items()} == {
        "sign_up": [[1, 1, 1]],
        "change_address": [[1]],
        "join": [[1]],
        "add_in_the_admin": [[1, 1]],
    }
