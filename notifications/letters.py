"""Letters to one person: a text in their language and time zone, which greets them by their name, into the outbox."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts import zones
from accounts.models import User
from notifications import outbox
from notifications.models import Message


def send(*, to: User, subject: Any, template: str, dedupe_key: str, at: datetime, **context: Any) -> Message:
    """Write one letter in the caller's transaction; the same key twice is one letter.

    `template` extends "notifications/letter.txt"; it and `subject`, a lazy text, are filled from the context. An
    address of the site is `{{ site }}` and its path.
    """
    with translation.override(to.language), timezone.override(zones.zone(to.time_zone)):
        context |= {"user": to, "site": settings.SITE_URL}
        return outbox.enqueue(
            to=to.email,
            user=to,
            subject=str(subject) % context,
            text=render_to_string(template, context).strip(),
            dedupe_key=dedupe_key,
            at=at,
        )
