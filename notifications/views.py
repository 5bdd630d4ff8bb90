"""The local mailbox: the outbox as a page, for a set-up from which no mail leaves the machine."""

import ipaddress
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications.models import Message

SHOWN = 100


def mailbox_is_open(request) -> bool:
    """Whether this request may read the mailbox: it is switched on, and the request comes from this very machine.

    A request that came through a proxy looks local and is not; the header gives it away.
    """
    if not settings.MAILBOX or "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def local_only(view):
    """Answer 404 to everybody who may not read the mailbox; nobody needs to be signed in to read it."""

    @login_not_required
    @never_cache
    @require_safe
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not mailbox_is_open(request):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@local_only
def mailbox(request):
    """The newest messages of the outbox."""
    return render(request, "notifications/mailbox.html", {"letters": Message.objects.all()[:SHOWN], "shown": SHOWN})


@local_only
def message(request, pk):
    """One message, with its links to follow."""
    return render(request, "notifications/message.html", {"letter": get_object_or_404(Message, pk=pk)})
