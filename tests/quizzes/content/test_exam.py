"""The exam from its file into the database, and its faults."""

import pytest

import lessons.content
from quizzes import content
from quizzes.content import rules
from quizzes.models import PoolMember, Question, QuestionVersion, Quiz
from tests import factories, folders
from tests.quizzes.loading import AT, LATER, PATH, counts, load, problems


@pytest.fixture
def exam_folder(folder):
    return folders.write(folder, {"exam.yaml": folders.EXAM})


def pool():
    """(key, lesson, position, retired) of the questions of the exam, in order."""
    found = Question.objects.filter(key__startswith="E.").order_by("position")
    return list(found.values_list("key", "lesson__key", "position", "retired_at"))


EXAM_KEYS = [f"E.STR.0{number}" for number in range(1, 7)]


@pytest.mark.django_db
def test_the_questions_of_the_exam_belong_to_no_lesson_and_to_no_quiz(exam_folder):
    course, changes = load(exam_folder)
    assert counts(changes) == {"questions": {"new": 12}, "units": {"new": 1}, "quizzes": {"new": 1}}
    assert pool() == [(key, None, position, None) for position, key in enumerate(EXAM_KEYS, 1)]
    versions = QuestionVersion.objects.filter(question__lesson=None).order_by("question__position")
    assert list(versions.values_list("question__key", "number", "state", "published_at", "type", "unit")) == [
        (key, 1, "current", AT, kind, None)
        for key, kind in zip(
            EXAM_KEYS, ["single", "multiple", "scenario", "numeric", "matching", "ordering"], strict=True
        )
    ]
    assert (Quiz.objects.count(), PoolMember.objects.filter(question__lesson=None).count()) == (1, 0)
    assert content.dump(course) == {PATH: folders.QUIZ, "exam.yaml": folders.EXAM}


@pytest.mark.django_db
def test_loading_the_exam_twice_changes_nothing(exam_folder):
    load(exam_folder)
    before = [list(model.objects.order_by("pk").values()) for model in (Question, QuestionVersion)]
    _course, changes = load(exam_folder, at=LATER)
    assert changes.total == 0
    assert counts(changes)["questions"] == {"unchanged": 12}
    assert [list(model.objects.order_by("pk").values()) for model in (Question, QuestionVersion)] == before


@pytest.mark.django_db
def test_a_changed_question_of_the_exam_becomes_a_new_version_of_itself_only(exam_folder):
    load(exam_folder)
    folders.change(exam_folder, "exam.yaml", "stem: What is *it*?", "stem: What is *this*?")
    _course, changes = load(exam_folder, at=LATER)
    assert counts(changes)["questions"] == {"changed": 1, "unchanged": 11}
    versions = QuestionVersion.objects.filter(question__key="E.STR.01").order_by("number")
    assert list(versions.values_list("number", "state", "stem")) == [
        (1, "past", "What is *it*?"),
        (2, "current", "What is *this*?"),
    ]


@pytest.mark.django_db
def test_a_question_of_the_exam_that_vanishes_retires_and_returns(exam_folder):
    course, _changes = load(exam_folder)
    without = "questions:\n" + folders.EXAM[folders.EXAM.index("- id: E.STR.02") :]
    folders.write(exam_folder, {"exam.yaml": without})
    _course, changes = load(exam_folder, at=LATER)
    assert counts(changes)["questions"] == {"unchanged": 11, "retired": 1}
    assert Question.objects.get(key="E.STR.01").retired_at == LATER
    assert content.dump(course)["exam.yaml"] == without
    assert load(exam_folder)[1].total == 0

    folders.write(exam_folder, {"exam.yaml": folders.EXAM})
    _course, changes = load(exam_folder)
    assert counts(changes)["questions"] == {"unchanged": 12, "returned": 1}
    assert pool() == [(key, None, position, None) for position, key in enumerate(EXAM_KEYS, 1)]
    assert QuestionVersion.objects.filter(question__key="E.STR.01").count() == 1


@pytest.mark.django_db
def test_an_exam_that_vanishes_retires_and_drafts_stay(exam_folder):
    course, _changes = load(exam_folder)
    draft = Question.objects.create(course=course, key="E.NEW", position=9)
    (exam_folder / "exam.yaml").unlink()
    _course, changes = load(exam_folder, at=LATER)
    assert counts(changes)["questions"] == {"unchanged": 6, "retired": 6}
    assert pool() == [(key, None, position, LATER) for position, key in enumerate(EXAM_KEYS, 1)] + [
        (draft.key, None, 9, None)
    ]
    assert content.dump(course) == {PATH: folders.QUIZ}
    assert load(exam_folder)[1].total == 0


@pytest.mark.django_db
def test_the_exam_of_another_course_is_left_alone(exam_folder):
    other = factories.single(factories.course("other"), "E.STR.01")
    course, _changes = load(exam_folder)
    (exam_folder / "exam.yaml").unlink()
    load(exam_folder, at=LATER)
    other.refresh_from_db()
    assert (other.retired_at, content.dump(course)) == (None, {PATH: folders.QUIZ})


@pytest.mark.django_db
def test_a_unit_given_in_the_admin_is_not_written_for_the_exam(folder):
    course, _changes = load(folder)
    like = QuestionVersion.objects.get(question__key="Q1.01")
    names = ("type", "competency", "bloom", "sources", "unit", "stem", "body", "rendered")
    question = Question.objects.create(course=course, key="E.STR.01", position=1)
    question.versions.create(number=1, state="current", **{name: getattr(like, name) for name in names})
    dumped = content.dump(course)["exam.yaml"]
    assert dumped == folders.EXAM[: folders.EXAM.index("- id: E.STR.02")]
    folders.write(folder, {"exam.yaml": dumped})
    assert counts(load(folder, at=LATER)[1])["questions"] == {"changed": 1, "unchanged": 6}


@pytest.mark.django_db
def test_a_question_that_moves_into_the_exam_stays_the_same(folder):
    load(folder)
    before = Question.objects.get(key="Q1.06")
    start = folders.QUIZ.index("- id: Q1.06")
    moved = folders.QUIZ[start:].replace("  unit: second\n", "")
    quiz = folders.QUIZ[:start].replace(", Q1.06", "")
    folders.write(folder, {PATH: quiz, "exam.yaml": f"questions:\n{moved}"})
    course, changes = load(folder, at=LATER)
    assert counts(changes)["questions"] == {"unchanged": 5, "changed": 1}
    after = Question.objects.get(key="Q1.06")
    assert (after.pk, after.lesson, after.position, after.retired_at) == (before.pk, None, 1, None)
    assert content.dump(course) == {PATH: quiz, "exam.yaml": f"questions:\n{moved}"}
    folders.write(folder, {"exam.yaml": None})
    assert counts(load(folder)[1])["questions"] == {"unchanged": 5, "changed": 1}
    assert Question.objects.get(key="Q1.06").lesson.key == "one"


@pytest.mark.django_db
def test_the_size_of_the_exam_costs_no_query(exam_folder, django_assert_num_queries):
    def again():
        files = lessons.content.read(exam_folder)
        questions = content.read(files)
        course, _changes = lessons.content.load(files, at=AT)
        with django_assert_num_queries(18):
            content.load(questions, course=course, at=AT)
        with django_assert_num_queries(6):
            content.dump(course)

    load(exam_folder)
    again()
    single = folders.EXAM[folders.EXAM.index("- id") : folders.EXAM.index("- id: E.STR.02")]
    more = "".join(single.replace("E.STR.01", f"E.STR.{number}") for number in range(10, 40))
    (exam_folder / "exam.yaml").write_text(folders.EXAM + more)
    assert load(exam_folder)[1].total == 30
    again()


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("questions:\n- id: E.STR.01", "subtitle: Exam\nquestions:\n- id: E.STR.01", 1, "unknown field subtitle"),
        ("- id: E.STR.02", "- id: E.STR.01", 16, "id: E.STR.01 is already in {folder}/exam.yaml"),
        ("- id: E.STR.02", "- id: Q1.02", 16, "id: Q1.02 is already in {folder}/1-one/quiz.yaml"),
        ("- id: E.STR.02", "- id: e2", 16, "questions.2.id: 'e2' is not an id like Q1.02"),
        ("bloom: remember", "bloom: recall", 5, "questions.1.bloom: 'recall' is not one of remember"),
        ("sources: [R1]", "sources: [R9]", 6, "sources: there is no source R9"),
        ("sources: [R1]", "sources: [R1]\n  unit: first", 7, "questions.1: unknown field unit"),
        ("STR\n  bloom: remember", "FIN\n  bloom: remember", 4, "competency: there is no competency FIN"),
        ("text: That", "text: This", 8, "E.STR.01 choices: 'This' stands here twice"),
        ("stem: What is *it*?", "stem: What is <b>it</b>?", 7, "questions.1.stem: HTML is not accepted"),
        ("formula: net_over_years", "formula: magic", 60, "E.STR.04 formula: there is no formula magic"),
    ],
)
def test_a_fault_in_the_exam(exam_folder, old, new, line, reason):
    folders.change(exam_folder, "exam.yaml", old, new)
    found = problems(exam_folder)
    wanted = reason.format(folder=exam_folder)
    assert any(problem[:2] == ("exam.yaml", line) and problem[2].startswith(wanted) for problem in found), found


def test_faults_in_quiz_and_exam_are_listed_together(exam_folder):
    folders.change(exam_folder, PATH, "[Q1.02, Q1.03]", "[Q1.02, E.STR.03]")
    folders.change(exam_folder, "exam.yaml", "bloom: remember", "bloom: recall")
    folders.change(exam_folder, "exam.yaml", "    misconception: guess\n", "")
    assert [problem[:2] for problem in problems(exam_folder)] == [(PATH, 13), ("exam.yaml", 5), ("exam.yaml", 30)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there is nothing here"),
        ("questions: []\n", "questions: needs 1 to 500 entries, has 0"),
        ("[]\n", "expected fields, found a list"),
    ],
)
def test_an_exam_without_questions_is_a_fault(folder, text, reason):
    folders.write(folder, {"exam.yaml": text})
    assert problems(folder) == [("exam.yaml", 1, reason)]


def test_an_exam_that_is_no_plain_file_is_a_fault(folder):
    (folder / "exam.yaml").symlink_to(folder / "nowhere.yaml")
    reason = "this is not a plain file that can be read; links are not followed"
    assert problems(folder) == [("exam.yaml", 1, reason)]


FIXED = {
    "type": "numeric",
    "stem": "How many?",
    "formula": "fixed_number",
    "parameters": {"number": 12},
    "tolerance": {"percent": None, "absolute": 0},
    "solution": "There are {number}, that is {answer}.",
    "feedback": {"right": "Yes, {number}.", "wrong": "No, {number}."},
    "mistakes": [],
}


@pytest.mark.parametrize("parameter", [12, {"min": 10, "max": 12, "step": 1}])
def test_a_number_that_is_not_worked_out_cannot_stand_in_its_stem(parameter):
    """It is the answer. Everything else may say it, because it is read after the release."""
    record = FIXED | {"parameters": {"number": parameter}}
    assert list(rules.faults(record)) == []
    assert list(rules.faults(record | {"stem": "Are there {number}?"})) == [
        ("stem", "{number} is the right answer: with the formula fixed_number it cannot stand here")
    ]
