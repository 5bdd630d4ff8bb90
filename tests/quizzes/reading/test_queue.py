"""Reading long texts: the queue, the form, what a reading leads to, and two readers at once."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from cto_course import rights
from lessons.models import Unit
from notifications.models import Message
from progress.models import LearningEvent, UnitState
from quizzes import attempts, invariants
from quizzes.grading import runs
from quizzes.models import Attempt, GradingRun, ItemScore, Regrade
from quizzes.reading import queue
from tests import factories
from tests.factories import NOW
from tests.tight import tight

QUEUE = "/manage/quizzes/attempt/reading/"
LATER = NOW + timedelta(days=3)


@pytest.fixture
def check(course):
    """A check of one choice (1) and two long texts (2, 3), worth 1, 5 and 3 points."""
    unit = Unit.objects.get(lesson__course=course, key="check")
    questions = [
        factories.single(course, "A"),
        factories.long(course, "L1"),
        factories.long(course, "L2", points=3, most_words=None),
    ]
    return factories.quiz(unit, questions, pass_percent=50)


def sent(enrolment, check, *texts, at=NOW):
    """An attempt with these texts as answers to questions 2 and 3, closed a minute later."""
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=at)
    for position, text in enumerate(texts, 2):
        item = attempt.items.select_related("attempt", "question_version", "response").get(position=position)
        attempts.save(item=item, answer=text, revision=0, at=at)
    return attempts.close(attempt=attempt, as_of=at + timedelta(minutes=1), by=Attempt.ClosedBy.LEARNER)


@pytest.fixture
def attempt(enrolment, check):
    return sent(enrolment, check, "First text.", "Second <text>.\n\nIts end.")


@pytest.fixture
def reader(course):
    person = factories.user("Ines Duarte", is_staff=True)
    person.groups.add(rights.instructors(at=NOW))
    return person


@pytest.fixture
def reader_client(client_of, reader):
    return client_of(reader)


def address(attempt):
    return f"{QUEUE}{attempt.uuid}/"


FORM = {
    "q2-level-a": "2",
    "q2-level-b": "2",
    "q2-comment": "Say where from.",
    "q3-level-a": "3",
    "q3-level-b": "1",
    "q3-comment": "",
}


#: The same with "q2-level-a" 1, in words.
CHOSEN = [
    "Question 2, Figures: No figure.",
    "Question 2, Brevity: Short.",
    "Question 3, Figures: A figure and its source.",
    "Question 3, Brevity: Long.",
]


def nothing_written(attempt):
    attempt.refresh_from_db()
    counts = [attempt.runs.count(), ItemScore.objects.count(), Message.objects.count()]
    return (attempt.state, attempt.score, counts) == ("awaiting", None, [0, 0, 0])


# ---- The queue -------------------------------------------------------------------------------------------------------


def test_queue_is_empty_in_words(reader_client):
    page = reader_client.get(QUEUE)
    assert page.status_code == 200
    assert "Nothing is waiting to be read." in page.text


def test_queue_has_what_waits_the_oldest_first_and_no_name(reader_client, cohort, check, attempt):
    newer = sent(factories.enrolment(cohort, factories.user("Yusuf Demir")), check, "A text.", at=LATER)
    sent(factories.enrolment(cohort, factories.user("Lena Vogt")), check)  # no long answer: graded at once
    attempts.start(enrolment=factories.enrolment(cohort, factories.user("Ada Bell")), quiz=check, at=NOW)
    page = reader_client.get(QUEUE)
    rows = page.context["rows"]
    assert [(row.pk, row.texts, row.title) for row in rows] == [
        (attempt.pk, 2, "Check what stayed"),
        (newer.pk, 1, "Check what stayed"),
    ]
    text = page.text
    for row in (newer, attempt):
        assert f"Learner {row.enrolment_id}" in text
        assert f'href="{address(row)}"' in text
    assert "Lesson 1: Check what stayed, attempt 1" in text
    assert "Self-paced" in text
    for name in ("Nadia", "Yusuf", "Lena", "Ada"):
        assert name not in text
    assert "without names" in text


def test_queue_is_linked_from_the_index_for_readers_only(client_of, reader, course):
    assert f'href="{QUEUE}"' in client_of(reader).get("/manage/").text
    author = factories.user("Ben Ode", is_staff=True)
    assert QUEUE not in client_of(author).get("/manage/").text


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_readers_come_in(client_of, client, learner, cohort, attempt, method):
    author = factories.user("Ben Ode", is_staff=True)
    author.user_permissions.add(Permission.objects.get(codename="view_attempt"))
    for person, outcome in ((author, 403), (learner, 302), (factories.manager(cohort), 302)):
        for path in (QUEUE, address(attempt)):
            response = getattr(client_of(person), method)(path, FORM)
            assert response.status_code == outcome, (person, path)
            assert "First text" not in response.text
    client.logout()
    for path in (QUEUE, address(attempt)):
        # What was typed is shown once more instead of being lost on the way to signing in.
        assert getattr(client, method)(path, FORM).status_code == (302 if method == "get" else 403)
    assert nothing_written(attempt)


def test_the_permission_alone_is_enough(client_of, attempt):
    person = factories.user("Ben Ode", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="add_gradingrun"))
    assert client_of(person).get(QUEUE).status_code == 200
    # It opens no record of a learner.
    assert client_of(person).get(reverse("admin:quizzes_attempt_changelist")).status_code == 403
    assert client_of(person).get(reverse("admin:quizzes_gradingrun_add")).status_code == 403


# ---- The form --------------------------------------------------------------------------------------------------------


def test_read_shows_texts_rubrics_and_model_answers_and_nothing_chosen(reader_client, attempt):
    page = reader_client.get(address(attempt)).text
    assert '<p class="answer">First text.</p>' in page
    assert '<p class="answer">Second &lt;text&gt;.\n\nIts end.</p>' in page
    assert "2 words, up to 200 were asked for" in tight(page)
    assert "<p>We lose €2m a year.</p>" in page
    assert page.count('type="radio"') == 10
    assert " checked" not in page
    assert "Nadia" not in page
    for level in ("No figure.", "One figure.", "A figure and its source.", "Long.", "Short."):
        assert page.count(level) == 2


def test_read_saves_scores_tells_progress_and_writes_one_mail(reader_client, reader, learner, attempt):
    response = reader_client.post(address(attempt), FORM, follow=True)
    assert response.redirect_chain == [(QUEUE, 302)]
    assert "Saved. The learner gets a mail." in response.text
    attempt.refresh_from_db()
    assert (attempt.state, attempt.score, attempt.maximum, attempt.passed) == ("graded", Decimal("5.33"), 9, True)
    run = attempt.runs.get()
    assert (run.number, run.reason, run.by) == (1, "reviewed", reader)
    assert list(
        run.scores.order_by("item__position").values_list("fraction", "points", "manual", "comment", "levels")
    ) == [
        (0, 0, False, "", {}),
        (Decimal("0.6667"), Decimal("3.33"), True, "Say where from.", {"a": 2, "b": 2}),
        (Decimal("0.6667"), Decimal("2.00"), True, "", {"a": 3, "b": 1}),
    ]
    assert UnitState.objects.get(enrolment=attempt.enrolment, unit__key="check").state == "done"
    assert LearningEvent.objects.get(kind="quiz_graded").payload["percent"] == "59.25"
    message = Message.objects.get()
    assert (message.to, message.user, message.subject, message.dedupe_key) == (
        learner.email,
        learner,
        "Your answers have been read: Check what stayed",
        f"attempt-read:{attempt.uuid}:1",
    )
    assert message.text.splitlines() == [
        "Dear Nadia Osei,",
        "",
        "A person has read your long answers in “Check what stayed”. The attempt now has its result:",
        "",
        f"http://127.0.0.1:8000/cto/attempts/{attempt.uuid}/result/",
    ]
    assert [found for _name, check in invariants.CHECKS for found in check()] == []


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({"q3-level-b": None}, ["Question 3, Brevity: Choose a level."]),
        ({"q2-level-a": "4"}, ["Question 2, Figures: Choose a level."]),
        ({"q2-level-a": "0", "q3-level-a": "x"}, ["Question 2, Figures:", "Question 3, Figures:"]),
        ({"q2-comment": "x" * 5_001}, ["Question 2, Comment: Ensure this value has at most 5000 characters"]),
        ({"q2-comment": "\0"}, ["Question 2, Comment: Null characters are not allowed."]),
        (dict.fromkeys(FORM), [f"Question {n}, {title}:" for n in (2, 3) for title in ("Figures", "Brevity")]),
    ],
)
def test_read_is_all_or_nothing_and_keeps_what_was_filled_in(reader_client, attempt, changed, problems):
    form = {name: value for name, value in (FORM | changed).items() if value is not None}
    page = reader_client.post(address(attempt), form)
    assert page.status_code == 200
    assert "<title>Error: " in page.text.replace("\n", "")
    for problem in problems:
        assert problem in page.text
    summary = page.text.split('id="there-is-a-problem"')[1].split("</ul>")[0]
    assert summary.count("<li>") == len(problems)
    for href in [part.split('"')[0] for part in summary.split('href="#')[1:]]:
        assert f'id="{href}"' in page.text
    assert page.text.count(" checked") == sum(
        value in ("1", "2", "3") for name, value in form.items() if "level" in name
    )
    if form.get("q2-comment") == FORM["q2-comment"]:
        assert "Say where from.</textarea>" in page.text
    assert nothing_written(attempt)


def test_read_ignores_texts_of_other_attempts_and_questions_that_are_not_long(reader_client, attempt):
    forged = FORM | {"q1-level-a": "3", "q1-comment": "Forged.", "q2-level-z": "1", "score": "9"}
    reader_client.post(address(attempt), forged)
    attempt.refresh_from_db()
    assert attempt.score == Decimal("5.33")
    assert not ItemScore.objects.filter(comment="Forged.").exists()


def test_a_text_without_an_answer_is_not_read_and_worth_nothing(reader_client, enrolment, check):
    attempt = sent(enrolment, check, "First text.")
    page = reader_client.get(address(attempt)).text
    assert page.count('type="radio"') == 5
    reader_client.post(address(attempt), {"q2-level-a": "3", "q2-level-b": "2"})
    assert list(ItemScore.objects.order_by("item__position").values_list("points", "manual")) == [
        (0, False),
        (5, True),
        (0, False),
    ]


def test_one_mail_is_written_and_greets_nobody_by_an_address(reader_client, learner, attempt):
    learner.name = ""
    learner.save()
    reader_client.post(address(attempt), FORM)
    reader_client.post(address(attempt), FORM)
    message = Message.objects.get()
    assert message.text.startswith("A person has read")


# ---- Two readers -----------------------------------------------------------------------------------------------------


def test_the_second_reader_is_told_and_overwrites_nothing(reader_client, attempt):
    reader_client.post(address(attempt), FORM)
    before = list(ItemScore.objects.values()) + list(GradingRun.objects.values())
    page = reader_client.post(address(attempt), FORM | {"q2-level-a": "1", "q3-comment": "My <view>."})
    assert page.status_code == 409
    assert "Somebody else has read it in the meantime" in page.text
    assert re.findall(r"<li>(Question .*?)</li>", page.text) == CHOSEN
    assert '<p class="answer">Say where from.</p>' in page.text
    assert '<p class="answer">My &lt;view&gt;.</p>' in page.text
    assert list(ItemScore.objects.values()) + list(GradingRun.objects.values()) == before
    assert Message.objects.count() == 1
    assert reader_client.get(address(attempt)).status_code == 409


def test_who_read_the_attempt_before_it_was_graded_comes_too_late(reader, attempt):
    """Both fetched the waiting attempt; one of them saves first."""
    first, second = queue.waiting().get(), queue.waiting().get()
    readings = {item.pk: runs.Reading({"a": 1, "b": 1}) for item in queue.to_read(first)}
    queue.give(attempt=first, readings=readings, by=reader, at=LATER)
    better = {pk: runs.Reading({"a": 3, "b": 2}) for pk in readings}
    with pytest.raises(queue.AlreadyRead):
        queue.give(attempt=second, readings=better, by=reader, at=LATER)
    attempt.refresh_from_db()
    assert (attempt.score, attempt.runs.count(), Message.objects.count()) == (0, 1, 1)


def test_give_without_a_reading_of_every_text_writes_nothing(reader, attempt):
    own = queue.waiting().get()
    [one, _other] = queue.to_read(own)
    with pytest.raises(runs.NotYet):
        queue.give(attempt=own, readings={one.pk: runs.Reading({"a": 1, "b": 1})}, by=reader, at=LATER)
    with pytest.raises(ValueError, match="one level of each criterion"):
        queue.give(attempt=own, readings={one.pk: runs.Reading({"a": 1})}, by=reader, at=LATER)
    assert nothing_written(attempt)


def test_an_open_attempt_is_not_read(reader_client, enrolment, check):
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    assert reader_client.get(address(attempt)).status_code == 409
    assert reader_client.post(address(attempt), FORM).status_code == 409
    attempt.refresh_from_db()
    assert attempt.state == "open"


# ---- With regrades ---------------------------------------------------------------------------------------------------


def regrade(attempt, position, policy, reader):
    version = attempt.items.get(position=position).question_version
    return Regrade.objects.create(question_version=version, policy=policy, reason="Two readings.", decided_by=reader)


def test_what_a_regrade_decided_needs_no_reader(reader_client, reader, attempt):
    regrade(attempt, 2, "full_credit", reader)
    page = reader_client.get(address(attempt)).text
    assert "Second &lt;text&gt;" in page
    assert "First text" not in page
    regrade(attempt, 3, "drop", reader)
    page = reader_client.get(address(attempt)).text
    assert "Nothing is left to read here" in page
    reader_client.post(address(attempt))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.score, attempt.maximum) == ("graded", 5, 6)


def test_a_later_run_keeps_what_the_reader_gave(reader_client, reader, attempt):
    reader_client.post(address(attempt), FORM)
    regrade(attempt, 1, "full_credit", reader)
    own = Attempt.objects.select_related("enrolment__course", "quiz__unit", "quiz_version").get()
    attempts.grade_again(attempt=own, reason="regraded", at=LATER, by=reader)
    scores = own.runs.get(number=2).scores.order_by("item__position")
    assert list(scores.values_list("points", "manual", "comment", "levels")) == [
        (1, False, "", {}),
        (Decimal("3.33"), True, "Say where from.", {"a": 2, "b": 2}),
        (2, True, "", {"a": 3, "b": 1}),
    ]


# ---- What it costs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 12])
def test_queries_do_not_grow(reader_client, cohort, check, count, django_assert_max_num_queries):
    for _n in range(count):
        attempt = sent(factories.enrolment(cohort), check, "First.", "Second.")
    with django_assert_max_num_queries(6):
        reader_client.get(QUEUE)
    with django_assert_max_num_queries(9):
        reader_client.get(address(attempt))


@pytest.mark.parametrize(
    ("feedback", "said"),
    [
        ("after_close", "Every answer is explained with it."),
        ("after_pass", "Then you see your score; every answer is explained when you have passed."),
        ("score_only", "Then you see your score and your points in each competency."),
    ],
)
def test_front_page_names_the_reader(client_of, course, enrolment, feedback, said):
    check = factories.quiz(
        Unit.objects.get(key="check"), [factories.single(course, "R1"), factories.long(course, "R2")], feedback=feedback
    )
    client = client_of(enrolment.user)
    reader = "A person reads your long answers; you get a mail when your result is there."
    for _before_and_while_it_is_open in range(2):
        page = " ".join(client.get(check.get_absolute_url()).text.split())
        assert f"{reader} {said}" in page
        assert "after you have sent them all" not in page
        attempts.start(enrolment=enrolment, quiz=check, at=NOW)
