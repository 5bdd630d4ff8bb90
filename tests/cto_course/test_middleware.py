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
@pytest.mark.parametrize("path", ["/help/", "/accounts/login/", "/manage/", "/health/", "/home/", "/mailbox/7/"])
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
