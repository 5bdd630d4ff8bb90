"""Words and links of the cohort manager's pages."""

from datetime import datetime

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leading import legends
from lessons.reader.remembered import remembered

register = template.Library()


@register.filter
def days_ago(then: datetime | None, now: datetime) -> str:
    """A visit in words: "never", "today", "yesterday", "12 days ago", by the calendar of the reader's time zone."""
    if then is None:
        return _("never")
    days = (timezone.localdate(now) - timezone.localdate(then)).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": days}


@register.simple_tag
def legend_of(board, marks):
    """What the colours on this page of the table say, see `leading.legends`; `marks` by number of the lesson."""
    return legends.legend([cell for row in board.rows for cell in row.cells], marks)


@register.simple_tag
def words_of(cell):
    """What stands in a cell of the table, with words for those who do not see its colour."""
    return cell_html(cell)


# Three hundred cells a page, and few that differ.
@remembered(most=2000)
def cell_html(cell):
    html = render_to_string("leading/_cell.html", {"cell": cell})
    return mark_safe("".join(line.strip() for line in html.splitlines()))


@register.inclusion_tag("leading/_sort.html", takes_context=True)
def sort_by(context, column, label, number=None, scores=False):
    """A column's head: a link that sorts by the column, and by it the other way round when it already does.

    Scores and progress start with the highest, names and visits with the first and the longest ago.
    """
    current = context["asked"]["sort"]
    first, second = (f"-{column}", column) if scores else (column, f"-{column}")
    return {
        "request": context["request"],
        "label": label,
        "number": number,
        "to": second if current == first else first,
        "order": {column: "ascending", f"-{column}": "descending"}.get(current, ""),
        "text": column in ("progress", "visit"),
    }
