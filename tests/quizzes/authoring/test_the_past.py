"""What was asked stays byte for byte, whatever authors do."""

import random
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lessons.models import Unit
from quizzes import attempts
from quizzes.authoring import preview as previews
from quizzes.grading import in_force
from quizzes.grading.runs import Reading
from quizzes.models import Attempt, QuestionVersion
from quizzes.reading import queue
from tests import factories
from tests.quizzes.writing import TYPES, begin_next, problems, publish, sent_again, write
from tests.test_admin import act, delete, url


@pytest.fixture
def learner_page(learner):
    """What the learner sees below an address, without the token that every form gets anew."""
    client = Client()
    client.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")

    def main(address):
        response = client.get(address)
        assert response.status_code == 200
        text = response.text.partition("<main")[2].partition("</main>")[0]
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

    return main


def answered(attempt, *, rightly):
    """Answer every question of an attempt, or every second one."""
    items = attempt.items.select_related("question_version", "response").order_by("position")
    for item in items:
        item.attempt = attempt
        if rightly or item.position % 2:
            answer = previews.right_answer(item) or "A text of the learner."
            attempts.save(item=item, answer=answer, revision=0, at=timezone.now())


def addresses(attempt):
    if not attempt.is_open:
        return [reverse("quizzes:result", args=["cto", attempt.uuid])]
    page = reverse("quizzes:attempt", args=["cto", attempt.uuid])
    return [f"{page}?q={place}" for place in range(1, len(TYPES) + 1)] + [
        reverse("quizzes:review", args=["cto", attempt.uuid])
    ]


def rewrite(client, question, dice):
    """Change whatever the form of the type has: the wording, the order, the key."""
    draft = begin_next(client, question)
    gaps = " {1} {2}" if draft.type == "gaps" else ""
    given = sent_again(client, draft) | {"stem": f"Rewritten {dice.random()}{gaps}"}
    places = [name for name in given if name.endswith("-place")]
    dice.shuffle(places)
    given |= {name: place for place, name in enumerate(places, 1)}
    for name in [name for name in given if name.endswith(("-feedback", "feedback_wrong", "model", "solution"))]:
        given[name] = "Rewritten."
    ticks = [name for name in given if name.endswith("-right") and given[name] == "on"]
    if ticks and draft.type == "single":
        here, there = ticks[0], next(f"choices-{n}-right" for n in range(3) if f"choices-{n}-right" not in ticks)
        del given[here]
        given[there] = "on"
        given[there.replace("right", "misconception")] = ""
        given[here.replace("right", "misconception")] = "now wrong"
    response = client.post(url(QuestionVersion, "change", draft.pk), given)
    assert response.status_code == 302, problems(response)


def rewrite_and_publish(client, question, dice):
    rewrite(client, question, dice)
    publish(client, question.versions.drafts().get())


def throw_draft_away(client, question, dice):
    draft = begin_next(client, question)
    delete(client, draft)


def retire(client, question, dice):
    act(client, "retire", question)


def bring_back(client, question, dice):
    act(client, "bring_back", question)


def publish_the_past(client, question, dice):
    act(client, "publish", *question.versions.order_by("number")[:1])


ACTS = [rewrite, rewrite_and_publish, rewrite_and_publish, throw_draft_away, retire, bring_back, publish_the_past]


@pytest.mark.parametrize("seed", range(2))
def test_what_was_asked_stays_byte_for_byte_whatever_authors_do(author, instructor, enrolment, one, learner_page, seed):
    """A result of all types, and an attempt that is open, with half of its answers; then acts of authors."""
    questions = []
    for type_ in TYPES:
        draft = write(author, type_, one)
        publish(author, draft)
        questions.append(draft.question)
    quiz = factories.quiz(Unit.objects.get(key="check"), questions)
    closed = attempts.start(enrolment=enrolment, quiz=quiz, at=timezone.now())
    answered(closed, rightly=True)
    attempts.close(attempt=closed, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)
    waiting = queue.waiting().get()
    readings = {item.pk: Reading({"a": 3, "b": 1}, "Clear.") for item in queue.to_read(waiting)}
    closed = queue.give(attempt=waiting, readings=readings, by=instructor, at=timezone.now())
    running = attempts.start(enrolment=enrolment, quiz=quiz, at=timezone.now())
    answered(running, rightly=False)
    before = {address: learner_page(address) for each in (closed, running) for address in addresses(each)}
    assert len(before) == len(TYPES) + 2
    dice = random.Random(seed)
    for act_ in ACTS + dice.choices(ACTS, k=10):
        for question in dice.sample(questions, 2):
            act_(author, question, dice)
    for question in questions:
        rewrite_and_publish(author, question, dice)
    assert QuestionVersion.objects.filter(state="current", stem__startswith="Rewritten").count() == len(TYPES)
    assert {address: learner_page(address) for address in before} == before
    # What runs is scored by the wording that was asked.
    attempts.close(attempt=running, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)
    scores = sorted(in_force.of_attempts([running.pk])[running.pk], key=lambda score: score.item.position)
    assert [score.fraction for score in scores] == [1, 0, 1, 0, 1, 0, 1, 0, 1]
