"""A course as files, loaded; what changed, and what is wrong with it."""

from datetime import UTC, datetime

from lessons import content

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def load(folder, *, at=AT):
    return content.load(content.read(folder), at=at)


def problems(folder):
    """(file below the folder, line, reason) of every problem."""
    found = content.ContentErrors(content.read(folder).report.problems).problems
    return [(problem.file.removeprefix(f"{folder}/"), problem.line, problem.reason) for problem in found]


def counts(changes):
    return {kind: dict(counter) for kind, counter in changes.counts.items()}
