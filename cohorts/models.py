"""Who learns with whom, when, and who may see it."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lessons.models import Course, Unit


class CohortQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Cohorts whose learners this person may see: those where they hold a role. Read at each request."""
        return self.filter(roles__user=user).distinct()

    def open_to_all(self):
        return self.filter(kind=Cohort.Kind.SELF_PACED, open_to_all=True)


class Cohort(models.Model):
    """A group of people who take one course together, on dates or each at their own pace."""

    class Kind(models.TextChoices):
        SCHEDULED = "scheduled", _("scheduled")
        SELF_PACED = "self_paced", _("self-paced")

    course = models.ForeignKey(Course, models.PROTECT, related_name="cohorts", verbose_name=_("course"))
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SCHEDULED)
    open_to_all = models.BooleanField(
        _("open to all"),
        default=False,
        help_text=_("Everyone who signs up joins it, while its course is published and it has a seat left."),
    )
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True, help_text=_("Empty: no limit."))
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-starts_on", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["course"], condition=models.Q(open_to_all=True), name="cohorts_one_open_per_course"
            ),
            models.CheckConstraint(
                condition=models.Q(open_to_all=False) | models.Q(kind="self_paced"), name="cohorts_open_is_self_paced"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="cohorts_ends_after_start",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("leading:cohort", args=[self.slug])


class EnrolmentQuerySet(models.QuerySet):
    def active(self):
        return self.filter(state=Enrolment.State.ACTIVE)

    def of(self, user):
        return self.filter(user=user)

    def visible_to(self, user):
        """Enrolments in the cohorts where this person holds a role."""
        return self.filter(cohort__roles__user=user).distinct()

    def looking_on(self):
        """Places of people who take them to look, not to learn: staff, and managers of a cohort of the same course.

        They see keys and other people's results elsewhere, so what they answer says nothing of a question, and they are
        not among the learners of any cohort. A coach may be a learner as well.
        """
        managing = Role.objects.filter(
            kind=Role.Kind.MANAGER, user=models.OuterRef("user"), cohort__course=models.OuterRef("course")
        )
        return self.filter(models.Q(user__is_staff=True) | models.Exists(managing))

    def learning(self):
        """Places of learners: all the others."""
        return self.exclude(pk__in=Enrolment.objects.looking_on().order_by().values("pk"))


class Enrolment(models.Model):
    """One person's place in one cohort; everything they do in the course hangs on it."""

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        LEFT = "left", _("left")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments", verbose_name=_("person")
    )
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="enrolments", verbose_name=_("cohort"))
    # The cohort's course again, so that "one active place per person and course" can be a constraint.
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments", verbose_name=_("course"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    time_factor = models.DecimalField(
        _("time factor"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("1.00"),
        validators=[MinValueValidator(Decimal("1"))],
        help_text=_("Personal factor on every time limit: 1, 1.5, 2."),
    )

    #: Whether its person manages or coaches any cohort; the gate, which finds it out, sets it.
    holds_role: bool

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-joined_at"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "user"], name="cohorts_enrolment_once"),
            models.UniqueConstraint(
                fields=["user", "course"], condition=models.Q(state="active"), name="cohorts_one_active_per_course"
            ),
            models.CheckConstraint(condition=models.Q(time_factor__gte=1), name="cohorts_time_factor_at_least_one"),
        ]
        # The list of the administration, newest first.
        indexes = [models.Index(fields=["-joined_at", "-id"], name="cohorts_enrolment_newest")]

    def __str__(self):
        return f"{self.user} in {self.cohort}"


class Role(models.Model):
    """What a person may do for a cohort besides learning in it."""

    class Kind(models.TextChoices):
        MANAGER = "manager", _("manager")
        COACH = "coach", _("coach")

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="roles", verbose_name=_("cohort"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="roles", verbose_name=_("person"))
    kind = models.CharField(_("role"), max_length=8, choices=Kind, default=Kind.MANAGER)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [models.UniqueConstraint(fields=["cohort", "user", "kind"], name="cohorts_role_once")]

    def __str__(self):
        return f"{self.user}, {self.get_kind_display()} of {self.cohort}"


class Extension(models.Model):
    """More of something for one learner at one unit: time, attempts, or a later end. Granted, never taken back."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="extensions", verbose_name=_("enrolment"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="extensions", verbose_name=_("unit"))
    minutes = models.PositiveSmallIntegerField(
        _("more minutes"), default=0, help_text=_("Added to the running attempt and to every later one.")
    )
    attempts = models.PositiveSmallIntegerField(_("more attempts"), default=0)
    closes_at = models.DateTimeField(_("open until"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("granted by")
    )
    granted_at = models.DateTimeField(_("granted"), default=timezone.now)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["-granted_at"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="cohorts_extension_has_a_reason"),
            models.CheckConstraint(
                condition=models.Q(minutes__gt=0) | models.Q(attempts__gt=0) | models.Q(closes_at__isnull=False),
                name="cohorts_extension_gives_something",
            ),
        ]

    def __str__(self):
        return f"extension for {self.enrolment_id}"
