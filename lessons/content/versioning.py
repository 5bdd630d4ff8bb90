"""New versions from files: compare what is current with what is written, and publish what differs.

Compared is the canonical content of the row itself, not a stored fingerprint, so that a version published by hand
counts as unchanged when the files say the same.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from lessons.versions import Version


def fingerprint(content: Any) -> str:
    """sha256 of a JSON value in canonical form (sorted keys, no spaces)."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def publish_new(versions: Sequence[Version], *, at: datetime) -> None:
    """Make each of these unsaved versions the current one of its identity, in three statements for any number of them.

    Drafts stay as they are; the new version takes the next free number after them.
    """
    if not versions:
        return
    model, identity = type(versions[0]), f"{versions[0].identity_field}_id"
    siblings = model.objects.filter(**{f"{identity}__in": [getattr(version, identity) for version in versions]})
    last = dict(siblings.order_by().values_list(identity).annotate(Max("number")))
    siblings.current().update(state=Version.State.PAST)
    for version in versions:
        version.number = last.get(getattr(version, identity), 0) + 1
        version.state, version.published_at, version.created_at = Version.State.CURRENT, at, at
    model.objects.bulk_create(versions)
