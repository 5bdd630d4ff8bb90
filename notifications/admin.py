"""The outbox in the admin: what was sent to whom and what became of it, not what it said."""

from django.contrib import admin

from database.admin.records import ReadOnlyAdmin
from notifications.models import Message


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Mails carry links that sign people in or reset passwords: their text is nobody's but the receiver's."""

    list_display = ["created_at", "to", "subject", "state", "attempts", "sent_at"]
    list_filter = ["state", "created_at"]
    search_fields = ["to", "subject", "dedupe_key"]
    exclude = ["text", "html"]
