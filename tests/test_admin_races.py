"""Two people who save one form of the admin at once, on a SQLite file and on PostgreSQL (see racing_editing.py)."""

import pytest

from tests.quizzes.test_races import ROUNDS, database, run  # noqa: F401 - `database` is a fixture


@pytest.mark.race
def test_one_of_two_is_stored_and_the_other_sees_both_texts(database):  # noqa: F811
    """The last one is the twin without the guard: on PostgreSQL both are stored, and one text is lost. SQLite has one
    writer at a time."""
    found = run(database, "tests.racing_editing", str(ROUNDS))
    unguarded = found.pop("unguarded")
    assert found == {"lesson": ROUNDS, "roles": ROUNDS, "added": ROUNDS, "draft": ROUNDS, "problems": []}
    assert (unguarded < ROUNDS) == database["DATABASE_URL"].startswith("postgres")
