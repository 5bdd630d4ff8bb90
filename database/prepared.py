"""Queries that run on every page, compiled once.

Building and compiling a query costs the ORM five to ten times what running it costs. The few that stand on every page
of the reader are therefore compiled when they are first used, and run again with other values. Each is written with the
ORM and keeps to it: the same SQL, the same conversion of values. Everything else uses querysets as they are.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count, islice
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, Model, QuerySet, UUIDField
from django.db.models.sql import UpdateQuery

Value = int | str | UUID | datetime


class Several(NamedTuple):
    """What a value is that stands in `…__in`: a list of up to `most` of one kind."""

    kind: type
    most: int


Kinds = Mapping[str, type | Several]
#: For each name one placeholder, or as many as the list may be long.
Placeholders = Mapping[str, Any]


class Prepared:
    """A `values_list` queryset as a function.

    `build` gets one placeholder for each name in `values` and returns the queryset. A placeholder is an `int`, a `str`,
    a `UUID` or a `datetime`, as `values` says, unlike any constant of a query, or a list of such (`Several`). Calling
    it with those names returns the rows as tuples; with an empty list none, and nothing is asked.

        units_of = Prepared(lambda lesson: Unit.objects.filter(lesson=lesson).values_list("id", "key"), lesson=int)
        units_of(lesson=7)
    """

    def __init__(self, build: Callable[..., QuerySet], **values: type | Several):
        self.build = build
        self.placeholders = _placeholders(values)

    @cached_property
    def compiled(self) -> tuple[str, tuple, Any, dict]:
        """SQL, its parameters with placeholders among them, and the compiler with its converters."""
        compiler = self.build(**self.placeholders).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        _refuse_unused(params, self.placeholders)
        return sql, params, compiler, compiler.get_converters([column for column, _sql, _alias in compiler.select])

    def __call__(self, **values: Value | Sequence[Value]) -> list[tuple]:
        if any(value == [] for value in values.values()):
            return []
        sql, params, compiler, converters = self.compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(params, self.placeholders, values))
            rows = cursor.fetchall()
        return [tuple(row) for row in compiler.apply_converters(rows, converters)] if converters else rows


class PreparedUpdate:
    """The UPDATE of a queryset as a function.

    `build` gets a placeholder for each name in `values`, as for `Prepared`, and returns the queryset; `changes` names
    the fields that are set, with any value that is not None. Calling it with what they become and with those names
    returns how many rows were changed.

        mark = PreparedUpdate(lambda note: Note.objects.filter(pk=note), changes={"text": "-"}, note=int)
        mark({"text": "New."}, note=7)
    """

    def __init__(self, build: Callable[..., QuerySet], *, changes: Mapping[str, Any], **values: type):
        self.build, self.changes = build, changes
        self.placeholders = _placeholders(values)

    @cached_property
    def compiled(self) -> tuple[str, list[Field], tuple]:
        """SQL, the fields whose new values come first among its parameters, and the parameters behind them."""
        query = cast(UpdateQuery, self.build(**self.placeholders).query.chain(UpdateQuery))
        query.add_update_values(dict(self.changes))
        sql, params = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        fields = [cast(Field, query.get_meta().get_field(name)) for name in self.changes]
        rest = params[len(fields) :]
        _refuse_unused(rest, self.placeholders)
        return sql, fields, rest

    def __call__(self, changes: Mapping[str, Any], **values: Value) -> int:
        sql, fields, rest = self.compiled
        new = [field.get_db_prep_save(changes[field.name], connection) for field in fields]
        with connection.cursor() as cursor:
            cursor.execute(sql, [*new, *_filled(rest, self.placeholders, values)])
            return cursor.rowcount


def _filled(params: Sequence[Any], placeholders: Placeholders, values: Mapping[str, Any]) -> list[Any]:
    """The parameters with values in the place of placeholders. Raises ValueError for a list that is too long."""
    by_placeholder: dict[Any, Any] = {}
    for name, placeholder in placeholders.items():
        if isinstance(placeholder, list):
            value = list(values[name])
            # What is left of the list says its last value again. `strict` refuses one that is too long.
            value += value[-1:] * (len(placeholder) - len(value))
            by_placeholder |= zip(map(_sent, placeholder), map(_sent, value), strict=True)
        else:
            by_placeholder[_sent(placeholder)] = _sent(values[name])
    return [by_placeholder.get(param, param) for param in params]


def _refuse_unused(params: Sequence[Any], placeholders: Placeholders) -> None:
    flat = {name: value if isinstance(value, list) else [value] for name, value in placeholders.items()}
    missing = [name for name, values in flat.items() if not {*map(_sent, values)} <= {*params}]
    if missing:
        raise ValueError(f"The query does not use {', '.join(missing)} as it is given.")


def _placeholders(values: Kinds) -> Placeholders:
    places = count()
    return {
        name: [_placeholder(name, kind.kind, next(places)) for _entry in range(kind.most)]
        if isinstance(kind, Several)
        else _placeholder(name, kind, next(places))
        for name, kind in values.items()
    }


def _placeholder(name: str, kind: type, place: int) -> Value:
    if kind is UUID:
        return UUID(int=place)
    if kind is datetime:
        return datetime(1901, 1, 1, tzinfo=UTC) + timedelta(days=place)
    # Numbers that a small integer column could hold; a condition that no row can meet would not be compiled.
    return 31_001 + place if kind is int else f"placeholder {place} for {name}"


def _sent(value: Value) -> Any:
    """A value as the database takes it: SQLite has neither UUIDs nor moments."""
    if isinstance(value, UUID):
        return UUIDField().get_db_prep_value(value, connection)
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


class Part:
    """The columns that rows of a prepared query have from one model, at `path` from the model that is asked.

    Fields of the model that are not among them are loaded when they are asked for, as with `defer`.
    """

    def __init__(self, model: type[Model], path: str = "", *, without: Sequence[str] = ()):
        self.model = model
        self.names = [field.attname for field in model._meta.concrete_fields if field.name not in without]
        self.columns = [f"{path}{name}" for name in self.names]


def objects(row: Sequence[Any], parts: Sequence[Part]) -> list[Any]:
    """The objects that a row holds, one for each part in turn; they do not know of each other yet."""
    values = iter(row)
    return [part.model.from_db(DEFAULT_DB_ALIAS, part.names, list(islice(values, len(part.names)))) for part in parts]
