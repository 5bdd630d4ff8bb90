"""The shapes that course files may have: lists and records of values, in the order in which they are written."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lessons.content.values import OMITTED, Field, Fields, Option


@dataclass(frozen=True, kw_only=True)
class Items(Field):
    """A list of one kind of thing. `flow`: written on one line where it fits. `unique`: nothing stands there twice."""

    item: Field
    minimum: int = 0
    maximum: int = 500
    flow: bool = False
    unique: bool = False

    def read(self, node, place):
        if node.type != "list":
            return self.expected(node, place, "a list")
        if not self.minimum <= len(node.value) <= self.maximum:
            wanted = f"{self.minimum}" if self.minimum == self.maximum else f"{self.minimum} to {self.maximum}"
            place.note(node.line, f"needs {wanted} entries, has {len(node.value)}")
        values = []
        for number, item in enumerate(node.value, 1):
            value = self.item.read(item, place.of(str(number)))
            if self.unique and value is not OMITTED and value in values:
                place.note(item.line, f"{value} stands here twice")
            elif value is not OMITTED:
                values.append(value)
        return values


@dataclass(frozen=True, kw_only=True)
class Record(Field):
    """Named fields in the order in which they are written; others are refused."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    flow: bool = False

    def read(self, node, place):
        if node.type != "map":
            return self.expected(node, place, "fields")
        values, omissions = Fields(), place.report.omissions
        values.line, values.lines = node.line, {label: child.line for label, child in node.value.items()}
        for label, child in node.value.items():
            if label not in self.fields:
                close = difflib.get_close_matches(label, self.fields, 1)
                place.note(child.line, f"unknown field {label}" + (f"; did you mean {close[0]}?" if close else ""))
        for label, shape in self.fields.items():
            if label in node.value:
                value = shape.read(node.value[label], place.of(label))
            elif shape.default is OMITTED:
                value = place.fault(node, f"the field {label} is missing")
            else:
                value = shape.default
            if value is not OMITTED:
                values[label] = value
        values.whole = place.report.omissions == omissions
        return values


@dataclass(frozen=True, kw_only=True)
class Either(Field):
    """One of two shapes: `record` when there are fields, else `other`."""

    record: Record
    other: Field

    def read(self, node, place):
        return (self.record if node.type == "map" else self.other).read(node, place)

    def shape_of(self, value: Any) -> Field:
        return self.record if isinstance(value, dict) else self.other


@dataclass(frozen=True, kw_only=True)
class Variant(Field):
    """A record whose fields depend on one of them, `by`."""

    by: str
    records: Mapping[str, Record]

    def read(self, node, place):
        if node.type != "map":
            return self.expected(node, place, "fields")
        named = node.value.get(self.by)
        if named is None:
            return place.fault(node, f"the field {self.by} is missing")
        kind = Option(options=tuple(self.records)).read(named, place.of(self.by))
        return OMITTED if kind is OMITTED else self.records[kind].read(node, place)

    def shape_of(self, value: Any) -> Field:
        return self.records[value[self.by]]


@dataclass(frozen=True, kw_only=True)
class Named(Field):
    """Fields whose names the author chooses; written in the order in which they are given."""

    value: Field
    pattern: str = r"[a-z][a-z0-9_]{0,29}"
    maximum: int = 12

    def read(self, node, place):
        if node.type != "map":
            return self.expected(node, place, "fields")
        if len(node.value) > self.maximum:
            place.note(node.line, f"has {len(node.value)} entries, {self.maximum} are allowed")
        values = Fields()
        values.line, values.lines = node.line, {label: child.line for label, child in node.value.items()}
        for label, child in node.value.items():
            if not re.fullmatch(self.pattern, label):
                place.fault(child, f"{label!r} is not a name made of small letters, digits and underscores")
            value = self.value.read(child, place.of(label))
            if value is not OMITTED:
                values[label] = value
        return values
