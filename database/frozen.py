"""Rows that the database itself keeps as they are.

Migration operations that put a trigger on a table, in the dialect of SQLite or PostgreSQL. Django rebuilds a SQLite
table when it alters it, and the triggers go with the old table: a migration that alters a frozen table must freeze it
again. `tests/database/test_frozen.py` refuses a schema in which one is missing.
"""

from django.db import migrations

SQLITE = """
CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN {condition}
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
POSTGRES = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}();
"""


class Freeze(migrations.RunPython):
    """Refuse any UPDATE of `columns` of `table` on rows for which `when` holds.

    `when` is a condition over OLD and NEW that both dialects read alike ("OLD.state <> 'draft'"); without it every row
    is frozen from the moment it is written. `columns` are database names.
    """

    reversible = True

    def __init__(self, table, columns, *, when="", message, name=""):
        self.table, self.columns, self.when, self.message = table, columns, when, message
        self.name = name or f"{table}_frozen"
        super().__init__(self._create, self._drop)

    def deconstruct(self):
        return ("Freeze", [self.table, self.columns], {"when": self.when, "message": self.message, "name": self.name})

    def _create(self, apps, schema_editor):
        postgres = schema_editor.connection.vendor == "postgresql"
        differs = "IS DISTINCT FROM" if postgres else "IS NOT"
        changed = " OR ".join(f'NEW."{column}" {differs} OLD."{column}"' for column in self.columns)
        condition = f"({self.when}) AND ({changed})" if self.when else f"({changed})"
        self._drop(apps, schema_editor)
        sql = (POSTGRES if postgres else SQLITE).format(
            name=self.name, table=self.table, condition=condition, message=self.message
        )
        schema_editor.execute(sql, params=None)

    def _drop(self, apps, schema_editor):
        on_table = f" ON {self.table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.name}{on_table}", params=None)
