"""The blueprint of an exam: what it draws, and its way between files, database and admin."""

import random
from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lessons.content
from lessons import versions
from lessons.content import ContentErrors
from lessons.linting.links import Site
from lessons.models import Unit, UnitVersion
from quizzes import content
from quizzes.content import blueprints, linting
from quizzes.models import (
    PoolMember,
    QuestionVersion,
    Quiz,
    QuizVersion,
    Slot,
)
from quizzes.questions import draw
from tests import folders
from tests.quizzes.loading import AT, LATER, load

COURSE = Path(__file__).resolve().parents[3] / "content" / "cto"
HEAD = """\
key: exam
title: The exam
minutes: 60
intro: All that you know.
pass_percent: 75
floor_percent: 50
attempts_allowed: 2
cool_down_minutes: 2880
time_limit_minutes: 60
learner_sets_time: true
requires_checks: true
keep: best
feedback: score_only
one_page: false
"""
CELLS = """\
blueprint:
- {competency: STR, bloom: [remember, understand], scenario: false, pick: 1}
- {competency: STR, bloom: [evaluate], scenario: true, pick: 1}
"""
EXAM = HEAD + CELLS + folders.EXAM
BY_HAND = HEAD + "slots:\n- {pick: 1, questions: [E.STR.02, E.STR.01]}\n" + folders.EXAM


# ---- What it draws ---------------------------------------------------------------------------------------------------


@cache
def of_the_course():
    """(slots of the exam of the course, its questions by id)."""
    record = content.read(lessons.content.read(COURSE)).exam.record
    return blueprints.slots(record), {question["id"]: question for question in record["questions"]}


def drawn(seed, had=()):
    slots, _questions = of_the_course()
    pools = [draw.Pool(slot["questions"], slot["pick"]) for slot in slots]
    return draw.questions(pools, had=Counter(had), rng=random.Random(seed))


@given(st.integers())
@settings(deadline=None)
def test_every_exam_meets_the_blueprint(seed):
    _slots, questions = of_the_course()
    asked = [questions[key] for key in drawn(seed)]
    levels = Counter({"remember": "understand"}.get(question["bloom"], question["bloom"]) for question in asked)
    scenarios = sum(question["type"] == "scenario" for question in asked)
    assert len({question["id"] for question in asked}) == len(asked) == 40
    assert Counter(question["competency"] for question in asked) == {
        "STR": 5,
        "FIN": 7,
        "TEC": 5,
        "REL": 6,
        "INN": 4,
        "PPL": 5,
        "INF": 4,
        "CHG": 4,
    }
    assert levels == {"understand": 8, "apply": 14, "analyse": 8, "evaluate": 10}
    assert (scenarios, len(asked) + scenarios) == (12, 52)


@given(st.integers())
@settings(deadline=None)
def test_the_second_attempt_asks_what_the_first_did_not(seed):
    """Every cell holds at least twice what is picked from it, so that even all forty are new."""
    first = drawn(seed)
    assert not set(first) & set(drawn(seed + 1, had=first))


@given(st.integers())
@settings(deadline=None)
def test_a_third_attempt_begins_again_with_what_was_asked_least(seed):
    first = drawn(seed)
    second = drawn(seed + 1, had=first)
    third = drawn(seed + 2, had=[*first, *second])
    assert (len(third), len(set(third))) == (40, 40)


def test_nothing_of_the_exam_is_asked_in_a_check():
    files = content.read(lessons.content.read(COURSE))
    checks = {question["id"] for quiz in files.quizzes for question in quiz.record["questions"]}
    assert not checks & set(of_the_course()[1])


# ---- In the files ----------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    return folders.write(tmp_path / "cto", {"exam.yaml": EXAM})


def cells():
    slots = Slot.objects.filter(quiz_version__quiz__purpose="exam", quiz_version__state="current")
    return [(slot.pick, slot.criteria, list(slot.members.values_list("question__key", flat=True))) for slot in slots]


@pytest.mark.django_db
def test_load_makes_the_exam_a_unit_of_the_last_lesson(folder):
    course, _changes = load(folder)
    quiz = Quiz.objects.select_related("unit__lesson").get(purpose=Quiz.Purpose.EXAM)
    text = UnitVersion.objects.get(unit=quiz.unit)
    rules = QuizVersion.objects.get(quiz=quiz)
    assert (quiz.unit.lesson.key, quiz.unit.key, quiz.unit.kind, quiz.unit.position) == ("two", "exam", "quiz", 4)
    assert (text.title, text.minutes, text.lede, text.required) == ("The exam", 60, "All that you know.", False)
    assert (rules.pass_percent, rules.floor_percent, rules.attempts_allowed, rules.cool_down_minutes) == (
        *(75, 50, 2),
        2880,
    )
    assert (rules.time_limit_minutes, rules.grace_seconds, rules.learner_sets_time, rules.requires_checks) == (
        *(60, 30),
        *(True, True),
    )
    assert cells() == [
        (
            1,
            {"competency": "STR", "bloom": ["remember", "understand"], "scenario": False},
            ["E.STR.01", "E.STR.02", "E.STR.06"],
        ),
        (1, {"competency": "STR", "bloom": ["evaluate"], "scenario": True}, ["E.STR.03"]),
    ]
    check = Quiz.objects.get(purpose=Quiz.Purpose.CHECK)
    assert (check.unit.key, UnitVersion.objects.get(unit=check.unit).required) == ("check", True)
    assert content.dump(course)["exam.yaml"] == EXAM
    assert load(folder, at=LATER)[1].total == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        BY_HAND,
        EXAM.replace("floor_percent: 50\n", "").replace("learner_sets_time: true\nrequires_checks: true\n", ""),
        EXAM.replace("floor_percent: 50", "floor_percent: 37.5"),
        EXAM.replace("time_limit_minutes: 60", "time_limit_minutes: 60\ngrace_seconds: 90"),
    ],
    ids=["by hand", "rules unsaid", "half points", "grace"],
)
def test_folder_to_database_to_folder_is_the_same(folder, text):
    folders.write(folder, {"exam.yaml": text})
    course, _changes = load(folder)
    assert content.dump(course)["exam.yaml"] == text
    assert load(folder, at=LATER)[1].total == 0


@pytest.mark.django_db
def test_an_exam_becomes_a_pool_and_an_exam_again(folder):
    load(folder)
    folders.write(folder, {"exam.yaml": folders.EXAM})
    course, changes = load(folder, at=LATER)
    unit = Unit.objects.get(key="exam")
    assert (unit.retired_at, changes.total) == (LATER, 1)
    assert content.dump(course)["exam.yaml"] == folders.EXAM
    folders.write(folder, {"exam.yaml": EXAM})
    load(folder, at=LATER)
    unit.refresh_from_db()
    assert unit.retired_at is None
    assert content.dump(course)["exam.yaml"] == EXAM


@pytest.mark.django_db
def test_a_question_that_changes_its_level_changes_the_draw(folder):
    load(folder)
    old = cells()
    folders.change(
        folder,
        "exam.yaml",
        "bloom: understand\n  sources: []\n  credit: right",
        "bloom: apply\n  sources: []\n  credit: right",
    )
    _course, changes = load(folder, at=LATER)
    assert [members for _pick, _criteria, members in cells()] == [["E.STR.01", "E.STR.06"], ["E.STR.03"]]
    past = Slot.objects.filter(quiz_version__quiz__purpose="exam", quiz_version__state="past").first()
    assert list(past.members.values_list("question__key", flat=True)) == old[0][2]
    assert changes.counts["quizzes"]["changed"] == 1


@pytest.mark.django_db
def test_a_draw_made_by_hand_in_the_admin_is_written_as_slots(folder):
    course, _changes = load(folder)
    published = QuizVersion.objects.get(quiz__purpose="exam")
    draft = QuizVersion.objects.get(pk=published.pk)
    draft.pk, draft.number, draft.state, draft.published_at = None, 2, "draft", None
    draft.save()
    slot = Slot.objects.create(quiz_version=draft, position=1, pick=1)
    for position, key in enumerate(("E.STR.02", "E.STR.01"), 1):
        PoolMember.objects.create(slot=slot, question=course.questions.get(key=key), position=position)
    versions.publish(draft, at=LATER)
    assert content.dump(course)["exam.yaml"] == BY_HAND


def published_anew(course, key, **changes):
    """A later version of a question, published in the admin after the exam."""
    version = QuestionVersion.objects.current().get(question__course=course, question__key=key)
    version.pk, version.number, version.state, version.published_at = None, version.number + 1, "draft", None
    for name, value in changes.items():
        setattr(version, name, value)
    version.save()
    versions.publish(version, at=LATER)


UNTIL = "when exam.yaml is loaded; until then the exam draws as it was published"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "bloom", "moves", "members"),
    [
        ("E.STR.02", "apply", "loses E.STR.02", ["E.STR.01", "E.STR.06"]),
        ("E.STR.04", "remember", "gains E.STR.04", ["E.STR.01", "E.STR.02", "E.STR.04", "E.STR.06"]),
    ],
)
def test_a_level_that_changes_in_the_admin_keeps_the_blueprint_and_is_said(folder, key, bloom, moves, members):
    course, _changes = load(folder)
    drawn_before = cells()
    assert content.remarks(course) == []
    published_anew(course, key, bloom=bloom)
    assert cells() == drawn_before
    dumped = content.dump(course)["exam.yaml"]
    assert dumped.startswith(HEAD + CELLS)
    assert content.remarks(course) == [f"exam.yaml: cell 1 of the blueprint {moves} {UNTIL}"]
    folders.write(folder, {"exam.yaml": dumped})
    assert load(folder, at=LATER)[1].counts["quizzes"]["changed"] == 1
    assert [held for _pick, _criteria, held in cells()] == [members, ["E.STR.03"]]
    assert (content.dump(course)["exam.yaml"], content.remarks(course)) == (dumped, [])


@pytest.mark.django_db
def test_a_question_that_is_written_in_the_admin_keeps_the_blueprint_and_is_said(folder):
    course, _changes = load(folder)
    question = course.questions.create(key="E.STR.07", position=7)
    written = QuestionVersion.objects.get(question__key="E.STR.01")
    written.pk, written.question, written.state, written.published_at = None, question, "draft", None
    written.save()
    assert content.remarks(course) == []
    versions.publish(written, at=LATER)
    assert content.dump(course)["exam.yaml"].startswith(HEAD + CELLS)
    assert content.remarks(course) == [f"exam.yaml: cell 1 of the blueprint gains E.STR.07 {UNTIL}"]


@pytest.mark.django_db
def test_a_cell_that_can_no_longer_be_filled_is_written_as_its_slot_and_said(folder):
    course, _changes = load(folder)
    published_anew(course, "E.STR.03", bloom="apply")
    assert "slots:\n- {pick: 1, questions: [E.STR.01, E.STR.02, E.STR.06]}\n" in content.dump(course)["exam.yaml"]
    assert content.remarks(course) == [
        "exam.yaml: its draw is written as slots, because its blueprint would make another one: cell 2 loses E.STR.03"
    ]


@pytest.mark.django_db
def test_a_cell_that_was_changed_by_hand_is_written_as_slots_and_said(folder):
    """Even where a question has changed since: what the author chose is not what the cell would."""
    course, _changes = load(folder)
    published = QuizVersion.objects.get(quiz__purpose="exam")
    slots = list(published.slots.all())
    draft = QuizVersion.objects.get(pk=published.pk)
    draft.pk, draft.number, draft.state, draft.published_at = None, 2, "draft", None
    draft.save()
    for slot in slots:
        copy = draft.slots.create(position=slot.position, pick=slot.pick, criteria=slot.criteria)
        for member in slot.members.exclude(question__key="E.STR.02"):
            copy.members.create(question=member.question, position=member.position)
    versions.publish(draft, at=AT + timedelta(days=1))
    said = "exam.yaml: its draw is written as slots, because its blueprint would make another one: cell 1 gains "
    assert content.remarks(course) == [f"{said}E.STR.02"]
    published_anew(course, "E.STR.04", bloom="remember")
    assert "slots:\n- {pick: 1, questions: [E.STR.01, E.STR.06]}\n" in content.dump(course)["exam.yaml"]
    assert content.remarks(course) == [f"{said}E.STR.02, E.STR.04"]


@pytest.mark.django_db
def test_when_it_is_open_is_left_to_the_admin(folder):
    load(folder)
    published = QuizVersion.objects.get(quiz__purpose="exam")
    draft = QuizVersion.objects.get(pk=published.pk)
    draft.pk, draft.number, draft.state, draft.published_at, draft.opens_at = None, 2, "draft", None, LATER
    draft.save()
    versions.publish(draft, at=AT)
    folders.change(folder, "exam.yaml", "pass_percent: 75", "pass_percent: 70")
    load(folder, at=LATER)
    newest = QuizVersion.objects.current().get(quiz__purpose="exam")
    assert (newest.number, newest.pass_percent, newest.opens_at) == (3, 70, LATER)


@pytest.mark.django_db
def test_the_exam_follows_to_a_new_last_lesson(folder):
    load(folder)
    unit = Unit.objects.get(key="exam")
    three = folders.LESSON_2.replace("key: two", "key: three")
    third = folders.THIRD.replace("key: third", "key: fourth")
    folders.write(folder, {"3-three/lesson.yaml": three, "3-three/1-fourth.md": third})
    folders.change(folder, "course.yaml", "- 2-two", "- 2-two\n- 3-three")
    load(folder, at=LATER)
    moved = Unit.objects.select_related("lesson").get(key="exam")
    assert (moved.pk, moved.lesson.key, moved.retired_at) == (unit.pk, "three", None)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (HEAD, HEAD.replace("keep: best\n", ""), "the field keep is missing"),
        ("key: exam", "key: final", "key: 'final' is not one of exam"),
        (CELLS, "", "give either blueprint or slots"),
        (CELLS, CELLS + "slots:\n- {questions: [E.STR.04]}\n", "give either blueprint or slots"),
        (CELLS, "slots:\n- {pick: 2, questions: [E.STR.01]}\n", "slots.1: 2 cannot be picked from 1"),
        ("competency: STR, bloom: [eval", "competency: FIN, bloom: [eval", "competency: there is no competency FIN"),
        ("true, pick: 1", "true, pick: 2", "blueprint.2: 2 cannot be picked from 1"),
        (
            CELLS,
            CELLS + "- {competency: STR, bloom: [apply, remember], scenario: false, pick: 1}\n",
            "blueprint.3: E.STR.01 is in cell 1 already",
        ),
    ],
)
def test_a_fault_in_the_exam(folder, old, new, reason):
    folders.change(folder, "exam.yaml", old, new)
    files = lessons.content.read(folder)
    content.read(files)
    assert reason in [problem.reason for problem in ContentErrors(files.report.problems).problems]


# ---- What check_course says ------------------------------------------------------------------------------------------


def gaps(folder):
    files = lessons.content.read(folder)
    return [problem.reason for problem in linting.faults(content.read(files), Site({}, lambda path: True))]


def test_a_cell_wants_twice_what_it_picks(folder):
    assert gaps(folder) == ["blueprint.2: has 1 to pick 1 from; a second attempt wants 2"]


def test_the_blueprint_of_the_course_is_that_of_its_curriculum():
    """Curriculum, section E: forty questions of eight competencies, twelve scenarios that count double."""
    cells = content.read(lessons.content.read(COURSE)).exam.record["blueprint"]
    assert linting.drawn(cells) == {"STR": 5, "FIN": 7, "TEC": 5, "REL": 6, "INN": 4, "PPL": 5, "INF": 4, "CHG": 4}
    levels, kinds = Counter(), Counter()
    for cell in cells:
        levels[tuple(cell["bloom"])] += cell["pick"]
        kinds[cell["scenario"]] += cell["pick"]
    assert levels == {("remember", "understand"): 8, ("apply",): 14, ("analyse",): 8, ("evaluate",): 10}
    assert (kinds[True], kinds[False] + 2 * kinds[True]) == (12, 52)
