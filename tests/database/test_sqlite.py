"""The queue of writers in front of SQLite."""

import fcntl
import os
import sqlite3

import pytest
from django.db import DatabaseError, connection, transaction

from cto_course.checks import SAFE_SQLITE, sqlite_is_safe
from database.sqlite.base import DatabaseWrapper


@pytest.fixture
def wrapper(db, tmp_path):
    """A connection to a database file of its own."""
    made = DatabaseWrapper(
        connection.settings_dict
        | {
            "ENGINE": "database.sqlite",
            "NAME": str(tmp_path / "course.sqlite3"),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 1},
        },
        alias="scratch",
    )
    with made.cursor() as cursor:
        cursor.execute("CREATE TABLE fruit (name text PRIMARY KEY)")
    yield made
    made.close()


def waits(path):
    """Would another writer have to wait now?"""
    file = os.open(f"{path}.queue", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def transact(wrapper, *statements):
    """Run statements in one transaction, as `transaction.atomic` does; True while inside means that others wait."""
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        with wrapper.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        waiting = waits(wrapper.settings_dict["NAME"])
    except BaseException:
        wrapper.rollback()
        raise
    else:
        wrapper.commit()
    finally:
        wrapper.set_autocommit(True)
    return waiting


def test_others_wait_during_a_transaction_only(wrapper):
    path = wrapper.settings_dict["NAME"]
    assert transact(wrapper, "INSERT INTO fruit VALUES ('pear')") is True
    assert waits(path) is False


def test_an_error_leaves_the_line(wrapper):
    transact(wrapper, "INSERT INTO fruit VALUES ('pear')")
    with pytest.raises(DatabaseError):
        transact(wrapper, "INSERT INTO fruit VALUES ('pear')")
    assert waits(wrapper.settings_dict["NAME"]) is False


def test_a_closed_connection_leaves_the_line(wrapper):
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    assert waits(wrapper.settings_dict["NAME"]) is True
    wrapper.close()
    assert waits(wrapper.settings_dict["NAME"]) is False


def test_a_plain_read_takes_no_place(wrapper):
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT name FROM fruit")
        assert cursor.fetchall() == []
    assert waits(wrapper.settings_dict["NAME"]) is False


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
def test_a_database_in_memory_has_no_line():
    with transaction.atomic():
        assert connection.queue is None


def test_old_sqlite_is_warned_about(monkeypatch, settings):
    settings.DATABASES["default"]["ENGINE"] = "database.sqlite"
    monkeypatch.setattr(sqlite3, "sqlite_version_info", SAFE_SQLITE)
    assert sqlite_is_safe(None) == []
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    assert [warning.id for warning in sqlite_is_safe(None)] == ["cto_course.W001"]
