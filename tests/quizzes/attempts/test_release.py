"""What a learner sees of key and feedback: nothing before sending, then what the policy releases."""

import json

import pytest
from django.utils import timezone

from quizzes import attempts
from quizzes.models import Attempt, QuizVersion
from tests import factories
from tests.quizzes.browsing import FRONT, JSON, SENT, address, answer_all, begin, fields, submit
from tests.tight import tight

CANARY = "canary-"


def planted(course):
    """A check of all six types with a canary in every score, feedback, misconception, mistake and solution."""

    def plant(body, rendered):
        def marked(value, path):
            if isinstance(value, dict):
                return {key: marked(inner, f"{path}-{key}") for key, inner in value.items()}
            if isinstance(value, list):
                return [marked(inner, f"{path}-{n}") for n, inner in enumerate(value)]
            return f"{CANARY}{path}"

        secret = ("feedback", "misconception", "solution", "mistakes")
        for part in [
            body,
            *body.get("choices", []),
            *body.get("pairs", []),
            *body.get("extras", []),
            *body.get("items", []),
        ]:
            for name in ("feedback", "misconception", "solution"):
                if name in part:
                    part[name] = marked(part[name], name)
        for mistake in body.get("mistakes", []):
            mistake["misconception"], mistake["feedback"] = f"{CANARY}misconception", f"{CANARY}feedback"
        for name in secret:
            if name in rendered:
                rendered[name] = marked(rendered[name], name)

    check = factories.six_types(course)
    questions = []
    for version in QuizVersion.objects.current().get(quiz=check).slots.get().members.order_by("position"):
        source = version.question.versions.get()
        plant(source.body, source.rendered)
        questions.append(
            factories.question(course, f"C-{source.type}", source.type, source.body, source.rendered, unit=source.unit)
        )
    return factories.quiz(check.unit, questions)


def seen(response):
    return response.text + json.dumps(dict(response.headers)) + str(response.cookies)


def crawl(client, attempt):
    """Everything a learner can see of an open attempt: pages, refusals, JSON, headers."""
    yield client.get(FRONT)
    yield client.get(address("attempt", attempt))
    for position, sent in enumerate(SENT.values(), 1):
        yield client.get(f"{address('attempt', attempt)}?q={position}")
        yield client.post(address("save", attempt), fields(position, **sent[1]), headers=JSON)
        yield client.post(address("save", attempt), fields(position, **sent[0]), headers=JSON)
        yield client.post(address("save", attempt), fields(position, **sent[0]))
        yield client.post(address("save", attempt), fields(position, revision="x", **sent[0]))
        yield client.get(f"{address('attempt', attempt)}?q={position}")
    yield client.get(address("review", attempt))
    yield client.get(address("result", attempt), follow=True)


def test_nothing_of_the_key_is_seen_before_sending(learner_client, course):
    planted(course)
    attempt = begin(learner_client)
    responses = list(crawl(learner_client, attempt))
    assert {response.status_code for response in responses} == {200, 400, 409}
    for response in responses:
        assert CANARY not in seen(response)
        assert "score" not in response.text.replace("see your score", "").lower()
        assert "right_key" not in response.text
    # Present afterwards, or the test would prove nothing.
    page = submit(learner_client, attempt).text
    assert page.count(f"{CANARY}feedback") == 19
    assert f"{CANARY}misconception" in page
    assert f"{CANARY}solution" in page


@pytest.mark.parametrize(("which", "released"), [(1, False), (0, True)])
def test_after_pass_releases_the_key_only_after_passing(learner_client, course, which, released):
    quiz = planted(course)
    questions = [member.question for member in quiz.versions.current().get().slots.get().members.order_by("position")]
    factories.quiz(quiz.unit, questions, feedback="after_pass")
    attempt = begin(learner_client)
    answer_all(learner_client, attempt, which)
    page = submit(learner_client, attempt)
    assert (CANARY in seen(page)) is released
    assert ("Reread:" in page.text or "Worth rereading" in page.text or "By competency" in page.text) is released
    assert ("Your answer" in page.text) is True


def test_after_pass_one_pass_releases_the_key_of_every_attempt(learner_client, course, cohort):
    quiz = planted(course)
    questions = [member.question for member in quiz.versions.current().get().slots.get().members.order_by("position")]
    factories.quiz(quiz.unit, questions, feedback="after_pass")

    def told(attempt):
        page = learner_client.get(address("result", attempt))
        return CANARY in seen(page), "The answers are explained when you have passed." in page.text

    def taken(which):
        attempt = begin(learner_client)
        answer_all(learner_client, attempt, which)
        submit(learner_client, attempt)
        return attempt

    failed = taken(1)
    # The pass of somebody else, at the same quiz, releases nothing.
    other = attempts.start(enrolment=factories.enrolment(cohort), quiz=quiz, at=timezone.now())
    closed = attempts.close(attempt=other, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)
    Attempt.objects.filter(pk=closed.pk).update(passed=True)
    assert told(failed) == (False, True)
    passed = taken(0)
    later = taken(1)
    assert [told(attempt) for attempt in (failed, passed, later)] == [(True, False)] * 3
    assert list(Attempt.objects.filter(enrolment=passed.enrolment).values_list("passed", flat=True).order_by("pk")) == [
        *(False, True, False)
    ]


def test_score_only_releases_the_score_only(learner_client, course):
    quiz = planted(course)
    questions = [member.question for member in quiz.versions.current().get().slots.get().members.order_by("position")]
    factories.quiz(quiz.unit, questions, feedback="score_only")
    attempt = begin(learner_client)
    answer_all(learner_client, attempt, 0)
    page = submit(learner_client, attempt)
    assert "of 100. You passed" in tight(page.text)
    assert CANARY not in seen(page)
    assert "Question by question" not in page.text
    assert "By competency" not in page.text


def test_the_policy_of_the_attempt_stays_that_of_its_version(learner_client, course):
    quiz = planted(course)
    questions = [member.question for member in quiz.versions.current().get().slots.get().members.order_by("position")]
    factories.quiz(quiz.unit, questions, feedback="score_only")
    attempt = begin(learner_client)
    factories.quiz(quiz.unit, questions, feedback="after_close")
    assert CANARY not in seen(submit(learner_client, attempt))


def test_a_result_stays_the_same_after_any_authoring(learner_client, six, course):
    attempt = begin(learner_client)
    answer_all(learner_client, attempt, 1)
    before = submit(learner_client, attempt).text.split("Question by question")[1].split("</main>")[0]
    for member in six.versions.current().get().slots.get().members.all():
        version = member.question.versions.get()
        version.pk, version.number, version.state, version.rendered = None, 2, "draft", {"stem": "Rewritten"}
        version.save()
        factories.versions.publish(version, at=timezone.now())
    factories.quiz(six.unit, [factories.single(course, "N")], pass_percent=10)
    after = learner_client.get(address("result", attempt)).text.split("Question by question")[1].split("</main>")[0]
    assert after == before
    assert before.count("<article") == 6
