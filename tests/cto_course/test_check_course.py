from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from cto_course.management.commands.check_course import answered
from tests import folders

# No test here may touch a database: the command has to work before there is one.


@pytest.fixture
def folder(tmp_path):
    """The small course, its first lesson still being written: nothing to mend."""
    return folders.write(tmp_path / "cto", {"1-one/lesson.yaml": folders.LESSON_1.replace("[]\n", "[More]\n")})


def run(folder, *arguments):
    """(what was printed, what was printed as errors); raises CommandError, which the shell sees as exit code 1."""
    out, errors = StringIO(), StringIO()
    try:
        call_command("check_course", str(folder), *arguments, stdout=out, stderr=errors)
    except CommandError as error:
        return out.getvalue(), errors.getvalue() + f"{error} [{error.returncode}]"
    return out.getvalue(), errors.getvalue()


def test_a_sound_folder_passes(folder):
    assert run(folder) == ("2 lessons, 3 units, 6 questions: nothing to mend.\n", "")


def test_every_room_is_asked_and_everything_listed_in_order(folder):
    folders.change(folder, "1-one/quiz.yaml", "text: This", "text: In May 2026")
    folders.change(folder, "2-two/1-third.md", "More text.", "Harbourline: [more](/cto/lessons/9/).")
    assert run(folder, "--report")[1].splitlines() == [
        f"{folder}/1-one/quiz.yaml:16: Q1.01: its key holds a date that will pass, 2026: In May 2026",
        f"{folder}/2-two/1-third.md:13: Harbourline without the word fictional in this unit",
        f"{folder}/2-two/1-third.md:13: the link /cto/lessons/9/ leads nowhere",
        "3 problems. [1]",
    ]


def test_marks_that_stay_literal_are_named_with_their_lines(folder):
    """In every kind of file: a unit, a field that is wrapped and one that keeps its lines. They can be loaded."""
    folders.change(folder, "course.yaml", "  Another one.", "  Another one, $$x$$.")
    folders.change(folder, "course.yaml", "audience: ", "audience: ~~New~~ ")
    folders.change(folder, "1-one/quiz.yaml", "intro: ", "intro: ==Now== ")
    folders.change(folder, "2-two/1-third.md", "More text.", "More text.[^1]\n\n#\u00a0Title\n\n[^1]: Less.")
    footnotes = "footnotes stay as they are typed: say it in the text, or cite a source like [R1]"
    odd = "the space after the first mark is not a plain one, so the line is neither heading nor list item"
    assert [line.removeprefix(f"{folder}/") for line in run(folder)[1].splitlines()] == [
        "1-one/quiz.yaml:4: intro: == stays as it is typed: use **strong** or *emphasis*",
        f"2-two/1-third.md:13: {footnotes}",
        f"2-two/1-third.md:15: {odd}",
        f"2-two/1-third.md:17: {footnotes}",
        "course.yaml:10: summary: $$ stays as it is typed: write the formula in plain signs, or between backticks",
        "course.yaml:11: audience: ~~ stays as it is typed: nothing is struck through here",
        "6 problems. [1]",
    ]


def test_what_cannot_be_loaded_is_refused_in_the_same_words(folder):
    """And nothing else is said: a rule over the whole course would miss what could not be read."""
    folders.change(folder, "1-one/quiz.yaml", "keep: best", "keep: worst")
    folders.change(folder, "2-two/1-third.md", "More text.", "Harbourline: <b>more</b>.")
    assert run(folder, "--report") == (
        "",
        f"{folder}/1-one/quiz.yaml:9: keep: 'worst' is not one of best, last, first\n"
        f"{folder}/2-two/1-third.md:13: HTML is not accepted; write Markdown, or put code between backticks\n"
        "2 problems. The course as a whole is judged once its files can be loaded. [1]",
    )


def test_one_key_in_two_units_or_lessons_is_refused(folder):
    check = folders.FIRST.partition("## A heading")[2]
    folders.change(folder, "2-two/1-third.md", "More text.", check)
    quiz = folders.QUIZ.replace("unit: first", "unit: third").replace("unit: second", "unit: third")
    (folder / "2-two/quiz.yaml").write_text(quiz)
    reasons = [line.partition(": ")[2] for line in run(folder)[1].splitlines()]
    assert f"the check L1-c1 is already in {folder}/1-one/1-first.md" in reasons
    assert f"id: Q1.01 is already in {folder}/1-one/quiz.yaml" in reasons


def test_the_report(folder):
    out, errors = run(folder, "--report")
    assert errors == ""
    names = ["words", "minutes", "at 130", "grade", "checks", "figures", "boardroom"]
    columns = "".join(f"{name:>10}" for name in names)
    assert out.splitlines() == [
        "1 Lesson one, being written",
        " " * 32 + columns,
        f"{'first':32}         8         5       0.1      -2.7         1         0         0",
        f"{'second':32}         2         3       0.0      -1.6         0         0         0",
        f"{'together':32}        10         8       0.1                   1         0         0",
        "checks: right choice a 1; longest 0 of 1 (0%)",
        "6 questions: single 1, multiple 1, scenario 1, numeric 1, matching 1, ordering 1",
        "single and scenario: key a 2; longest 0 of 2 (0%)",
        "",
        "2 Lesson two, being written",
        " " * 32 + columns,
        f"{'third':32}         2         3       0.0      -1.6         0         0         0",
        f"{'together':32}         2         3       0.0                   0         0         0",
        "checks: right choice none; longest none",
        "",
        f"{folder}/sources.yaml:9: the source R2 is never cited",
        "2 lessons, 3 units, 6 questions: nothing to mend.",
    ]


def test_the_report_shows_the_pool_of_the_exam(folder):
    (folder / "exam.yaml").write_text(folders.EXAM)
    out, errors = run(folder, "--report")
    assert errors == ""
    start = out.splitlines().index("Exam")
    assert out.splitlines()[start:] == [
        "Exam",
        "                          single  multiple  scenario   numeric  matching  ordering  together",
        "STR                            1         1         1         1         1         1         6",
        "  remember                     1         0         0         0         0         0         1",
        "  understand                   0         1         0         0         0         1         2",
        "  apply                        0         0         0         1         1         0         2",
        "  evaluate                     0         0         1         0         0         0         1",
        "6 questions: single 1, multiple 1, scenario 1, numeric 1, matching 1, ordering 1",
        "single and scenario: key a 2; longest 0 of 2 (0%)",
        "",
        f"{folder}/sources.yaml:9: the source R2 is never cited",
        "2 lessons, 3 units, 6 questions, 6 exam questions: nothing to mend.",
    ]


def test_the_exam_is_judged_by_the_rules_of_a_quiz_and_read_first(folder):
    (folder / "exam.yaml").write_text(folders.EXAM.replace("text: This", "text: In May 2026"))
    reason = "E.STR.01: its key holds a date that will pass, 2026: In May 2026"
    assert run(folder)[1].splitlines() == [f"{folder}/exam.yaml:2: {reason}", "1 problem. [1]"]
    folders.change(folder, "exam.yaml", "bloom: remember", "blom: remember")
    assert [line.partition(": ")[0] for line in run(folder)[1].splitlines()[:2]] == [
        f"{folder}/exam.yaml:2",
        f"{folder}/exam.yaml:5",
    ]


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/cto/notes/", True),
        ("/help/", True),
        ("/static/img/icons.svg", True),
        ("/static/img/none.svg", False),
        ("/cto/lessons/1/nothing/", False),
        ("/cto/nothing/", False),
        ("/other/notes/", False),
        ("/nothing", False),
    ],
)
def test_answered(path, there):
    assert answered(path, "cto") is there


def test_the_report_of_the_course_has_all_its_lessons():
    out, _errors = run(Path(settings.BASE_DIR) / "content/cto", "--report")
    assert [
        line[0] for line in out.splitlines() if line[:1].isdigit() and line[1:2] == " " and "questions" not in line
    ] == list("123456")
