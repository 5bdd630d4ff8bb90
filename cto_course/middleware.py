"""Security headers on every response, from the first day."""

from django.conf import settings

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
