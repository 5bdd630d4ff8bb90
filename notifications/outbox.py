"""The outbox: what is to be said is written beside its cause, and handed over to a mail server later."""

import logging
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.template.loader import render_to_string

from accounts.models import User
from notifications.models import Message

logger = logging.getLogger(__name__)

# Longer than one round of hand-overs can take (a round is `limit` messages, each at most TIMEOUT seconds on the wire):
# a message is given to a second worker only when the first one is certainly gone.
LEASE = timedelta(minutes=15)
TIMEOUT = 20
LIMIT = 30
TRIES = 8


class Delivery(NamedTuple):
    """What one round did: how many messages were handed over, put off, and given up."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0


def enqueue(
    *,
    to: str,
    subject: str,
    text: str,
    dedupe_key: str,
    at: datetime,
    html: str = "",
    user: User | None = None,
    sender: str = "",
) -> Message:
    """Write one message to one address, in the caller's transaction; the same key twice is one message.

    `at` is the moment before which it is not handed over. Without `html` a plain letter is made of the text. `user`
    is the person the address belongs to, looked up when not given.
    """
    to, subject = to.strip(), " ".join(subject.split())
    message, _created = Message.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "user": user or User.objects.filter(email__iexact=to).first(),
            "to": to,
            "sender": sender or settings.DEFAULT_FROM_EMAIL,
            "subject": subject[:255],
            "text": text,
            "html": html or render_to_string("notifications/letter.html", {"subject": subject, "text": text}),
            "send_after": at,
            "created_at": at,
        },
    )
    return message


def pause(tries: int) -> timedelta:
    """How long to wait after the n-th failed try (n ≥ 1): 1, 4, 16, 64 … minutes, at most a day."""
    return min(timedelta(minutes=4 ** (tries - 1)), timedelta(days=1))


def connection() -> BaseEmailBackend:
    """A connection to the mail server that EMAIL_URL names (settings.DELIVERY, as django-environ parses it).

    Raises LookupError when mail does not leave this machine.
    """
    if not settings.DELIVERY:
        raise LookupError("EMAIL_URL is not set: mail stays in the outbox.")
    where = settings.DELIVERY
    options = {
        "host": where.get("EMAIL_HOST"),
        "port": where.get("EMAIL_PORT"),
        "username": where.get("EMAIL_HOST_USER"),
        "password": where.get("EMAIL_HOST_PASSWORD"),
        "use_tls": where.get("EMAIL_USE_TLS", False),
        "use_ssl": where.get("EMAIL_USE_SSL", False),
        "timeout": TIMEOUT,
    }
    return get_connection(where["EMAIL_BACKEND"], **options)


def deliver_due(*, as_of: datetime, connection: BaseEmailBackend, limit: int = LIMIT) -> Delivery:
    """Hand over what is due, oldest first: take a lease on one message, hand it over, note it as sent.

    A message that the server refuses is tried again after a growing pause, and given up after TRIES tries. Raises
    OSError when the server cannot be reached at all; then no message has been touched.
    """
    done = {"sent": 0, "put_off": 0, "failed": 0}
    due = list(Message.objects.due(as_of=as_of)[:limit])
    if not due:
        return Delivery()
    connection.open()
    try:
        for message in due:
            if lease(message, as_of=as_of):
                done[hand_over(message, as_of=as_of, connection=connection)] += 1
    finally:
        connection.close()
    return Delivery(**done)


def lease(message: Message, *, as_of: datetime) -> bool:
    """Take the message for this worker; False when another one was faster. One conditional UPDATE decides."""
    taken = (
        Message.objects.due(as_of=as_of)
        .order_by()
        .filter(pk=message.pk)
        .update(state=Message.State.SENDING, lease_until=as_of + LEASE, attempts=F("attempts") + 1)
    )
    message.attempts += taken
    return bool(taken)


def hand_over(message: Message, *, as_of: datetime, connection: BaseEmailBackend) -> str:
    """Give a leased message to the server and note the outcome, one of Delivery's fields."""
    try:
        connection.send_messages([letter(message)])
    except Exception as error:
        # Whatever one message raises (a refusal, a broken line, an address that cannot be encoded) must not keep the
        # messages behind it from leaving.
        logger.warning("Message %s was not handed over: %s", message.pk, error)
        over = message.attempts >= TRIES
        Message.objects.filter(pk=message.pk).update(
            state=Message.State.FAILED if over else Message.State.WAITING,
            send_after=as_of + pause(message.attempts),
            lease_until=None,
            error=f"{type(error).__name__}: {error}",
        )
        return "failed" if over else "put_off"
    Message.objects.filter(pk=message.pk).update(state=Message.State.SENT, sent_at=as_of, lease_until=None, error="")
    return "sent"


def letter(message: Message) -> EmailMultiAlternatives:
    """The message as mail. Its Message-ID is made of the dedupe key: should a worker die between hand-over and note,
    the second copy carries the same one and mail programs show it once."""
    mail = EmailMultiAlternatives(
        message.subject, message.text, message.sender or None, [message.to], headers={"Message-ID": message_id(message)}
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    return mail


def message_id(message: Message) -> str:
    """An RFC 5322 Message-ID that depends on nothing but the dedupe key and the site."""
    left = "".join(letter if letter.isalnum() or letter in "-_." else "." for letter in message.dedupe_key)
    host = settings.SITE_URL.split("//")[-1].split("/")[0].split(":")[0]
    return f"<{left.strip('.')}@{host}>"
