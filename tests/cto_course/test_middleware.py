"""The headers that every response carries."""

import pytest
from django.http import HttpResponse

from cto_course.middleware import security_headers
from tests import factories

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/help/", "/accounts/login/", "/manage/", "/health/", "/ready/", "/home/", "/mailbox/7/"]
)
def test_headers_of_pages_redirects_and_errors(client, path):
    response = client.get(path)
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.django_db
def test_headers_of_the_administration(client_of):
    staff = factories.user("Olu Staff", is_staff=True, is_superuser=True)
    response = client_of(staff).get("/manage/")
    assert response.status_code == 200
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.django_db
def test_pages_of_the_signed_in_are_kept_by_nobody(learner_client, client):
    assert learner_client.get("/help/").headers["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_pages_of_visitors_may_be_kept(client):
    assert "Cache-Control" not in client.get("/help/").headers


def test_view_may_send_a_policy_of_its_own(rf):
    """The preview of a page stands in a frame of this site."""
    own = {"Content-Security-Policy": "frame-ancestors 'self'", "Cache-Control": "private, max-age=60"}
    request = rf.get("/")
    request.COOKIES["session"] = "any"
    response = security_headers(lambda _request: HttpResponse(headers=own))(request)
    assert {name: response.headers[name] for name in own} == own


FORM = "application/x-www-form-urlencoded"
FILE = "multipart/form-data; boundary=x"


class Unreadable:
    """A body that must not be read."""

    def __init__(self, length):
        self.length = length

    def __len__(self):
        return self.length

    def read(self, *_arguments):
        raise AssertionError("the body was read")

    readline = read


@pytest.mark.django_db
@pytest.mark.parametrize("type_", [FORM, FILE, "application/json", ""])
@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/theme/", "/cto/join/", "/manage/login/", "/manage/", "/nowhere/"]
)
def test_body_that_no_form_has_is_refused_unread(learner_client, type_, path):
    """Also by who may send the form, and also a file, which Django would write to the disk first."""
    headers = {"CONTENT_TYPE": type_, "CONTENT_LENGTH": "50000000", "wsgi.input": Unreadable(50_000_000)}
    response = learner_client.generic("POST", path, **headers)
    assert (response.status_code, "is larger than any form of this site" in response.text) == (413, True)


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["latin-1", "UTF-16", "unicode_escape", "zlib", "undefined", "no such"])
@pytest.mark.parametrize("type_", [FORM, FILE, "text/html"])
def test_body_in_another_encoding_is_refused_unread(client, type_, charset):
    headers = {"CONTENT_TYPE": f"{type_}; charset={charset}", "CONTENT_LENGTH": "9", "wsgi.input": Unreadable(9)}
    for method in ("GET", "POST"):
        response = client.generic(method, "/accounts/login/", **headers)
        assert (response.status_code, response.text) == (415, "Send it as UTF-8.\n")


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-8", "UTF-8"])
def test_body_that_says_what_it_is(client, charset):
    response = client.generic("POST", "/accounts/login/", b"login=a", f"{FORM}; charset={charset}")
    assert response.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/help/", "/accounts/login/", "/nowhere/"])
def test_head_is_the_page_without_its_body(client, page):
    whole, head = client.get(page), client.head(page)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"] == str(len(whole.content))


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "TRACE", "CONNECT"])
def test_other_methods_are_refused_before_anything_else(client, method):
    """No session, no limit, no database."""
    response = client.generic(method, "/accounts/login/")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, POST")
