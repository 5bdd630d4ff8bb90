"""What a browser sends to a check."""

from django.urls import reverse

from quizzes.models import Attempt

FRONT = "/cto/lessons/1/check/"
JSON = {"accept": "application/json"}
#: What a browser sends for each type: (right, worthless), without the prefix.
SENT = {
    "single": ({"answer": "a"}, {"answer": "b"}),
    "multiple": ({"answer": ["a", "c", "d"]}, {"answer": ["b", "e"]}),
    "scenario": ({"answer": "c"}, {"answer": "a"}),
    "numeric": ({"answer": "€1,400k"}, {"answer": "2,400"}),
    "matching": (
        {"answer-a": "r2", "answer-b": "r4", "answer-c": "r1"},
        {"answer-a": "r4", "answer-b": "r2", "answer-c": "r3"},
    ),
    "ordering": ({"order": ["c", "a", "d", "b"]}, {"order": ["b", "d", "a", "c"]}),
}


def begin(client):
    """Press Start; the attempt."""
    response = client.post(f"{FRONT}start/")
    attempt = Attempt.objects.latest("pk")
    assert response.url == address("attempt", attempt)
    return attempt


def address(name, attempt):
    return reverse(f"quizzes:{name}", args=["cto", attempt.uuid])


def fields(position, revision=0, **answer):
    """The fields of one question's form."""
    named = {f"q{position}-{name.replace('_', '-')}": value for name, value in answer.items()}
    return {"question": position, f"q{position}-revision": revision} | named


def answer_all(client, attempt, which):
    """Answer every question of SENT in order; which: 0 right, 1 worthless."""
    for position, sent in enumerate(SENT.values(), 1):
        response = client.post(address("save", attempt), fields(position, **sent[which]) | {"save": position})
        assert response.status_code == 302


def submit(client, attempt):
    response = client.post(address("submit", attempt))
    assert response.url == address("result", attempt)
    return client.get(response.url)
