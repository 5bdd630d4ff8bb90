"""The arithmetic of figures: reading numbers as authors write them, and where bars and areas lie. Pure, in percent."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

#: Kind of figure → how many columns its table has (None: two or more).
COLUMNS: dict[str, int | None] = {"timeline": 3, "chain": 2, "bars": 2, "split": 3, "grid": None}
NUMBER = re.compile(r"([+−-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True)
class Box:
    """A rectangle; all four values in percent of the drawing (0..100)."""

    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal


@dataclass(frozen=True)
class Bar:
    """A bar from the zero line to its value; `x` and `width` in percent of the drawing."""

    x: Decimal
    width: Decimal
    negative: bool


def number(text: str) -> Decimal | None:
    """The value of "1,200", "−345.6" or "+2"; None when it is not a number or has more than twelve digits."""
    match = NUMBER.fullmatch(text.strip())
    if not match:
        return None
    value = Decimal(match[2].replace(",", "") + (match[3] or ""))
    if value >= LARGEST:
        return None
    return -value if match[1] in ("-", "−") else value


def printed(text: str) -> str:
    """A number with a true minus sign, as it is shown."""
    return text.strip().replace("-", "−")


def percent(value: Decimal) -> str:
    """An SVG length: three decimals at the most, always with a point, whatever the language of the page."""
    return f"{value.quantize(Decimal('0.001')).normalize():f}%"


def bars(values: Sequence[Decimal]) -> tuple[Decimal, list[Bar]]:
    """The place of the zero line and of each bar. The widest range that is needed fills the drawing."""
    low, high = min([*values, Decimal(0)]), max([*values, Decimal(0)])
    scale = Decimal(100) / (high - low) if high > low else Decimal(0)
    zero = -low * scale
    return zero, [Bar(zero + min(value, Decimal(0)) * scale, abs(value) * scale, value < 0) for value in values]


def areas(shares: Sequence[Decimal]) -> list[Box]:
    """Boxes with areas in proportion to the shares: the first on the left, the next on top of the rest, and so on."""
    x = y = Decimal(0)
    width = height = Decimal(100)
    rest = sum(shares, Decimal(0))
    boxes = []
    for turn, share in enumerate(shares):
        part = share / rest if rest else Decimal(0)
        across = turn % 2 == 0
        box = Box(x, y, width * part if across else width, height if across else height * part)
        boxes.append(box)
        if across:
            x, width = x + box.width, width - box.width
        else:
            y, height = y + box.height, height - box.height
        rest -= share
    return boxes


def faults(kind: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[tuple[int | None, str]]:
    """What is wrong with the table of a figure: (number of the row from 0, or None for the whole, and why)."""
    wanted = COLUMNS[kind]
    if wanted is None and len(columns) < 2:
        yield None, f"a {kind} needs two columns or more"
    elif wanted is not None and len(columns) != wanted:
        yield None, f"a {kind} has {wanted} columns, this table has {len(columns)}"
        return
    if not rows:
        yield None, f"a {kind} needs at least one row"
    for position, row in enumerate(rows):
        if not row[0]:
            yield position, "the first cell of a row names it and cannot be empty"
    if kind in ("bars", "split"):
        values: list[Decimal] = []
        for position, row in enumerate(rows):
            value = number(row[1])
            if value is None:
                yield position, f"{row[1]!r} is not a number like 1,200 or −345.6"
            elif kind == "split" and value <= 0:
                yield position, "a share is more than 0"
            else:
                values.append(value)
        if kind == "split" and len(values) == len(rows) and abs(sum(values, Decimal(-100))) > Decimal("0.5"):
            yield None, f"the shares make {sum(values)}, not 100"
