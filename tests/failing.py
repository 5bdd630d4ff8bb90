"""A database that refuses something at the worst moment."""

from django.db import IntegrityError, connection


def refusing(table):
    """Within this context nothing can be inserted into the table: `with refusing("notifications_message"): …`."""

    def execute(run, sql, params, many, context):
        if sql.startswith((f'INSERT INTO "{table}"', f'INSERT OR IGNORE INTO "{table}"')):
            raise IntegrityError(f"{table} takes no rows")
        return run(sql, params, many, context)

    return connection.execute_wrapper(execute)
