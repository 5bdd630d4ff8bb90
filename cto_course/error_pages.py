"""The pages that say what went wrong: each with a way back, and with what the person had typed."""

import secrets
import sys
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.log import log_response
from django.utils.translation import gettext

from cto_course import availability, edge

#: Parts of field names whose values are never shown again: secrets, and what was not typed.
NEVER_SHOWN = ("csrf", "password", "code", "credential", "token", "secret", "ticket", "next")
#: What is shorter and one word is typed again sooner than it is found and copied.
WORTH_KEEPING = 30
#: Seconds after which one may try again what could not be written or read.
RETRY_AFTER = 10
#: Pages on which somebody would take the failure for a wrong password or code.
SIGNING_IN = {
    "account_login",
    "account_signup",
    "account_reauthenticate",
    "account_request_login_code",
    "account_confirm_login_code",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The 400 page: what was sent is not what a form of ours sends.

    Django takes a session that cannot be written for one that was deleted meanwhile, and that for a bad request.
    """
    if availability.passes_by_itself(exception):
        return interrupted(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    if isinstance(exception, TooManyFieldsSent):
        return too_many_fields(request)
    return alone(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The 403 page of a form without a token that fits; nothing was saved."""
    return render(request, "403_csrf.html", {"typed": typed(request)}, status=403)


def signed_out(request: HttpRequest) -> HttpResponse:
    """The 403 page of a form that was sent by nobody: signed out meanwhile, or the session has ended.

    It leads to signing in and from there to the page of the form; scripts get its sentence as {"reason": …}. No cache
    keeps it, also once the cookie of the session is gone.
    """
    if request.accepts("text/html"):
        context = {"back": way_back(request) or request.get_full_path(), "typed": typed(request)}
        response = render(request, "signed_out.html", context, status=403)
    else:
        response = JsonResponse({"reason": gettext("You are signed out")}, status=403)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    """The 413 page of a body that is larger than any form; it is read for this page alone, if it came whole."""
    return render(request, "413.html", {"back": way_back(request), "typed": typed(request)}, status=413)


def too_many_fields(request: HttpRequest) -> HttpResponse:
    """The 413 page of a form with more fields than any of ours; it was read, so what was typed is shown."""
    context = {"back": way_back(request), "typed": typed_in_too_many(request)}
    return render(request, "413.html", context, status=413)


def too_many(request: HttpRequest) -> HttpResponse:
    """The 429 page of a limit that is used up. All that have a page count the requests of a minute.

    A limit that cannot be counted looks used up as well: nobody is told that they tried too often when it is the disk.
    """
    if not availability.ready():
        return interrupted(request, None)
    response = render(request, "429.html", {"back": way_back(request), "typed": typed(request)}, status=429)
    response.headers["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """The 500 page. Its reference stands in the log, in one line with the address and above the traceback.

    Django logs no traceback when one of these pages fails; this page logs it itself, for every failure alike. What
    passes by itself has the 503 page and one line.
    """
    error = sys.exc_info()[1]
    if availability.passes_by_itself(error):
        return interrupted(request, error)
    reference = secrets.token_hex(3).upper()
    response = alone(request, "500.html", status=500, reference=reference)
    log_response("Reference %s: %s", reference, request.path, response=response, request=request, exception=error)
    return response


def interrupted(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """The 503 page of a failure that passes by itself. The log has one line of it, no traceback: there will be many."""
    response = unavailable(request)
    log_response(
        "Not available: %s: %s", request.path, str(error or "no writes").strip(), response=response, request=request
    )
    return response


def unavailable(request: HttpRequest, *, retry_after: int = RETRY_AFTER) -> HttpResponse:
    """The 503 page, for as long as nothing can be written or read; `retry_after` in seconds goes into the header.

    Scripts get its sentence as {"reason": …} and keep what they wanted to save.
    """
    if request.accepts("text/html"):
        signing_in = request.resolver_match is not None and request.resolver_match.view_name in SIGNING_IN
        response = alone(request, "503.html", status=503, signing_in=signing_in)
    else:
        response = JsonResponse({"reason": gettext("The course is not available for a moment")}, status=503)
    response.headers["Retry-After"] = str(retry_after)
    return response


def alone(request: HttpRequest, template: str, *, status: int, **context: object) -> HttpResponse:
    """A page that asks neither session nor database: whatever failed may fail again."""
    context |= {"back": way_back(request), "typed": typed(request)}
    return HttpResponse(loader.get_template(template).render(context), status=status)


def way_back(request: HttpRequest) -> str:
    """The page of this site that the person came from, as its path; an empty text when that is this one, or not ours.

    Browsers name it for addresses of the same site (SECURE_REFERRER_POLICY).
    """
    referrer = request.META.get("HTTP_REFERER", "")
    try:
        ours = url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure())
        parts = urlsplit(referrer)
    except (SuspiciousOperation, ValueError):
        return ""
    back = f"{parts.path}?{parts.query}" if parts.query else parts.path
    here = request.method in ("GET", "HEAD") and back == request.get_full_path()
    return back if ours and parts.netloc and not here and not back.startswith("//") else ""


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """(field, text) of what was written into a form and would be lost, in the order in which it was sent.

    Pages of the signed-in are kept by no cache, so a browser that goes back may show the form empty. What a form of
    another site sent is not shown: it is not this person's.
    """
    try:
        return worth_keeping(sent_fields(request).lists()) if is_own_form(request) else []
    except (SuspiciousOperation, RawPostDataException, OSError, ValueError):
        return []


def is_own_form(request: HttpRequest) -> bool:
    """Whether a page of this site sent a form; raises SuspiciousOperation for a host that is not ours."""
    here = f"{request.scheme}://{request.get_host()}"
    return request.method == "POST" and request.headers.get("Origin", here) == here


def sent_fields(request: HttpRequest) -> QueryDict:
    """The fields of a form, also of one that is larger than Django reads but came whole to the edge of the worker."""
    announced = int(request.META.get("CONTENT_LENGTH") or 0)
    if announced <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return request.POST
    if announced > edge.LARGEST or request.content_type != "application/x-www-form-urlencoded":
        return QueryDict()
    return QueryDict(request.read(), encoding="utf-8")


def typed_in_too_many(request: HttpRequest) -> list[tuple[str, str]]:
    """The same of a form with more fields than are read: Django has taken them for none by now."""
    try:
        pairs = parse_qsl(request.body.decode(errors="replace")) if is_own_form(request) else []
    except (SuspiciousOperation, RawPostDataException):
        return []
    return worth_keeping((name, [text]) for name, text in pairs)


def worth_keeping(fields: Iterable[tuple[str, list[str]]]) -> list[tuple[str, str]]:
    """(field, text) of those fields whose text is worth copying and is no secret."""
    return [
        (name.replace("_", " ").replace("-", " "), text)
        for name, texts in fields
        if not any(part in name.lower() for part in NEVER_SHOWN)
        for text in texts
        if len(text) > WORTH_KEEPING or len(text.split()) > 1
    ]
