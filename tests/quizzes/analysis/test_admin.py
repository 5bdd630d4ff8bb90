"""The pages of the item analysis: who sees them, what they say, and how much they cost."""

import csv
import io
import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lessons.models import Lesson
from quizzes.analysis.admin import plain
from quizzes.models import (
    QuestionVersion,
)
from tests import factories
from tests.quizzes.analysed import LIST, TWENTY, crowd, page_of
from tests.tight import tight


def pages(rules, asked):
    return [LIST, f"{LIST}items.csv", f"{LIST}{asked[0].pk}/", f"{LIST}quiz/{rules.pk}/"]


def test_pages_open_for_who_may_see_question_versions(client_of, cohort, learner, rules, asked):
    staff = factories.user("Carla Pinto", is_staff=True)
    for path in pages(rules, asked):
        assert client_of(staff).get(path).status_code == 403
        assert client_of(learner).get(path).status_code == 302
    staff.user_permissions.add(Permission.objects.get(codename="view_questionversion"))
    for path in pages(rules, asked):
        assert client_of(staff).get(path).status_code == 200


def test_pages_name_no_learner(instructor_client, cohort, rules, asked):
    crowd(cohort, rules, asked, *TWENTY)
    for path in pages(rules, asked):
        text = instructor_client.get(path).text
        assert "Crowd" not in text
        assert "crowd" not in text
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=", text) == []


def test_list_says_it_in_words_first(instructor_client, cohort, rules, asked):
    crowd(cohort, rules, asked, *TWENTY)
    text = tight(instructor_client.get(LIST).text)
    assert re.findall(r"<th scope=\"row\" role=\"rowheader\"><a [^>]*>([^<]+)", text) == ["Q1.01", "Q1.02", "Q1.03"]
    row = text[text.index(">Q1.02</a>") :]
    assert row.index("Strong learners miss this more") < row.index("0.45") < row.index("-0.55")


def test_items_without_a_verdict_stand_behind_one_line(instructor_client, cohort, rules, asked):
    for path in (LIST, f"{LIST}quiz/{rules.pk}/"):
        text = instructor_client.get(path).text
        assert "No item has the 20 answers that a verdict needs yet" in text
        assert re.sub(r"<details class=\"waiting\">.*?</details>", "", text, flags=re.S).count(">Q1.0") == 0
        assert "3 items without a verdict: fewer than 20 answers" in text
    crowd(cohort, rules, asked, *TWENTY)
    page = instructor_client.get(LIST)
    assert ([row.version.question.key for row in page.context["judged"]], page.context["waiting"]) == (
        ["Q1.01", "Q1.02", "Q1.03"],
        [],
    )
    assert "without a verdict" not in page.text


def test_few_answers_show_no_numbers(instructor_client, cohort, rules, asked):
    crowd(cohort, rules, asked, *["aaa", "baa", "aba", "abb"])
    for path in pages(rules, asked):
        assert not re.search(
            r"0\.\d\d", instructor_client.get(path).text.replace("0.30 and 0.90", "").replace("0.20", "")
        )
    text = instructor_client.get(f"{LIST}{asked[0].pk}/").text
    assert "4 answers so far. A verdict needs 20." in text
    assert "Counts are shown once there are 5 answers." in text
    assert "<rect" not in text
    assert [line.count for line in page_of(asked[0]).lines] == [None, None, None]
    crowd(cohort, rules, asked, "bbb")
    assert "<rect" in instructor_client.get(f"{LIST}{asked[0].pk}/").text


def test_item_page_shows_key_misconceptions_and_counts(instructor_client, cohort, rules, asked):
    crowd(cohort, rules, asked, *TWENTY)
    text = instructor_client.get(f"{LIST}{asked[0].pk}/").text
    assert text.index("check the key") < text.index("Right first time")
    cells = [
        [
            re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip()
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)
        ]
        for row in re.findall(r"<tr.*?</tr>", text[text.index("tally") :], re.S)[1:]
    ]
    assert cells == [
        ["A Right one", "Right", "9", "45%", ""],
        ["B Other one", "swap", "11", "55%", ""],
        ["C Third one", "guess", "0", "0%", ""],
    ]


def test_cohort_filter_is_for_who_may_see_cohorts(client_of, instructor, operator, course, cohort, rules, asked):
    other = factories.cohort(course, open_to_all=False, title="Autumn 2026")
    crowd(cohort, rules, asked, *["aaa"] * 5)
    crowd(other, rules, asked, *["bbb"] * 6)
    path = f"{LIST}{asked[0].pk}/?cohort={other.pk}"
    seen = client_of(instructor).get(path)
    assert ("Autumn 2026" in seen.text, seen.context["row"].measured.answers) == (False, 11)
    assert "Autumn 2026" not in client_of(instructor).get(LIST).text
    seen = client_of(operator).get(path)
    assert ("Autumn 2026" in seen.text, seen.context["row"].measured.answers) == (True, 6)
    assert "Autumn 2026" in client_of(operator).get(LIST).text


def test_senseless_filters_count_as_not_given(instructor_client, cohort, rules, asked):
    query = "?lesson=x&quiz=999&cohort=1&version=none&sort=worst"
    assert [row.version.question.key for row in instructor_client.get(LIST + query).context["rows"]] == [
        "Q1.01",
        "Q1.02",
        "Q1.03",
    ]


def test_csv_holds_what_the_list_holds(instructor_client, cohort, rules, asked, course):
    crowd(cohort, rules, asked, *TWENTY)
    factories.single(course, "E.01")
    lesson = Lesson.objects.get(number=1)
    query = f"?lesson={lesson.pk}&sort=key"
    response = instructor_client.get(f"{LIST}items.csv{query}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    listed = [row.version.question.key for row in instructor_client.get(LIST + query).context["rows"]]
    assert [row[0] for row in rows[1:]] == listed == ["Q1.01", "Q1.02", "Q1.03"]
    assert dict(zip(rows[0], rows[1], strict=True)) == {
        "question": "Q1.01",
        "version": "1",
        "type": "single choice",
        "lesson": "1. Lesson one",
        "verdict": "Strong learners miss this more than weak ones: check the key · "
        "Nobody falls for C: write another distractor",
        "answers": "20",
        "right first time": "0.45",
        "mean fraction": "0.45",
        "discrimination": "-0.64",
        "wording": "What is Q1.01 about?",
    }


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1"])
def test_no_text_is_a_formula(text):
    assert plain(text) == f"'{text}"


def test_plain_text_stays():
    assert plain("a = b - c") == "a = b - c"


def test_links_lead_to_where_one_acts(client_of, instructor, cohort, rules, asked):
    version, client = asked[0], client_of(instructor)
    regrade = reverse("admin:quizzes_questionversion_regrade", args=[version.pk])
    change = reverse("admin:quizzes_questionversion_change", args=[version.pk])
    page = f"{LIST}{version.pk}/"
    begin = ("Write the next version", reverse("admin:quizzes_questionversion_next", args=[version.question_id]), True)
    key, whole = ("Correct the key", regrade, False), ("See it whole", change, False)
    assert client.get(page).context["actions"] == [begin, key, whole]
    crowd(cohort, rules, asked, *TWENTY)
    assert client.get(page).context["actions"] == [key, begin, whole]
    draft = QuestionVersion.objects.create(
        question=version.question, number=2, type="single", competency=version.competency, stem="New", body={}
    )
    going_on = ("Open the draft", reverse("admin:quizzes_questionversion_change", args=[draft.pk]), False)
    assert client.get(page).context["actions"] == [key, going_on, whole]
    assert client.get(f"{LIST}{draft.pk}/").status_code == 404
    instructor.groups.clear()
    instructor.user_permissions.add(Permission.objects.get(codename="view_questionversion"))
    assert client.get(page).context["actions"] == [going_on, whole]


def test_analysis_is_reached_from_questions_and_quiz_versions(instructor_client, rules, asked):
    for page, leads_to in [
        (reverse("admin:quizzes_question_changelist"), LIST),
        (reverse("admin:quizzes_quizversion_change", args=[rules.pk]), f"{LIST}quiz/{rules.pk}/"),
        (LIST, f"{LIST}quiz/{rules.pk}/"),
        (f"{LIST}quiz/{rules.pk}/", f"{LIST}{asked[0].pk}/"),
    ]:
        assert f'href="{leads_to}"' in instructor_client.get(page).text, page


def test_queries_do_not_grow(client_of, operator, instructor, course, cohort, rules, asked):
    def taken(client, path):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    for person in (operator, instructor):
        client = client_of(person)
        client.get(LIST)
        crowd(cohort, rules, asked, *["aba"] * 5)
        few = [taken(client, path) for path in pages(rules, asked)]
        for number in range(10):
            factories.single(course, f"{person.pk}.{number}")
        crowd(cohort, rules, asked, *["aab"] * 20)
        many = [taken(client, path) for path in pages(rules, asked)]
        assert many == few
        assert max(many) <= 12
