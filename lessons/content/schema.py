"""The shapes that course files may have, declared once: checked when read, and written back in the same order.

A field reads a node into a canonical value (what is stored and compared) and reports what does not fit. `OMITTED` marks
what could not be read, so that a fault is reported once.
"""

import datetime
import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from lessons import markup
from lessons.content.problems import Report
from lessons.content.reading import Node

OMITTED: Any = object()
WORDS = {
    "map": "fields",
    "list": "a list",
    "text": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
    "date": "a date",
}


class Fields(dict):
    """A record that remembers where it stood: `line`, `lines` of its fields, and whether it is `whole`, which means that
    every value in it could be read. Equal to a plain dict."""

    line: int = 1
    lines: Mapping[str, int] = MappingProxyType({})
    whole: bool = False

    def at(self, name: str) -> int:
        return self.lines.get(name, self.line)


@dataclass(frozen=True)
class Place:
    """Where a value is read: the file's name, the field's name, and the report that takes the faults."""

    file: str
    report: Report
    name: str = ""

    def note(self, line: int, reason: str) -> None:
        """Report something about a value that can be used all the same."""
        self.report.add(self.file, line, f"{self.name}: {reason}" if self.name else reason)

    def fault(self, node: Node, reason: str) -> Any:
        """Report a value that cannot be used; what is returned stands in its place."""
        self.note(node.line, reason)
        self.report.omissions += 1
        return OMITTED

    def of(self, name: str) -> "Place":
        return Place(self.file, self.report, f"{self.name}.{name}" if self.name else name)


@dataclass(frozen=True, kw_only=True)
class Field:
    """What every field has: may it be left out, and what it then is. A field that is `None` by default is not written."""

    default: Any = OMITTED

    def read(self, node: Node, place: Place) -> Any:
        raise NotImplementedError

    def expected(self, node: Node, place: Place, what: str) -> Any:
        return place.fault(node, f"expected {what}, found {WORDS[node.type]}")


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """One paragraph. Runs of white space count as one space, so that its lines may be wrapped anywhere."""

    maximum: int = 2_000
    markdown: bool = True
    several: bool = False
    pattern: str = ""
    hint: str = ""

    def read(self, node, place):
        if node.type != "text":
            hint = "; put it in quotes" if node.type in ("int", "float", "bool", "date") else ""
            return place.fault(node, f"expected text, found {WORDS[node.type]}{hint}")
        text = self.canonical(node.value)
        if not text:
            return place.fault(node, "is empty")
        if len(text) > self.maximum:
            return place.fault(node, f"has {len(text)} characters, {self.maximum} are allowed")
        if self.pattern and not re.fullmatch(self.pattern, text):
            return place.fault(node, f"{text!r} is not {self.hint}")
        if self.markdown:
            # Lines of a literal block are lines of the file; of a wrapped text only the start is known.
            for problem in markup.faults(text, as_blocks=self.several):
                place.note(node.text_line + problem.line - 1 if node.text_line else node.line, problem.reason)
        return text

    def canonical(self, text: str) -> str:
        if self.several:
            return "\n".join(line.rstrip() for line in text.split("\n")).strip()
        return " ".join(text.split())


def paragraphs(*, maximum: int = 10_000, **options) -> Text:
    """Paragraphs and lists; line breaks are kept."""
    return Text(several=True, maximum=maximum, **options)


def name(maximum: int = 200, **options) -> Text:
    """Plain text in which stars and brackets are only stars and brackets: titles, names."""
    return Text(markdown=False, maximum=maximum, **options)


def key(pattern: str = r"[a-z0-9]+(?:-[a-z0-9]+)*", maximum: int = 60, **options) -> Text:
    """A name that code and addresses use."""
    hint = options.pop("hint", "made of small letters, digits and single hyphens")
    return Text(markdown=False, maximum=maximum, pattern=pattern, hint=hint, **options)


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A number within a range; `whole` refuses fractions, `nullable` accepts null."""

    minimum: float = 0
    maximum: float = 1_000_000
    whole: bool = False
    nullable: bool = False
    places: int = 6

    def read(self, node, place):
        if self.nullable and node.type == "null":
            return None
        if node.type not in ("int", "float") or (self.whole and node.type != "int"):
            return self.expected(node, place, "a whole number" if self.whole else "a number")
        # YAML reads 010 as eight and 1:30 as ninety.
        if not re.fullmatch(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,%d})?" % self.places, node.value):
            return place.fault(node, f"write the number plainly, like 1250 or 0.5, not {node.value}")
        value = float(node.value) if "." in node.value else int(node.value)
        value = int(value) if value == math.floor(value) else value
        if not self.minimum <= value <= self.maximum:
            return place.fault(node, f"{value} is not between {self.minimum} and {self.maximum}")
        return value


def whole(minimum: int = 0, maximum: int = 100_000, **options) -> Number:
    return Number(minimum=minimum, maximum=maximum, whole=True, **options)


@dataclass(frozen=True, kw_only=True)
class Flag(Field):
    def read(self, node, place):
        if node.type != "bool" or node.value not in ("true", "false"):
            return place.fault(node, f"write true or false, not {node.value!r}")
        return node.value == "true"


@dataclass(frozen=True, kw_only=True)
class Option(Field):
    """One of a few words."""

    options: tuple[str, ...]

    def read(self, node, place):
        if node.type != "text" or node.value not in self.options:
            found = repr(node.value) if isinstance(node.value, str) else WORDS[node.type]
            return place.fault(node, f"{found} is not one of {', '.join(self.options)}")
        return node.value


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """A date, kept as its ISO text."""

    def read(self, node, place):
        try:
            return datetime.date.fromisoformat(node.value).isoformat()
        except (TypeError, ValueError):
            return place.fault(node, f"expected a date like 2026-11-22, found {WORDS[node.type]}")


@dataclass(frozen=True, kw_only=True)
class Address(Field):
    """An http or https address."""

    def read(self, node, place):
        if node.type != "text":
            return self.expected(node, place, "an address")
        try:
            parts = urlsplit(node.value)
            sound = parts.scheme in ("http", "https") and parts.hostname and not re.search(r'[\s<>"]', node.value)
        except ValueError:
            sound = False
        if not sound or len(node.value) > 500:
            return place.fault(node, f"{node.value!r} is not an address like https://example.com/page")
        return node.value


@dataclass(frozen=True, kw_only=True)
class Items(Field):
    """A list of one kind of thing. `flow` lists are written on one line where they fit; `unique` ones refuse repetition."""

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
        values.line, values.lines = node.line, {name: child.line for name, child in node.value.items()}
        for name, child in node.value.items():
            if name not in self.fields:
                close = difflib.get_close_matches(name, self.fields, 1)
                place.note(child.line, f"unknown field {name}" + (f"; did you mean {close[0]}?" if close else ""))
        for name, shape in self.fields.items():
            if name in node.value:
                value = shape.read(node.value[name], place.of(name))
            elif shape.default is OMITTED:
                value = place.fault(node, f"the field {name} is missing")
            else:
                value = shape.default
            if value is not OMITTED:
                values[name] = value
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
    """Fields whose names the author chooses. They are written in the order in which the author's text first uses them."""

    value: Field
    pattern: str = r"[a-z][a-z0-9_]{0,29}"
    maximum: int = 12

    def read(self, node, place):
        if node.type != "map":
            return self.expected(node, place, "fields")
        if len(node.value) > self.maximum:
            place.note(node.line, f"has {len(node.value)} entries, {self.maximum} are allowed")
        values = Fields()
        values.line, values.lines = node.line, {name: child.line for name, child in node.value.items()}
        for name, child in node.value.items():
            if not re.fullmatch(self.pattern, name):
                place.fault(child, f"{name!r} is not a name made of small letters, digits and underscores")
            value = self.value.read(child, place.of(name))
            if value is not OMITTED:
                values[name] = value
        return values
