"""Addresses that only take a form; nothing happens by a link to one."""

from functools import wraps

from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods


def form_address(page):
    """Lead whoever comes by GET, as browsers do after signing in anew half-way through sending, to the form's page.

    `page` is the name of a view that takes the same arguments, or a function of the view's own arguments that gives
    what `redirect` takes.
    """

    def decorate(view):
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def checked(request, **arguments):
            if request.method == "POST":
                return view(request, **arguments)
            return redirect(page(request, **arguments)) if callable(page) else redirect(page, *arguments.values())

        return checked

    return decorate
