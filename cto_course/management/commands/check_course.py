"""`manage.py check_course content/cto`: everything that can be said about a course folder, without a database."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand, CommandError
from django.urls import Resolver404, resolve

import lessons.content
import lessons.linting.links
import lessons.linting.rules
import plans.content
import plans.linting
import quizzes.content
import quizzes.content.linting
from lessons.content import CourseFolder, LessonFolder
from plans.content import AssignmentFile
from quizzes.content import ExamFile, QuestionFiles, QuizFile
from quizzes.models import QuestionVersion

COLUMNS = ("words", "minutes", "at_130", "grade", "checks", "figures", "boardroom")


class Command(BaseCommand):
    help = "Check a course folder: what cannot be loaded, and what should not be. Exit code 1 when anything was found."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--report", action="store_true", help="also print words, grades, keys and unused sources")

    def handle(self, *args, folder, report, **options):
        files = lessons.content.read(folder)
        questions = quizzes.content.read(files)
        assignments = plans.content.read(files)
        # A file that cannot be read would be missed by every rule over the whole course.
        readable = not files.report.problems
        problems = judged(files, questions, assignments) if readable else files.report.problems
        if report and readable:
            for line in report_lines(files, questions, assignments):
                self.stdout.write(line)
        lines = sorted(set(problems))
        for problem in lines:
            self.stderr.write(str(problem))
        if lines:
            rest = "" if readable else " The course as a whole is judged once its files can be loaded."
            raise CommandError(f"{counted(len(lines), 'problem')}.{rest}")
        units = sum(len(lesson.units) for lesson in files.lessons)
        question_count = sum(len(quiz.record["questions"]) for quiz in questions.quizzes)
        counts = [(len(files.lessons), "lesson"), (units, "unit"), (question_count, "question")]
        if questions.exam:
            counts.append((len(questions.exam.record["questions"]), "exam question"))
        if assignments:
            counts.append((len(assignments), "assignment"))
        self.stdout.write(f"{', '.join(counted(*count) for count in counts)}: nothing to mend.")


def counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def judged(
    files: CourseFolder, questions: QuestionFiles, assignments: list[AssignmentFile]
) -> list[lessons.content.Problem]:
    """What the rules of all rooms find in a folder that can be read."""
    course = files.course["key"]
    pages = lessons.linting.links.pages(files) | quizzes.content.linting.pages(files, questions.quizzes)
    pages |= plans.linting.pages(files, assignments)
    site = lessons.linting.links.Site(pages, lambda path: answered(path, course))
    return [
        *lessons.linting.rules.faults(files, site),
        *quizzes.content.linting.faults(questions, site),
        *plans.linting.faults(files, assignments, site),
    ]


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


def report_lines(files: CourseFolder, questions: QuestionFiles, assignments: list[AssignmentFile]) -> Iterator[str]:
    by_lesson = {quiz.lesson.number: quiz for quiz in questions.quizzes}
    for lesson in files.lessons:
        yield from lesson_lines(lesson)
        if quiz := by_lesson.get(lesson.number):
            yield from question_lines(quiz)
        yield ""
    if questions.exam:
        yield from exam_lines(questions.exam)
        yield ""
    elsewhere = quizzes.content.linting.cited(questions) | plans.linting.cited(assignments)
    for problem in sorted(lessons.linting.rules.sources_never_cited(files, elsewhere)):
        yield str(problem)


def lesson_lines(lesson: LessonFolder) -> Iterator[str]:
    rows = [lessons.linting.rules.unit_row(unit) for unit in lesson.units]
    state = ", being written" if lesson.record["outline"] else ""
    yield f"{lesson.number} {lesson.record['title']}{state}"
    yield f"{'':32}" + "".join(f"{name.replace('_', ' '):>10}" for name in COLUMNS)
    for row in rows:
        yield f"{row['unit'][:31]:32}" + "".join(f"{row[name]:>10,}" for name in COLUMNS)
    totals = {name: round(sum(row[name] for row in rows), 1) for name in COLUMNS if name != "grade"}
    yield f"{'together':32}" + "".join(f"{totals.get(name, ''):>10}" for name in COLUMNS)
    checks = lessons.linting.rules.checks_of(lesson)
    places = Counter(lessons.linting.rules.LETTERS[lessons.linting.rules.right_place(check)] for check in checks)
    longest = sum(map(lessons.linting.rules.right_is_longest, checks))
    yield f"checks: right choice {spread(dict(sorted(places.items())))}; longest {share(longest, len(checks))}"


def exam_lines(exam: ExamFile) -> Iterator[str]:
    """The pool by competency and level, one column for each type in it."""
    held = {question["type"] for question in exam.record["questions"]}
    types = [type_ for type_ in QuestionVersion.Type.values if type_ in held]
    levels = QuestionVersion.Bloom.values
    yield "Exam"
    yield f"{'':22}" + "".join(f"{name:>10}" for name in [*types, "together"])
    for competency, by_level in quizzes.content.linting.table(exam.record["questions"]).items():
        yield counts_line(competency, sum(by_level.values(), Counter()), types)
        for level in sorted(by_level, key=levels.index):
            yield counts_line(f"  {level}", by_level[level], types)
    yield from question_lines(exam)
    if exam.is_exam:
        yield f"never drawn: {', '.join(quizzes.content.linting.never_drawn(exam)) or 'none'}"


def counts_line(name: str, counts: Counter[str], columns: list[str]) -> str:
    return f"{name:22}" + "".join(f"{number:>10}" for number in [*map(counts.__getitem__, columns), counts.total()])


def question_lines(quiz: QuizFile | ExamFile) -> Iterator[str]:
    facts = quizzes.content.linting.summary(quiz)
    yield f"{counted(facts['questions'], 'question')}: {spread(facts['types'])}"
    yield f"single and scenario: key {spread(facts['places'])}; longest {share(facts['longest'], facts['one_best'])}"


def spread(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"


def share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.0f}%)" if whole else "none"
