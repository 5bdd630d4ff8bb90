"""Every address of the site, and the yardstick."""

from django.shortcuts import render
from django.urls import path

from cto_course import urls


def bare(request):
    """The least that a page for a signed-in person does: read session and person, render a small template."""
    return render(request, "bare.html", {"visits": request.session.get("visits", 0), "person": request.user})


handler404, handler500 = urls.handler404, urls.handler500
urlpatterns = [path("bare/", bare), *urls.urlpatterns]
