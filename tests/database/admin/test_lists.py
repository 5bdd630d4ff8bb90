"""Change lists: what we write is what Django writes, and read is only what stands in them."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.templatetags import admin_list
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import JSONField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from database.admin import lists
from lessons.models import Lesson, UnitVersion
from quizzes.models import Question, QuestionVersion, Regrade
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


def test_a_list_that_nothing_narrows_offers_no_way_to_show_all_of_it(client, enrolment):
    page = url(AuditEntry, "changelist")
    assert AuditEntry.objects.count() == 0
    assert "Show all" not in client.get(page).text
    record(enrolment)
    assert "Show all" not in client.get(page).text
    assert "0 results (<a" in client.get(page, {"q": "nothing like it"}).text
    assert "1 result (<a" in client.get(page, {"action": "joined"}).text


def test_what_is_empty_is_a_dash_on_the_page_of_a_record_too(client, course, operator):
    version = QuestionVersion.objects.get(question__key="Q1.01")
    decided = Regrade.objects.create(
        question_version=version, policy="full_credit", reason="Unclear.", decided_by=operator
    )
    unit = UnitVersion.objects.get(unit__key="second")
    entry = AuditEntry.objects.create(action="gave", subject="all", at=factories.NOW)
    looking = factories.user("Aya Sato", is_staff=True)
    looking.user_permissions.add(Permission.objects.get(codename="view_auditentry"))
    for person, row, label in [(operator, decided, "Details"), (operator, unit, "Terms"), (looking, entry, "By")]:
        client.force_login(person)
        page = client.get(url(type(row), "change", row.pk)).text
        assert re.findall(rf'<label>{label}:</label>\s*<div class="readonly">([^<]*)</div>', page) == ["–"], label
