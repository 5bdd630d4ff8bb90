"""A database that refuses something at the worst moment."""

from contextlib import contextmanager

from django.db import IntegrityError, connection


def refusing(table):
    """Within this context nothing can be inserted into the table: `with refusing("notifications_message"): …`."""

    def execute(run, sql, params, many, context):
        if sql.startswith((f'INSERT INTO "{table}"', f'INSERT OR IGNORE INTO "{table}"')):
            raise IntegrityError(f"{table} takes no rows")
        return run(sql, params, many, context)

    return connection.execute_wrapper(execute)


@contextmanager
def read_only():
    """Within this context the database takes no writes at all; outside of any transaction."""
    on, off = {
        "sqlite": ("PRAGMA query_only = 1", "PRAGMA query_only = 0"),
        "postgresql": ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off"),
    }[connection.vendor]
    execute(on)
    try:
        yield
    finally:
        execute(off)


@contextmanager
def full():
    """Within this context a SQLite database cannot grow by one page: its disk is full."""
    execute(f"PRAGMA max_page_count = {execute('PRAGMA page_count')}")
    try:
        yield
    finally:
        execute("PRAGMA max_page_count = 1073741823")


def execute(statement):
    """Run it; the first value, where there is one."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None
