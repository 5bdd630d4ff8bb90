"""The mail backend that writes to the outbox instead of the network."""

import hashlib
import uuid
from email.utils import parseaddr

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from notifications import outbox


class OutboxBackend(BaseEmailBackend):
    """Every mail that Django or a library sends becomes rows of the outbox, one per recipient.

    The rows stand and fall with the transaction of whoever sends. A mail that brings its own Message-ID is written
    once, however often it is sent.
    """

    def send_messages(self, email_messages):
        """Write the mails; returns how many there were."""
        with transaction.atomic():
            for mail in email_messages:
                self._write(mail)
        return len(email_messages)

    def _write(self, mail):
        cause = mail.extra_headers.get("Message-ID") or str(uuid.uuid4())
        html = next((content for content, kind in getattr(mail, "alternatives", []) if kind == "text/html"), "")
        for recipient in mail.recipients():
            outbox.enqueue(
                to=parseaddr(recipient)[1] or recipient,
                subject=mail.subject,
                text=mail.body,
                html=html,
                sender=mail.from_email,
                dedupe_key=key_of(cause, recipient),
                at=timezone.now(),
            )


def key_of(cause: str, recipient: str) -> str:
    """The dedupe key of one recipient's copy: hashed, because an address and a Message-ID may be longer than a key."""
    return "mail-" + hashlib.sha256(f"{cause}\n{recipient}".encode()).hexdigest()[:40]
