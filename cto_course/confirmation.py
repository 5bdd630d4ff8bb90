"""Asking an author once more, before an act that concerns learners: who is inside an attempt and until when, and what
the next attempts lose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lessons.models import Course, Unit, UnitVersion
from quizzes.asking import supply
from quizzes.attempts import running
from quizzes.attempts.running import Running
from quizzes.authoring import carrying, rules_in_words
from quizzes.authoring.admin import called
from quizzes.content import stating
from quizzes.models import QuestionVersion, QuizVersion

#: Attempts that are listed one by one.
LISTED = 100
#: Fields of the question itself; everything else that was sent is sent again with the answer.
OWN = {"csrfmiddlewaretoken", "confirmed", "extend", "reason"}
EXTEND = "cohorts.add_extension"


@dataclass(frozen=True)
class Concern:
    """What an act means: sentences for those who are inside, the open attempts, and the changes for everybody after
    them."""

    subject: str
    sentences: Sequence[str]
    attempts: Sequence[Running] = field(default_factory=list)
    changes: Sequence[str] = field(default_factory=list)

    @property
    def listed(self) -> Sequence[Running]:
        return self.attempts[:LISTED]

    @property
    def moved(self) -> int:
        """Attempts that the new window could leave open for longer."""
        return sum(each.closes_at is not None for each in self.attempts)


def of_publishing(version: QuizVersion, *, at: datetime) -> Concern:
    """Who is inside a quiz whose draft is about to be published, and what it asks and wants from then on."""
    inside = running.while_publishing(version, at=at)
    keeps = ngettext(
        "It keeps its questions, its rules and its end.",
        "They keep their questions, their rules and their end.",
        len(inside),
    )
    sentences = [are_open(len(inside)), keeps] if inside else []
    current = version.quiz.versions.current().first()
    text = UnitVersion.objects.current().filter(unit=version.quiz.unit_id).defer("source", "blocks").first()
    changes = list(changed(version, current, text, inside=bool(inside), at=at))
    number = _("version %(number)d") % {"number": version.number}
    title = inside[0].attempt.title if inside else text.title if text else version.quiz
    return Concern(f"{title}, {number}", sentences, inside, changes)


def of_undoing(version: QuestionVersion) -> Concern:
    """What corrections of a question count today and not with the draft that is about to be published."""
    return Concern(called(version), [], changes=carrying.undone(version))


def changed(
    version: QuizVersion, current: QuizVersion | None, text: UnitVersion | None, *, inside: bool, at: datetime
) -> Iterator[str]:
    """What a draft asks less, cannot draw, and every rule that it changes, one sentence each; more questions only to
    who is `inside`.

    Nothing of a draft without questions, which is not published.
    """
    then, before = supply.questions(version), supply.questions(current) if current else 0
    if not then:
        return
    differs = then < before or (inside and then != before)
    if differs:
        asks = ngettext(
            "It asks %(then)d question instead of %(before)d.",
            "It asks %(then)d questions instead of %(before)d.",
            then,
        )
        yield asks % {"then": then, "before": before}
    short = supply.in_words(supply.shortages(version.slots.all()))
    yield from short
    stated = stating.questions(text.lede) if text else None
    if stated and stated.number != then and (differs or short):
        yield _("The text of the unit says “%(words)s”.") % {"words": stated.words}
    if current:
        yield from rules_in_words.changed(version, current, at=at)
    else:
        yield from rules_in_words.shut(version, at=at)


def of_retiring(unit: Unit, *, at: datetime) -> Concern:
    """Who is inside a quiz that is about to be taken out of the course."""
    inside = [Running(attempt) for attempt in running.inside(unit, at=at)]
    sentences = [are_open(len(inside)), stay_open(len(inside)), _("Nobody starts another one.")]
    return Concern(titled(inside, unit), sentences, inside)


def of_closing(course: Course, *, at: datetime) -> Concern:
    """Who is inside an attempt of a course that is about to be no longer published."""
    inside = [Running(attempt) for attempt in running.inside(course, at=at)]
    rest = _("Results stay open to those who have them. Everything else of the course is closed to learners.")
    return Concern(str(course), [are_open(len(inside)), stay_open(len(inside)), rest], inside)


def titled(attempts: Sequence[Running], thing: object) -> str:
    """What learners call the quiz that their open attempts are at."""
    return attempts[0].attempt.title if attempts else str(thing)


def are_open(count: int) -> str:
    return ngettext("%(count)d attempt is open.", "%(count)d attempts are open.", count) % {"count": count}


def stay_open(count: int) -> str:
    return ngettext(
        "It stays open: it is answered and sent as before.",
        "They stay open: they are answered and sent as before.",
        count,
    )


def first(model_admin: Any, request: Any, *, title: str, go: str, concerns: Sequence[Concern]) -> Any:
    """The page that asks, which sends what was sent once more; None when it was answered, or there is nothing to say.

    `title` and `go` name the act, on the page and on its button. Authors see how many there are; who it is, those see
    who may look at attempts.
    """
    concerned = [concern for concern in concerns if concern.attempts or concern.changes]
    if not concerned or "confirmed" in request.POST:
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "go": go,
        "concerns": concerned,
        "inside": sum(len(concern.attempts) for concern in concerned),
        "moved": sum(concern.moved for concern in concerned),
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
