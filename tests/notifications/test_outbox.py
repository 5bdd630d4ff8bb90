"""Mail is written once beside its cause, and handed over once."""

from datetime import timedelta

import pytest
from django.core.mail import get_connection
from django.db import transaction

from notifications import outbox
from notifications.models import Message
from tests import factories

NOW = factories.NOW
pytestmark = pytest.mark.django_db


def write(key="invite:1", **changes):
    fields = {"to": "nadia@example.com", "subject": "Week 4", "text": "Lesson 4 waits:\n\nhttps://x.example/4"}
    return outbox.enqueue(**fields | {"dedupe_key": key, "at": NOW} | changes)


def deliver(as_of=NOW, **changes):
    return outbox.deliver_due(as_of=as_of, connection=outbox.connection(), **changes)


def states():
    return list(Message.objects.order_by("pk").values_list("state", "attempts"))


def test_same_key_is_the_same_message():
    first, again = write(), write(subject="Another")
    assert (first, Message.objects.count()) == (again, 1)
    assert Message.objects.get().subject == "Week 4"
    write("invite:2")
    assert Message.objects.count() == 2


def test_message_belongs_to_whom_the_address_belongs_to():
    person = factories.user(email="nadia@example.com")
    assert write(to=" Nadia@Example.com ").user == person
    assert write("invite:2", to="nobody@example.com").user is None


def test_message_is_plain_text_and_a_plain_letter():
    message = write(subject="Week 4:\n <b>go</b>", text="Hello <b>\n\nhttps://x.example/4?a=1&b=2")
    assert message.subject == "Week 4: <b>go</b>"
    assert "<title>Week 4: &lt;b&gt;go&lt;/b&gt;</title>" in message.html
    assert "Hello &lt;b&gt;" in message.html
    assert '<a href="https://x.example/4?a=1&amp;b=2" rel="nofollow">' in message.html
    assert write("2", html="<p>Own</p>").html == "<p>Own</p>"


@pytest.mark.django_db(transaction=True)
def test_message_falls_with_its_cause():
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_delivery_hands_over_what_is_due(mail_server):
    write(subject="Größe", sender="Course <course@example.com>")
    write("later", at=NOW + timedelta(minutes=1))
    assert deliver() == outbox.Delivery(sent=1)
    ((recipients, letter),) = mail_server.letters
    assert recipients == ("nadia@example.com",)
    assert (letter["Subject"], letter["From"], letter["To"]) == (
        "Größe",
        "Course <course@example.com>",
        "nadia@example.com",
    )
    assert letter["Message-ID"] == "<invite.1@learn.example.com>"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    sent, waiting = Message.objects.order_by("pk")
    assert (sent.state, sent.sent_at, sent.attempts, sent.lease_until) == ("sent", NOW, 1, None)
    assert (waiting.state, waiting.attempts) == ("waiting", 0)


def test_delivery_twice_hands_over_once(mail_server):
    write()
    assert [deliver(), deliver()] == [outbox.Delivery(sent=1), outbox.Delivery()]
    assert len(mail_server.letters) == 1


def test_delivery_takes_the_oldest_first_up_to_its_limit(mail_server):
    for number in (3, 1, 2):
        write(f"{number}", subject=f"{number}", at=NOW - timedelta(minutes=10 - number))
    assert deliver(limit=2) == outbox.Delivery(sent=2)
    assert [letter["Subject"] for _to, letter in mail_server.letters] == ["1", "2"]


def test_leased_message_is_left_to_its_worker_until_the_lease_ends(mail_server):
    """The first worker dies between lease and note; the second copy carries the same Message-ID."""
    message = write()
    assert outbox.lease(message, as_of=NOW)
    assert not outbox.lease(message, as_of=NOW)
    assert deliver(NOW + outbox.LEASE - timedelta(seconds=1)) == outbox.Delivery()
    assert mail_server.letters == []
    assert deliver(NOW + outbox.LEASE + timedelta(seconds=1)) == outbox.Delivery(sent=1)
    assert [letter["Message-ID"] for _to, letter in mail_server.letters] == [outbox.message_id(message)]
    assert states() == [("sent", 2)]


def test_lease_outlasts_the_slowest_round():
    assert timedelta(seconds=outbox.LIMIT * outbox.TIMEOUT) < outbox.LEASE


def test_refused_message_is_put_off_longer_each_time_and_then_given_up(mail_server):
    mail_server.refused.add("nadia@example.com")
    write()
    as_of, waits = NOW, []
    for _try in range(outbox.TRIES - 1):
        assert deliver(as_of) == outbox.Delivery(put_off=1)
        message = Message.objects.get()
        assert (message.state, message.lease_until) == ("waiting", None)
        assert "550" in message.error
        waits.append(int((message.send_after - as_of).total_seconds() // 60))
        assert deliver(message.send_after - timedelta(seconds=1)) == outbox.Delivery()
        as_of = message.send_after
    assert waits == [1, 4, 16, 64, 256, 1024, 1440]
    assert deliver(as_of) == outbox.Delivery(failed=1)
    assert states() == [("failed", outbox.TRIES)]
    mail_server.refused.clear()
    assert deliver(as_of + timedelta(days=9)) == outbox.Delivery()
    assert mail_server.letters == []


def test_put_off_message_leaves_when_the_server_takes_it_again(mail_server):
    mail_server.refused.add("nadia@example.com")
    write()
    deliver()
    mail_server.refused.clear()
    assert deliver(NOW + timedelta(minutes=1)) == outbox.Delivery(sent=1)
    assert Message.objects.get().error == ""


def test_one_bad_message_does_not_hold_up_the_next(mail_server):
    write("bad", to="no address\nat all")
    write("good")
    assert deliver() == outbox.Delivery(sent=1, put_off=1)
    assert [to for to, _letter in mail_server.letters] == [("nadia@example.com",)]


def test_unreachable_server_costs_no_message_a_try(mail_server):
    write()
    connection = get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=1, timeout=1)
    with pytest.raises(OSError, match="refused"):
        outbox.deliver_due(as_of=NOW, connection=connection)
    assert states() == [("waiting", 0)]


def test_connection_follows_email_url(settings):
    settings.DELIVERY = None
    with pytest.raises(LookupError, match="EMAIL_URL"):
        outbox.connection()


def test_message_id_is_made_of_the_key_alone(settings):
    settings.SITE_URL = "http://127.0.0.1:8000"
    keys = {"week:4 nadia@example.com": "<week.4.nadia.example.com@127.0.0.1>", "mail-0a1b": "<mail-0a1b@127.0.0.1>"}
    assert {key: outbox.message_id(Message(dedupe_key=key)) for key in keys} == keys
