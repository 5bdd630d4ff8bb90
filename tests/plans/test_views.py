"""The notes page, and saving a note with and without a script."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from lessons.models import Course, Lesson, Unit
from plans import notes
from plans.models import Note
from tests import factories
from tests.factories import NOW
from tests.tight import tight

pytestmark = pytest.mark.django_db

URL = "/cto/lessons/1/first/note/"
JSON = {"headers": {"accept": "application/json"}}


def unit(key="first"):
    return Unit.objects.get(key=key)


def write(enrolment, text, *, key="first", revision=0, at=NOW):
    return notes.write(enrolment=enrolment, unit=unit(key), text=text, revision=revision, at=at)


def stored():
    return list(Note.objects.order_by("pk").values_list("text", "revision"))


# ---- One's notes -----------------------------------------------------------------------------------------------------


def test_notes_page_without_notes_says_what_comes(learner_client):
    html = learner_client.get("/cto/notes/").content.decode()
    assert "Notes you take while reading appear here and in your First-100-Days plan." in html


def test_notes_page_lists_own_notes_newest_first(learner_client, enrolment, cohort):
    write(enrolment, "Older text\nwith a line", at=NOW)
    write(enrolment, "Newer text", key="third", at=NOW.replace(hour=11))
    write(enrolment, "", key="second")
    write(factories.enrolment(cohort), "CANARY", key="second")
    html = tight(learner_client.get("/cto/notes/").text)
    assert html.index("Newer text") < html.index("Older text<br>with a line")
    assert 'href="/cto/lessons/2/third/#notes-h">Third</a>' in html
    assert "Lesson 1, saved on 2 November 2026 at 09:30" in html
    assert "CANARY" not in html
    assert "Second" not in html


def test_notes_promise_what_privacy_says(learner_client, enrolment):
    """Nobody is shown them on the site; who runs it can reach the database."""
    write(enrolment, "Mine.")
    assert "Nobody but you is shown your notes." in tight(learner_client.get("/privacy/").text)
    assert "Nobody but you is shown them;" in tight(learner_client.get("/cto/notes/").text)
    assert "Nobody but you is shown these." in tight(learner_client.get("/cto/lessons/1/first/").text)


def test_notes_page_keeps_a_note_whose_unit_has_left_the_course(learner_client, enrolment):
    write(enrolment, "Still mine")
    Unit.objects.filter(key="first").update(retired_at=NOW)
    html = learner_client.get("/cto/notes/").content.decode()
    assert "Still mine" in html
    assert "A section that is no longer in the course" in html
    assert "/cto/lessons/1/first/" not in html


def test_notes_page_escapes_what_was_written(learner_client, enrolment):
    write(enrolment, "<script>alert(1)</script>")
    for path in ["/cto/notes/", "/cto/home/", "/cto/lessons/1/first/"]:
        html = learner_client.get(path).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html


def test_notes_page_statements_do_not_grow(learner_client, enrolment, course, django_assert_num_queries):
    write(enrolment, "One")
    with django_assert_num_queries(4):
        learner_client.get("/cto/notes/")
    for number in range(20):
        factories.unit(course.lessons.get(number=2), f"more-{number}", position=5 + number)
        write(enrolment, f"Note {number}", key=f"more-{number}")
    with django_assert_num_queries(4):
        learner_client.get("/cto/notes/")


# ---- Saving with the form --------------------------------------------------------------------------------------------


def test_note_is_saved_by_the_form_of_the_page(learner, enrolment):
    """Without JavaScript, with the token of the page."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    html = client.get("/cto/lessons/1/first/").content.decode()
    form = html[html.index(f'action="{URL}"') :]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))
    assert fields["revision"] == "0"
    response = client.post(URL, fields | {"text": "First line\r\nSecond line"}, follow=True)
    assert response.redirect_chain == [("/cto/lessons/1/first/#notes-h", 302)]
    assert stored() == [("First line\nSecond line", 1)]
    html = response.content.decode()
    assert "First line\nSecond line</textarea>" in html
    assert "Saved at" in html
    assert 'name="revision" value="1"' in html


def test_note_page_after_a_conflict_shows_both_texts(learner_client, enrolment):
    write(enrolment, "From the other tab")
    response = learner_client.post(URL, {"text": "From this tab", "revision": "0"})
    assert response.status_code == 409
    html = tight(response.text)
    assert "From the other tab" in html
    assert "From this tab</textarea>" in html
    assert 'name="revision" value="1"' in html
    assert "<title>Error:" in html
    assert stored() == [("From the other tab", 1)]
    # The form on that page saves one's own text instead.
    learner_client.post(URL, {"text": "From this tab", "revision": "1"})
    assert stored() == [("From this tab", 2)]


def test_note_page_with_too_long_a_text_keeps_it(learner_client):
    response = learner_client.post(URL, {"text": "x" * 20_001, "revision": "0"})
    assert response.status_code == 400
    html = response.content.decode()
    assert "A note holds up to 20,000 characters; this one has 20001. Shorten it, then save." in html
    assert "x" * 20_001 in html
    assert stored() == []


def test_note_of_exactly_the_limit_is_saved_however_its_lines_end(learner_client):
    text = "line\n" * 4_000
    learner_client.post(URL, {"text": text.replace("\n", "\r\n"), "revision": "0"})
    assert stored() == [(text, 1)]


def test_note_without_a_sensible_revision_is_refused(learner_client):
    for revision in ["", "x", "-1"]:
        response = learner_client.post(URL, {"text": "Mine", "revision": revision})
        assert response.status_code == 400
        assert "Mine</textarea>" in response.content.decode()
    assert stored() == []


def test_note_may_be_taken_back(learner_client, enrolment):
    write(enrolment, "Something")
    learner_client.post(URL, {"text": "", "revision": "1"})
    assert stored() == [("", 2)]


def test_note_by_link_leads_to_the_unit(learner_client):
    response = learner_client.get(URL)
    assert (response.status_code, response["Location"]) == (302, "/cto/lessons/1/first/#notes-h")
    assert stored() == []


# ---- Saving with the script ------------------------------------------------------------------------------------------


def test_note_as_json_says_when_it_was_saved(learner_client):
    response = learner_client.post(URL, {"text": "Mine", "revision": "0"}, **JSON)
    answer = response.json()
    assert (response.status_code, answer["revision"]) == (200, 1)
    assert re.fullmatch(r"Saved at \d\d:\d\d", answer["message"])


def test_note_as_json_in_conflict_returns_what_is_stored(learner_client, enrolment):
    write(enrolment, "From the other tab")
    response = learner_client.post(URL, {"text": "From this tab", "revision": "0"}, **JSON)
    assert response.status_code == 409
    assert response.json() == {
        "reason": "This note was changed in another window. Both texts are kept here; nothing was overwritten.",
        "server": {
            "text": "From the other tab",
            "revision": 1,
            "message": notes.saved_words(NOW, on=timezone.localdate()),
        },
    }


def test_note_as_json_with_too_long_a_text(learner_client):
    response = learner_client.post(URL, {"text": "x" * 20_001, "revision": "0"}, **JSON)
    assert response.status_code == 400
    assert response.json() == {
        "reason": "A note holds up to 20,000 characters; this one has 20001. Shorten it, then save."
    }


# ---- Whose, and of what ----------------------------------------------------------------------------------------------


def test_note_of_another_learner_is_neither_read_nor_written(learner_client, enrolment, cohort):
    write(factories.enrolment(cohort), "CANARY")
    response = learner_client.post(URL, {"text": "Mine", "revision": "1"}, **JSON)
    assert response.status_code == 200
    assert "CANARY" not in response.content.decode()
    assert stored() == [("CANARY", 1), ("Mine", 1)]


def test_note_on_a_unit_that_is_not_there(learner_client, course):
    factories.unit(course.lessons.get(number=1), "gone", position=5)
    Unit.objects.filter(key="gone").update(retired_at=NOW)
    other = Course.objects.create(key="other", title="Other course")
    factories.unit(Lesson.objects.create(course=other, number=1, key="one", title="One", short_title="O"), "secret")
    for path in ["1/gone", "2/first", "1/secret", "1/nowhere"]:
        response = learner_client.post(f"/cto/lessons/{path}/note/", {"text": "Mine", "revision": "0"})
        assert response.status_code == 404
    assert stored() == []


def test_note_needs_an_account_and_a_place(client, client_of, cohort):
    response = client.post(URL, {"text": "Mine", "revision": "0"})
    assert (response.status_code, f"/accounts/login/?next={URL}" in response.text) == (403, True)
    response = client_of(factories.user()).post(URL, {"text": "Mine", "revision": "0"})
    assert (response.status_code, "You have no place in the course" in response.text) == (403, True)
    assert stored() == []


def test_note_without_a_token_is_refused(learner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(URL, {"text": "Mine", "revision": "0"}).status_code == 403
    assert stored() == []


def test_saving_a_note_takes_few_statements(learner_client, enrolment, django_assert_max_num_queries):
    write(enrolment, "One")
    with django_assert_max_num_queries(8):
        learner_client.post(URL, {"text": "Two", "revision": "1"}, **JSON)
