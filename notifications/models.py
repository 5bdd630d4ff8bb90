"""What we tell a person."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet):
    def due(self, *, as_of):
        """Messages that wait to be handed over, or whose hand-over was begun by a worker that never came back."""
        return self.filter(
            models.Q(state=Message.State.WAITING) | models.Q(state=Message.State.SENDING, lease_until__lt=as_of),
            send_after__lte=as_of,
        ).order_by("send_after", "id")


class Message(models.Model):
    """One mail to one person, written in the transaction of its cause and handed over at most once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("person"),
    )
    to = models.EmailField(_("to"), max_length=254)
    sender = models.CharField(_("from"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=255)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    dedupe_key = models.CharField(_("cause"), max_length=120, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    send_after = models.DateTimeField(_("not before"), default=timezone.now)
    lease_until = models.DateTimeField(_("lease"), null=True, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False), name="notifications_sent_has_time"
            )
        ]
        indexes = [models.Index(fields=["state", "send_after"], name="notifications_due")]

    def __str__(self):
        return f"{self.subject} → {self.to}"
