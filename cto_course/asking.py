"""Asking an author once more, before an act that concerns learners who are inside an attempt: who, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lessons.models import Course, Unit
from quizzes import running, supply
from quizzes.models import QuizVersion
from quizzes.running import Running

#: Attempts that are listed one by one.
LISTED = 100
#: Fields of the question itself; everything else that was sent is sent again with the answer.
OWN = {"csrfmiddlewaretoken", "confirmed", "extend", "reason"}
EXTEND = "cohorts.add_extension"


@dataclass(frozen=True)
class Concern:
    """What an act means for those who are inside: sentences, and the open attempts."""

    subject: str
    sentences: Sequence[str]
    found: Sequence[Running] = field(default_factory=list)

    @property
    def listed(self) -> Sequence[Running]:
        return self.found[:LISTED]

    @property
    def moved(self) -> int:
        """Attempts that the new window could leave open for longer."""
        return sum(each.closes_at is not None for each in self.found)


def of_publishing(version: QuizVersion, *, at: datetime) -> Concern:
    """Who is inside a quiz whose draft is about to be published."""
    found = running.while_publishing(version, at=at)
    keeps = ngettext(
        "It keeps its questions, its rules and its end.",
        "They keep their questions, their rules and their end.",
        len(found),
    )
    sentences = [are_open(len(found)), keeps]
    current = version.quiz.versions.current().first()
    before, then = supply.questions(current) if current else 0, supply.questions(version)
    if before != then:
        asked = _("An attempt has %(before)d questions now, and %(then)d from the next one on.")
        sentences.append(asked % {"before": before, "then": then})
    number = _("version %(number)d") % {"number": version.number}
    return Concern(f"{titled(found, version)}, {number}", sentences, found)


def of_retiring(unit: Unit, *, at: datetime) -> Concern:
    """Who is inside a quiz that is about to be taken out of the course."""
    found = [Running(attempt) for attempt in running.inside(unit, at=at)]
    sentences = [are_open(len(found)), stay_open(len(found)), _("Nobody starts another one.")]
    return Concern(titled(found, unit), sentences, found)


def of_closing(course: Course, *, at: datetime) -> Concern:
    """Who is inside an attempt of a course that is about to be no longer published."""
    found = [Running(attempt) for attempt in running.inside(course, at=at)]
    rest = _("Everything else of the course is closed to learners.")
    return Concern(str(course), [are_open(len(found)), stay_open(len(found)), rest], found)


def titled(found: Sequence[Running], thing: object) -> str:
    """What learners call the quiz that their open attempts are at."""
    return found[0].attempt.title if found else str(thing)


def are_open(count: int) -> str:
    return ngettext("%(count)d attempt is open.", "%(count)d attempts are open.", count) % {"count": count}


def stay_open(count: int) -> str:
    return ngettext(
        "It stays open: it is answered and sent as before.",
        "They stay open: they are answered and sent as before.",
        count,
    )


def first(model_admin: Any, request: Any, *, title: str, go: str, concerns: Sequence[Concern]) -> Any:
    """The page that asks, which sends what was sent once more; None when it was answered, or nobody is inside.

    `title` and `go` name the act, on the page and on its button. Authors see how many there are; who it is, those see
    who may look at attempts.
    """
    asked = [concern for concern in concerns if concern.found]
    if not asked or "confirmed" in request.POST:
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "go": go,
        "concerns": asked,
        "moved": sum(concern.moved for concern in asked),
        "may_extend": request.user.has_perm(EXTEND),
        "names": request.user.has_perm("quizzes.view_attempt"),
        "sent": [(name, value) for name, values in request.POST.lists() if name not in OWN for value in values],
    }
    return TemplateResponse(request, "admin/running.html", context)


def reason_to_extend(request: Any) -> str:
    """Why those who are inside get the new end, in words for them; "" when they do not, or may not get it from here."""
    if "extend" not in request.POST or not request.user.has_perm(EXTEND):
        return ""
    return request.POST.get("reason", "").strip() or _("It closes later than was announced.")
