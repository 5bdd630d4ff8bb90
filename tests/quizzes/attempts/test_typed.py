"""Short and long texts in a check: typed, saved, sent and explained."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from lessons.models import Unit
from quizzes import attempts
from quizzes.asking import presentation
from quizzes.grading import runs
from quizzes.models import Attempt, Response
from tests import factories
from tests.factories import NOW
from tests.quizzes.browsing import FRONT, JSON, address
from tests.tight import tight


@pytest.fixture
def check(course):
    """A check of a short text (1) and a long one (2), worth 1 and 5 points."""
    unit = Unit.objects.get(lesson__course=course, key="check")
    first = Unit.objects.get(lesson__course=course, key="first")
    return factories.quiz(
        unit, [factories.short(course, "S", unit=first), factories.long(course, "L", unit=first)], pass_percent=50
    )


@pytest.fixture
def attempt(learner_client, check):
    learner_client.post(f"{FRONT}start/")
    return Attempt.objects.get(state="open")


def send(client, attempt, position, answer, revision=0, **more):
    fields = {"question": position, f"q{position}-revision": revision, f"q{position}-answer": answer}
    return client.post(address("save", attempt), fields, **more)


def stored(attempt, position):
    return Response.objects.get(item__attempt=attempt, item__position=position)


TEXT = "We lose <b>€2m</b>.\r\n\r\nA year."
KEPT = "We lose <b>€2m</b>.\n\nA year."
SHOWN = "We lose &lt;b&gt;€2m&lt;/b&gt;.\n\nA year."


def test_the_fields_show_what_is_stored(learner_client, attempt):
    page = tight(learner_client.get(f"{address('attempt', attempt)}?q=1").text)
    assert '<input class="form-control" type="text"' in page
    assert send(learner_client, attempt, 1, " Lead Time").status_code == 302
    assert 'value="Lead Time"' in learner_client.get(f"{address('attempt', attempt)}?q=1").text
    page = learner_client.get(f"{address('attempt', attempt)}?q=2").text
    assert "Up to 200 words." in page
    assert "A person reads it." in page
    send(learner_client, attempt, 2, TEXT)
    page = learner_client.get(f"{address('attempt', attempt)}?q=2").text
    assert f">\n{SHOWN}</textarea>" in page
    assert '<span class="num" data-words>5</span>' in page
    assert "data-over hidden>" in page
    assert stored(attempt, 2).answer == KEPT


def test_more_words_than_asked_for_are_saved_and_said(learner_client, attempt):
    assert send(learner_client, attempt, 2, "word " * 201, headers=JSON).status_code == 200
    page = learner_client.get(f"{address('attempt', attempt)}?q=2").text
    assert "data-words>201</span>" in page
    assert "data-over>That is more than was asked for." in tight(page)


@pytest.mark.parametrize(("position", "answer"), [(1, "x" * 201), (2, "é" * 20_001)])
def test_a_text_that_is_refused_stays_in_its_field(learner_client, attempt, position, answer):
    page = send(learner_client, attempt, position, answer)
    assert page.status_code == 400
    assert answer in page.text
    assert "Shorten it, nothing of it is lost." in page.text
    assert 'is-invalid" aria-invalid="true"' in tight(page.text)
    assert stored(attempt, position).revision == 0


def test_two_windows_see_both_long_texts_line_by_line_and_either_can_stay(learner_client, attempt):
    send(learner_client, attempt, 2, "The other window.\n\nIts end.")
    page = send(learner_client, attempt, 2, TEXT)
    assert page.status_code == 409
    assert '<p class="answer">The other window.\n\nIts end.</p>' in page.text
    assert f'<p class="answer">{SHOWN}</p>' in page.text
    assert f'<input type="hidden" name="q2-answer" value="{SHOWN}">' in page.text
    assert send(learner_client, attempt, 2, KEPT, revision=1).status_code == 302
    assert stored(attempt, 2).answer == KEPT


def test_a_stale_answer_on_a_page_of_many_keeps_no_other_from_being_saved(learner_client, attempt):
    send(learner_client, attempt, 1, "velocity")
    fields = {"question": [1, 2], "q1-revision": 0, "q1-answer": "lead time", "q2-revision": 0, "q2-answer": TEXT}
    assert learner_client.post(address("save", attempt), fields).status_code == 409
    assert [stored(attempt, position).answer for position in (1, 2)] == ["velocity", KEPT]


def test_what_comes_too_late_is_shown_once_more(learner_client, attempt):
    send(learner_client, attempt, 1, "lead time")
    learner_client.post(address("submit", attempt))
    fields = {"question": [1, 2], "q1-revision": 1, "q1-answer": "lead time", "q2-revision": 0, "q2-answer": TEXT}
    page = learner_client.post(address("save", attempt), fields)
    assert page.status_code == 409
    assert "Question 2: what was not saved" in page.text
    assert f'<p class="answer">{SHOWN}</p>' in page.text
    # What is saved is not lost.
    assert "Question 1: what was not saved" not in page.text
    assert stored(attempt, 2).revision == 0


def test_as_fields_send_a_text_again(attempt):
    item = attempt.items.select_related("question_version", "response").get(position=2)
    assert presentation.as_fields(item, KEPT) == [("q2-answer", KEPT)]
    assert presentation.in_words(item, KEPT) == [SHOWN.replace("&lt;", "&lt;")]


SECRET = ["lead time", "cycle time", "velocity", "speed", "It is a time", "Figures", "Brevity", "No figure", "lose €2m"]


def test_nothing_of_key_rubric_or_model_answer_is_seen_before_the_result(learner_client, attempt):
    seen = []
    for position in (1, 2):
        seen.append(learner_client.get(f"{address('attempt', attempt)}?q={position}"))
        for headers in ({}, JSON):
            seen.append(send(learner_client, attempt, position, "other", 0, headers=headers))
            seen.append(send(learner_client, attempt, position, "x" * 30_000, 1, headers=headers))
            seen.append(send(learner_client, attempt, position, "stale", 0, headers=headers))
    seen.append(learner_client.get(address("review", attempt)))
    seen.append(learner_client.post(address("submit", attempt), follow=True))
    assert Attempt.objects.get().state == "awaiting"
    seen += [learner_client.get(path) for path in (FRONT, address("result", attempt), "/cto/home/")]
    assert {response.status_code for response in seen} == {200, 302, 400, 409}
    for response in seen:
        assert [secret for secret in SECRET if secret in response.text + str(response.headers)] == []


def test_awaiting_is_said_in_words_everywhere(learner_client, learner, attempt):
    send(learner_client, attempt, 2, TEXT)
    page = learner_client.post(address("submit", attempt), follow=True)
    sent = timezone.localtime(Attempt.objects.get().submitted_at)
    words = f"Sent on {sent.day} {sent:%B} at {sent:%H:%M}; a person reads your long answers, and you get a mail"
    assert "Your answers are being read." in page.text
    for path in (address("result", attempt), FRONT, "/cto/home/"):
        assert words in learner_client.get(path).text
    assert "being read" in learner_client.get(FRONT).text
    # An attempt of somebody else is not told.
    other = factories.enrolment(attempt.enrolment.cohort)
    learner_client.force_login(other.user, backend="django.contrib.auth.backends.ModelBackend")
    assert "a person reads" not in learner_client.get("/cto/home/").text


def test_an_attempt_without_a_long_answer_is_graded_at_once(learner_client, attempt):
    send(learner_client, attempt, 1, "“Velocity”")
    page = learner_client.post(address("submit", attempt), follow=True).text
    assert '<span class="num">0</span> of 100.' in page
    assert "<dt>Right answer</dt><dd>lead time</dd>" in page
    assert "<dt>Also right</dt><dd>cycle time</dd>" in page
    assert "It is a time." in page
    assert "You gave no answer" in page or "No answer" in page
    assert "is-reached" not in page
    assert "We lose €2m a year." in page


@pytest.mark.parametrize(
    ("answer", "said"),
    [("Cycle  time.", "Right, from idea to use."), ("VELOCITY", "That is a speed."), ("speed", "It is a time.")],
)
def test_a_short_text_is_explained(learner_client, attempt, answer, said):
    send(learner_client, attempt, 1, answer)
    page = learner_client.post(address("submit", attempt), follow=True).text
    assert [text for text in ("Right, from idea to use.", "That is a speed.", "It is a time.") if text in page] == [
        said
    ]
    assert ("A known mistake leads to this answer: “speed for time”." in page) is (answer == "VELOCITY")


def test_a_read_text_is_explained_with_its_levels_comment_and_model_answer(learner_client, attempt):
    send(learner_client, attempt, 2, TEXT)
    learner_client.post(address("submit", attempt))
    item = attempt.items.get(position=2)
    reading = runs.Reading({"a": 2, "b": 2}, "Say <where> from.\nOtherwise good.")
    own = Attempt.objects.select_related("enrolment__course", "quiz__unit", "quiz_version").get()
    attempts.grade_again(
        attempt=own, reason="reviewed", at=timezone.now() + timedelta(days=1), readings={item.pk: reading}
    )
    page = learner_client.get(address("result", attempt)).text
    # (1 + 1) of (2 + 1) steps of 5 points, of 6 with the short text.
    assert own.score == Decimal("3.33")
    assert "3.33 of 5" in page
    assert f'<p class="answer">{SHOWN}</p>' in page
    assert '<p class="answer">Say &lt;where&gt; from.\nOtherwise good.</p>' in page
    assert tight(page).count('<li class="is-reached"><span class="tag tag-ok">Reached</span>') == 2
    assert "</span> One figure.</li>" in tight(page)
    assert "</span> Short.</li>" in tight(page)
    assert "<p>We lose €2m a year.</p>" in page
    assert "Partly right" not in page


@pytest.mark.parametrize("policy", ["score_only", "after_pass"])
def test_the_policy_holds_for_what_a_reader_said(learner_client, course, check, policy):
    members = check.versions.current().get().slots.get().members.order_by("position")
    factories.quiz(check.unit, [member.question for member in members], feedback=policy, pass_percent=90)
    learner_client.post(f"{FRONT}start/")
    attempt = Attempt.objects.get(state="open")
    send(learner_client, attempt, 2, TEXT)
    learner_client.post(address("submit", attempt))
    item = attempt.items.get(position=2)
    own = Attempt.objects.select_related("enrolment__course", "quiz__unit", "quiz_version").get()
    attempts.grade_again(
        attempt=own,
        reason="reviewed",
        at=timezone.now(),
        readings={item.pk: runs.Reading({"a": 1, "b": 1}, "canary comment")},
    )
    page = learner_client.get(address("result", attempt)).text
    assert [secret for secret in [*SECRET, "canary comment"] if secret in page] == []
    assert ("A year." in page) is (policy == "after_pass")


def test_a_long_text_is_never_checked_at_once(learner_client, check):
    members = check.versions.current().get().slots.get().members.order_by("position")
    factories.quiz(check.unit, [member.question for member in members], feedback="immediate")
    learner_client.post(f"{FRONT}start/")
    attempt = Attempt.objects.get(state="open")
    fields = {"question": 2, "q2-revision": 0, "q2-answer": TEXT, "check": 2}
    page = learner_client.post(address("save", attempt), fields, follow=True)
    assert "A person reads this answer, so it cannot be checked at once." in page.text
    assert stored(attempt, 2).checked_at is None
    page = learner_client.get(f"{address('attempt', attempt)}?q=2").text
    assert "Check this answer" not in page
    assert [secret for secret in SECRET if secret in page.replace(SHOWN, "")] == []


def test_a_draw_has_nothing_to_shuffle(enrolment, check):
    made = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    assert list(made.items.values_list("choice_order", "points")) == [([], 1), ([], 5)]
    assert made.maximum == 6
