"""A cohort's table as HTML: pure functions of what `leading.dashboards` reads.

Fifty learners by six lessons are three hundred cells, and few that differ: every word is translated once for a page,
every cell is written once for all who stand the same. Everything goes through `format_html`, which escapes it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leading.dashboards import Board, Cell, Row
from lessons.models import Lesson
from quizzes.models import Attempt


class Words(NamedTuple):
    """What the rows say, in the language of the reader."""

    not_passed: str
    sections_done: str
    nothing_done: str
    no_scores: str
    not_started: str
    finished: str
    done: str
    #: By the state of an attempt: what is printed, and what is said.
    checks: dict[str, tuple[str, str]]


class Head(NamedTuple):
    """A column's head: the name it is sorted by, its label, the number of a lesson; with `scores` the best come first.

    Names and visits start with the first and the longest ago.
    """

    column: str
    label: str
    number: int | None = None
    scores: bool = False


def table(board: Board, *, sort: str, query: QueryDict, now: datetime) -> SafeString:
    """The whole table; `query` is that of the page, and the heads keep what it says beside order and page."""
    words = words_now()
    today = timezone.localdate(now)
    query = query.copy()
    query.pop("page", None)
    cells = {cell: cell_html(cell, words) for cell in {cell for row in board.rows for cell in row.cells}}
    return format_html(
        '<table class="heat"><caption class="visually-hidden">{}</caption>\n'
        "<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n{}</table>",
        _("Check score and sections done, by learner and lesson"),
        joined(head_html(head, sort, query) for head in heads(board.lessons)),
        joined(row_html(row, joined(cells[cell] for cell in row.cells), words, today) for row in board.rows),
        foot_html(board.medians, len(board.rows), words) if len(board.rows) > 1 else "",
    )


def words_now() -> Words:
    """The words in the language that is active."""
    return Words(
        not_passed=_(", not passed"),
        sections_done=_("sections done"),
        nothing_done=_("nothing done yet"),
        no_scores=_("no scores yet"),
        not_started=_("Nothing started yet"),
        finished=_("Finished"),
        done=_("%(percent)s%% done"),
        checks={
            Attempt.State.OPEN: (_("open"), _("check started, not sent yet")),
            Attempt.State.AWAITING_REVIEW: (_("sent"), _("check sent, waiting for a reader")),
        },
    )


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Parts that are HTML already, one after the other."""
    return mark_safe("".join(parts))


def heads(lessons: Iterable[Lesson]) -> list[Head]:
    return [
        Head("name", _("Learner")),
        *(Head(f"lesson-{lesson.number}", lesson.short_title, lesson.number, scores=True) for lesson in lessons),
        Head("progress", _("Progress"), scores=True),
        Head("visit", _("Last reading or check")),
    ]


def head_html(head: Head, sort: str, query: QueryDict) -> SafeString:
    """A link that sorts by the column, and by it the other way round when the table is sorted by it already.

    `query` is what else the link keeps; its "sort" is written over.
    """
    up, down = head.column, f"-{head.column}"
    first, second = (down, up) if head.scores else (up, down)
    query["sort"] = second if sort == first else first
    order = {up: ' aria-sort="ascending"', down: ' aria-sort="descending"'}.get(sort, "")
    kind = ' class="c"' if head.number else "" if head.column == "name" else ' class="txt"'
    return format_html(
        '<th scope="col"{}{}><a href="?{}#learners">{}{}</a></th>',
        mark_safe(order),
        mark_safe(kind),
        query.urlencode(),
        format_html("{}<br>", head.number) if head.number else "",
        head.label,
    )


def cell_html(cell: Cell, words: Words) -> SafeString:
    """One lesson of one learner, with words for those who do not see the colour."""
    hidden = '<span class="visually-hidden">{}</span>'
    done = format_html("{}/{}", cell.done, cell.required)
    if cell.percent is None and cell.check:
        return check_html(cell, words)
    if cell.percent is not None:
        missed = "" if cell.passed else format_html(hidden, words.not_passed)
        content = format_html("{}{}<small> · {}</small>", cell.percent, missed, done)
    else:
        content = done if cell.done else mark_safe('<span aria-hidden="true">–</span>')
    is_begun = cell.done or cell.percent is not None
    spoken = format_html(hidden, f" {words.sections_done}" if is_begun else words.nothing_done)
    return format_html('<td class="c"><span class="{}">{}{}</span></td>', cell.shade, content, spoken)


def check_html(cell: Cell, words: Words) -> SafeString:
    """One lesson of one learner whose check has no score yet: that it is open or sent, and the sections beside it."""
    printed, spoken = words.checks[cell.check]
    hidden = format_html('<span class="visually-hidden">{}</span>', spoken)
    if not cell.done:
        check = format_html('<span aria-hidden="true">{}</span>{}', printed, hidden)
    else:
        sections = format_html(
            '{}/{}<span class="visually-hidden"> {}, </span>', cell.done, cell.required, words.sections_done
        )
        check = format_html('{}<small aria-hidden="true"> · {}</small>{}', sections, printed, hidden)
    return format_html('<td class="c"><span class="{}">{}</span></td>', cell.shade, check)


def row_html(row: Row, cells: SafeString, words: Words, today: date) -> SafeString:
    """One learner: who it is, the cells of the lessons, how far they are and when they were last here."""
    return format_html(
        '<tr><th scope="row">{}{}</th>{}<td class="txt">{}</td><td class="txt">{}</td></tr>\n',
        row.name,
        format_html(' <span class="muted address">{}</span>', row.address) if row.address else "",
        cells,
        state_html(row, words),
        visit_html(row.last_visit_at, today),
    )


def state_html(row: Row, words: Words) -> SafeString | str:
    if row.state == "not-started":
        return format_html('<span class="tag tag-plum">{}</span>', words.not_started)
    if row.state == "finished":
        return format_html('<span class="tag tag-petrol">{}</span>', words.finished)
    return words.done % {"percent": row.percent}


def visit_html(then: datetime | None, today: date) -> SafeString | str:
    """When somebody was last here, by the calendar of the reader's time zone."""
    if then is None:
        return _("never")
    local = timezone.localtime(then)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), days_ago(local.date(), today))


def days_ago(day: date, today: date) -> str:
    """A day in words: "today", "yesterday", "12 days ago"."""
    days = (today - day).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": days}


def foot_html(medians: Iterable[int | None], people: int, words: Words) -> SafeString:
    """The middle score of each lesson among the people on this page."""
    none = format_html('<span aria-hidden="true">–</span><span class="visually-hidden">{}</span>', words.no_scores)
    return format_html(
        '<tfoot><tr><th scope="row">{}</th>{}<td colspan="2"></td></tr></tfoot>\n',
        _("Median of the scores that these %(number)s have") % {"number": people},
        format_html_join("", "<td>{}</td>", ((none if median is None else median,) for median in medians)),
    )
