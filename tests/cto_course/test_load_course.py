from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts import enrolling
from cohorts.models import Cohort
from cto_course.management.commands import load_course
from lessons.models import Course, Unit, UnitVersion
from progress import recording
from progress.models import EnrolmentSummary
from quizzes.models import QuestionVersion, QuizVersion
from tests import factories, folders

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
REAL = Path(settings.BASE_DIR) / "content/cto"


@pytest.fixture
def folder(tmp_path):
    return folders.write(tmp_path / "cto")


def run(folder, *arguments):
    """(what was printed, what was printed as errors); raises CommandError, which the shell sees as exit code 1."""
    out, errors = StringIO(), StringIO()
    try:
        call_command("load_course", str(folder), *arguments, stdout=out, stderr=errors)
    except CommandError as error:
        return out.getvalue(), errors.getvalue() + f"{error} [{error.returncode}]"
    return out.getvalue(), errors.getvalue()


def everything():
    """How much there is of what a load writes."""
    return [model.objects.count() for model in (Course, Unit, UnitVersion, QuestionVersion, QuizVersion, Cohort)]


@pytest.mark.django_db
def test_load_course_prints_what_it_did(folder):
    out, errors = run(folder)
    assert errors == ""
    assert out.splitlines() == [
        "                      new    changed  unchanged    retired   returned",
        "course                  1          0          0          0          0",
        "terms                   1          0          0          0          0",
        "sources                 2          0          0          0          0",
        "competencies            1          0          0          0          0",
        "lessons                 2          0          0          0          0",
        "units                   4          0          0          0          0",
        "questions               6          0          0          0          0",
        "quizzes                 1          0          0          0          0",
        "cohorts                 1          0          0          0          0",
        "19 changes",
    ]
    assert run(folder)[0].splitlines()[-1] == "0 changes"


@pytest.mark.django_db
def test_load_course_counts_the_questions_of_the_exam(folder):
    folders.write(folder, {"exam.yaml": folders.EXAM})

    def told():
        lines = run(folder)[0].splitlines()
        return [line for line in lines if line.startswith("questions")], lines[-1]

    assert told() == (["questions              12          0          0          0          0"], "25 changes")
    assert told() == (["questions               0          0         12          0          0"], "0 changes")
    (folder / "exam.yaml").unlink()
    assert told() == (["questions               0          0          6          6          0"], "6 changes")


@pytest.mark.django_db
def test_a_fault_in_the_exam_leaves_the_course_as_it_was(folder):
    run(folder)
    before = everything(), list(Course.objects.values())
    folders.change(folder, "course.yaml", "coming: [plan]", "coming: []")
    folders.write(folder, {"exam.yaml": folders.EXAM.replace("E.STR.01", "Q1.01")})
    assert run(folder) == (
        "",
        f"{folder}/exam.yaml:2: id: Q1.01 is already in {folder}/1-one/quiz.yaml\n1 problem; nothing was loaded. [1]",
    )
    assert (everything(), list(Course.objects.values())) == before


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "retired"])
def test_a_course_that_was_closed_stays_closed(folder, state):
    run(folder)
    Course.objects.update(state=state)
    folders.change(folder, "course.yaml", "coming: [plan]", "coming: []")
    said = "The course is not published: learners see it once it is, in the administration."
    lines = run(folder)[0].splitlines()
    assert (lines[0], lines[-1]) == (said, "1 change")
    course = Course.objects.get()
    assert (course.state, course.coming) == (state, [])


@pytest.mark.django_db
def test_load_course_opens_one_self_paced_cohort(folder):
    run(folder)
    cohort = Cohort.objects.get()
    assert (cohort.slug, cohort.title, cohort.kind, cohort.open_to_all) == (
        "self-paced",
        "Self-paced",
        "self_paced",
        True,
    )
    run(folder)
    assert Cohort.objects.count() == 1


@pytest.mark.django_db
def test_ensure_open_cohort_takes_a_free_slug(course):
    other = Course.objects.create(key="other", title="Other")
    Cohort.objects.create(course=other, slug="self-paced", title="Taken")
    made = enrolling.ensure_open_cohort(course=course, at=AT)
    assert (made[0].slug, made[1]) == ("cto-self-paced", True)
    assert enrolling.ensure_open_cohort(course=course, at=AT) == (made[0], False)


@pytest.mark.django_db
def test_who_loads_what_is_loaded_counts_nobody_anew(folder):
    """Ten thousand learners are counted as soon as something changes that they see, and not before."""
    run(folder)
    enrolment = factories.enrolment(Cohort.objects.get())
    recording.mark_done(enrolment=enrolment, unit=Unit.objects.get(key="second"), at=AT)
    assert (touched(folder), EnrolmentSummary.objects.get().units_required) == (False, 2)
    folders.change(folder, "1-one/2-second.md", "required: false", "required: true")
    assert (touched(folder), EnrolmentSummary.objects.get().units_required) == (True, 3)


def touched(folder):
    """Whether loading the folder asks for the summary of any learner."""
    with CaptureQueriesContext(connection) as queries:
        assert run(folder)[1] == ""
    return any(EnrolmentSummary._meta.db_table in query["sql"] for query in queries)


@pytest.mark.django_db
def test_a_dry_run_says_what_would_change_and_changes_nothing(folder):
    out, _errors = run(folder, "--dry-run")
    assert out.splitlines()[-2:] == ["19 changes", "Dry run: nothing was written."]
    assert everything() == [0, 0, 0, 0, 0, 0]
    run(folder)
    folders.change(folder, "1-one/2-second.md", "More text.", "Other text.")
    assert run(folder, "--dry-run")[0].splitlines()[-2:] == ["1 change", "Dry run: nothing was written."]
    assert run(folder)[0].splitlines()[-1] == "1 change"


@pytest.mark.django_db
def test_every_problem_is_listed_and_nothing_loaded(folder):
    run(folder)
    before = everything(), list(Course.objects.values())
    folders.change(folder, "course.yaml", "coming: [plan]", "coming: []")
    folders.change(folder, "1-one/quiz.yaml", "keep: best", "keep: worst")
    folders.change(folder, "2-two/1-third.md", "More text.", "More <b>text</b>.")
    out, errors = run(folder)
    assert out == ""
    assert errors.splitlines() == [
        f"{folder}/1-one/quiz.yaml:9: keep: 'worst' is not one of best, last, first",
        f"{folder}/2-two/1-third.md:13: HTML is not accepted; write Markdown, or put code between backticks",
        "2 problems; nothing was loaded. [1]",
    ]
    assert (everything(), list(Course.objects.values())) == before


@pytest.mark.django_db
def test_a_fault_that_only_the_database_knows_undoes_the_rest(folder):
    """The quiz is written last; what was written of the course before is taken back."""
    run(folder)
    Unit.objects.filter(kind="quiz").update(kind=Unit.Kind.TOOL)
    before = everything(), list(Course.objects.values())
    folders.change(folder, "course.yaml", "coming: [plan]", "coming: []")
    folders.change(folder, "1-one/2-second.md", "More text.", "Other text.")
    _out, errors = run(folder)
    assert errors.splitlines() == [
        f"{folder}/1-one/quiz.yaml:1: key: check is a tool already",
        "1 problem; nothing was loaded. [1]",
    ]
    assert (everything(), list(Course.objects.values())) == before


@pytest.mark.django_db
def test_a_crash_at_the_last_statement_leaves_nothing_half_loaded(folder):
    def fails(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "quizzes_poolmember"'):
            raise ConnectionResetError
        return execute(sql, params, many, context)

    before = everything()
    with connection.execute_wrapper(fails), pytest.raises(ConnectionResetError):
        load_course.load(folder, dry_run=False)
    assert everything() == before


# ---- the course itself


@pytest.mark.django_db
def test_the_course_loads_and_a_second_time_changes_nothing():
    assert run(REAL)[1] == ""
    assert run(REAL)[0].splitlines()[-1] == "0 changes"
    readings_and_assignment = list(REAL.glob("1-*/*.md"))
    assert Unit.objects.filter(lesson__number=1).count() == len(readings_and_assignment) + 1
    assert QuestionVersion.objects.filter(question__key__startswith="Q1.").count() == 13
