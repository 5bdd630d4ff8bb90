"""Change lists: what we write is what Django writes, and read is only what stands in them."""

import pytest
from django.contrib import admin
from django.contrib.admin.templatetags import admin_list
from django.db import connection
from django.db.models import JSONField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from database.admin import lists
from lessons.models import Lesson
from quizzes.models import Question
from tests import factories
from tests.test_admin import MODELS, record, url


@pytest.fixture
def client(client_of, operator):
    return client_of(operator)


def written(rows):
    return ["".join(row) for row in rows]


@pytest.mark.parametrize("asked", [{}, {"q": "e", "o": "-1"}], ids=["plain", "asked"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_rows_are_those_of_django(client, enrolment, model, asked):
    record(enrolment)
    factories.manager(enrolment.cohort, "Olga <Brandt>")
    cl = client.get(url(model, "changelist"), asked).context["cl"]
    assert written(lists.rows(cl)) == written(admin_list.results(cl))
    assert asked or cl.result_count


def test_rows_of_a_list_in_a_popup_are_written_by_django(client, course):
    page = client.get(url(Question, "changelist"), {"_popup": "1"})
    assert f'data-popup-opener="{Question.objects.first().pk}"' in page.text


def test_a_value_that_is_missing_or_markup_is_written_as_by_django(client, course):
    Question.objects.create(course=course, key="<b>")
    cl = client.get(url(Question, "changelist")).context["cl"]
    rows = written(lists.rows(cl))
    assert rows == written(admin_list.results(cl))
    assert any("&lt;b&gt;" in row and "Exam (no lesson)" in row and 'field-wording">–<' in row for row in rows)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_list_reads_json_that_it_does_not_show(client, enrolment, model):
    """Whole rows hold long texts, and a list follows foreign keys to a hundred of them."""
    record(enrolment)
    shown = admin.site.get_model_admin(model).list_display
    columns = {
        f'"{other._meta.db_table}"."{field.column}"'
        for other in MODELS
        for field in other._meta.concrete_fields
        if isinstance(field, JSONField) and not (other is model and field.name in shown)
    }
    with CaptureQueriesContext(connection) as queries:
        client.get(url(model, "changelist"))
    rows = [query["sql"] for query in queries if f'FROM "{model._meta.db_table}"' in query["sql"]]
    assert rows
    assert [column for column in columns for sql in rows if column in sql] == []


def test_the_list_of_questions_takes_seven_queries(client, course, django_assert_num_queries):
    """Session, person; courses and lessons of the filters; how many, how many of all, which."""
    with django_assert_num_queries(7):
        client.get(url(Question, "changelist"))


def test_the_index_still_lists_what_there_is(client, course):
    page = client.get(reverse("admin:index")).text
    assert all(url(model, "changelist") in page for model in (Question, Lesson))
    assert url(Lesson, "changelist") in client.get(reverse("admin:app_list", args=["lessons"])).text
