"""A learner's own answers as a text file: what is stored, nothing of key or score."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts import moments
from lessons.markup import plain_lines
from quizzes.asking import presentation
from quizzes.models import Attempt, AttemptItem


def name(attempt: Attempt, kind: str) -> str:
    """What the file is called: "lesson-3-check-2-saved.txt"; `kind` is "saved", or "not-saved" for what the browser
    makes of what it could not send."""
    unit = attempt.quiz.unit
    of = unit.key if attempt.quiz.is_exam else f"lesson-{unit.lesson.number}-{unit.key}"
    return f"{of}-{attempt.number}-{kind}.txt"


def text(attempt: Attempt, items: Iterable[AttemptItem]) -> str:
    """The file: the questions as they were put to the learner, each with the answer that is saved.

    `attempt` comes with `.title`, `items` with question and response.
    """
    head = _("%(title)s, attempt %(number)s, started on %(date)s, %(time)s") % {
        "title": attempt.title,
        "number": attempt.number,
        "date": moments.words(attempt.started_at, "j F Y"),
        "time": moments.words(attempt.started_at, "H:i"),
    }
    return "\n\n".join([head, *map(_entry, items)]) + "\n"


def _entry(item: AttemptItem) -> str:
    lines = [plain_lines(line) for line in presentation.in_words(item, item.response.answer)] or [_("No answer")]
    saved_at = item.response.saved_at
    when = ""
    if saved_at and item.response.answer is not None:
        when = _(" (saved at %(time)s)") % {"time": moments.words(saved_at, "H:i")}
    number = _("Question %(number)s") % {"number": item.position}
    return "\n".join([f"{number}{when}", plain_lines(presentation.stem(item)), *(f"> {line}" for line in lines)])
