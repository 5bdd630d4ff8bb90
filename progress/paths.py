"""Where a learner is in the outline, and where they go from there. Pure functions over units in reading order.

*Last position* and *first incomplete required unit* are two pointers: the first is where somebody stopped reading, the
second is computed from what is done. Home continues at the first as long as that unit is not done.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lessons.outlines import UnitLine


@dataclass(frozen=True)
class Position:
    """Required section `place` of `count` in its lesson, from 1, as progress counts them; 0 for an optional one."""

    place: int
    count: int


class Stop(NamedTuple):
    """Where "Continue" leads: a unit and a heading in it ("" is its top)."""

    unit: UnitLine
    anchor: str

    @property
    def address(self) -> str:
        """The unit's address below that of the lessons."""
        return f"{self.unit.address}#{self.anchor}" if self.anchor else self.unit.address


def find(units: Sequence[UnitLine], unit_id: int | None) -> int | None:
    """The index of a unit, None when it is not in the outline (retired, or of another course)."""
    return next((index for index, unit in enumerate(units) if unit.id == unit_id), None)


def position_of(units: Sequence[UnitLine], unit_id: int) -> Position | None:
    """Which section of its lesson a unit is; None when it is not in the outline."""
    index = find(units, unit_id)
    if index is None:
        return None
    siblings = [unit.id for unit in units if unit.lesson_id == units[index].lesson_id and unit.required]
    return Position(siblings.index(unit_id) + 1 if unit_id in siblings else 0, len(siblings))


def next_after(units: Sequence[UnitLine], unit_id: int | None) -> UnitLine | None:
    """The unit that follows in reading order, done or not; None after the last and for a unit that is not there."""
    index = find(units, unit_id)
    return units[index + 1] if index is not None and index + 1 < len(units) else None


def first_incomplete(units: Sequence[UnitLine], done: Collection[int], *, after: int | None = None) -> UnitLine | None:
    """The first required unit that is not done, looking behind `after` first and then from the start."""
    start = find(units, after)
    ordered = units if start is None else [*units[start + 1 :], *units[: start + 1]]
    return next((unit for unit in ordered if unit.required and unit.id not in done), None)


def stop(
    units: Sequence[UnitLine], done: Collection[int], *, last_unit: int | None = None, last_anchor: str = ""
) -> Stop | None:
    """Where to continue: the last position unless that unit is done, else the next incomplete one; None at the end.

    The exam is nothing to go on with: an attempt that is open is told by itself, and another one may have to wait.
    """
    index = find(units, last_unit)
    if index is not None and last_unit not in done and not units[index].is_exam:
        return Stop(units[index], last_anchor)
    unit = first_incomplete(units, done, after=last_unit)
    return Stop(unit, "") if unit else None


def minutes_left(units: Sequence[UnitLine], done: Collection[int]) -> int:
    """Minutes of the required units that are not done."""
    return sum(unit.minutes for unit in units if unit.required and unit.id not in done)
