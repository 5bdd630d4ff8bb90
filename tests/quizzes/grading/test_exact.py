"""Points are counted exactly, wherever a score is decided or read; results of the time before are put right once."""

import importlib
import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.apps import apps
from django.db import connection

from cto_course import preparing
from lessons.models import Competency
from notifications.models import Message
from progress import recording
from progress.models import LearningEvent, LessonState, UnitState
from quizzes import attempts, invariants
from quizzes.attempts import competencies
from quizzes.grading import in_force, runs
from quizzes.models import Attempt, GradingRun, ItemScore, QuestionVersion, Response
from quizzes.questions import scoring
from quizzes.regrading import difference, process, recounting
from tests import factories
from tests.quizzes.taking import sent, started, whole
from tests.tight import tight

NOW = factories.NOW
LATER = NOW + timedelta(days=3)


def pairs(course, key, count, **fields):
    """A published question of so many pairs: a–ra, b–rb and so on."""
    lefts = "abcdefgh"[:count]
    body = {
        "pairs": [
            {"key": left, "left": left, "right": f"r{left}", "right_key": f"r{left}", "feedback": "Why."}
            for left in lefts
        ],
        "extras": [],
        "misconception": "swaps the sides",
    }
    rendered = {
        "left": {left: left for left in lefts},
        "right": {f"r{left}": f"r{left}" for left in lefts},
        "feedback": dict.fromkeys(lefts, "Why."),
    }
    return factories.question(course, key, QuestionVersion.Type.MATCHING, body, rendered, **fields)


def asking(course, shares, **fields):
    """Questions, and answers to them in their order that are worth these fractions."""
    questions, answers = [], []
    for number, share in enumerate(map(Fraction, shares)):
        key = f"{fields.get('competency', 'X')}{number}"[-19:]
        if share.denominator == 1:
            questions.append(factories.single(course, key, **fields))
            answers.append("a" if share else "b")
        else:
            questions.append(pairs(course, key, share.denominator, **fields))
            answers.append({left: f"r{left}" for left in "abcdefgh"[: share.numerator]})
    return questions, answers


def broken():
    return {name for name, check in invariants.CHECKS if check()}


#: Fractions of the questions, pass mark, and (score, maximum, percent, passed).
EXAMPLES = [
    ([1] * 7 + ["1/3"] * 3, 80, ("8.00", "10.00", "80.00", True)),
    ([1] * 5 + ["1/6", "3/7", 0], 70, ("5.59", "8.00", "69.94", False)),
    ([1] * 38 + ["1/3"] * 3 + [0] * 11, 75, ("39.00", "52.00", "75.00", True)),
    ([1, "1/3"], Decimal("66.67"), ("1.33", "2.00", "66.66", False)),
]


@pytest.mark.parametrize(("shares", "mark", "wanted"), EXAMPLES)
def test_verdict_is_that_of_the_exact_sum(course, enrolment, check, shares, mark, wanted):
    questions, answers = asking(course, shares)
    factories.quiz(check.unit, questions, pass_percent=mark)
    attempt = sent(enrolment, check, *answers)
    got = (str(attempt.score), str(attempt.maximum), str(attempt.percent), attempt.passed)
    assert got == wanted
    state = UnitState.objects.get(unit=check.unit)
    assert (str(state.percent), state.state) == (wanted[2], "done" if wanted[3] else "started")
    assert str(LessonState.objects.get().percent) == wanted[2]
    assert broken() == set()


def test_every_page_says_the_same_of_three_thirds(course, enrolment, check, learner_client):
    questions, answers = asking(course, [1] * 7 + ["1/3"] * 3)
    factories.quiz(check.unit, questions, pass_percent=80)
    attempt = sent(enrolment, check, *answers)
    result = tight(learner_client.get(f"/cto/attempts/{attempt.uuid}/result/").text)
    assert '<span class="num">80</span> of 100.' in result
    assert "You passed; 80 was needed." in result
    assert '<td class="r num">8 of 10</td>' in result
    assert '<td class="r">80</td>' in learner_client.get(check.get_absolute_url()).text
    assert "Check: 80 of 100" in learner_client.get("/cto/lessons/1/").text


def test_floor_is_reached_by_the_exact_sum_of_a_competency(course, enrolment, check):
    money = Competency.objects.create(course=course, key="FIN", title="Money", levels=[""] * 5, position=2)
    one, answers = asking(course, [1, 1, 1])
    other, more = asking(course, ["5/6", "1/3", "1/3"], competency=money)
    factories.quiz(check.unit, one + other, pass_percent=60, floor_percent=50, feedback="score_only")
    attempt = sent(enrolment, check, *answers, *more)
    assert (attempt.score, attempt.passed) == (Decimal("4.50"), True)
    assert [(line.points, line.worth, line.meets_floor) for line in competencies.by_competency(attempt)] == [
        (Decimal(3), 3, True),
        (Decimal("1.50"), 3, True),
    ]
    assert broken() == set()


@pytest.mark.parametrize(
    ("third", "points", "of_money", "adds_up"), [(0, "5.66", "2.66", True), (1, "6.33", "2.66", False)]
)
def test_points_by_competency_are_cut_as_the_score_above_them_is(
    course, enrolment, check, learner_client, third, points, of_money, adds_up
):
    """2.67 stood under a score of 5.66. Where two are cut and do not add up the page says why."""
    money = Competency.objects.create(course=course, key="FIN", title="Money", levels=[""] * 5, position=2)
    one, answers = asking(course, [1, 1, 1, "2/3"] if third else [1, 1, 1])
    other, more = asking(course, [1, 1, "2/3"], competency=money)
    factories.quiz(check.unit, one + other, pass_percent=60, feedback="score_only")
    attempt = sent(enrolment, check, *answers, *more)
    page = tight(learner_client.get(f"/cto/attempts/{attempt.uuid}/result/").text)
    assert f'<span class="num">{points}</span> of' in page
    assert re.findall(r'<td class="r num">([^<]*)</td>', page)[1] == f"{of_money} of 3"
    assert ("these need not add up to the score above" in page) is not adds_up


def test_floor_is_missed_by_what_was_rounded_up(course, enrolment, check):
    """1/6 + 3/7 of 2 is 29.76%; 0.17 + 0.43 would be 30%."""
    money = Competency.objects.create(course=course, key="FIN", title="Money", levels=[""] * 5, position=2)
    one, answers = asking(course, [1, 1])
    other, more = asking(course, ["1/6", "3/7"], competency=money)
    factories.quiz(check.unit, one + other, pass_percent=10, floor_percent=Decimal("29.77"), feedback="score_only")
    attempt = sent(enrolment, check, *answers, *more)
    assert attempt.passed is False
    weak = competencies.by_competency(attempt)[1]
    assert (weak.points, weak.meets_floor, competencies.to_work_on([weak])) == (Decimal("0.59"), False, [weak])


def test_regrade_preview_and_its_application_count_exactly(course, enrolment, check):
    """Accepting a third "a" turns 7 + 3 × 1/3 of 10 into a pass at 80."""
    questions, answers = asking(course, [1] * 6 + [0] + ["1/3"] * 3)
    factories.quiz(check.unit, questions, pass_percent=80)
    attempt = sent(enrolment, check, *answers)
    assert (attempt.score, attempt.passed) == (Decimal(7), False)
    version = questions[6].versions.get()
    details = {"answers": ["b"]}
    (change,) = difference.preview(version, "accept", details).changes
    assert (change.score, change.maximum, change.passes, change.gained) == (Decimal(8), Decimal(10), True, True)
    ines = factories.user("Ines Duarte")
    regrade = process.decide(
        version=version, policy="accept", details=details, reason="Both are right.", by=ines, at=LATER
    )
    assert process.apply(regrade, at=LATER) == 0
    attempt.refresh_from_db()
    assert (attempt.score, attempt.percent, attempt.passed) == (Decimal(8), Decimal(80), True)
    assert "attempt 1: 7.00 of 10.00 points, now 8.00 of 10.00. You have passed." in Message.objects.get().text
    assert broken() == set()


def test_long_text_that_a_person_read_counts_by_its_steps(course, enrolment, check):
    """Two of three steps of 1 point, and a third beside it: 1 of 2 at 50%."""
    levels = ["No.", "Somewhat.", "Mostly.", "Yes."]
    rubric = {"points": 1, "criteria": [{"key": "a", "title": "Clear", "levels": levels}]}
    essay = factories.question(course, "L1", QuestionVersion.Type.LONG, rubric, {})
    third, answers = asking(course, ["1/3"])
    factories.quiz(check.unit, [essay, *third], pass_percent=50)
    attempt = sent(enrolment, check, "We buy.", *answers)
    item = attempt.items.get(question_version__type="long")
    readings = {item.pk: runs.Reading({"a": 3})}
    attempts.grade_again(attempt=attempt, reason=GradingRun.Reason.REVIEWED, at=LATER, readings=readings)
    attempt.refresh_from_db()
    assert (attempt.score, attempt.percent, attempt.passed) == (Decimal(1), Decimal(50), True)
    score = ItemScore.objects.get(item=item)
    assert (score.numerator, score.denominator, score.fraction, score.points) == (
        2,
        3,
        Decimal("0.6667"),
        Decimal("0.67"),
    )
    assert broken() == set()


def test_sections_to_reread_are_those_of_most_points_lost(course, enrolment, check):
    first, second = (unit for unit in course.lessons.get(number=1).units.order_by("position")[:2])
    questions = [pairs(course, f"P{n}", 3, unit=unit) for n, unit in enumerate([first, second, second, second])]
    factories.quiz(check.unit, questions)
    attempt = sent(enrolment, check, {}, *[{"a": "ra", "b": "rb"}] * 3)
    # Three thirds are as much as one whole: the earlier section comes first.
    assert in_force.to_reread(in_force.of_attempts([attempt.pk])[attempt.pk]) == [first.pk, second.pk]


# ---- The past --------------------------------------------------------------------------------------------------------


def as_it_was(enrolment, check, *answers, at=NOW):
    """A graded attempt as it was stored when the points of each item were rounded before they were added."""
    attempt = started(enrolment, check, *answers, at=at)
    scores, _through = runs.scored(attempt)
    run = GradingRun.objects.create(attempt=attempt, at=at, rounded=True)
    points, worth = Decimal(0), runs.maximum(scores)
    for score in scores:
        score.run, points = run, points + score.points
        score.save()
    passed = scoring.passes(score=points, maximum=worth, pass_percent=attempt.quiz_version.pass_percent)
    Attempt.objects.filter(pk=attempt.pk).update(
        state="graded", submitted_at=at, closed_by="learner", score=points, passed=passed
    )
    recording.record(
        enrolment=enrolment,
        unit=check.unit,
        kind=LearningEvent.Kind.QUIZ_GRADED,
        at=at,
        key=f"attempt:{attempt.uuid}:1",
        payload={
            "attempt": str(attempt.uuid),
            "number": attempt.number,
            "run": 1,
            "percent": str(scoring.percent(points, worth)),
            "passed": passed,
            "keep": "best",
        },
    )
    return whole(attempt)


def stored(attempt):
    attempt.refresh_from_db()
    numbers = tuple(map(str, (attempt.score, attempt.maximum, attempt.percent)))
    return (*numbers, attempt.passed, attempt.pass_kept, list(attempt.runs.order_by("number").values_list("reason")))


def test_attempt_that_missed_the_mark_by_rounding_has_passed(course, enrolment, check):
    questions, answers = asking(course, [1] * 7 + ["1/3"] * 3)
    factories.quiz(check.unit, questions, pass_percent=80)
    attempt = as_it_was(enrolment, check, *answers)
    assert stored(attempt) == ("7.99", "10.00", "None", False, False, [("closed",)])
    assert (attempt.shown_percent, UnitState.objects.get(unit=check.unit).state) == ("79", "started")
    assert recounting.finish(at=LATER) == 1
    after = ("8.00", "10.00", "80.00", True, False, [("closed",), ("recounted",)])
    assert stored(attempt) == after
    state = UnitState.objects.get(unit=check.unit)
    assert (state.state, state.percent, state.done_at) == ("done", Decimal(80), LATER)
    mail = Message.objects.get()
    assert (mail.user, mail.to) == (enrolment.user, enrolment.user.email)
    assert "attempt 1: 7.99 of 10.00 points, now 8.00 of 10.00. You have passed." in mail.text
    assert broken() == set()
    assert recounting.finish(at=LATER) == 0
    assert (stored(attempt), Message.objects.count()) == (after, 1)


def test_pass_that_rounding_gave_is_kept(course, enrolment, check):
    questions, answers = asking(course, [1] * 5 + ["1/6", "3/7", 0])
    factories.quiz(check.unit, questions, pass_percent=70)
    attempt = as_it_was(enrolment, check, *answers)
    assert stored(attempt) == ("5.60", "8.00", "None", True, False, [("closed",)])
    assert recounting.finish(at=LATER) == 1
    assert stored(attempt) == ("5.59", "8.00", "69.94", True, True, [("closed",), ("recounted",)])
    assert UnitState.objects.get(unit=check.unit).state == "done"
    assert "A pass that you had stays a pass." in Message.objects.get().text
    assert broken() == set()


def test_numbers_that_change_no_verdict_stay_as_they_were_told(course, enrolment, check):
    """Their pages, their facts and their tables go on saying one thing, and nobody gets a mail."""
    questions, answers = asking(course, [1] * 7 + ["1/3"] * 3)
    factories.quiz(check.unit, questions, pass_percent=60)
    attempt = as_it_was(enrolment, check, *answers)
    assert recounting.finish(at=LATER) == 0
    assert stored(attempt) == ("7.99", "10.00", "79.90", True, False, [("closed",)])
    assert (LearningEvent.objects.filter(kind="quiz_graded").count(), Message.objects.count()) == (1, 0)
    assert broken() == set()
    assert recounting.waiting().count() == 0


def test_one_mail_tells_a_person_of_all_their_attempts_and_nobody_else(course, cohort, enrolment, check):
    questions, answers = asking(course, [1] * 7 + ["1/3"] * 3)
    factories.quiz(check.unit, questions, pass_percent=80)
    twice = [as_it_was(enrolment, check, *answers, at=NOW + timedelta(hours=n)) for n in range(2)]
    other = factories.enrolment(cohort=cohort, user_=factories.user("Otto Other"))
    as_it_was(other, check, *["a"] * 7, *[{}] * 3)
    assert recounting.finish(at=LATER) == 2
    assert [stored(attempt)[3] for attempt in twice] == [True, True]
    mail = Message.objects.get()
    assert (mail.user, mail.text.count("now 8.00 of 10.00")) == (enrolment.user, 2)
    assert broken() == set()


def test_what_was_stopped_half_way_goes_on(course, cohort, enrolment, check):
    """The numbers of one chunk are written, then it stops; the next start finds the rest."""
    questions, answers = asking(course, [1] * 7 + ["1/3"] * 3)
    factories.quiz(check.unit, questions, pass_percent=80)
    places = [enrolment, *(factories.enrolment(cohort=cohort, user_=factories.user(f"P {n}")) for n in range(3))]
    made = [as_it_was(place, check, *answers) for place in places]
    recounting._correct(enrolment.user_id, [attempt.pk for attempt in made], LATER)
    assert [stored(attempt)[3] for attempt in made] == [True, False, False, False]
    assert recounting.finish(at=LATER) == 3
    assert [stored(attempt)[3] for attempt in made] == [True] * 4
    assert Message.objects.count() == 4


def test_who_cannot_be_graded_keeps_what_they_had_and_keeps_nobody_back(course, cohort, enrolment, check, caplog):
    """A long text that was scored without a reader, as a conversion from elsewhere may leave it."""
    questions, answers = asking(course, [1] * 7 + ["1/3"] * 3)
    rubric = {"points": 1, "criteria": [{"key": "a", "title": "Clear", "levels": ["No.", "Yes."]}]}
    essay = factories.question(course, "L1", QuestionVersion.Type.LONG, rubric, {})
    factories.quiz(check.unit, [*questions, essay], pass_percent=Decimal("72.7"))
    other = factories.enrolment(cohort=cohort, user_=factories.user("Otto Other"))
    stuck, free = (as_it_was(place, check, *answers) for place in (enrolment, other))
    text = Response.objects.filter(item__attempt=stuck, item__question_version__type="long")
    text.update(answer="We buy.", revision=1, saved_at=NOW)
    assert recounting.finish(at=LATER) == 1
    assert "could not be counted again" in caplog.text
    assert stored(free)[:4] == ("8.00", "11.00", "72.72", True)
    assert stored(stuck)[:4] == ("7.99", "11.00", "None", False)
    assert stuck.shown_percent == "72.6"


def test_preparing_counts_once_and_looks_at_an_index_afterwards(course, enrolment, check, django_assert_num_queries):
    questions, answers = asking(course, [1] * 7 + ["1/3"] * 3)
    factories.quiz(check.unit, questions, pass_percent=80)
    as_it_was(enrolment, check, *answers)
    assert preparing.results(at=LATER) == 1
    with django_assert_num_queries(1) as asked:
        assert preparing.results(at=LATER) == 0
    with connection.cursor() as cursor:
        plan = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(plan + asked[0]["sql"])
        assert "quizzes_to_be_recounted" in str(cursor.fetchall())


def test_four_decimals_name_the_fraction_that_was_meant():
    migration = importlib.import_module("quizzes.migrations.0009_fractions_of_the_past")
    shares = {Fraction(part, whole) for whole in range(1, 25) for part in range(whole + 1)}
    read = {share: Fraction(scoring.shown_fraction(share)) for share in shares}
    assert {share for share in shares if read[share].limit_denominator(migration.MOST_STEPS) != share} == set()


def test_fractions_of_the_past_are_filled_in(course, enrolment, check):
    migration = importlib.import_module("quizzes.migrations.0009_fractions_of_the_past")
    questions, answers = asking(course, [1, 0, "1/3", "5/6", "3/7"])
    factories.quiz(check.unit, questions)
    sent(enrolment, check, *answers)
    on_table = " ON quizzes_itemscore" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER quizzes_itemscore_frozen{on_table}")
    ItemScore.objects.update(numerator=0, denominator=1)
    migration.fill_fractions(apps, None)
    exact = list(ItemScore.objects.order_by("item__position").values_list("numerator", "denominator"))
    assert exact == [(1, 1), (0, 1), (1, 3), (5, 6), (3, 7)]
    assert broken() == set()
