"""The pages that say what went wrong: whose they look like, the way back, and what of the typed text they keep."""

import logging
import re
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import path, reverse

from cto_course import error_pages, urls
from cto_course.error_pages import way_back
from lessons.views import not_found
from tests.tight import tight

pytestmark = pytest.mark.django_db


def fails(request, **kwargs):
    raise RuntimeError("A secret detail")


def forbidden(request, **kwargs):
    raise PermissionDenied


def reads(request, **kwargs):
    return HttpResponse(request.POST)


def full(request, **kwargs):
    return error_pages.unavailable(request, retry_after=17)


def limited(request, **kwargs):
    return error_pages.too_many(request)


def not_found_unless_it_breaks(request, exception):
    if "breaks" in request.path:
        raise RuntimeError("The page of errors has an error")
    return not_found(request, exception)


for view in (fails, forbidden, reads, full, limited):
    view.login_required = False
# The site's own addresses, and some that fail: this module is the ROOT_URLCONF of the fixture `failing`.
urlpatterns = [
    path("fails/", fails),
    path("forbidden/", forbidden),
    path("reads/", reads),
    path("full/", full),
    path("limited/", limited),
    *urls.urlpatterns,
]
handler400, handler404, handler500 = urls.handler400, not_found_unless_it_breaks, urls.handler500

TYPED = {
    "text": "What I wrote about our\nteam's <debt>.",
    "q1-answer": "two words",
    "short": "one",
    "password": "correct horse battery",
    "q3-ticket": "a long ticket that nobody typed",
    "csrfmiddlewaretoken": "a token that nobody typed by hand",
}
KEPT = [("Text", "What I wrote about our\nteam&#x27;s &lt;debt&gt;."), ("Q1 answer", "two words")]


@pytest.fixture
def failing(settings):
    """A client of a site with more addresses; it sees the error page instead of the exception."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def kept(response):
    """(label, text) of every field that a page shows again, as its source."""
    found = re.findall(r"<label[^>]*>([^<]*)</label>\s*<textarea[^>]* readonly>\n(.*?)</textarea>", response.text, re.S)
    return [(label, text) for label, text in found]


def ways(response):
    """Where the actions of a page lead."""
    (actions,) = re.findall(r'<p class="actions">.*?</p>', response.text, re.S)
    return re.findall(r'href="([^"]*)"', actions)


@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/fails/", 500, "The page could not be shown"),
        ("/full/", 503, "The course is not available for a moment"),
        ("/limited/", 429, "Too many tries"),
    ],
)
def test_page_keeps_what_was_typed_and_leads_back(failing, address, status, heading):
    response = failing.post(address, TYPED, headers={"Referer": "http://testserver/cto/notes/?page=2"})
    assert (response.status_code, f"<h1>{heading}</h1>" in response.text) == (status, True)
    assert (kept(response), ways(response)) == (KEPT, ["/cto/notes/?page=2", "/"])
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    empty = failing.get(address)
    assert (kept(empty), ways(empty), "What you typed" in empty.text) == ([], ["/"], False)


def test_what_no_form_sends_has_our_page(failing):
    """A choice that is none; then a host that is not ours, for which no address can be built."""
    neon = failing.post("/account/theme/", {"theme": "neon"}, headers={"Referer": "http://testserver/a/"})
    assert (neon.status_code, ways(neon)) == (400, ["/a/", "/"])
    elsewhere = failing.get("/help/", headers={"Host": "elsewhere.example", "Referer": "http://elsewhere.example/a/"})
    assert (elsewhere.status_code, ways(elsewhere)) == (400, ["/"])
    for response in (neon, elsewhere):
        assert "<h1>This could not be read</h1>" in response.text
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_form_with_more_fields_than_any_leads_back_and_keeps_its_text(failing):
    fields = urlencode({"text": "two words", **{f"f{n}": "" for n in range(20_000)}})
    form, headers = "application/x-www-form-urlencoded", {"Referer": "http://testserver/a/"}
    response = failing.post("/reads/", fields, content_type=form, headers=headers)
    assert (response.status_code, kept(response), ways(response)) == (413, [("Text", "two words")], ["/a/", "/"])
    foreign = headers | {"Origin": "https://elsewhere.example"}
    assert kept(failing.post("/reads/", fields, content_type=form, headers=foreign)) == []


def test_body_that_is_too_large_leads_back_and_keeps_what_came_whole(failing):
    """A form that grew too long is shown again; a file, or more than the server receives, is not even read."""
    headers = {"Referer": "http://testserver/cto/notes/"}
    text = "A long note. " * 80_000
    form = urlencode({"text": text, "password": "correct horse battery"})
    response = failing.post("/reads/", form, content_type="application/x-www-form-urlencoded", headers=headers)
    assert (response.status_code, kept(response), ways(response)) == (413, [("Text", text)], ["/cto/notes/", "/"])
    upload = failing.post("/reads/", {"text": text}, headers=headers)
    assert (upload.status_code, kept(upload), ways(upload)) == (413, [], ["/cto/notes/", "/"])


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        ("http://testserver/cto/notes/?a=b&c=d#e", "/cto/notes/?a=b&c=d"),
        ("http://testserver/here/", ""),
        ("http://testserver/here/?a=b", "/here/?a=b"),
        ("https://elsewhere.example/cto/", ""),
        ("//testserver/cto/", "/cto/"),
        ("http://testserver//elsewhere.example/", ""),
        ("javascript:alert(1)", ""),
        ("http://[", ""),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_way_back_is_another_page_of_this_site(rf, referrer, back):
    assert way_back(rf.get("/here/", headers={"Referer": referrer})) == back


def test_form_is_the_way_back_from_what_it_sent(rf):
    assert way_back(rf.post("/here/", headers={"Referer": "http://testserver/here/"})) == "/here/"


def test_unavailable_says_when_to_come_back(failing):
    assert failing.get("/full/").headers["Retry-After"] == "17"


def test_form_that_is_not_accepted_keeps_its_text_and_a_foreign_one_is_not_shown(learner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("accounts:profile")
    response = client.post(page, {"name": "Changed Name"}, headers={"Origin": "http://testserver"})
    assert (response.status_code, "nothing was saved" in response.text) == (403, True)
    assert kept(response) == [("Name", "Changed Name")]
    foreign = client.post(page, {"name": "Send money"}, headers={"Origin": "https://elsewhere.example"})
    assert (foreign.status_code, kept(foreign)) == (403, [])
    learner.refresh_from_db()
    assert learner.name == "Nadia Osei"


@pytest.mark.parametrize("address", ["/cto/lessons/1/first/note/", "/account/", "/manage/lessons/term/add/"])
def test_form_of_who_is_signed_out_keeps_its_text_and_leads_to_signing_in(client, cohort, address):
    """Also once the cookie of the session is gone no cache keeps the page."""
    response = client.post(address, TYPED, headers={"Referer": "http://testserver/cto/lessons/1/first/?a=b&c=d"})
    assert (response.status_code, "<h1>You are signed out</h1>" in response.text) == (403, True)
    way_in = "/accounts/login/?next=/cto/lessons/1/first/%3Fa%3Db%26c%3Dd"
    assert (kept(response), ways(response)) == (KEPT, [way_in])
    assert "was not saved" in response.text
    assert response.headers["Cache-Control"] == "private, no-store"
    assert ways(client.post(address, TYPED)) == [f"/accounts/login/?next={address}"]
    assert kept(client.post(address, TYPED, headers={"Origin": "https://elsewhere.example"})) == []
    told = client.post(address, TYPED, headers={"Accept": "application/json"})
    assert (told.status_code, told.json()) == (403, {"reason": "You are signed out"})


def test_form_whose_page_is_gone_or_forbidden_keeps_its_text(failing, learner):
    failing.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    for address, status in (("/cto/lessons/1/gone/note/", 404), ("/forbidden/", 403)):
        assert (failing.post(address, TYPED).status_code, kept(failing.post(address, TYPED))) == (status, KEPT)
        assert "What you typed" not in failing.get(address).text


def test_form_that_is_not_accepted_does_not_say_for_how_long_it_was_open(learner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(reverse("accounts:profile"), {"name": "Changed Name"})
    assert "<h1>This form was not accepted</h1>" in response.text
    assert "too long" not in response.text


def test_server_error_gives_the_reference_that_is_in_the_log(failing, caplog):
    """One record: the reference finds the address and the traceback."""
    with caplog.at_level(logging.WARNING):
        response = failing.get("/fails/")
    (reference,) = re.findall(r"<strong>([0-9A-F]{6})</strong>", response.text)
    assert response.status_code == 500
    assert "Nothing you saved is lost" in response.text
    assert "secret" not in response.text
    (record,) = caplog.records
    assert record.getMessage() == f"Reference {reference}: /fails/"
    assert isinstance(record.exc_info[1], RuntimeError)


def test_failure_of_an_error_page_has_its_reference_and_traceback(failing, caplog):
    """Django itself would log the address only."""
    with caplog.at_level(logging.WARNING):
        response = failing.get("/no-page-at-all/breaks/")
    (reference,) = re.findall(r"<strong>([0-9A-F]{6})</strong>", response.text)
    (record,) = caplog.records
    assert (response.status_code, record.getMessage()) == (500, f"Reference {reference}: /no-page-at-all/breaks/")
    assert record.exc_info[1].args == ("The page of errors has an error",)


def test_server_error_stands_on_its_own():
    """No context, no database, no bar: whatever failed may fail again there."""
    html = render_to_string("500.html", {"reference": "7F3A12"})
    assert "7F3A12" in html
    assert "<nav" not in html


def test_forbidden_says_that_it_is_a_matter_of_rights(failing):
    response = failing.get("/forbidden/")
    assert response.status_code == 403
    assert "<p>The account that you are signed in with has no right to it." in tight(response.text)
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("address", ["/%00", "/%00/", "/a%00b/lessons/", "/cto/%00/", "/%0A/", f"/{'x' * 3000}/"])
def test_address_that_no_page_can_have_is_not_found(client, course, address):
    response = client.get(address)
    assert (response.status_code, "<h1>There is no such page</h1>" in response.text) == (404, True)


def test_not_found_offers_the_lessons_it_is_given(course, rf):
    lessons = list(course.lessons.select_related("course"))
    html = render_to_string("404.html", {"outline": lessons}, rf.get("/nowhere/"))
    assert re.findall(r'<li><a href="(/cto/[^"]+)">([^<]+)</a>', html) == [
        ("/cto/lessons/1/", "1. Lesson one"),
        ("/cto/lessons/2/", "2. Lesson two"),
    ]
    assert "lessons of the course" not in render_to_string("404.html", {}, rf.get("/nowhere/"))
