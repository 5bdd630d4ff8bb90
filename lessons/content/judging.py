"""What a file would say of one value, for forms that write the same thing: one set of limits for both ways."""

from collections.abc import Mapping
from typing import Any

from lessons.content.parsing import Node
from lessons.content.problems import Report
from lessons.content.values import Field, Place


def faults(shape: Field, value: Any) -> list[str]:
    """What is wrong with a value that a form has read; nothing where the file may leave it out."""
    if value in (None, "") and shape.default is None:
        return []
    report = Report()
    shape.read(node_of(value), Place("", report))
    return [problem.reason for problem in report.problems]


def node_of(value: Any) -> Node:
    if value is None or isinstance(value, bool):
        return Node({None: "null", True: "true", False: "false"}[value], 0, plain=True)
    if isinstance(value, str):
        return Node(value, 0)
    return Node(f"{value.normalize():f}" if hasattr(value, "normalize") else str(value), 0, plain=True)


def add_to(form: Any, shapes: Mapping[str, Field]) -> None:
    """Say beside each field of a form what a file would say of it, where nothing is said yet."""
    for name, shape in shapes.items():
        if name in form.cleaned_data and name not in form.errors:
            for reason in faults(shape, form.cleaned_data[name]):
                form.add_error(name, reason)
