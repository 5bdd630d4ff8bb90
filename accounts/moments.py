"""Moments as people read them, in their own time zone; the hour that comes twice says which one is meant."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

#: Letters of Django's date formats that say an hour, and those that say the zone or the offset already.
HOURS, ZONES = set("aAfgGhHPcrU"), set("eIOTZcrU")


def words(moment: datetime, form: str) -> str:
    """A moment in the current time zone by one of Django's date formats: "25 October, 02:30 (UTC+2)".

    The offset stands there where the clock shows this time twice, because it is put back, and `form` has an hour.
    """
    local = timezone.localtime(moment)
    return date_format(local, form) + offset(local, form)


def begun(moment: datetime, form: str) -> str:
    """A moment from which something may be done, in words as above, to the minute: by then it may be done indeed."""
    into = timedelta(seconds=moment.second, microseconds=moment.microsecond)
    return words(moment + (-into % timedelta(minutes=1)), form)


def offset(local: date, form: str) -> str:
    """ " (UTC+2)" behind a local time that comes twice, "" behind any other, and where `form` shows no hour."""
    letters = set(form)
    if not isinstance(local, datetime) or timezone.is_naive(local) or not letters & HOURS or letters & ZONES:
        return ""
    first, second = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    if first == second or first is None or second is None:
        return ""
    return f" ({utc_offset(second if local.fold else first)})"


def utc_offset(behind: timedelta) -> str:
    """An offset from UTC: "UTC+2", "UTC+10:30", "UTC−5", "UTC+0"."""
    minutes = round(behind.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02d}' if rest else ''}"
