"""Queries that run on every page, compiled once.

Building and compiling a query costs the ORM five to ten times what running it costs. The few that stand on every page
of the reader are therefore compiled when they are first used, and run again with other values. Each is written with the
ORM and keeps to it: the same SQL, the same conversion of values. Everything else uses querysets as they are.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet


class Prepared:
    """A `values_list` queryset as a function.

    `build` gets one placeholder for each name in `values` and returns the queryset; a placeholder is a number for `int`
    and a text for `str`, unlike any value that occurs. Calling it with those names returns the rows as tuples.

        units_of = Prepared(lambda lesson: Unit.objects.filter(lesson=lesson).values_list("id", "key"), lesson=int)
        units_of(lesson=7)
    """

    def __init__(self, build: Callable[..., QuerySet], **values: type):
        self.build = build
        self.placeholders = {
            name: -1_000_001 - place if kind is int else f"placeholder {place} for {name}"
            for place, (name, kind) in enumerate(values.items())
        }

    @cached_property
    def compiled(self) -> tuple[str, tuple, Any, dict]:
        """SQL, its parameters with placeholders among them, and the compiler with its converters."""
        compiler = self.build(**self.placeholders).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        missing = [name for name, placeholder in self.placeholders.items() if placeholder not in params]
        if missing:
            raise ValueError(f"The query does not use {', '.join(missing)} as it is given.")
        return sql, params, compiler, compiler.get_converters([column for column, _sql, _alias in compiler.select])

    def __call__(self, **values: int | str) -> list[tuple]:
        sql, params, compiler, converters = self.compiled
        given = {placeholder: values[name] for name, placeholder in self.placeholders.items()}
        with connection.cursor() as cursor:
            cursor.execute(sql, [given.get(param, param) for param in params])
            rows = cursor.fetchall()
        return [tuple(row) for row in compiler.apply_converters(rows, converters)] if converters else rows
