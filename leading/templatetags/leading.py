"""The table of the cohort manager's page, and what its colours say."""

from django import template

from leading import legends, tables
from leading.filters import LearnerFilter
from lessons.reader.remembered import remembered

register = template.Library()


@register.simple_tag
def legend_of(board, marks):
    """What the colours on this page of the table say, see `leading.legends`; `marks` by number of the lesson."""
    numbers = [lesson.number for lesson in board.lessons]
    cells = [pair for row in board.rows for pair in zip(numbers, row.cells, strict=True)]
    return legends.legend(cells, marks)


@register.simple_tag(takes_context=True)
def table_of(context, board):
    """The table of learners and lessons, see `leading.tables`."""
    return tables.table(board, sort=context["asked"]["sort"], query=context["request"].GET, now=context["now"])


@register.simple_tag
def field_of(field):
    """A field of the filter: choices and an empty search look the same for everybody, what was typed does not."""
    value = field.value()
    return field.as_widget() if value and field.name == "q" else field_html(field.name, value)


@remembered(most=40)
def field_html(name, value):
    """The field as HTML, with what was chosen."""
    return LearnerFilter({} if value is None else {name: value}, columns=[])[name].as_widget()
