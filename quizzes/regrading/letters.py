"""The letter to somebody whose result a regrade changed."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import display_name
from cohorts.models import Enrolment
from notifications import outbox
from quizzes.asking import release
from quizzes.models import Attempt, Regrade


def tell(regrade: Regrade, learner: Enrolment, changed: Sequence[tuple[Attempt, tuple]], at: datetime) -> None:
    with translation.override(learner.user.language):
        lines = [_("Dear %(name)s,") % {"name": display_name(learner.user)}, ""]
        done = what_was_done(regrade.policy)
        lines += [_("%(done)s:") % {"done": done}, regrade.reason] if _may_know_why(changed) else [f"{done}."]
        lines.append("")
        for attempt, (score, maximum, passed) in changed:
            lines += [line(attempt, score, maximum, passed), f"{settings.SITE_URL}{attempt.get_absolute_url()}", ""]
        had_passed = any(passed for _attempt, (_score, _maximum, passed) in changed)
        nothing = _("You do not need to do anything.")
        lines += [f"{nothing} {_('A pass stays a pass.')}" if had_passed else nothing]
        outbox.enqueue(
            user=learner.user,
            to=learner.user.email,
            subject=_("Your result was corrected: %(title)s") % {"title": changed[0][0].title},
            text="\n".join(lines),
            dedupe_key=f"regrade:{regrade.pk}:{learner.pk}",
            at=at,
        )


def what_was_done(policy: str) -> str:
    """A regrade in words for those whose result it changed, without the end of the sentence."""
    return {
        Regrade.Policy.ACCEPT: _("Another answer to a question you were asked counts as right now"),
        Regrade.Policy.FULL_CREDIT: _("Everybody gets the full points of a question you were asked"),
        Regrade.Policy.DROP: _("A question you were asked does not count any more"),
        Regrade.Policy.NEW_KEY: _("A question you were asked was scored by a wrong key, and we have corrected it"),
    }[Regrade.Policy(policy)]


def _may_know_why(changed: Sequence[tuple[Attempt, tuple]]) -> bool:
    """The reason is about the key, so it is told where the key of one of the attempts is released."""
    return any(release.of(attempt).key for attempt, _before in changed)


def line(attempt: Attempt, score: Decimal, maximum: Decimal, passed: bool | None) -> str:
    """What became of an attempt that had so many points of so many, and this verdict, before; for a letter."""
    values = {
        "title": attempt.title,
        "number": attempt.number,
        "before": f"{score:f}",
        "before_of": f"{maximum:f}",
        "after": f"{attempt.score:f}",
        "after_of": f"{attempt.maximum:f}",
    }
    line = (
        _("%(title)s, attempt %(number)s: %(before)s of %(before_of)s points, now %(after)s of %(after_of)s.") % values
    )
    return f"{line} {_('You have passed.')}" if attempt.passed and not passed else line
