"""Single values of course files, declared once: checked when read, and written back in the same form.

A field reads a node into a canonical value (what is stored and compared) and reports what does not fit. `OMITTED` marks
what could not be read, so that a fault is reported once.
"""

import datetime
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from lessons import markup
from lessons.content.parsing import Node
from lessons.content.problems import Report
from lessons.markup.literal import literal

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
    """A record that remembers where it stood: `line`, `lines` of its fields, and whether it is `whole`, which means
    that every value in it could be read. Equal to a plain dict."""

    line: int = 1
    lines: Mapping[str, int] = MappingProxyType({})
    whole: bool = False

    def at(self, name: str) -> int:
        return self.lines.get(name, self.line)


def texts_of(value: Any, line: int = 1) -> Iterator[tuple[int, str]]:
    """(line, text) of every text in a record, however deep."""
    if isinstance(value, str):
        yield line, value
    elif isinstance(value, Fields):
        for name, inner in value.items():
            yield from texts_of(inner, value.at(name))
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner, line)


@dataclass(frozen=True)
class Place:
    """Where a value is read: the file's name, the field's name, and the report that takes the faults."""

    file: str
    report: Report
    name: str = ""

    def note(self, line: int, reason: str) -> None:
        """Report something about a value that can be used all the same."""
        self.report.add(self.file, line, f"{self.name}: {reason}" if self.name else reason)

    def remark(self, line: int, reason: str) -> None:
        """Tell the linter something about a value that may be loaded as it is."""
        self.report.remark(self.file, line, f"{self.name}: {reason}" if self.name else reason)

    def fault(self, node: Node, reason: str) -> Any:
        """Report a value that cannot be used; what is returned stands in its place."""
        self.note(node.line, reason)
        self.report.omissions += 1
        return OMITTED

    def of(self, name: str) -> "Place":
        return Place(self.file, self.report, f"{self.name}.{name}" if self.name else name)


@dataclass(frozen=True, kw_only=True)
class Field:
    """What every field has: what it is when left out. A field whose default is None is then not written either."""

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
            for problem in literal(text):
                place.remark(node.text_line + problem.line - 1 if node.text_line else node.line, problem.reason)
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
        if not re.fullmatch(rf"-?(?:0|[1-9]\d{{0,14}})(?:\.\d{{1,{self.places}}})?", node.value):
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
            text = repr(node.value) if isinstance(node.value, str) else WORDS[node.type]
            return place.fault(node, f"{text} is not one of {', '.join(self.options)}")
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
class Moment(Field):
    """A moment with its offset, kept as what it is in UTC; None when left out."""

    default: Any = None

    def read(self, node, place):
        try:
            moment = datetime.datetime.fromisoformat(node.value)
        except (TypeError, ValueError):
            return place.fault(node, f"expected a moment like 2026-12-05T18:00Z, found {WORDS[node.type]}")
        if moment.tzinfo is None:
            return place.fault(node, "say in which zone: end it with Z (UTC) or an offset like +01:00")
        return moment.astimezone(datetime.UTC)


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
