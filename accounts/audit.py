"""Writing the audit log."""

from datetime import datetime

from accounts.models import AuditEntry, User


def record(*, actor: User | None, action: str, subject: object, at: datetime, **detail: object) -> AuditEntry:
    """Append one entry in the caller's transaction; `action` is a verb in the past tense ("published")."""
    return AuditEntry.objects.create(actor=actor, action=action, subject=str(subject)[:200], at=at, detail=detail)
