"""`{% figure block %}`: a drawing made on the server from the author's table, and that table beneath it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import slugify

from lessons.markup import plain_text
from lessons.reader import figures

register = template.Library()

# Shares beyond the course's three hues repeat them; each area and each line of the key has its number.
HUES = 3
# Percent of the drawing that an area needs for its number.
ROOM_FOR_NUMBER = (Decimal(14), Decimal(16))


@register.simple_tag
def figure(block: dict[str, Any]) -> SafeString:
    """The drawing of a block of kind figure."""
    kind = block["figure"]
    numbers = kind in ("bars", "split")
    context = {
        "kind": kind,
        "id": block.get("id") or f"figure-{slugify(block['title'])}",
        "title": block["title"],
        "unit": block.get("unit", ""),
        "columns": block["columns"],
        "rows": block["rows"],
        "lines": [list(cells(block["columns"], row, numbers=numbers)) for row in block["rows"]],
        "caption": block.get("caption", ""),
        # A grid is its own table.
        "has_table": kind != "grid",
        "numbers": numbers,
        **DRAWINGS.get(kind, lambda rows: {})(block["rows"]),
    }
    return render_to_string(f"lessons/figures/{kind}.html", {"figure": context})


def cells(columns: list[str], row: list[str], *, numbers: bool) -> Iterator[tuple[str, str]]:
    """Each cell of a row after the name of its column, which stands beside it where a page is too narrow for columns.

    `numbers`: the second column holds numbers, and a minus is a minus.
    """
    for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
        yield plain_text(column), figures.printed(cell) if numbers and place == 1 else cell


def bars(rows: list[list[str]]) -> dict[str, Any]:
    """Lengths of bars on both sides of one zero line."""
    zero, drawn = figures.bars([value_of(row[1]) for row in rows])
    lines = [
        {
            "label": row[0],
            "value": figures.printed(plain_text(row[1])),
            "x": figures.percent(bar.x),
            "width": figures.percent(bar.width),
            "negative": bar.negative,
        }
        for row, bar in zip(rows, drawn, strict=True)
    ]
    return {"zero": figures.percent(zero), "bars": lines}


def split(rows: list[list[str]]) -> dict[str, Any]:
    """Areas true to scale, with a number in those that have room for it."""
    boxes = figures.areas([value_of(row[1]) for row in rows])
    shares = [
        {
            "name": row[0],
            "percent": figures.printed(plain_text(row[1])),
            "buys": row[2],
            "hue": place % HUES + 1,
            "labelled": box.width >= ROOM_FOR_NUMBER[0] and box.height >= ROOM_FOR_NUMBER[1],
            "x": figures.percent(box.x),
            "y": figures.percent(box.y),
            "width": figures.percent(box.width),
            "height": figures.percent(box.height),
        }
        for place, (row, box) in enumerate(zip(rows, boxes, strict=True))
    ]
    return {"shares": shares}


def value_of(cell: str) -> Decimal:
    """The number in a cell; what is no number was refused when the text was loaded."""
    return figures.number(plain_text(cell)) or Decimal(0)


DRAWINGS = {"bars": bars, "split": split}
