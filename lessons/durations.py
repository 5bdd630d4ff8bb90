"""Lengths of time in words, as the places where they stand need them; pure."""

from decimal import Decimal

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: Minutes of an hour and of a day.
HOUR, DAY = 60, 1440


def exactly(minutes: int | None) -> str:
    """ "5 minutes", "2 hours 40 minutes"."""
    hours, rest = divmod(minutes or 0, HOUR)
    return " ".join(([_hours(hours)] if hours else []) + ([_minutes(rest)] if rest or not hours else []))


def roughly(minutes: int | None) -> str:
    """Time left, as one says it: "About 35 minutes" (fives), "About 1½ hours" (halves)."""
    minutes = minutes or 0
    if minutes < 55:
        about = max(5, 5 * round(minutes / 5)) if minutes > 5 else minutes
        return ngettext("About %(n)d minute", "About %(n)d minutes", about) % {"n": about}
    halves = max(2, round(minutes / 30))
    if halves == 2:
        return _("About 1 hour")
    return _("About %(hours)s hours") % {"hours": f"{halves // 2}{'½' if halves % 2 else ''}"}


def as_set(minutes: Decimal | int) -> str:
    """ "45 minutes", "2 hours", "2 days": in the largest unit that gives a whole number above one; "" for none."""
    for size, words in ((DAY, _days), (HOUR, _hours)):
        if minutes > size and minutes % size == 0:
            return words(int(minutes // size))
    return _minutes(minutes) if minutes else ""


def left(seconds: int) -> str:
    """ "42 min left", "1 h 5 min left"; minutes that have begun count. attempt-timer.js says it the same way."""
    hours, minutes = divmod(-(-seconds // 60), HOUR)
    if hours:
        return _("%(hours)s h %(minutes)s min left") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)s min left") % {"minutes": minutes}


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def _hours(count: int) -> str:
    return ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count}


def _minutes(count: Decimal | int) -> str:
    return ngettext("%(count)s minute", "%(count)s minutes", 1 if count == 1 else 2) % {"count": floatformat(count)}
