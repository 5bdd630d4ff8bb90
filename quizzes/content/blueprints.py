"""An exam by blueprint: which questions a cell draws from. Pure.

A cell names a competency, levels of Bloom, a weight (scenarios count double) and how many questions are drawn. Its
members are chosen when the course is loaded and frozen with the version of the exam, like those of any other slot.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from quizzes.questions.types import TYPES

#: The fields of a cell that say which questions are its members; `pick` says how many of them are drawn.
CRITERIA = ("competency", "bloom", "scenario")

Cell = Mapping[str, Any]
Questions = Sequence[Mapping[str, Any]]
Slots = Sequence[Mapping[str, Any]]


class Difference(NamedTuple):
    """What a cell (counted from 1) would choose and its slot does not hold, and the other way round; ids of questions.

    Nothing of either: they stand in another order.
    """

    cell: int
    chosen: list[str]
    held: list[str]


def belongs(question: Mapping[str, Any], cell: Cell) -> bool:
    return (
        question["competency"] == cell["competency"]
        and question["bloom"] in cell["bloom"]
        and TYPES[question["type"]].is_scenario == cell["scenario"]
    )


def members(cell: Cell, questions: Questions) -> list[str]:
    """Ids of the questions of a cell, in the order of the file."""
    return [question["id"] for question in questions if belongs(question, cell)]


def criteria(cell: Cell) -> dict[str, Any]:
    """What `Slot.criteria` keeps of a cell."""
    return {name: cell[name] for name in CRITERIA}


def slots(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The slots of an exam or a quiz, {"pick", "questions", "criteria"} each; criteria is None for one made by hand."""
    cells, questions = record.get("blueprint"), record["questions"]
    if cells is None:
        return [{**slot, "criteria": None} for slot in record["slots"]]
    return [{"pick": cell["pick"], "questions": members(cell, questions), "criteria": criteria(cell)} for cell in cells]


def cells(slots: Slots, questions: Questions) -> list[dict[str, Any]] | None:
    """The blueprint from which loading would make exactly these slots; None when there is none."""
    if not all(slot["criteria"] and slot["pick"] for slot in slots):
        return None
    return None if any(differences(slots, questions)) else [of_slot(slot) for slot in slots]


def of_slot(slot: Mapping[str, Any]) -> dict[str, Any]:
    """The cell that a slot was made from."""
    return {**slot["criteria"], "pick": slot["pick"]}


def differences(slots: Slots, questions: Questions) -> Iterator[Difference]:
    """Where slots that were made from cells hold other questions than their cells would choose now."""
    for number, slot in enumerate(slots, 1):
        if slot["criteria"]:
            held, chosen = slot["questions"], members(slot["criteria"], questions)
            if held != chosen:
                yield Difference(
                    number,
                    [key for key in chosen if key not in held],
                    [key for key in held if key not in chosen],
                )


def faults(blueprint: Sequence[Cell], questions: Questions) -> Iterator[tuple[int, str]]:
    """(number of the cell, reason) for cells that cannot be drawn, or would put a question twice."""
    drawn: dict[str, int] = {}
    for number, cell in enumerate(blueprint, 1):
        pool = members(cell, questions)
        if cell["pick"] > len(pool):
            yield number, f"{cell['pick']} cannot be picked from {len(pool)}"
        for identifier in pool:
            if identifier in drawn:
                yield number, f"{identifier} is in cell {drawn[identifier]} already"
            drawn.setdefault(identifier, number)
