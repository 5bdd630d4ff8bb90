"""The one versioning pattern: an identity keeps its key, its text lives in numbered versions.

At most one draft and at most one current version per identity (partial unique constraints); a published row never
changes: the guard in `save()` and a database trigger (`database.frozen.Freeze`) see to it.
"""

from datetime import datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PublishedVersionChanged(TypeError):
    """Somebody tried to change or delete a version that learners may have seen."""


class VersionQuerySet(models.QuerySet):
    def current(self):
        return self.filter(state=Version.State.CURRENT)

    def drafts(self):
        return self.filter(state=Version.State.DRAFT)

    def delete(self):
        if self.exclude(state=Version.State.DRAFT).exists():
            raise PublishedVersionChanged("Published versions are kept; retire the thing itself instead.")
        return super().delete()


class Version(models.Model):
    """One numbered text of a unit, question, quiz or assignment."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        CURRENT = "current", _("current")
        PAST = "past", _("past")

    #: Name of the foreign key to the thing of which this is a version.
    identity_field: str
    #: Fields that may change after publishing.
    MUTABLE = {"state", "published_at"}

    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self.pk and not set(kwargs.get("update_fields") or ["*"]) <= self.MUTABLE:
            before = type(self)._base_manager.filter(pk=self.pk).exclude(state=self.State.DRAFT).first()
            if before and any(
                getattr(before, field.attname) != getattr(self, field.attname)
                for field in self._meta.concrete_fields
                if field.name not in self.MUTABLE
            ):
                raise PublishedVersionChanged(f"{self} is published and stays as it is; make a new version.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        if self.pk and not self.is_draft:
            raise PublishedVersionChanged(f"{self} is published and is kept; retire the thing itself instead.")
        return super().delete(*args, **kwargs)

    @classmethod
    def frozen_columns(cls) -> list[str]:
        """Database columns that never change once a version is published, in field order."""
        fields = (field for field in cls._meta.concrete_fields if field.name not in cls.MUTABLE)
        return [field.column for field in fields if field.column]

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


def version_constraints(identity: str) -> list[models.BaseConstraint]:
    """The constraints every version table carries, for its `Meta.constraints`; `identity` is the foreign key's name."""
    return [
        models.UniqueConstraint(fields=[identity, "number"], name="%(app_label)s_%(class)s_number_unique"),
        models.UniqueConstraint(
            fields=[identity], condition=models.Q(state="draft"), name="%(app_label)s_%(class)s_one_draft"
        ),
        models.UniqueConstraint(
            fields=[identity], condition=models.Q(state="current"), name="%(app_label)s_%(class)s_one_current"
        ),
    ]


@transaction.atomic
def publish(version: Version, *, at: datetime) -> Version:
    """Make a draft the current version; the one before becomes past. Publishing twice is publishing once.

    Raises PublishedVersionChanged for a past version: what was replaced does not come back, a new version is made.
    """
    if version.state == Version.State.CURRENT:
        return version
    if version.state == Version.State.PAST:
        raise PublishedVersionChanged(f"{version} was replaced; make a new version of it.")
    siblings = type(version).objects.filter(
        **{version.identity_field: getattr(version, f"{version.identity_field}_id")}
    )
    siblings.current().update(state=Version.State.PAST)
    version.state, version.published_at = Version.State.CURRENT, at
    version.save(update_fields=["state", "published_at"])
    return version
