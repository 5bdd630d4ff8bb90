"""Who a person is, and the record of what was done in whose name."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import zones
from database.append_only import AppendOnly
from database.fields import ShapedField
from database.prepared import Part, Prepared, objects
from database.shapes import Anything, Fields


def validate_time_zone(name):
    """Accept only a name of the IANA time zone database, like Europe/Lisbon; old names too."""
    if not zones.current(name):
        raise ValidationError(_("Choose a time zone from the list, like Europe/Lisbon."), code="time_zone")


def display_name(user):
    """The name shown to others and in greetings; the address until a name is known."""
    return user.name or user.email


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """Make a person who signs in with `email`; without a password they sign in by code or reset."""
        if not email:
            raise ValueError("A person needs an email address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True} | fields)

    def get(self, *conditions, **values):
        """As everywhere; by `pk` alone, as every page of the signed-in asks, by a prepared query."""
        if conditions or values.keys() != {"pk"} or not isinstance(values["pk"], int):
            return super().get(*conditions, **values)
        rows = BY_PK(pk=values["pk"])
        if not rows:
            raise self.model.DoesNotExist("There is no such person.")
        return objects(rows[0], [PERSON])[0]

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in; the email address is the login."""

    email = models.EmailField(_("email"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    language = models.CharField(_("language"), max_length=12, default="en-gb")
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Switch off instead of deleting a person."))
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    # Set at the first sign-in with a role that needs it (cohorts.two_steps); empty for everybody else.
    two_steps_due_at = models.DateTimeField(_("two-step sign-in needed from"), null=True, blank=True, editable=False)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_email_unique_ignoring_case",
                violation_error_message=_("There is already an account with this email address."),
            )
        ]

    def __str__(self):
        return display_name(self)

    def get_full_name(self):
        return display_name(self)

    def get_short_name(self):
        return self.name.split(" ")[0] if self.name else self.email


PERSON = Part(User)
BY_PK = Prepared(lambda pk: User.objects.filter(pk=pk).values_list(*PERSON.columns), pk=int)


class AuditEntry(AppendOnly):
    """One thing that somebody did and that somebody else may ask about later; never changed, never deleted."""

    at = models.DateTimeField(_("at"), default=timezone.now)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="audit_entries", verbose_name=_("by"))
    action = models.CharField(_("action"), max_length=60)
    subject = models.CharField(_("subject"), max_length=200)
    detail = ShapedField(_("detail"), shape=Fields(others=Anything()), default=dict, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["-at"], name="accounts_audit_at")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"
