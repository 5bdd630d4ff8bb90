"""Whatever sends mail through Django writes to the outbox."""

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction

from notifications.models import Message
from tests import factories

pytestmark = pytest.mark.django_db


def test_send_mail_writes_one_message_per_recipient():
    person = factories.user(email="nadia@example.com")
    sent = EmailMessage(
        "Week 4", "Hello", "Course <course@example.com>", ["Nadia Osei <nadia@example.com>"], bcc=["log@example.com"]
    ).send()
    assert sent == 1
    assert list(Message.objects.order_by("pk").values_list("to", "user", "sender", "subject", "text", "state")) == [
        ("nadia@example.com", person.pk, "Course <course@example.com>", "Week 4", "Hello", "waiting"),
        ("log@example.com", None, "Course <course@example.com>", "Week 4", "Hello", "waiting"),
    ]


def test_own_html_is_kept():
    mail = EmailMultiAlternatives("Week 4", "Hello", None, ["nadia@example.com"])
    mail.attach_alternative("<p>Hello</p>", "text/html")
    mail.send()
    message = Message.objects.get()
    assert (message.text, message.html) == ("Hello", "<p>Hello</p>")


def test_same_message_id_is_written_once():
    for _twice in range(2):
        EmailMessage(
            "Week 4", "Hello", None, ["a@example.com", "b@example.com"], headers={"Message-ID": "<1@x>"}
        ).send()
    assert sorted(Message.objects.values_list("to", flat=True)) == ["a@example.com", "b@example.com"]
    send_mail("Week 4", "Hello", None, ["a@example.com"])
    send_mail("Week 4", "Hello", None, ["a@example.com"])
    assert Message.objects.filter(to="a@example.com").count() == 3


@pytest.mark.django_db(transaction=True)
def test_mail_falls_with_the_transaction_of_its_sender():
    with transaction.atomic():
        send_mail("Week 4", "Hello", None, ["a@example.com"])
        transaction.set_rollback(True)
    assert not Message.objects.exists()
