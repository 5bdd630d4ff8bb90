"""Letters to a learner whose results were corrected: what was done, why as far as they may know, and what came out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from notifications import letters
from quizzes.asking import release
from quizzes.models import Attempt, PracticeCard, Regrade

SUBJECT = gettext_lazy("Your result was corrected: %(title)s")
#: A regrade in words for those whose result it changed, without the end of the sentence.
DONE = {
    Regrade.Policy.ACCEPT: gettext_lazy("Another answer to a question you were asked counts as right now"),
    Regrade.Policy.FULL_CREDIT: gettext_lazy("Everybody gets the full points of a question you were asked"),
    Regrade.Policy.DROP: gettext_lazy("A question you were asked does not count any more"),
    Regrade.Policy.NEW_KEY: gettext_lazy(
        "A question you were asked was scored by a wrong key, and we have corrected it"
    ),
}


@dataclass(frozen=True)
class Result:
    """Points, maximum and verdict of an attempt at one moment."""

    score: Decimal | None
    maximum: Decimal
    passed: bool | None


@dataclass(frozen=True)
class Correction:
    """An attempt, graded anew, and the result that it had `before`; in words: what became of it."""

    attempt: Attempt
    before: Result

    def __str__(self) -> str:
        attempt, before = self.attempt, self.before
        sentence = _(
            "%(title)s, attempt %(number)s: %(before)s of %(before_of)s points, now %(after)s of %(after_of)s."
        ) % {
            "title": attempt.title,
            "number": attempt.number,
            "before": f"{before.score:f}",
            "before_of": f"{before.maximum:f}",
            "after": f"{attempt.score:f}",
            "after_of": f"{attempt.maximum:f}",
        }
        return f"{sentence} {_('You have passed.')}" if attempt.passed and not before.passed else sentence


def result(attempt: Attempt) -> Result:
    """The result that an attempt has now."""
    return Result(attempt.score, attempt.maximum, attempt.passed)


def regraded(regrade: Regrade, *, to: User, changes: Sequence[Correction], at: datetime) -> None:
    """What a regrade made of the attempts of one learner at one course; one letter, however often it is told."""
    # The reason is about the key, so it is told where the key of one of the attempts is released.
    may_know_why = any(release.of(change.attempt).key for change in changes)
    learner = changes[0].attempt.enrolment_id
    left_practice = PracticeCard.objects.filter(
        enrolment=learner, question__versions=regrade.question_version_id, sorted_out_at=at
    )
    letters.send(
        to=to,
        subject=SUBJECT,
        template="quizzes/emails/regraded.txt",
        dedupe_key=f"regrade:{regrade.pk}:{learner}",
        at=at,
        title=changes[0].attempt.title,
        changes=changes,
        done=DONE[Regrade.Policy(regrade.policy)],
        reason=regrade.reason if may_know_why else "",
        sorted_out=left_practice.exists(),
        had_passed=any(change.before.passed for change in changes),
    )


def recounted(*, to: User, changes: Sequence[Correction], at: datetime) -> None:
    """What exact counting made of all attempts of one person; one letter."""
    letters.send(
        to=to,
        subject=SUBJECT,
        template="quizzes/emails/recounted.txt",
        dedupe_key=f"recounted:{to.pk}",
        at=at,
        title=changes[0].attempt.title,
        changes=changes,
    )
