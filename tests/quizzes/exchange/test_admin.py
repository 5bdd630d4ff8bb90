"""The pages of import and export in the admin: who gets in, what is shown first, what is refused unread."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import urlencode

from quizzes.authoring import drafts as authoring
from quizzes.exchange import records
from quizzes.models import Question, QuestionImport, QuestionVersion
from quizzes.regrading import process
from tests import factories

READ = "/manage/quizzes/questionimport/read/"
EXPORT = "/manage/quizzes/questionimport/export/"
TWO = "// [id:X-1]\nWhat is it?{=this#Yes. ~that#No.}\n\n::Sun::The sun rises in the east.{T}\n\nNo answers\n"


@pytest.fixture
def client_(client_of, instructor):
    return client_of(instructor)


def upload(client, course, content=TWO, **fields):
    given = {
        "course": course.pk,
        "lesson": "",
        "competency": course.competencies.get().pk,
        "bloom": "apply",
        "format": "gift",
        "file": SimpleUploadedFile("bank.txt", content.encode() if isinstance(content, str) else content),
    }
    return client.post(READ, given | fields)


def bank():
    return [list(model.objects.order_by("pk").values()) for model in (Question, QuestionVersion)]


def test_file_is_read_shown_and_saved(client_, course):
    authoring.next_version(Question.objects.get(key="Q1.01"))
    before = bank()
    report = upload(client_, course).url
    page = client_.get(report)
    assert page.status_code == 200
    assert bank() == before
    assert re.findall(r"<dt>(\w+)</dt><dd>(\d+)</dd>", page.text) == [
        ("New", "2"),
        ("Changed", "0"),
        ("Unchanged", "0"),
        ("Refused", "1"),
    ]
    assert "It has no answers in { }: a text alone is no question." in page.text
    assert 'this <strong class="key">Right</strong>' in page.text
    assert "Choice 2: a choice with score 0 names its misconception" in page.text
    assert 'value="Save 2 questions as drafts"' in page.text
    (plan,) = re.findall(r'name="plan" value="(\w{64})"', page.text)
    given = {"plan": plan, "competency": course.competencies.get().pk, "bloom": "apply"}
    response = client_.post(report, given, follow=True)
    assert "2 questions were saved as drafts." in response.text
    # Where one lands are these drafts and no others.
    shown = response.context["cl"].queryset.values_list("question__external_id", flat=True)
    assert (response.request["PATH_INFO"], sorted(shown)) == ("/manage/quizzes/questionversion/", ["Sun", "X-1"])
    drafts = QuestionVersion.objects.drafts().values_list("question__external_id", flat=True)
    assert sorted(drafts) == ["", "Sun", "X-1"]
    # That it is the list of one import is said, and taken off with the other filters.
    assert "bank.txt" in response.text.split('id="changelist-filter"')[1]
    everything = client_.get(response.request["PATH_INFO"] + response.context["cl"].clear_all_filters_qs)
    assert everything.context["cl"].result_count == QuestionVersion.objects.count()
    before = bank()
    assert "The drafts are in the question bank." in client_.post(report, given, follow=True).text
    done = [(entry.content_type.model, entry.get_change_message()) for entry in LogEntry.objects.order_by("pk")]
    assert done[0] == ("questionimport", "2 questions were saved as drafts.")
    assert [(model, said[:14]) for model, said in done[1:]] == [("questionversion", "Imported from ")] * 2
    again = client_.get(upload(client_, course).url)
    assert "There is nothing to save" in again.text
    assert bank() == before


def test_pages_say_where_a_file_is_from(client_, course):
    report = client_.get(upload(client_, course, source="Ann’s bank").url).text
    assert "From Ann’s bank (bank.txt)" in report
    assert report.count("Needed: used for every question that names none.") == 2
    assert "Ann’s bank (bank.txt)" in client_.get(reverse("admin:quizzes_questionimport_changelist")).text
    refused = upload(client_, course, bloom="")
    assert "choose the file again" in refused.text


def test_stale_report_is_not_saved(client_, course):
    report = upload(client_, course).url
    before = bank()
    given = {"plan": "0" * 64, "competency": course.competencies.get().pk, "bloom": "apply"}
    assert "The bank has changed since." in client_.post(report, given, follow=True).text
    assert bank() == before


def test_scripts_of_a_file_reach_no_page(client_, course):
    text = "A <script>alert(1)</script><b onclick=x>b</b>?{=<svg onload=x>a ~&lt;script&gt;}\n\n"
    text += "[markdown]<script>x</script>{T}"
    page = client_.get(upload(client_, course, text.encode()).url).text
    content = page[page.index('id="content-main"') :]
    assert "<script" not in content
    assert "onclick" not in content
    assert "onload" not in content


def errors(response):
    return {name: list(said) for name, said in response.context["form"].errors.items()}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        ("é".encode("latin-1"), "Line 1: The file is not UTF-8 text. Save it as UTF-8 and read it again."),
        (b"A\0", "Line 1: The control character '\\x00' has no place in questions. Take it out."),
        (b"// nothing", "There is no question in this file."),
        (b"A?{T}\n\n" * 501, "Line 1001: The file holds more than 500 questions. Split it."),
        (b"a" * (records.MAXIMUM_BYTES + 1), "The file is larger than 2 MB. Split it, or leave its pictures out."),
    ],
)
def test_file_that_cannot_be_used_is_refused_with_its_reason(client_, course, content, said):
    response = upload(client_, course, content)
    assert (response.status_code, errors(response)) == (400, {"file": [said]})
    assert not QuestionImport.objects.exists()


def test_what_does_not_belong_together_is_refused(client_, course):
    other = factories.course("other")
    response = upload(
        client_, course, competency=other.competencies.get().pk, lesson=other.lessons.first().pk, bloom=""
    )
    said = "This belongs to another course. Choose one of the course above."
    assert errors(response) == {"competency": [said], "lesson": [said], "bloom": ["Fill in this field."]}


def test_fifty_megabytes_are_refused_unread(client_):
    """By what the request says of itself: the body is never asked for, or reading it would fail."""

    class Unreadable:
        def read(self, *_args):
            raise AssertionError("the body was read")

        readline = read

    response = client_.post(
        READ,
        content_type="multipart/form-data; boundary=x",
        data=b"",
        **{"CONTENT_LENGTH": "50000000", "wsgi.input": Unreadable()},
    )
    assert response.status_code == 413
    assert "The file is larger than 2 MB." in response.text


def test_form_keeps_its_token(instructor, course):
    client = Client(enforce_csrf_checks=True)
    client.force_login(instructor, backend="django.contrib.auth.backends.ModelBackend")
    assert upload(client, course).status_code == 403
    assert not QuestionImport.objects.exists()


@pytest.mark.parametrize("path", [READ, EXPORT, "report"])
def test_who_may_not_is_kept_out(client_of, course, learner, instructor, path):
    given = QuestionImport.objects.create(course=course, format="gift", filename="q", text=TWO, made_by=instructor)
    path = reverse("admin:quizzes_questionimport_report", args=[given.pk]) if path == "report" else path
    assert client_of(learner).get(path).status_code == 302
    helper = factories.user("Hanna Berg", is_staff=True)
    assert client_of(helper).get(path).status_code == 403
    assert client_of(helper).post(path).status_code == 403
    assert client_of(instructor).get(path).status_code == 200


@pytest.mark.parametrize("questions", [2, 120])
def test_report_takes_at_most_twelve_queries(client_, course, questions):
    text = "".join(f"::Q{n}::What is {n}?{{=a ~b}}\n\n" for n in range(questions))
    report = upload(client_, course, text.encode()).url
    with CaptureQueriesContext(connection) as queries:
        page = client_.get(report)
    assert page.status_code == 200
    assert len(queries) <= 12
    assert page.text.count('class="imported is-new"') == min(questions, 25)


@pytest.mark.parametrize("format_", ["gift", "aiken", "moodle", "yaml"])
def test_export(client_, course, format_):
    page = client_.get(EXPORT, {"format": format_})
    assert page.status_code == 200
    assert "Download 3 questions as" in page.text
    file = client_.get(EXPORT, {"format": format_, "download": "1"})
    assert file.headers["Content-Disposition"].startswith('attachment; filename="questions.')
    assert file.text.count("What is Q1.0") == 3
    chosen = Question.objects.get(key="Q1.02")
    file = client_.get(EXPORT, {"format": format_, "ids": f"{chosen.pk},x", "download": "1"})
    assert re.findall(r"What is (Q1\.0\d)", file.text) == ["Q1.02"]


@pytest.mark.parametrize("format_", ["gift", "aiken", "moodle", "yaml"])
def test_export_says_which_questions_were_corrected(client_, course, instructor, format_):
    """The file has the key that was published; the correction is a row beside it."""
    version = QuestionVersion.objects.current().get(question__key="Q1.02")
    process.decide(
        version=version, policy="accept", details={"answers": ["b"]}, reason="B too.", by=instructor, at=factories.NOW
    )
    page = client_.get(EXPORT, {"format": format_})
    lost = dict(re.findall(r'<th scope="row">(Q1\.\d\d)</th>\s*<td>\s*(.*?)\s*</td>', page.text, re.DOTALL))
    said = "what was corrected since: the key is written as it was published"
    assert {key for key, words in lost.items() if said in words} == {"Q1.02"}
    assert "Download 3 questions as" in page.text


def test_action_leads_to_the_export_of_what_was_chosen(client_, course):
    chosen = Question.objects.get(key="Q1.02")
    given = {"action": "export", "_selected_action": [chosen.pk]}
    response = client_.post(reverse("admin:quizzes_question_changelist"), given)
    assert response.url == f"{EXPORT}?{urlencode({'ids': chosen.pk})}"
    page = client_.get(reverse("admin:quizzes_question_changelist"))
    assert READ in page.text
    assert EXPORT in page.text


def test_export_of_an_empty_lesson_says_so(client_, course):
    page = client_.get(EXPORT, {"format": "gift", "lesson": course.lessons.get(number=2).pk})
    assert "There is no published question here." in page.text
    assert "download=1" not in page.text
