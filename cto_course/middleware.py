"""Security headers on every response, bodies that are refused before anything of them is read, and signing in first."""

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse, HttpResponseNotAllowed

from cto_course import error_pages, views

#: What browsers send to pages and forms; whatever else comes is refused before it counts for anything.
METHODS = ("GET", "HEAD", "POST")
POLICY = "; ".join(f"{directive} {' '.join(values)}" for directive, values in settings.SECURE_CSP.items())


def security_headers(get_response):
    """Send the strict content security policy (in the shape of Django 6's SECURE_CSP, so that the move deletes this).

    A view that needs another policy (a preview in a frame) sets the header itself. Pages of a signed-in person are not
    to be kept by any cache.
    """

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()"
        )
        # The cookie, not request.user: asking for the user would cost a query on pages that never needed one.
        if "Cache-Control" not in response.headers and settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


def probes(get_response):
    """Answer those who ask whether the server lives, whatever host they ask for: they ask by its address.

    Stands before everything that looks at the host; SECURE_REDIRECT_EXEMPT keeps them from being sent to HTTPS.
    """
    answers = {"/health/": views.health, "/ready/": views.ready}

    def middleware(request):
        return answers.get(request.path_info, get_response)(request)

    return middleware


class SignInFirst(LoginRequiredMiddleware):
    """Lead whoever has to sign in to the page where they do; who sent a form gets a page that keeps what they typed."""

    def handle_no_permission(self, request, view):
        if request.method == "POST":
            return error_pages.signed_out(request)
        return super().handle_no_permission(request, view)


class Bodies:
    """Refuse what no form of ours sends, before anything reads it: Django would write a file of any size to the disk
    first, and decode in whatever encoding a request names, also in one that ends in an error or makes half characters.

    A view that is exempt from CSRF receives its body itself and looks at its size itself.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if request.method == "HEAD":
            # A page without its body counts for no more than the page, also with allauth, to which only GET is free.
            request.method = "GET"
            response = self(request)
            if not response.streaming:
                response.content = b""
            return response
        if request.content_params.get("charset", "utf-8").lower() != "utf-8":
            return HttpResponse("Send it as UTF-8.\n", content_type="text/plain; charset=utf-8", status=415)
        # A quoted cookie can hold a NUL, which PostgreSQL refuses to look for: such a session is nobody's.
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return self.get_response(request)

    def process_view(self, request, view, _args, _kwargs):
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
        if announced > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and not getattr(view, "csrf_exempt", False):
            return error_pages.too_large(request)
        return None
