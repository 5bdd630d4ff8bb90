"""The exam: what it draws, when it may be taken, what it tells, and how it stands in the files of a course."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

import lessons.content
from cohorts.models import Role
from lessons import versions
from lessons.content import ContentErrors
from lessons.linting.links import Site
from lessons.models import Competency, Unit, UnitVersion
from progress import recording
from progress.models import EnrolmentSummary, LearningEvent, UnitState
from quizzes import attempts, content
from quizzes.attempts import competencies as exam
from quizzes.content import blueprints, linting
from quizzes.models import (
    Attempt,
    AttemptItem,
    GradingRun,
    PoolMember,
    QuestionVersion,
    Quiz,
    QuizVersion,
    Regrade,
    Response,
    Slot,
)
from quizzes.questions import draw
from tests import factories, folders

COURSE = Path(__file__).resolve().parents[3] / "content" / "cto"
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
FRONT = "/cto/exam/"

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


def load(folder, *, at=AT):
    files = lessons.content.read(folder)
    questions = content.read(files)
    course, _changes = lessons.content.load(files, at=at)
    return course, content.load(questions, course=course, at=at)


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


def test_the_blueprint_of_the_course_meets_its_margins():
    record = content.read(lessons.content.read(COURSE)).exam.record
    assert list(linting.margin_gaps(record["blueprint"])) == []
    one_more = [*record["blueprint"][:-1], record["blueprint"][-1] | {"pick": 2}]
    assert list(linting.margin_gaps(one_more)) == [
        "the blueprint draws 5 for CHG, the exam asks for 4",
        "the blueprint draws 11 for evaluate, the exam asks for 10",
        "the blueprint draws 13 for scenarios, the exam asks for 12",
        "the blueprint draws 54 for points, the exam asks for 52",
    ]


# ---- Taking it -------------------------------------------------------------------------------------------------------


@pytest.fixture
def final(course):
    """An exam of 4 + 4 questions at the end of lesson 2; those of a competency are worth 4 points."""
    fin = Competency.objects.create(course=course, key="FIN", title="Financial literacy", position=1, levels=[""] * 5)
    lesson = course.lessons.get(number=2)
    unit = factories.unit(lesson, "exam", position=4, kind=Unit.Kind.QUIZ, required=False, title="The exam", minutes=60)
    for key, competencies in (("money", ["FIN"]), ("both", ["STR", "FIN"]), ("role", ["STR"])):
        factories.unit(lesson, key, position=2, competencies=competencies, required=False)
    made = Quiz.objects.create(unit=unit, purpose=Quiz.Purpose.EXAM)
    draft = QuizVersion.objects.create(quiz=made, number=1, **RULES)
    for position, competency in enumerate((course.competencies.get(key="STR"), fin), 1):
        slot = Slot.objects.create(quiz_version=draft, position=position, pick=4)
        for place in range(1, 9):
            question = factories.single(course, f"E.{competency.key}.0{place}", competency=competency)
            PoolMember.objects.create(slot=slot, question=question, position=place)
    versions.publish(draft, at=factories.NOW)
    return made


RULES = {
    "pass_percent": 75,
    "floor_percent": 50,
    "attempts_allowed": 2,
    "cool_down_minutes": 2880,
    "time_limit_minutes": 60,
    "learner_sets_time": True,
    "requires_checks": True,
    "feedback": "score_only",
}


@pytest.fixture
def ready(enrolment, final):
    """The learner has passed the check of the course."""
    recording.record(
        enrolment=enrolment,
        unit=Unit.objects.get(key="check"),
        kind=LearningEvent.Kind.QUIZ_GRADED,
        at=factories.NOW,
        key="attempt:check:1",
        payload={"percent": "100", "passed": True},
        seen_at=factories.NOW,
    )
    return enrolment


def take(enrolment, quiz, *, right, at):
    """An attempt with so many right answers in each competency, by its key; the rest has no answer."""
    attempt = attempts.start(enrolment=enrolment, quiz=quiz, at=at)
    left = dict(right)
    for item in AttemptItem.objects.filter(attempt=attempt).select_related("question_version__competency"):
        key = item.question_version.competency.key
        if left.get(key, 0) > 0:
            left[key] -= 1
            Response.objects.filter(item=item).update(answer="a", revision=1, saved_at=at)
    return attempts.close(attempt=attempt, as_of=at, by=Attempt.ClosedBy.LEARNER)


def text_of(response):
    return " ".join(response.text.split())


def result(client, attempt):
    response = client.get(f"/cto/attempts/{attempt.uuid}/result/")
    assert response.status_code == 200
    return text_of(response)


def test_front_names_the_checks_that_are_missing(learner_client, final):
    page = text_of(learner_client.get(FRONT))
    assert "8 questions." in page
    assert '<li><a href="/cto/lessons/1/check/">Lesson 1: Check what stayed</a></li>' in page
    assert "One check has to be passed first." in page
    assert "Start the exam" not in page
    # A name that says which lesson it is of is not given the lesson a second time.
    held = UnitVersion.objects.get(title="Check what stayed", state=UnitVersion.State.CURRENT)
    anew = UnitVersion.objects.create(
        unit=held.unit, number=held.number + 1, title="Lesson 1 check", minutes=held.minutes, required=True
    )
    versions.publish(anew, at=factories.NOW)
    assert '<li><a href="/cto/lessons/1/check/">Lesson 1 check</a></li>' in text_of(learner_client.get(FRONT))
    response = learner_client.post(f"{FRONT}start/", follow=True)
    assert "One check has to be passed first." in text_of(response)
    assert not Attempt.objects.exists()


def test_only_required_checks_of_today_count(learner_client, final, course):
    """A further quiz that is not required, and one that was required in an earlier version, hold nobody up."""
    lesson = course.lessons.get(number=1)
    factories.unit(lesson, "extra", position=8, kind=Unit.Kind.QUIZ, required=False)
    once = factories.unit(lesson, "once", position=9, kind=Unit.Kind.QUIZ, required=True)
    for number in (2, 3):
        newer = UnitVersion.objects.create(unit=once, number=number, title="Once", required=False)
        versions.publish(newer, at=factories.NOW)
    check = Unit.objects.get(key="check")
    again = UnitVersion.objects.create(unit=check, number=2, title="Check what stayed", required=True)
    versions.publish(again, at=factories.NOW)
    assert "One check has to be passed first." in text_of(learner_client.get(FRONT))


def test_front_and_start_with_a_choice_of_time(learner_client, ready):
    page = text_of(learner_client.get(FRONT))
    assert "<title>The exam · Chief Technology Officer" in page
    assert "Between two attempts you wait 2 days." in page
    assert "In each competency you need at least 50 of 100." in page
    assert 'action="/cto/exam/start/"' in page
    response = learner_client.post(f"{FRONT}start/", {"time": "2"})
    attempt = Attempt.objects.get()
    assert response.url == f"/cto/attempts/{attempt.uuid}/"
    page = text_of(learner_client.get(response.url))
    assert f'href="{FRONT}"' in page
    assert "Continue the exam" in text_of(learner_client.get(FRONT))


def test_start_by_link_leads_to_the_front(learner_client, ready):
    response = learner_client.get(f"{FRONT}start/")
    assert (response.status_code, response.url, Attempt.objects.count()) == (302, FRONT, 0)


def test_result_of_a_pass_says_points_and_competencies_and_nothing_of_the_questions(learner_client, ready, final):
    attempt = take(ready, final, right={"STR": 4, "FIN": 2}, at=timezone.now())
    page = result(learner_client, attempt)
    assert '<span class="num">6</span> of 8 points, 75%.' in page
    assert 'You passed.</h1> <p class="lede">75% and half of the points in every competency were needed.</p>' in page
    shown = [(line.key, line.points, line.worth, line.meets_floor) for line in exam.by_competency(attempt)]
    assert shown == [("STR", 4, 4, True), ("FIN", 2, 4, True)]
    assert (page.count("> reached <"), page.count("not reached")) == (0, 0)
    assert page.count("<td>reached</td>") == 2
    for hidden in ("Right one", "What is E.", "Question by question", "Your study plan", "swap"):
        assert hidden not in page
    assert UnitState.objects.get(unit=final.unit).state == "done"
    assert "Go to your course" in page


def test_result_leads_to_the_attempt_that_is_open(learner_client, ready, final):
    """It is the last one allowed: nobody is sent away while it runs."""
    now = timezone.now()
    first = take(ready, final, right={"STR": 4}, at=now - timedelta(days=3))
    assert "Continue the exam" not in result(learner_client, first)
    second = attempts.start(enrolment=ready, quiz=final, at=now)
    page = result(learner_client, first)
    assert f'href="/cto/attempts/{second.uuid}/">Continue the exam' in page
    assert "Attempt 2 is open." in page
    assert "You have used all your attempts" not in page
    attempts.close(attempt=second, as_of=now, by=Attempt.ClosedBy.LEARNER)
    page = result(learner_client, first)
    assert "Continue the exam" not in page
    assert "You have used all your attempts" in page


def test_enough_points_in_all_and_too_few_in_one_competency_fail(learner_client, ready, final, course):
    """The floor: 5 of 8 would be enough for a mark of 60, but one competency has 1 of 4."""
    draft = QuizVersion.objects.get(quiz=final)
    slots = list(draft.slots.all())
    newer = QuizVersion.objects.create(quiz=final, number=2, **RULES | {"pass_percent": 60})
    for slot in slots:
        members = list(slot.members.all())
        slot.pk, slot.quiz_version = None, newer
        slot.save()
        for member in members:
            PoolMember.objects.create(slot=slot, question=member.question, position=member.position)
    versions.publish(newer, at=factories.NOW)
    attempt = take(ready, final, right={"STR": 4, "FIN": 1}, at=timezone.now())
    page = result(learner_client, attempt)
    assert (
        'You did not pass.</h1> <p class="lede">60% and half of the points in every competency were needed.</p>' in page
    )
    assert (page.count("<td>reached</td>"), page.count("not reached")) == (1, 1)
    plan = page[page.index("Your study plan") :]
    assert "Financial literacy" in plan
    assert "Business and strategic thinking" not in plan
    assert 'href="/cto/lessons/2/money/"' in plan
    assert "/cto/lessons/2/both/" not in plan
    assert UnitState.objects.get(unit=final.unit).state == "started"


def test_after_the_first_failure_the_wait_is_told_and_the_draw_is_new(learner_client, ready, final):
    first = take(ready, final, right={}, at=timezone.now())
    page = result(learner_client, first)
    assert "You can try again from" in page
    assert "You have used all your attempts" not in page
    plan = f'<a href="/cto/attempts/{first.uuid}/result/">Your study plan</a> shows what to go over before'
    assert plan in text_of(learner_client.get(FRONT))
    early = learner_client.post(f"{FRONT}start/", {"time": "1"}, follow=True)
    assert "You can try again from" in text_of(early)
    at = timezone.now() + timedelta(minutes=2881)
    second = attempts.start(enrolment=ready, quiz=final, at=at)
    asked = [set(each.items.values_list("question_version__question", flat=True)) for each in (first, second)]
    assert not asked[0] & asked[1]
    assert [len(each) for each in asked] == [8, 8]


def test_after_the_last_failure_the_manager_is_named(learner_client, ready, final, cohort):
    factories.manager(factories.cohort(cohort.course, open_to_all=False), "Somebody Else")
    factories.manager(cohort, "Marta Silva")
    coach = factories.user("Carl Coach")
    Role.objects.create(cohort=cohort, user=coach, kind=Role.Kind.COACH)
    start = timezone.now() - timedelta(days=9)
    take(ready, final, right={}, at=start)
    last = take(ready, final, right={"STR": 4}, at=start + timedelta(days=3))
    page = result(learner_client, last)
    assert "then ask Marta Silva, who manages your cohort and can grant you another attempt." in page
    assert "Somebody Else" not in page
    assert "Carl Coach" not in page
    assert "Financial literacy" in page[page.index("Your study plan") :]
    assert "shows what to go over, and whom to ask for another attempt." in text_of(learner_client.get(FRONT))
    attempts.extend(enrolment=ready, quiz=final, by=factories.user(), reason="Read it all again.", at=start, attempts=1)
    assert "Start a new attempt" in text_of(learner_client.get(FRONT))


def test_a_cohort_without_a_manager_says_so(learner_client, ready, final):
    start = timezone.now() - timedelta(days=9)
    for days in (0, 3):
        last = take(ready, final, right={}, at=start + timedelta(days=days))
    assert "then ask whoever invited you to the course" in result(learner_client, last)


def test_passing_after_failing_leaves_no_study_plan_on_the_front(learner_client, ready, final):
    start = timezone.now() - timedelta(days=9)
    take(ready, final, right={}, at=start)
    take(ready, final, right={"STR": 4, "FIN": 4}, at=start + timedelta(days=3))
    page = text_of(learner_client.get(FRONT))
    assert "Your study plan" not in page
    assert "You have used all your attempts" in page


def test_points_of_one_question_are_not_a_competency(ready, final, course):
    """They would be the verdict on that question, which a quiz that shows the score only does not tell."""
    attempt, by = take(ready, final, right={"STR": 4}, at=timezone.now()), factories.user()
    assert [line.key for line in exam.by_competency(attempt)] == ["STR", "FIN"]
    for item in list(attempt.items.filter(question_version__competency__key="FIN"))[1:]:
        Regrade.objects.create(question_version=item.question_version, policy="drop", reason="Unclear.", decided_by=by)
    attempts.grade_again(attempt=attempt, reason=GradingRun.Reason.REGRADED, at=timezone.now())
    assert exam.by_competency(attempt) == []


# ---- Where it stands -------------------------------------------------------------------------------------------------


def test_the_exam_changes_nobodys_completion(ready, final, course):
    before = EnrolmentSummary.objects.get(enrolment=ready)
    take(ready, final, right={"STR": 4, "FIN": 4}, at=timezone.now())
    after = EnrolmentSummary.objects.get(enrolment=ready)
    assert (before.units_done, before.units_required) == (after.units_done, after.units_required) == (1, 4)


def test_its_score_is_not_that_of_its_lesson(learner_client, ready, final):
    take(ready, final, right={"STR": 4, "FIN": 3}, at=timezone.now())
    assert "Check: 87" not in text_of(learner_client.get("/cto/lessons/2/"))
    assert "Check: 87" not in text_of(learner_client.get("/cto/home/"))


def test_the_outline_and_the_lesson_lead_to_the_exam(learner_client, ready):
    for page in ("/cto/lessons/2/", "/cto/lessons/2/third/", "/cto/lessons/"):
        assert 'href="/cto/lessons/2/check/exam/"' in learner_client.get(page).text
    for address in ("/cto/lessons/2/check/exam/", "/cto/lessons/2/exam/"):
        assert learner_client.get(address, follow=True).redirect_chain[-1] == (FRONT, 302)


def test_two_checks_in_one_lesson_have_a_front_each(learner_client, course):
    lesson = course.lessons.get(number=1)
    unit = factories.unit(lesson, "second-check", position=4, kind=Unit.Kind.QUIZ, title="One more check")
    second = factories.quiz(unit, [factories.single(course, "Q9.01", lesson=lesson)])
    address = "/cto/lessons/1/check/second-check/"
    assert f'href="{address}"' in learner_client.get("/cto/lessons/1/").text
    assert "<h1>Check what stayed</h1>" in learner_client.get("/cto/lessons/1/check/").text
    page = learner_client.get(address).text
    assert "<h1>One more check</h1>" in page
    assert f'action="{address}start/"' in page
    learner_client.post(f"{address}start/")
    attempt = Attempt.objects.get()
    assert attempt.quiz == second
    assert f'href="{address}"' in learner_client.get(f"/cto/attempts/{attempt.uuid}/").text
    assert learner_client.get(f"{address}start/").url == address


def test_home_and_lessons_name_the_exam_once_the_checks_are_passed(learner_client, final):
    for page in ("/cto/home/", "/cto/lessons/"):
        assert 'href="/cto/exam/"' not in learner_client.get(page).text


def test_home_and_lessons_name_the_exam(learner_client, ready, final):
    for page in ("/cto/home/", "/cto/lessons/"):
        assert 'You have passed every check. <a href="/cto/exam/">The exam</a>' in text_of(learner_client.get(page))
    take(ready, final, right={"STR": 4, "FIN": 3}, at=timezone.now())
    for page in ("/cto/home/", "/cto/lessons/"):
        assert "You have passed the exam with 87 of 100." in text_of(learner_client.get(page))


def test_a_course_without_an_exam_has_no_such_page(learner_client, ready, final, course):
    Unit.objects.filter(key="exam").update(retired_at=factories.NOW)
    assert learner_client.get(FRONT).status_code == 404
    assert learner_client.post(f"{FRONT}start/").status_code == 404
    assert "exam/" not in learner_client.get("/cto/home/").text


def test_only_who_learns_in_the_course_sees_it(client, client_of, final, ready):
    assert client.get(FRONT).url == f"/accounts/login/?next={FRONT}"
    outside = client_of(factories.user("Stranger Danger"))
    for response in (outside.get(FRONT), outside.post(f"{FRONT}start/")):
        assert (response.status_code, response.url) == (302, "/cto/")
    assert not Attempt.objects.exists()


def test_results_of_others_are_not_found(client_of, ready, final, cohort):
    attempt = take(ready, final, right={}, at=timezone.now())
    other = client_of(factories.enrolment(cohort).user)
    assert other.get(f"/cto/attempts/{attempt.uuid}/result/").status_code == 404


def test_queries_of_the_exam_pages(learner_client, ready, final, django_assert_max_num_queries):
    start = timezone.now() - timedelta(days=9)
    for days in (0, 3):
        last = take(ready, final, right={}, at=start + timedelta(days=days))
    result(learner_client, last)
    with django_assert_max_num_queries(10):
        learner_client.get(FRONT)
    with django_assert_max_num_queries(10):
        result(learner_client, last)


def test_the_admin_says_in_words_what_a_cell_draws_from(client_of, course):
    """A cell of a blueprint, and a slot whose questions were named."""
    lesson_quiz = QuizVersion.objects.filter(state="current").first()
    draft = QuizVersion.objects.create(quiz=lesson_quiz.quiz, number=9)
    cell = {"competency": "STR", "bloom": ["remember", "apply"], "scenario": False}
    Slot.objects.create(quiz_version=draft, position=1, pick=1, criteria=cell)
    Slot.objects.create(quiz_version=draft, position=2, pick=1, criteria=cell | {"scenario": True})
    Slot.objects.create(quiz_version=draft, position=3, pick=1)
    client = client_of(factories.user("Omar Haddad", is_staff=True, is_superuser=True))
    text = client.get(f"/manage/quizzes/quizversion/{draft.pk}/change/").text
    said = ["STR · remember, apply · no scenarios", "STR · remember, apply · scenarios", "named one by one"]
    assert [text.count(words) for words in said] == [1, 1, 2]  # the empty row below is named one by one as well
