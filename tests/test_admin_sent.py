"""What may be sent: keys to the admin that are no keys, and forms of many fields."""

from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.db import models
from django.urls import reverse

from lessons.models import Unit
from quizzes.models import Attempt, PoolMember, Question, Slot
from tests import factories
from tests.database.admin.test_editing import slot_form
from tests.test_admin import change, record, url

NO_KEYS = ["x", "9" * 40, "\0", "-1,2"]


@pytest.fixture
def operator_client(client_of, operator):
    return client_of(operator)


@pytest.fixture
def rows(enrolment):
    record(enrolment)


def choosing(model):
    """Names of the fields that choose rows of another model."""
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [field.name for field in fields if isinstance(field, (models.ForeignKey, models.ManyToManyField))]


@pytest.mark.parametrize("key", NO_KEYS)
def test_keys_that_are_none_choose_nothing(operator_client, rows, key):
    """Every list, action, filter and form of the admin, with a key that is no number or out of range."""
    answers = set()
    for model, of_model in admin.site._registry.items():
        lists, add, names = url(model, "changelist"), url(model, "add"), choosing(model)
        requests = [("get", lists, {f"{name}__id__exact": key}) for name in names]
        requests += [("get", lists, {"p": key, "o": key, "all": key, "q": key})]
        requests += [("get", add, dict.fromkeys(names, key)), ("post", add, dict.fromkeys(names, key))] if names else []
        requests += [("post", url(model, page, key), {"seen": "x", "post": "yes"}) for page in ("change", "delete")]
        given = {"_selected_action": [key], "index": key}
        requests += [("post", lists, given | {"action": action}) for action in of_model.actions or ()]
        for method, address, sent in requests:
            answers.add(getattr(operator_client, method)(address, sent).status_code)
    assert answers <= {200, 302, 400, 403, 404, 409}


@pytest.mark.parametrize("key", NO_KEYS)
def test_rows_below_a_form_can_be_sent_any_key(operator_client, rows, key):
    version = PoolMember.objects.first().slot.quiz_version
    draft = version.quiz.versions.create(number=2)
    slot = Slot.objects.create(quiz_version=draft, position=1)
    given = slot_form(slot, {"id": key, "slot": key, "question": key, "position": key})
    response = change(operator_client, slot, given | {"members-INITIAL_FORMS": key, "members-TOTAL_FORMS": 1})
    assert response.status_code == 200
    assert not slot.members.exists()


@pytest.mark.parametrize("key", NO_KEYS)
def test_autocomplete_can_be_asked_anything(operator_client, rows, key):
    address = reverse("admin:autocomplete")
    known = {"app_label": "quizzes", "model_name": "poolmember", "field_name": "question"}
    for name in [*known, "term", "page"]:
        assert operator_client.get(address, known | {name: key}).status_code in (200, 400, 403, 404)


# ---- Many fields ---------------------------------------------------------------------------------------------------


def test_slot_of_123_questions_is_saved(operator_client, course):
    questions = Question.objects.bulk_create(Question(course=course, key=f"M.{n}") for n in range(123))
    draft = PoolMember.objects.first().slot.quiz_version.quiz.versions.create(number=2)
    slot = Slot.objects.create(quiz_version=draft, position=1)
    rows = [{"slot": slot.pk, "question": each.pk, "position": n} for n, each in enumerate(questions, 1)]
    assert change(operator_client, slot, slot_form(slot, *rows)).status_code == 302
    rows = [
        {"id": member.pk, "slot": slot.pk, "question": member.question_id, "position": 124 - member.position}
        for member in slot.members.all()
    ]
    given = slot_form(slot, *rows)
    assert len(given) > 492
    assert change(operator_client, slot, given).status_code == 302
    assert list(slot.members.order_by("-position").values_list("question", flat=True)) == [
        each.pk for each in questions
    ]


def test_check_of_thirty_orderings_on_one_page_is_sent(learner_client, learner, course):
    check = Unit.objects.get(key="check")
    items = "abcdefgh"
    body = {"items": [{"key": key, "text": key, "feedback": key} for key in items], "credit": "all"}
    rendered = {"items": dict.fromkeys(items, "x"), "feedback": dict.fromkeys(items, "x")}
    questions = [factories.question(course, f"O.{n:02}", "ordering", body, rendered) for n in range(30)]
    factories.quiz(check, questions, one_page=True)
    learner_client.post("/cto/lessons/1/check/start/")
    attempt = Attempt.objects.get()
    given = {"question": list(range(1, 31)), "save": "review"}
    for item in attempt.items.all():
        start = f"q{item.position}"
        given |= {f"{start}-revision": 0, f"{start}-order": item.choice_order}
        given |= {f"{start}-place-{key}": place for place, key in enumerate(items, 1)}
    assert sum(len(value) if isinstance(value, list) else 1 for value in given.values()) > 500
    assert learner_client.post(f"{attempt.get_absolute_url()}save/", given).status_code == 302
    assert {tuple(answer) for answer in attempt.items.values_list("response__answer", flat=True)} == {tuple(items)}


def test_more_fields_than_any_form_has_are_answered_with_a_page_and_what_was_typed(operator_client, course, settings):
    text = "Everything that was typed into a long field."
    given = {"summary": text} | {f"f{n}": n for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)}
    sent = urlencode(given)
    response = operator_client.post(
        "/manage/lessons/lesson/1/change/", sent, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert "This is too large" in response.text
    assert text in response.text
