"""The rules of a quiz in words: what each is, and which of them a draft changes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import models
from django.template.defaultfilters import floatformat
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import moments
from quizzes.models import QuizVersion

#: The rules in the order in which an author thinks of them.
GROUPS = [
    (gettext_lazy("Passing"), ["pass_percent", "floor_percent", "keep"]),
    (gettext_lazy("Attempts"), ["attempts_allowed", "cool_down_minutes", "requires_checks"]),
    (gettext_lazy("Time of an attempt"), ["time_limit_minutes", "learner_sets_time", "grace_seconds"]),
    (gettext_lazy("When it is open"), ["opens_at", "closes_at", "window"]),
    (gettext_lazy("What learners see"), ["feedback", "one_page"]),
]
#: What a rule means that is empty.
EMPTY = {
    "floor_percent": gettext_lazy("none"),
    "attempts_allowed": gettext_lazy("no limit"),
    "time_limit_minutes": gettext_lazy("no limit"),
    "opens_at": gettext_lazy("open from the start"),
    "closes_at": gettext_lazy("stays open"),
}


def changed(version: QuizVersion, current: QuizVersion, *, at: datetime) -> Iterator[str]:
    """Every rule that a draft changes, before and after, and what its window means at this moment; in order."""
    for _label, names in GROUPS:
        for name in names:
            then, before = getattr(version, name), getattr(current, name)
            if then != before:
                values = {"rule": label(name), "then": value_of(version, name), "before": value_of(current, name)}
                yield _("%(rule)s: %(then)s instead of %(before)s.") % values
    yield from shut(version, at=at)


def shut(version: QuizVersion, *, at: datetime) -> Iterator[str]:
    """That nobody can start it, because its window lies elsewhere."""
    if version.closes_at and version.closes_at <= at:
        moment = moments.words(version.closes_at, "j F Y, H:i")
        yield _("It closed on %(moment)s: nobody can start it.") % {"moment": moment}
    elif version.opens_at and version.opens_at > at:
        moment = moments.begun(version.opens_at, "j F Y, H:i")
        yield _("It opens on %(moment)s: until then nobody can start it.") % {"moment": moment}


def field(name: str) -> models.Field:
    return next(each for each in QuizVersion._meta.fields if each.name == name)


def label(name: str) -> str:
    return str(capfirst(field(name).verbose_name))


def value_of(version: QuizVersion, name: str) -> str:
    """The value of a rule for reading."""
    value: Any = getattr(version, name)
    if value is None:
        return str(EMPTY[name])
    if field(name).choices:
        return getattr(version, f"get_{name}_display")()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return moments.words(value, "j F Y, H:i")
    return floatformat(value, -2)
