"""`manage.py check_course content/cto`: everything that can be said about a course folder, without a database."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand, CommandError
from django.urls import Resolver404, resolve

import lessons.content
import lessons.links
import lessons.linting
import quizzes.content
import quizzes.linting
from lessons.content import CourseFolder, LessonFolder
from quizzes.content import QuizFile

COLUMNS = ("words", "minutes", "at_130", "grade", "checks", "figures", "boardroom")


class Command(BaseCommand):
    help = "Check a course folder: what cannot be loaded, and what should not be. Exit code 1 when anything was found."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--report", action="store_true", help="also print words, grades, keys and unused sources")

    def handle(self, *args, folder, report, **options):
        files = lessons.content.read(folder)
        quiz_files = quizzes.content.read(files)
        # A file that cannot be read would be missed by every rule over the whole course.
        readable = not files.report.problems
        problems = judged(files, quiz_files) if readable else files.report.problems
        if report and readable:
            for line in report_lines(files, quiz_files):
                self.stdout.write(line)
        found = sorted(set(problems))
        for problem in found:
            self.stderr.write(str(problem))
        if found:
            rest = "" if readable else " The course as a whole is judged once its files can be loaded."
            raise CommandError(f"{counted(len(found), 'problem')}.{rest}")
        questions = sum(len(quiz.record["questions"]) for quiz in quiz_files)
        units = sum(len(lesson.units) for lesson in files.lessons)
        counts = ((len(files.lessons), "lesson"), (units, "unit"), (questions, "question"))
        self.stdout.write(f"{', '.join(counted(*count) for count in counts)}: nothing to mend.")


def counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def judged(files: CourseFolder, quiz_files: list[QuizFile]) -> list[lessons.content.Problem]:
    """What the rules of all rooms find in a folder that can be read."""
    course = files.course["key"]
    pages = lessons.links.pages(files) | quizzes.linting.pages(files, quiz_files)
    site = lessons.links.Site(pages, lambda path: answered(path, course))
    return [*lessons.linting.faults(files, site), *quizzes.linting.faults(quiz_files, site)]


def answered(path: str, course: str) -> bool:
    """Whether a page that is not made of course files, or a static file, has this address."""
    if path.startswith(settings.STATIC_URL):
        return finders.find(path.removeprefix(settings.STATIC_URL)) is not None
    # Below /cto/lessons/ only what is in the files is there.
    if path.startswith(f"/{course}/lessons/"):
        return False
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return match.kwargs.get("course", course) == course


# ---- the report


def report_lines(files: CourseFolder, quiz_files: list[QuizFile]) -> Iterator[str]:
    by_lesson = {quiz.lesson.number: quiz for quiz in quiz_files}
    for lesson in files.lessons:
        yield from lesson_lines(lesson)
        if quiz := by_lesson.get(lesson.number):
            yield from quiz_lines(quiz)
        yield ""
    for problem in sorted(lessons.linting.sources_never_cited(files, quizzes.linting.cited(quiz_files))):
        yield str(problem)


def lesson_lines(lesson: LessonFolder) -> Iterator[str]:
    rows = [lessons.linting.unit_row(unit) for unit in lesson.units]
    state = ", being written" if lesson.record["outline"] else ""
    yield f"{lesson.number} {lesson.record['title']}{state}"
    yield f"{'':32}" + "".join(f"{name.replace('_', ' '):>10}" for name in COLUMNS)
    for row in rows:
        yield f"{row['unit'][:31]:32}" + "".join(f"{row[name]:>10,}" for name in COLUMNS)
    totals = {name: round(sum(row[name] for row in rows), 1) for name in COLUMNS if name != "grade"}
    yield f"{'together':32}" + "".join(f"{totals.get(name, ''):>10}" for name in COLUMNS)
    checks = lessons.linting.checks_of(lesson)
    places = Counter(lessons.linting.LETTERS[lessons.linting.right_place(check)] for check in checks)
    longest = sum(map(lessons.linting.right_is_longest, checks))
    yield f"checks: right choice {spread(dict(sorted(places.items())))}; longest {share(longest, len(checks))}"


def quiz_lines(quiz: QuizFile) -> Iterator[str]:
    found = quizzes.linting.summary(quiz)
    yield f"{counted(found['questions'], 'question')}: {spread(found['types'])}"
    yield f"single and scenario: key {spread(found['places'])}; longest {share(found['longest'], found['one_best'])}"


def spread(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"


def share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.0f}%)" if whole else "none"
