"""A check and its questions from files into the database: versions, what vanishes and what returns."""

from decimal import Decimal

import pytest

import lessons.content
from lessons.content import ContentErrors
from lessons.models import Unit, UnitVersion
from quizzes import content
from quizzes.models import PoolMember, Question, QuestionVersion, Quiz, QuizVersion, Slot
from tests import factories, folders
from tests.quizzes.loading import AT, LATER, PATH, counts, load


@pytest.mark.django_db
def test_load_writes_the_quiz(folder):
    _course, changes = load(folder)
    assert counts(changes) == {"questions": {"new": 6}, "units": {"new": 1}, "quizzes": {"new": 1}}
    unit = Unit.objects.get(kind=Unit.Kind.QUIZ)
    assert (unit.lesson.key, unit.key, unit.position) == ("one", "check", 3)
    text = UnitVersion.objects.get(unit=unit)
    assert (text.title, text.minutes, text.lede, text.required, text.state) == (
        "Check what stayed",
        20,
        "Five questions.",
        True,
        "current",
    )
    version = QuizVersion.objects.get(quiz__unit=unit)
    assert (version.pass_percent, version.attempts_allowed, version.keep, version.feedback, version.state) == (
        Decimal("82.50"),
        None,
        "best",
        "after_close",
        "current",
    )
    assert [
        (slot.position, slot.pick, [member.question.key for member in slot.members.all()])
        for slot in version.slots.all()
    ] == [(1, None, ["Q1.02", "Q1.03"]), (2, 2, ["Q1.01", "Q1.04", "Q1.05", "Q1.06"])]
    assert list(Question.objects.order_by("position").values_list("key", "lesson__key", "position")) == [
        (f"Q1.0{number}", "one", number) for number in range(1, 7)
    ]
    single = QuestionVersion.objects.get(question__key="Q1.01")
    assert (single.type, single.competency.key, single.bloom, single.sources, single.unit.key) == (
        "single",
        "STR",
        "remember",
        ["R1"],
        "first",
    )
    assert QuestionVersion.objects.get(question__key="Q1.03").unit is None


@pytest.mark.django_db
def test_load_twice_changes_nothing(folder):
    load(folder)
    before = [
        list(model.objects.order_by("pk").values())
        for model in (QuestionVersion, QuizVersion, Slot, PoolMember, UnitVersion)
    ]
    _course, changes = load(folder, at=LATER)
    assert changes.total == 0
    assert counts(changes) == {
        "questions": {"unchanged": 6},
        "units": {"unchanged": 1},
        "quizzes": {"unchanged": 1},
    }
    after = [
        list(model.objects.order_by("pk").values())
        for model in (QuestionVersion, QuizVersion, Slot, PoolMember, UnitVersion)
    ]
    assert after == before


@pytest.mark.django_db
def test_load_asks_the_same_number_of_questions_for_any_size(folder, django_assert_num_queries):
    def again():
        files = lessons.content.read(folder)
        quizzes = content.read(files)
        course, _changes = lessons.content.load(files, at=AT)
        with django_assert_num_queries(18):
            content.load(quizzes, course=course, at=AT)

    load(folder)
    again()
    single = folders.QUIZ[folders.QUIZ.index("- id: Q1.01") : folders.QUIZ.index("- id: Q1.02")]
    more = "".join(single.replace("Q1.01", f"Q1.{number}") for number in range(10, 40))
    (folder / PATH).write_text(folders.QUIZ + more)
    load(folder)
    again()


@pytest.mark.django_db
def test_a_changed_question_becomes_a_new_version_of_itself_only(folder):
    load(folder)
    folders.change(folder, PATH, "stem: What is *it*?", "stem: What is *this*?")
    _course, changes = load(folder, at=LATER)
    assert counts(changes) == {
        "questions": {"changed": 1, "unchanged": 5},
        "units": {"unchanged": 1},
        "quizzes": {"unchanged": 1},
    }
    versions = QuestionVersion.objects.filter(question__key="Q1.01").order_by("number")
    assert list(versions.values_list("number", "state", "stem")) == [
        (1, "past", "What is *it*?"),
        (2, "current", "What is *this*?"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pass_percent: 82.5", "pass_percent: 80"),
        ("attempts_allowed: null", "attempts_allowed: 3"),
        ("one_page: false", "one_page: true"),
        ("{pick: 2, ", "{pick: 3, "),
        ("[Q1.02, Q1.03]", "[Q1.03, Q1.02]"),
    ],
)
def test_changed_rules_become_a_new_version_of_the_quiz(folder, old, new):
    load(folder)
    folders.change(folder, PATH, old, new)
    course, changes = load(folder, at=LATER)
    assert counts(changes) == {
        "questions": {"unchanged": 6},
        "units": {"unchanged": 1},
        "quizzes": {"changed": 1},
    }
    assert list(QuizVersion.objects.order_by("number").values_list("number", "state", "published_at")) == [
        (1, "past", AT),
        (2, "current", LATER),
    ]
    assert [slot.members.count() for slot in Slot.objects.order_by("quiz_version__number", "position")] == [2, 4, 2, 4]
    assert content.dump(course)[PATH] == (folder / PATH).read_text()


@pytest.mark.django_db
def test_a_changed_title_is_a_new_version_of_the_unit(folder):
    load(folder)
    folders.change(folder, PATH, "title: Check what stayed", "title: What stayed")
    _course, changes = load(folder, at=LATER)
    assert counts(changes) == {
        "questions": {"unchanged": 6},
        "units": {"changed": 1},
        "quizzes": {"unchanged": 1},
    }


@pytest.mark.django_db
def test_a_question_that_vanishes_retires_and_returns_with_its_records(folder):
    """Its quiz stays as it is: a slot without what is retired draws what it drew before."""
    course, _changes = load(folder)
    asked = Question.objects.get(key="Q1.06")
    enrolment = factories.enrolment(factories.cohort(course))
    quiz = Quiz.objects.get()
    attempt = enrolment.attempts.create(quiz=quiz, quiz_version=quiz.versions.get(), number=1, maximum=1)
    attempt.items.create(position=1, question_version=asked.versions.get())

    without = folders.QUIZ[: folders.QUIZ.index("- id: Q1.06")].replace(", Q1.06", "")
    (folder / PATH).write_text(without)
    _course, changes = load(folder, at=LATER)
    assert counts(changes) == {
        "questions": {"unchanged": 5, "retired": 1},
        "units": {"unchanged": 1},
        "quizzes": {"unchanged": 1},
    }
    asked.refresh_from_db()
    assert (asked.retired_at, attempt.items.get().question_version.question) == (LATER, asked)
    assert content.dump(course)[PATH] == without
    assert load(folder)[1].total == 0

    folders.write(folder)
    _course, changes = load(folder)
    assert counts(changes) == {
        "questions": {"unchanged": 6, "returned": 1},
        "units": {"unchanged": 1},
        "quizzes": {"unchanged": 1},
    }
    asked.refresh_from_db()
    assert (asked.retired_at, asked.versions.count()) == (None, 1)


@pytest.mark.django_db
def test_a_quiz_that_vanishes_retires_and_returns(folder):
    course, _changes = load(folder)
    (folder / PATH).unlink()
    _course, changes = load(folder, at=LATER)
    assert counts(changes) == {"questions": {"retired": 6}, "units": {"retired": 1}}
    assert content.dump(course) == {}
    folders.write(folder)
    _course, changes = load(folder)
    assert counts(changes) == {
        "questions": {"unchanged": 6, "returned": 6},
        "units": {"unchanged": 1, "returned": 1},
        "quizzes": {"unchanged": 1},
    }


@pytest.mark.django_db
def test_a_reading_does_not_become_a_quiz(folder):
    load(folder)
    (folder / PATH).unlink()
    folders.write(folder, {PATH: None, "1-one/3-check.md": folders.SECOND.replace("second", "check")})
    with pytest.raises(ContentErrors) as raised:
        load(folder)
    assert str(raised.value) == f"{folder}/1-one/3-check.md:2: key: check is a quiz already"
