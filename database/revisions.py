"""A column that changes whenever anything changes that hangs on its row, kept by the database itself.

Migration operations that put triggers on a table, in the dialect of SQLite or PostgreSQL. Whoever has read the column
knows by it alone whether what was read before still stands. The value is drawn at random and never comes back: not by
a rollback, not when an older copy of the data is restored. As for `database.frozen`, a migration that lets SQLite
rebuild a table has to watch it again; `tests/lessons/test_revisions.py` refuses a schema in which a trigger is missing.
"""

from django.db import migrations

RANDOM = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
SQLITE = "CREATE TRIGGER {name} AFTER {act} ON {table} FOR EACH ROW WHEN {condition} BEGIN {change}; END"
POSTGRES = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {change}; RETURN NULL; END $$ LANGUAGE plpgsql;
CREATE TRIGGER {name} AFTER {act} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}();
"""
POSTGRES_ITSELF = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$
BEGIN NEW.revision := gen_random_uuid(); RETURN NEW; END $$ LANGUAGE plpgsql;
CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""
CHANGE = "UPDATE {of} SET revision = {value} WHERE id IN ({keys})"
#: Which rows an act has, as SQL calls them.
ROWS = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}


class Revise(migrations.RunPython):
    """Renew `revision` of the row of `of` whose key `whose` selects, at every change of a row of `table`.

    `whose` and `when` are SQL with `{row}` for the row that was changed: "{row}.course_id", "{row}.state = 'current'".
    Rows for which `when` does not hold, neither before nor after, renew nothing. Without `whose` the table is `of`
    itself: each UPDATE of a row renews its own revision, so that no copy of the row that was read earlier brings back
    an older one.
    """

    reversible = True

    def __init__(self, table, *, of, whose="", when="TRUE"):
        self.table, self.of, self.whose, self.when = table, of, whose, when
        super().__init__(self._create, self._drop)

    def deconstruct(self):
        return ("Revise", [self.table], {"of": self.of, "whose": self.whose, "when": self.when})

    def _create(self, apps, schema_editor):
        vendor = schema_editor.connection.vendor
        self._drop(apps, schema_editor)
        for act, rows in ROWS.items() if self.whose else [("UPDATE", ["NEW"])]:
            template = SQLITE if vendor == "sqlite" else POSTGRES if self.whose else POSTGRES_ITSELF
            keys = " UNION ".join(f"SELECT {(self.whose or '{row}.id').format(row=row)}" for row in rows)
            sql = template.format(
                name=self._name(act),
                act=act,
                table=self.table,
                condition=" OR ".join(f"({self.when.format(row=row)})" for row in rows),
                change=CHANGE.format(of=self.of, value=RANDOM[vendor], keys=keys),
            )
            schema_editor.execute(sql, params=None)

    def _drop(self, apps, schema_editor):
        on_table = f" ON {self.table}" if schema_editor.connection.vendor == "postgresql" else ""
        for act in ROWS:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self._name(act)}{on_table}", params=None)

    def _name(self, act):
        return f"{self.table}_revised_{act.lower()}"
