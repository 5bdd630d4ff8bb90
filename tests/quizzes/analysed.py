"""Crowds of answers, and what the item analysis says of them."""

import re

from quizzes.analysis import report
from quizzes.analysis.report import Scope
from tests import factories
from tests.quizzes import crowds

NOW = factories.NOW
LIST = "/manage/quizzes/question/analysis/"
#: Twenty learners, of whom those who know the first question miss the second; the third works; nobody takes "c".
TWENTY = ["baa"] * 9 + ["aba"] * 8 + ["abb", "bbb", "bba"]


def row_of(key, scope=Scope()):  # noqa: B008 — a scope is frozen
    return next(row for row in report.rows(scope) if row.version.question.key == key)


def page_of(version, scope=Scope()):  # noqa: B008 — a scope is frozen
    return report.page(version, scope)


def counts(found):
    """Letter or label → (role, count)."""
    return {line.letter or re.sub(r"<[^>]+>", "", line.label): (line.role, line.count) for line in found.lines}


def crowd(cohort, rules, asked, *rows, **fields):
    """A graded attempt for each row of answers ("abc": one letter for each question)."""
    return crowds.graded(rules, crowds.learners(cohort, len(rows)), asked, [list(row) for row in rows], **fields)
