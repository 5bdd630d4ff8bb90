"""What the colours of the cohort table say, drawn from the pass marks that are in force. Pure."""

import math
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from leading.dashboards import Cell
from quizzes.models import Attempt

#: From how many of 100 on a passed cell has which shade, as in `Cell.shade`.
BANDS = {"q2": Decimal(0), "q3": Decimal(80), "q4": Decimal(90)}


class LegendEntry(NamedTuple):
    """One line of the legend: the class of a cell's colour, what stands in such a cell, and what it says."""

    shade: str
    sample: str
    label: str


def legend(cells: Collection[tuple[int, Cell]], marks: Mapping[int, Decimal]) -> list[LegendEntry]:
    """The lines for a table of these cells, each with the number of its lesson; `marks` are pass marks, 0 to 100, by
    that number.

    Each score was judged by the mark of its time: where today's would judge it otherwise, its line says so. A shade
    that no score can have is left out, unless a cell has it: who passed under a lower mark has passed.
    """
    scored = [(cell.shade, cell.percent, marks.get(number)) for number, cell in cells if cell.percent is not None]
    lines = [LegendEntry("q0", "–", _("Nothing done yet")), LegendEntry("q1", "2/5", _("Sections done"))]
    checks = {cell.check for _number, cell in cells}
    if Attempt.State.OPEN in checks:
        lines.append(LegendEntry("q1", _("open"), _("Check started, not sent yet")))
    if Attempt.State.AWAITING_REVIEW in checks:
        lines.append(LegendEntry("q1", _("sent"), _("Check sent, waiting for a reader")))
    if not marks and not scored:
        return lines
    lowest = min(marks.values(), default=Decimal(0))
    missed = [(percent, mark) for shade, percent, mark in scored if shade == "qf"]
    if marks:
        label = below(marks)
        if any(mark is None or percent >= mark for percent, mark in missed):
            label = _("%(below)s, or of a higher one at the time") % {"below": label}
        lines.append(LegendEntry("qf", str(max(0, math.ceil(lowest) - 1)), label))
    elif missed:
        lines.append(LegendEntry("qf", "0", _("Below the pass mark")))
    ends = [*list(BANDS.values())[1:], Decimal(101)]
    for (shade, start), end in zip(BANDS.items(), ends, strict=True):
        passed = [(percent, lowest if mark is None else mark) for each, percent, mark in scored if each == shade]
        if lowest < end:
            least = max(start, lowest)
            label = _("Passed, %(percent)s or more") % {"percent": percent_shown(least)}
            # Scores are cut to whole percent: 82 may be the 82.5 that was needed.
            if any(percent < int(mark) for percent, mark in passed):
                label = _("%(passed)s, or under a lower mark at the time") % {"passed": label}
            lines.append(LegendEntry(shade, str(math.ceil(least)), label))
        elif passed:
            reached = min(percent for percent, _mark in passed)
            lines.append(LegendEntry(shade, str(reached), _("Passed once, and a pass stays")))
    return [*lines, LegendEntry("", "80 · 2/5", _("Score of the check · sections done"))]


def below(marks: Mapping[int, Decimal]) -> str:
    """What is said of a score below the mark: the mark, or each lesson's where they differ."""
    if len(set(marks.values())) == 1:
        return _("Below the pass mark of %(percent)s") % {"percent": percent_shown(next(iter(marks.values())))}
    marks_by_lesson = ", ".join(
        _("lesson %(number)d: %(percent)s") % {"number": number, "percent": percent_shown(mark)}
        for number, mark in sorted(marks.items())
    )
    return _("Below the pass mark (%(marks)s)") % {"marks": marks_by_lesson}


def percent_shown(percent: Decimal) -> str:
    """A mark as people write it: 80, 82.5."""
    return number_format(percent.normalize() if percent % 1 else int(percent))
