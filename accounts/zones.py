"""Time zones: where people live, what older names are called now, and what holds for a name that nobody knows.

Names come from the `tzdata` package, whatever the host has: browsers and older systems say "Asia/Calcutta", and some
hosts no longer know it.
"""

import functools
import importlib.resources
import zoneinfo
from datetime import tzinfo

UTC = zoneinfo.ZoneInfo("UTC")
#: What stands for UTC under other names.
ALSO_UTC = {"UTC", "Etc/UTC", "Etc/UCT", "Etc/GMT", "Etc/Universal", "Etc/Zulu", "GMT", "UCT", "Universal", "Zulu"}


@functools.cache
def places() -> frozenset[str]:
    """The zones that people live in, by today's names (zone.tab of the IANA database)."""
    lines = _table("zone.tab").splitlines()
    return frozenset(line.split("\t")[2] for line in lines if line and not line.startswith("#"))


@functools.cache
def links() -> dict[str, str]:
    """Another name of a zone → the name it stands for (tzdata.zi of the IANA database)."""
    lines = (line.split() for line in _table("tzdata.zi").splitlines() if line.startswith("L "))
    return {name: target for _l, target, name in lines}


def _table(name: str) -> str:
    return importlib.resources.files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8")


def current(name: str) -> str:
    """Today's name of a zone: "Asia/Kolkata" for "Asia/Calcutta"; an empty text for what is no zone.

    A zone with a time of its own that nobody lives in ("Etc/GMT+3") keeps its name.
    """
    if name in ALSO_UTC:
        return "UTC"
    if name in places():
        return name
    target = links().get(name, "")
    if target in places():
        return target
    return name if _zone(name) else ""


def zone(name: str) -> tzinfo:
    """The zone of this name; UTC for a name that is known neither here nor to the host."""
    return _zone(name) or UTC


def _zone(name: str) -> tzinfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
