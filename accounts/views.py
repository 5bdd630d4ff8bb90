"""A person's own account, beside the pages that allauth brings."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import ProfileForm

THEMES = ("system", "light", "dark")
A_YEAR = 60 * 60 * 24 * 365


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    """Name, time zone and language; the way to everything else about the account stands beside it."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    if form.errors:
        # The form wrote what was typed into request.user; the page around it shows who the person still is.
        request.user.refresh_from_db()
    return render(request, "accounts/profile.html", {"form": form})


@login_not_required
@require_POST
def theme(request):
    """Keep the choice of appearance in a cookie and go back to the page it was made on.

    The server writes <html data-theme> from it, so that no page flashes and no inline script is needed.
    """
    choice = request.POST.get("theme")
    if choice not in THEMES:
        raise BadRequest("There is no such appearance.")
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    # Not redirect(): that takes a word without a slash for the name of a view.
    response = HttpResponseRedirect(back if ours and back.startswith("/") else "/")
    if choice == "system":
        response.delete_cookie("theme", samesite="Lax")
    else:
        response.set_cookie(
            "theme", choice, max_age=A_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return response


@never_cache
@require_safe
def totp_qr(request):
    """The QR code of the authenticator app that is being set up, as an SVG; allauth keeps the secret in the session.

    An image with an address of its own, because the content security policy allows no data: URI.
    """
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Http404
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return HttpResponse(svg, content_type="image/svg+xml")
