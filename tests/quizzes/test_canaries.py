"""Nothing of a key leaves the server before its release.

Canaries stand in everything that judges an answer: feedback, misconceptions, solutions, model answers, listed answers.
A learner then opens every page that can be reached by links, answers, flags and saves, and no response may hold one.
Last, the key itself is exchanged under an open attempt: the pages must not change by a byte.
"""

import json
import re
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from lessons import versions
from quizzes import attempts
from quizzes.models import Attempt, PracticeCard, Question, QuestionVersion, Quiz
from tests import factories

CANARY = "kanari"
#: Fields that judge. Whatever stands in them is replaced by canaries.
JUDGING = {"feedback", "misconception", "solution", "mistakes", "model", "accepted"}
TYPES = {**factories.SIX_TYPES}
BUILDERS = {name: build for name, (build, *_answers) in TYPES.items()} | {
    "short": factories.short,
    "gaps": factories.gaps,
    "long": factories.long,
}
JSON = {"HTTP_ACCEPT": "application/json"}
LATER = timedelta(days=2)


def planted(value, *, judging=False, path="k"):
    """The value with every text in a judging field replaced by a canary that names its place."""
    if isinstance(value, dict):
        return {
            name: planted(each, judging=judging or name in JUDGING, path=f"{path}-{name}") if name != "key" else each
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [planted(each, judging=judging, path=f"{path}-{place}") for place, each in enumerate(value)]
    return f"{CANARY} {path}" if judging and isinstance(value, str) and path.rsplit("-", 1)[-1] != "formula" else value


@pytest.fixture
def check(course):
    """A check with a question of every type, each full of canaries."""
    unit = Quiz.objects.get(unit__lesson__course=course).unit
    questions = []
    for place, (name, build) in enumerate(BUILDERS.items(), 1):
        plain = build(course, f"C.{name}", lesson=unit.lesson, position=place)
        draft = plain.versions.get()
        draft.pk, draft.number, draft.state = None, 2, "draft"
        draft.body, draft.rendered = planted(draft.body), planted(draft.rendered)
        draft.save()
        versions.publish(draft, at=factories.NOW)
        questions.append(plain)
    return unit, questions


def rules(check, **settings):
    unit, questions = check
    return factories.quiz(unit, questions, **settings)


def everything(response):
    return "\n".join([*(f"{name}: {value}" for name, value in response.items()), response.content.decode()])


def crawl(client, *starts, depth=9):
    """Every page that links and GET forms lead to from the starts, by address; `depth` counts the links."""
    found, waiting = {}, [(start, depth) for start in starts]
    while waiting:
        path, left = waiting.pop()
        if path in found:
            continue
        response = client.get(path)
        found[path] = everything(response)
        links = re.findall(r'(?:href|action|data-[\w-]+)="([^"#]*)', found[path])
        for link in [*links, response.get("Location", "")] if left else []:
            address = urlsplit(urljoin(path, unescape(link)))
            inside = not address.netloc and address.path.startswith("/")
            if inside and not address.path.startswith(("/static/", "/accounts/", "/manage/")):
                waiting.append((address.path + (f"?{address.query}" if address.query else ""), left - 1))
    return found


def leaks(pages):
    return {path: re.findall(rf"{CANARY} [\w-]+", text)[:3] for path, text in pages.items() if CANARY in text}


def begin(client, learner, quiz):
    attempt = attempts.start(enrolment=learner.enrolments.get(), quiz=quiz, at=timezone.now())
    items = attempt.items.select_related("question_version", "response").order_by("position")
    return attempt, list(items)


def answers_of(item):
    """Form fields of a wrong answer, a right one, a flag, and two that are refused."""
    name, kind = f"q{item.position}", item.question_version.type
    given = {
        "single": [{f"{name}-answer": "b"}, {f"{name}-answer": "a"}],
        "scenario": [{f"{name}-answer": "a"}, {f"{name}-answer": "c"}],
        "multiple": [{f"{name}-answer": ["b"]}, {f"{name}-answer": ["a", "c", "d"]}],
        "numeric": [{f"{name}-answer": "2400"}, {f"{name}-answer": "1400"}],
        "matching": [{f"{name}-answer-a": "r3"}, {f"{name}-answer-a": "r2"}],
        "ordering": [{f"{name}-order": list("abcd")}, {f"{name}-order": list("cadb")}],
        "short": [{f"{name}-answer": "velocity"}, {f"{name}-answer": "lead time"}],
        "gaps": [
            {f"{name}-answer-1": "velocity", f"{name}-answer-2": "2b"},
            {f"{name}-answer-1": "lead time", f"{name}-answer-2": "2a"},
        ],
        "long": [{f"{name}-answer": "We lose much."}, {f"{name}-answer": "We lose €2m a year."}],
    }[kind]
    return [*given, {f"{name}-answer": "nonsense", f"{name}-order": ["z"]}, {f"{name}-flagged": "1"}]


def save_everything(client, attempt, items):
    """What the server says to each answer, right, wrong and unfit, as a page and as JSON, in time and too late."""
    said = {}
    for item in items:
        for number, fields in enumerate(answers_of(item)):
            for headers in (JSON, {}):
                item.response.refresh_from_db()
                for revision in {item.response.revision, 0} if headers else {item.response.revision}:
                    given = {"question": item.position, f"q{item.position}-revision": revision, **fields}
                    response = client.post(f"/cto/attempts/{attempt.uuid}/save/", given, follow=True, **headers)
                    said[f"save {item.position} {number} {headers} {revision}"] = everything(response)
    return said


@pytest.mark.parametrize("one_page", [False, True])
def test_open_attempt_tells_nothing(learner_client, learner, check, one_page):
    quiz = rules(check, one_page=one_page)
    attempt, items = begin(learner_client, learner, quiz)
    assert len(items) == len(BUILDERS)
    own = f"/cto/attempts/{attempt.uuid}/"
    pages = crawl(learner_client, "/home/", own, depth=1 if one_page else 9)
    pages |= save_everything(learner_client, attempt, items)
    pages |= crawl(learner_client, *(f"{own}?q={item.position}" for item in items), f"{own}review/", depth=0)
    pages["result"] = everything(learner_client.get(f"/cto/attempts/{attempt.uuid}/result/", follow=True))
    assert len(pages) > 50
    assert leaks(pages) == {}


def closed(check, learner, *, right=False, **settings):
    """A graded attempt, without the question that a person reads."""
    unit, questions = check
    quiz = factories.quiz(unit, [each for each in questions if each.key != "C.long"], **settings)
    attempt, items = begin(None, learner, quiz)
    for item in items:
        name = item.question_version.type
        if name not in ("short", "gaps"):
            item.attempt = attempt
            answer = TYPES[name][1] if right else TYPES[name][3]
            attempts.save(item=item, answer=answer, revision=0, at=timezone.now())
    return attempts.close(attempt=Attempt.objects.get(pk=attempt.pk), as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)


@pytest.mark.parametrize(
    ("policy", "right", "told"),
    [
        ("after_close", False, True),
        ("after_pass", False, False),
        ("after_pass", True, True),
        ("score_only", False, False),
        ("score_only", True, False),
    ],
)
def test_closed_attempt_tells_what_its_policy_releases(learner_client, learner, check, policy, right, told):
    """The rows that tell are the control: the canaries are where a leak would show them."""
    attempt = closed(check, learner, right=right, feedback=policy, pass_percent=50)
    assert attempt.passed is right
    pages = crawl(learner_client, "/home/", f"/cto/attempts/{attempt.uuid}/result/", depth=1)
    late = learner_client.post(
        f"/cto/attempts/{attempt.uuid}/save/", {"question": 1, "q1-revision": 1, "q1-answer": "a"}, **JSON
    )
    assert late.status_code == 409
    pages["late"] = everything(late)
    assert bool(leaks(pages)) is told


def test_attempt_that_waits_for_a_reader_tells_nothing(learner_client, learner, check):
    quiz = rules(check)
    attempt, items = begin(learner_client, learner, quiz)
    (essay,) = [item for item in items if item.question_version.type == "long"]
    essay.attempt = attempt
    attempts.save(item=essay, answer="We lose much.", revision=0, at=timezone.now())
    sent = attempts.close(attempt=attempt, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)
    assert sent.state == "awaiting"
    pages = crawl(learner_client, "/home/", f"/cto/attempts/{attempt.uuid}/result/", depth=1)
    assert leaks(pages) == {}


def test_practice_tells_nothing_before_it_is_asked_to(learner_client, learner, check):
    closed(check, learner, feedback="after_close")
    assert PracticeCard.objects.exists()
    PracticeCard.objects.update(due_at=timezone.now() - timedelta(hours=1))
    pages = {path: everything(learner_client.get(path)) for path in ("/cto/practice/", "/cto/practice/next/")}
    assert 'name="' in pages["/cto/practice/next/"]
    assert leaks(pages) == {}


def exchange_keys():
    """Another key for every question, behind the back of the trigger that forbids it."""
    with connection.cursor() as cursor:
        table = " ON quizzes_questionversion" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER quizzes_questionversion_frozen{table}")
    for version in QuestionVersion.objects.all():
        body = json.loads(json.dumps(version.body))
        scores = [choice["score"] for choice in body.get("choices", [])]
        for choice, score in zip(body.get("choices", []), scores[1:] + scores[:1], strict=True):
            choice["score"] = score
        rights = [pair["right_key"] for pair in body.get("pairs", [])]
        for pair, right in zip(body.get("pairs", []), rights[1:] + rights[:1], strict=True):
            pair["right_key"] = right
        if "items" in body:
            body["items"] = body["items"][::-1]
        if "formula" in body:
            body |= {"formula": "gain_over_years", "tolerance": {"absolute": 1}, "mistakes": []}
        if "accepted" in body:
            body |= {"accepted": ["another text"], "mistakes": []}
        for gap in body.get("gaps", []):
            if "accepted" in gap:
                gap |= {"accepted": ["another text"], "mistakes": []}
            scores = [choice["score"] for choice in gap.get("choices", [])]
            for choice, score in zip(gap.get("choices", []), scores[1:] + scores[:1], strict=True):
                choice["score"] = score
        rendered = {name: part for name, part in version.rendered.items() if name not in JUDGING}
        QuestionVersion.objects.filter(pk=version.pk).update(body=body, rendered=rendered)


def steady(text):
    """A page without what differs at each request."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|csrftoken=[^;]*|X-CSRFToken[^}]*|expires=[^;]*', "", text)


@pytest.mark.parametrize("one_page", [False, True])
def test_pages_are_the_same_whatever_the_key(learner_client, learner, check, one_page):
    quiz = rules(check, one_page=one_page)
    attempt, items = begin(learner_client, learner, quiz)
    paths = [f"/cto/attempts/{attempt.uuid}/?q={item.position}" for item in items]
    paths += [f"/cto/attempts/{attempt.uuid}/review/", "/cto/lessons/1/check/"]
    before = [steady(everything(learner_client.get(path))) for path in paths]
    exchange_keys()
    assert Question.objects.filter(versions__body__icontains="another text").exists()
    assert [steady(everything(learner_client.get(path))) for path in paths] == before
