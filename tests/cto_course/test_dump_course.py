import os
import stat
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lessons.models import Course, Unit
from plans.models import Assignment
from quizzes.models import Question, QuestionVersion
from quizzes.regrading import process
from tests import factories, folders
from tests.cto_course.test_load_course import REAL
from tests.quizzes.content.test_blueprints import EXAM, published_anew


@pytest.fixture
def folder(tmp_path):
    return folders.write(tmp_path / "cto")


def load(folder):
    out = StringIO()
    call_command("load_course", str(folder), stdout=out)
    return out.getvalue().splitlines()[-1]


def dump(folder, key="cto"):
    out = StringIO()
    call_command("dump_course", key, str(folder), stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.django_db
def test_dump_course_writes_the_same_folder(folder, tmp_path):
    load(folder)
    assert dump(folder) == ["9 files, 0 written, 9 as they were."]
    assert dump(tmp_path / "new/place")[-1] == "9 files, 9 written, 0 as they were."
    assert folders.read(tmp_path / "new/place") == folders.read(folder) == folders.FILES


@pytest.mark.django_db
def test_dump_course_writes_the_exam_when_there_is_one(folder, tmp_path):
    folders.write(folder, {"exam.yaml": folders.EXAM})
    load(folder)
    assert dump(folder) == ["10 files, 0 written, 10 as they were."]
    dump(tmp_path / "new")
    assert folders.read(tmp_path / "new") == folders.FILES | {"exam.yaml": folders.EXAM}
    folders.write(folder, {"exam.yaml": None})
    load(folder)
    assert dump(tmp_path / "new")[0] == "not known  exam.yaml"
    assert "exam.yaml" not in folders.read(folder)


@pytest.mark.django_db
def test_dump_course_says_what_the_next_loading_would_draw(folder):
    folders.write(folder, {"exam.yaml": EXAM})
    load(folder)
    published_anew(Course.objects.get(), "E.STR.02", bloom="apply")
    said = "exam.yaml: cell 1 of the blueprint loses E.STR.02 when exam.yaml is loaded; until then the exam draws as it"
    assert dump(folder) == [
        "written    exam.yaml",
        f"look at    {said} was published.",
        "10 files, 1 written, 9 as they were.",
    ]


@pytest.mark.django_db
def test_dump_course_names_what_was_corrected(folder, instructor):
    load(folder)
    version = QuestionVersion.objects.current().get(question__key="Q1.02")
    process.decide(
        version=version, policy="full_credit", details={}, reason="Unclear.", by=instructor, at=factories.NOW
    )
    named, counted = dump(folder)
    assert named.startswith("look at    Q1.02 was corrected since it was published: its file has the key as it was")
    assert counted == "9 files, 0 written, 9 as they were."


@pytest.mark.django_db
def test_dump_course_names_what_is_in_no_file(folder):
    load(folder)
    course = Course.objects.get()
    one, two = course.lessons.all()
    first = Unit.objects.get(key="first")
    question = Question.objects.get(key="Q1.01")
    factories.quiz(first, [question])
    Assignment.objects.create(unit=first).versions.create(number=1, state="current", published_at=factories.NOW)
    factories.quiz(factories.unit(one, "more", position=7, kind="quiz"), [question])
    for key in ("task", "task-2"):
        factories.assignment(one, key=key, position=8)
    factories.unit(one, "bare", position=9, kind="quiz")
    factories.unit(two, "payback", position=5, kind="tool")
    factories.single(course, "Q2.01", lesson=two)
    named = [line for line in dump(folder) if line.startswith("look at")]
    assert named == [
        "look at    2.5 payback is in no file: files hold no tool.",
        "look at    the quiz 1.1 first is in no file: its unit is a reading.",
        "look at    the quiz 1.7 more is in no file: 1-one/quiz.yaml has another one.",
        "look at    1.9 bare is in no file: it has no rules in use.",
        "look at    the questions of lesson 2 are in no file: it has no check in use.",
        "look at    the assignment 1.1 first is in no file: its unit is a reading.",
        "look at    the assignment 1.8 task-2 is in no file: 1-one/assignment.md has another one.",
    ]
    assert "key: check" in (folder / "1-one/quiz.yaml").read_text()


@pytest.mark.django_db
def test_dump_course_brings_files_into_canonical_form_once(folder):
    folders.change(folder, "1-one/quiz.yaml", "{questions: [Q1.02, Q1.03]}", "questions:\n  - Q1.02\n  - 'Q1.03'")
    folders.change(
        folder, "terms.yaml", "definition: From *idea* to use.", "definition: >\n    From *idea*\n    to   use."
    )
    folders.change(folder, "1-one/2-second.md", "More text.\n", "\n\nMore text.  \n\n\n")
    load(folder)
    assert dump(folder) == [
        "written    terms.yaml",
        "written    1-one/2-second.md",
        "written    1-one/quiz.yaml",
        "9 files, 3 written, 6 as they were.",
    ]
    assert folders.read(folder) == folders.FILES
    assert load(folder) == "0 changes"


@pytest.mark.django_db
def test_dump_course_leaves_and_names_what_it_does_not_know(folder):
    load(folder)
    Unit.objects.filter(key="second").update(retired_at="2026-11-22T00:00Z")
    folders.write(folder, {"1-one/old.md": "x", "README.md": "x", "notes.txt": "x"})
    assert dump(folder) == [
        "not known  1-one/2-second.md",
        "not known  1-one/old.md",
        "8 files, 0 written, 8 as they were.",
    ]
    assert (folder / "1-one/old.md").read_text() == "x"


@pytest.mark.django_db
def test_dump_course_keeps_modes_and_leaves_no_traces(folder):
    load(folder)
    path = folder / "terms.yaml"
    path.write_text("[]")
    path.chmod(0o640)
    dump(folder)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o640
    assert folders.read(folder) == folders.FILES


@pytest.mark.django_db
def test_dump_course_writes_a_file_in_the_place_of_a_link(folder, tmp_path):
    load(folder)
    outside = tmp_path / "outside.yaml"
    outside.write_text("precious")
    (folder / "terms.yaml").unlink()
    (folder / "terms.yaml").symlink_to(outside)
    dump(folder)
    assert outside.read_text() == "precious"
    assert (folder / "terms.yaml").read_text() == folders.TERMS


@pytest.mark.django_db
def test_dump_course_of_an_unknown_course(folder):
    load(folder)
    with pytest.raises(CommandError) as raised:
        dump(folder, "cfo")
    assert str(raised.value) == "There is no course cfo. Known: cto."


@pytest.mark.django_db
def test_dump_course_where_nothing_can_be_written(folder, tmp_path):
    load(folder)
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError) as raised:
        dump(tmp_path / "file")
    assert str(raised.value).startswith("Cannot write ")


@pytest.mark.django_db
def test_the_course_is_in_canonical_form(tmp_path):
    """`load_course content/cto`, then `dump_course cto content/cto`, leaves git with nothing to say."""
    load(REAL)
    dump(tmp_path)
    assert folders.read(tmp_path) == {path: text for path, text in folders.read(REAL).items() if path != "README.md"}
