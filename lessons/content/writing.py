"""The canonical form of course files: one way to write each value, chosen to read well in a review.

Fields stand in the order of the format, lists of records below each other, lists of keys on one line. Text is plain
where YAML allows it, else in double quotes; what does not fit into 120 columns is folded (`>-`), what has line breaks
is literal (`|`). Comments are not kept: they are not part of the course.
"""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from lessons.content.parsing import Node, parse
from lessons.content.problems import Report
from lessons.content.schema import Either, Items, Named, Record, Variant
from lessons.content.values import Day, Field, Text

WIDTH = 120
#: Where a text stands: after the name of a field, or inside brackets, where more signs have a meaning.
FIELD, BRACKETS = "x: {}", "[{}]"


def write(record: Record, values: dict) -> str:
    """The YAML of one file."""
    return "\n".join(record_lines(record, values, 0)) + "\n"


def write_items(items: Items, values: list) -> str:
    """The YAML of a file that is one list."""
    return "\n".join(item_lines(items, values, 0)) + "\n" if values else "[]\n"


def record_lines(record: Record, values: dict, indent: int) -> list[str]:
    lines = []
    for name, shape in record.fields.items():
        if name in values and (values[name] is not None or shape.default is not None):
            lines += field_lines(name, shape, values[name], indent)
    return lines


def field_lines(name: str, shape: Field, value: Any, indent: int) -> list[str]:
    """`name: value` at an indent, on as many lines as it takes."""
    head = " " * indent + name + ":"
    shape = chosen(shape, value)
    if isinstance(shape, Text):
        return text_lines(head, shape, value, indent)
    if isinstance(shape, (Record, Named, Items)):
        line = f"{head} {flow(shape, value)}"
        if not value or (is_flow(shape) and len(line) <= WIDTH):
            return [line]
        if isinstance(shape, Items):
            return [head, *item_lines(shape, value, indent)]
        if isinstance(shape, Named):
            shape = Record(fields=dict.fromkeys(value, shape.value))
        return [head, *record_lines(shape, value, indent + 2)]
    return [f"{head} {scalar(shape, value)}"]


def item_lines(items: Items, values: list, indent: int) -> list[str]:
    """The entries of a list, each starting with a dash at the indent of the list's name."""
    lines = []
    for value in values:
        dash, shape = " " * indent + "-", chosen(items.item, value)
        if isinstance(shape, Text):
            lines += text_lines(dash, shape, value, indent)
        elif isinstance(shape, Record):
            line = f"{dash} {flow(shape, value)}"
            if is_flow(shape) and len(line) <= WIDTH:
                lines.append(line)
            else:
                first, *rest = record_lines(shape, value, indent + 2)
                lines += [dash + " " + first.lstrip(), *rest]
        else:
            lines.append(f"{dash} {scalar(shape, value)}")
    return lines


def text_lines(head: str, shape: Text, text: str, indent: int) -> list[str]:
    # What was written by hand in the admin may have other white space than what was read from a file.
    text = shape.canonical(text)
    if "\n" in text:
        return [f"{head} |", *((" " * (indent + 2) + line).rstrip() for line in text.split("\n"))]
    line = f"{head} {quoted(text, within=FIELD)}"
    if len(line) <= WIDTH or " " not in text:
        return [line]
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and indent + 2 + len(lines[-1]) + 1 + len(word) > WIDTH:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return [f"{head} >-", *(" " * (indent + 2) + line for line in lines)]


def chosen(shape: Field, value: Any) -> Field:
    """The shape that this value has, where there are several."""
    return shape.shape_of(value) if isinstance(shape, (Either, Variant)) else shape


def is_flow(shape: Field) -> bool:
    return isinstance(shape, (Items, Record)) and shape.flow


def flow(shape: Field, value: Any) -> str:
    """A value on one line, as it stands inside brackets."""
    shape = chosen(shape, value)
    if isinstance(shape, Items):
        return "[" + ", ".join(flow(shape.item, item) for item in value) + "]"
    if isinstance(shape, Record):
        written = {
            name: item for name, item in value.items() if item is not None or shape.fields[name].default is not None
        }
        pairs = (f"{name}: {flow(shape.fields[name], written[name])}" for name in shape.fields if name in written)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(shape, Named):
        return "{" + ", ".join(f"{name}: {flow(shape.value, item)}" for name, item in value.items()) + "}"
    if isinstance(shape, Text):
        return quoted(value)
    return scalar(shape, value)


def scalar(shape: Field, value: Any) -> str:
    """A number, truth value, date, word of a list or null."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="auto" if value.second else "minutes").replace("+00:00", "Z")
    if isinstance(value, (float, Decimal)):
        return f"{Decimal(str(value)).normalize():f}"
    return value if isinstance(shape, Day) else quoted(value, within=FIELD)


def quoted(text: str, *, within: str = BRACKETS) -> str:
    """The text as it is where our own reader takes it for exactly this text, else in double quotes."""
    node = parse(within.format(text), "", Report())
    parts = list(node.value.values()) if node and isinstance(node.value, dict) else node.value if node else []
    read = [part.value for part in parts if isinstance(part, Node) and part.type == "text"]
    return text if len(parts) == 1 and read == [text] else json.dumps(text, ensure_ascii=False)
