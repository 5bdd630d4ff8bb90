"""What first answers say of questions and quizzes: which count, how they are told, and the words for them."""

import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse

from lessons import versions
from lessons.models import Lesson, Unit
from quizzes import attempts
from quizzes.analysis import report, statistics
from quizzes.analysis.report import Scope
from quizzes.analysis.statistics import Finding
from quizzes.models import (
    Attempt,
    GradingRun,
    ItemScore,
    Question,
    QuestionVersion,
    Quiz,
    Regrade,
    Response,
)
from tests import factories
from tests.quizzes import crowds
from tests.quizzes.analysed import LIST, NOW, TWENTY, counts, crowd, page_of, row_of
from tests.tight import tight


def run_again(attempt, fractions):
    """A later run of an attempt with these fractions, and the attempt's score after it."""
    run = GradingRun.objects.create(attempt=attempt, number=2, reason="regraded", at=NOW)
    for item, fraction in zip(attempt.items.order_by("position"), fractions, strict=True):
        ItemScore.objects.create(run=run, item=item, exact=Fraction(fraction), points=fraction, worth=1)
    Attempt.objects.filter(pk=attempt.pk).update(score=sum(fractions))


# ---- Which answers count -------------------------------------------------------------------------------------------


def test_numbers_of_twenty(cohort, rules, asked):
    """By hand, for the first: x̄ = 0.45, ȳ = 0.675, r = (4 − 20·0.45·0.675) ÷ √(4.95 · 2.1375) = −0.64."""
    crowd(cohort, rules, asked, *TWENTY)
    found = {row.version.question.key: (row.measured, row.findings, row.unused) for row in report.rows(Scope())}
    crossed, share = [Finding.CHECK_KEY, Finding.UNUSED], Decimal("0.45")
    assert found == {
        "Q1.01": (statistics.Item(20, share, share, Decimal("-0.64")), crossed, ["C"]),
        "Q1.02": (statistics.Item(20, share, share, Decimal("-0.55")), crossed, ["C"]),
        "Q1.03": (
            statistics.Item(20, Decimal("0.90"), Decimal("0.90"), Decimal("0.44")),
            [Finding.UNUSED],
            ["C"],
        ),
    }


def test_words_of_every_finding(cohort, rules, asked):
    crowd(cohort, rules, asked, *TWENTY)
    assert row_of("Q1.01").verdicts == [
        "Strong learners miss this more than weak ones: check the key",
        "Nobody falls for C: write another distractor",
    ]
    assert [report.sentence(finding, statistics.Item(12), ["B", "C"]) for finding in Finding] == [
        "Strong learners miss this more than weak ones: check the key",
        "Hardly anybody gets this right",
        "Nearly everybody gets this right",
        "It does not tell strong from weak",
        "Nobody falls for B, C: write other distractors",
        "Works",
        "12 answers so far. A verdict needs 20.",
        "Dropped: it does not count",
    ]


def test_nineteen_answers_are_no_verdict(cohort, rules, asked):
    crowd(cohort, rules, asked, *TWENTY[:19])
    assert row_of("Q1.01").verdicts == ["19 answers so far. A verdict needs 20."]


def test_every_learner_counts_once_with_the_first_answer(cohort, rules, asked):
    people = crowds.learners(cohort, 6)
    crowds.graded(rules, people, asked, [["b", "b", "b"]] * 6, at=NOW)
    crowds.graded(rules, people, asked, [["a", "a", "a"]] * 6, at=NOW + timedelta(days=1), number=2)
    found = page_of(asked[0])
    assert found.row.measured == statistics.Item(6, Decimal(0), Decimal(0), None)
    assert counts(found) == {"A": ("right", 0), "B": ("wrong", 6), "C": ("wrong", 0)}
    assert found.all_answers == 12


def test_the_same_person_in_another_cohort_is_no_new_learner(course, cohort, rules, asked):
    first = crowds.learners(cohort, 1)[0]
    crowds.graded(rules, [first], asked, [["b", "b", "b"]])
    first.state = "left"
    first.save()
    second = factories.enrolment(factories.cohort(course, open_to_all=False), first.user)
    crowds.graded(rules, [second], asked, [["a", "a", "a"]], at=NOW + timedelta(days=1))
    assert row_of("Q1.01").measured.answers == 1
    assert row_of("Q1.01").measured.right == 0


def test_a_new_wording_is_not_met_for_the_first_time_by_who_knew_the_old_one(cohort, rules, asked):
    people = crowds.learners(cohort, 5)
    crowds.graded(rules, people, asked, [["b", "b", "b"]] * 5)
    old = asked[0]
    new = QuestionVersion.objects.create(
        **{
            name: getattr(old, name)
            for name in ("question", "type", "competency", "bloom", "unit", "stem", "body", "rendered")
        },
        number=2,
    )
    versions.publish(new, at=NOW)
    again = [new, *asked[1:]]
    crowds.graded(rules, people, again, [["a", "a", "a"]] * 5, at=NOW + timedelta(days=1), number=2)
    crowds.graded(rules, crowds.learners(cohort, 3), again, [["a", "a", "a"]] * 3, at=NOW + timedelta(days=1))
    found = {
        row.version.number: row.measured.answers
        for row in report.rows(Scope(past=True))
        if "01" in str(row.version.question)
    }
    assert found == {1: 5, 2: 3}
    assert [row.version.number for row in report.rows(Scope()) if "01" in str(row.version.question)] == [2]


def test_open_voided_and_waiting_attempts_count_nowhere(cohort, rules, asked, operator):
    crowd(cohort, rules, asked, *["aaa"] * 5)
    nothing = {"score": None, "passed": None}
    crowd(cohort, rules, asked, "bbb", state="open", submitted_at=None, closed_by="", **nothing)
    crowd(cohort, rules, asked, "bbb", state="awaiting", **nothing)
    voided = {"voided_at": NOW, "voided_by": operator, "void_reason": "The power failed."}
    crowd(cohort, rules, asked, "bbb", state="voided", **voided)
    found = page_of(asked[0])
    assert (found.row.measured.answers, found.row.measured.right, found.all_answers) == (5, 1, 5)
    assert counts(found) == {"A": ("right", 5), "B": ("wrong", 0), "C": ("wrong", 0)}
    assert report.quiz(rules, Scope()).measured.attempts == 5


def test_only_the_newest_run_counts(cohort, rules, asked):
    made = crowd(cohort, rules, asked, *["bbb"] * 5)
    for attempt in made:
        run_again(attempt, [1, 1, 0])
    found = {row.version.question.key: row.measured for row in report.rows(Scope())}
    assert [found[key].right for key in ("Q1.01", "Q1.02", "Q1.03")] == [1, 1, 0]
    assert [found[key].answers for key in ("Q1.01", "Q1.02", "Q1.03")] == [5, 5, 5]
    assert report.quiz(rules, Scope()).measured.mean == Decimal("66.67")


def test_a_regrade_moves_the_key_and_a_dropped_question_counts_nowhere(cohort, check, rules, asked, operator):
    enrolments = crowds.learners(cohort, 6)
    for enrolment in enrolments:
        attempt = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
        for item in attempt.items.select_related("attempt", "question_version", "response"):
            attempts.save(item=item, answer="b", revision=0, at=NOW)
        attempts.close(attempt=Attempt.objects.get(pk=attempt.pk), as_of=NOW, by=Attempt.ClosedBy.LEARNER)
    one, two, three = asked
    told = {"reason": "Two were right.", "decided_by": operator}
    Regrade.objects.create(question_version=one, policy="accept", details={"answers": ["b"]}, **told)
    Regrade.objects.create(question_version=two, policy="drop", **told)
    Regrade.objects.create(question_version=three, policy="full_credit", **told)
    for attempt in Attempt.objects.select_related("enrolment__course", "quiz__unit", "quiz_version"):
        attempts.grade_again(attempt=attempt, reason=GradingRun.Reason.REGRADED, at=NOW, by=operator)
    found = {row.version.question.key: (row.measured.answers, row.measured.right) for row in report.rows(Scope())}
    assert found == {"Q1.01": (6, 1), "Q1.02": (0, None), "Q1.03": (6, 1)}
    assert row_of("Q1.02").verdicts == ["Dropped: it does not count"]
    assert counts(page_of(one)) == {"A": ("right", 0), "B": ("also", 6), "C": ("wrong", 0)}
    assert [line.misconception for line in page_of(one).lines] == ["", "", "guess"]
    assert counts(page_of(three)) == {"A": ("right", 0), "B": ("wrong", 6), "C": ("wrong", 0)}
    measured = report.quiz(rules, Scope()).measured
    assert (measured.attempts, measured.mean, measured.compared) == (6, Decimal(100), 6)


def test_scope_narrows_to_lesson_quiz_and_cohort(course, cohort, rules, asked):
    other = factories.cohort(course, open_to_all=False)
    crowd(cohort, rules, asked, *["aaa"] * 5)
    crowd(other, rules, asked, *["bbb"] * 6)
    factories.single(course, "E.01")
    two = Lesson.objects.get(number=2)
    unit = factories.unit(two, "check-2", position=2, kind=Unit.Kind.QUIZ)
    second = factories.quiz(unit, [factories.single(course, "Q2.01", lesson=two), Question.objects.get(key="Q1.01")])
    assert row_of("Q1.01", Scope(cohort=other.pk)).measured.right == 0
    assert row_of("Q1.01", Scope(cohort=cohort.pk)).measured.right == 1
    assert row_of("Q1.01").measured.answers == 11

    def keys(**scope):
        return [row.version.question.key for row in report.rows(Scope(**scope))]

    assert keys() == ["E.01", "Q1.01", "Q1.02", "Q1.03", "Q2.01"]
    assert keys(lesson=two.pk) == ["Q2.01"]
    assert keys(lesson=report.NO_LESSON) == ["E.01"]
    assert keys(quiz=second.pk) == ["Q1.01", "Q2.01"]
    assert row_of("Q1.01", Scope(quiz=second.pk)).measured.answers == 0


def test_order(cohort, rules, asked):
    crowd(cohort, rules, asked, *TWENTY)

    def keys(sort):
        return [row.version.question.key for row in report.in_order(report.rows(Scope()), sort=sort)]

    assert keys("seriousness") == ["Q1.01", "Q1.02", "Q1.03"]
    assert keys("-key") == ["Q1.03", "Q1.02", "Q1.01"]
    assert keys("-p") == ["Q1.03", "Q1.01", "Q1.02"]
    assert keys("-r") == ["Q1.03", "Q1.02", "Q1.01"]


# ---- What was answered ---------------------------------------------------------------------------------------------


def six(course, cohort, rows):
    quiz = factories.six_types(course)
    rules = quiz.versions.get(state="current")
    asked = [member.question.versions.get() for member in rules.slots.get().members.order_by("position")]
    crowds.graded(rules, crowds.learners(cohort, len(rows)), asked, rows)
    return dict(zip(factories.SIX_TYPES, asked, strict=True))


def test_every_type_is_counted(course, cohort):
    right = [answer for _build, answer, _partly, _wrong in factories.SIX_TYPES.values()]
    wrong = [answer for _build, _right, _partly, answer in factories.SIX_TYPES.values()]
    other = ["c", ["a"], "b", "77", None, None]
    asked = six(course, cohort, [right, right, wrong, wrong, other, other, [None] * 3 + ["12345"] + [None] * 2])
    found = {name: counts(page_of(version)) for name, version in asked.items()}
    assert found == {
        "single": {"A": ("right", 2), "B": ("wrong", 2), "C": ("wrong", 2), "No answer": ("", 1)},
        "multiple": {
            "A": ("right", 4),
            "B": ("wrong", 2),
            "C": ("right", 2),
            "D": ("right", 2),
            "E": ("wrong", 2),
            "No answer": ("", 1),
        },
        "scenario": {
            "A": ("wrong", 2),
            "B": ("acceptable", 2),
            "C": ("right", 2),
            "D": ("wrong", 0),
            "No answer": ("", 1),
        },
        "numeric": {
            "1,400 €k": ("right", 2),
            "2,400 €k": ("wrong", 2),
            "-200 €k".replace("-", "−"): ("wrong", 0),
            "77": ("wrong", 2),
            "Something else, each from one learner or few": ("wrong", 1),
        },
        "matching": {
            "Left a → Right r2": ("right", 2),
            "Left a → Right r4": ("wrong", 2),
            "Left b → Right r4": ("right", 2),
            "Left b → Right r2": ("wrong", 2),
            "Left c → Right r1": ("right", 2),
            "Left c → Right r3": ("wrong", 2),
            "No answer": ("", 3),
        },
        "ordering": {
            "Item c → Item a → Item d → Item b": ("right", 2),
            "Item a put before Item c": ("wrong", 2),
            "Item d put before Item a": ("wrong", 2),
            "Item b put before Item d": ("wrong", 2),
            "No answer": ("", 3),
        },
    }
    misconceptions = {line.misconception for name in asked for line in page_of(asked[name]).lines} - {""}
    assert misconceptions == {
        *("swap", "guess", "mistake a", "mistake b", "mistake d", "mistake e"),
        *("forgets the investment", "one year only", "activity"),
    }


@pytest.mark.parametrize(("name", "mistake"), [("matching", "swaps the sides"), ("ordering", "latest first")])
def test_a_mistake_of_the_whole_question_stands_at_no_answer(client_of, operator, course, name, mistake):
    """Which wrong order or swap it leads to is not known."""
    factories.six_types(course)
    version = QuestionVersion.objects.get(question__key=f"Q6.{name[:6]}")
    page = client_of(operator).get(reverse("admin:quizzes_question_analysis_item", args=[version.pk])).text
    page = tight(page)
    assert re.findall(rf"[^<>]*{mistake}[^<>]*", page) == [f"The question is known for this mistake: {mistake}."]


def test_a_text_that_only_one_learner_wrote_is_not_shown(course, cohort, operator):
    body = {
        "accepted": ["Lead time"],
        "mistakes": [{"text": "cycle time", "misconception": "mixes the two"}],
    }
    question = factories.question(course, "Q1.09", QuestionVersion.Type.SHORT, body, {"feedback": {}})
    rules = factories.quiz(Unit.objects.get(key="check"), [question]).versions.get(state="current")
    version = question.versions.get()
    said = ["lead time", "cycle time", "Cycle  time", "velocity", "Velocity", "my name is Crowd Person"]
    crowds.graded(rules, crowds.learners(cohort, 6), [version], [[text] for text in said])
    found = page_of(version)
    assert counts(found) == {
        "Lead time": ("right", 1),
        "cycle time": ("wrong", 2),
        "velocity": ("wrong", 2),
        "Something else, each from one learner or few": ("wrong", 1),
    }
    assert found.row.measured == statistics.Item(6, Decimal("0.17"), Decimal("0.17"), None)
    told = {"reason": "That is right too.", "decided_by": operator}
    Regrade.objects.create(question_version=version, policy="accept", details={"answers": ["Cycle time"]}, **told)
    assert list(counts(page_of(version)))[:2] == ["Lead time · Cycle time", "velocity"]


def test_long_texts_count_the_levels_that_readers_gave(course, cohort, operator):
    body = {"points": 3, "criteria": [{"key": "clear", "title": "Clarity", "levels": ["None.", "Some.", "Clear."]}]}
    rendered = {"criteria": {"clear": ["None.", "Some.", "Clear."]}, "model": "<p>Model.</p>"}
    question = factories.question(course, "Q1.09", QuestionVersion.Type.LONG, body, rendered)
    rules = factories.quiz(Unit.objects.get(key="check"), [question]).versions.get(state="current")
    version = question.versions.get()
    for level in (1, 2, 2, 3, 3):
        attempt = Attempt.objects.create(
            enrolment=crowds.learners(cohort, 1)[0],
            quiz_id=rules.quiz_id,
            quiz_version=rules,
            number=1,
            state="graded",
            submitted_at=NOW,
            score=Decimal(3) * (level - 1) / 2,
            maximum=3,
            passed=False,
        )
        item = attempt.items.create(position=1, question_version=version, points=3)
        Response.objects.create(item=item, answer="A text.", revision=1, saved_at=NOW)
        share = Decimal(level - 1) / 2
        run = GradingRun.objects.create(attempt=attempt, at=NOW, by=operator)
        run.scores.create(
            item=item, exact=Fraction(share), points=3 * share, worth=3, manual=True, levels={"clear": level}
        )
    found = page_of(version)
    assert {line.label: line.count for line in found.lines} == {
        "Clarity: None.": 1,
        "Clarity: Some.": 2,
        "Clarity: Clear.": 2,
    }
    assert found.row.measured == statistics.Item(5, Decimal("0.40"), Decimal("0.60"), None)


# ---- A quiz --------------------------------------------------------------------------------------------------------


def test_quiz_measures(cohort, rules, asked):
    crowd(cohort, rules, asked, *["aaa"] * 10, *["bbb"] * 10, minutes=12)
    crowd(cohort, rules, asked, "aaa", minutes=600, closed_by="deadline")
    found = report.quiz(rules, Scope())
    assert (found.minutes, found.sent) == (Decimal("12.0"), 20)
    assert found.verdict == "Another draw would rank these learners much the same"
    assert found.measured == statistics.Quiz(
        attempts=21,
        mean=Decimal("52.38"),
        deviation=Decimal("51.18"),
        passed=Decimal("0.52"),
        compared=21,
        reliability=Decimal("1.00"),
        dichotomous=True,
        error=Decimal("0.00"),
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "0 attempts so far that can be compared. A verdict needs 20."),
        (["aaa"], "1 attempt so far that can be compared. A verdict needs 20."),
        (["aab"] * 20, "Everybody has the same score: this check cannot tell anybody apart"),
        (TWENTY, "Another draw could rank these learners differently: read a score together with its error"),
    ],
)
def test_quiz_verdict_comes_before_the_numbers(instructor_client, cohort, rules, asked, rows, said):
    crowd(cohort, rules, asked, *rows)
    text = instructor_client.get(f"{LIST}quiz/{rules.pk}/").text
    assert text.index(said) < text.index("First attempts")


def test_alpha_with_scenarios_is_no_kr_20(course, cohort):
    right = [answer for _build, answer, _partly, _wrong in factories.SIX_TYPES.values()]
    wrong = [answer for _build, _right, _partly, answer in factories.SIX_TYPES.values()]
    six(course, cohort, [right, wrong, right, wrong, right])
    rules = Quiz.objects.get().versions.get(state="current")
    measured = report.quiz(rules, Scope()).measured
    assert (measured.attempts, measured.dichotomous, measured.mean) == (5, False, Decimal(60))


def test_attempts_with_fewer_places_are_not_compared(cohort, rules, asked):
    crowd(cohort, rules, asked, *["aaa", "bbb", "aab"])
    crowds.graded(rules, crowds.learners(cohort, 2), asked[:2], [["a", "b"], ["b", "b"]])
    measured = report.quiz(rules, Scope()).measured
    assert (measured.attempts, measured.compared) == (5, 3)
