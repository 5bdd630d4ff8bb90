"""Checks and questions as files, loaded; what changed, and what is wrong with them."""

from datetime import UTC, datetime

import lessons.content
from lessons.content import ContentErrors
from quizzes import content

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
PATH = "1-one/quiz.yaml"


def load(folder, *, at=AT):
    files = lessons.content.read(folder)
    quizzes = content.read(files)
    course, _changes = lessons.content.load(files, at=at)
    return course, content.load(quizzes, course=course, at=at)


def counts(changes):
    return {kind: {outcome: n for outcome, n in counter.items() if n} for kind, counter in changes.counts.items()}


def problems(folder):
    files = lessons.content.read(folder)
    content.read(files)
    found = ContentErrors(files.report.problems).problems
    return [(problem.file.removeprefix(f"{folder}/"), problem.line, problem.reason) for problem in found]


def question(folder, key):
    files = lessons.content.read(folder)
    [quiz] = content.read(files).quizzes
    return next(record for record in quiz.record["questions"] if record["id"] == key)
