"""Release of the key: the one place that decides what of question and answer may leave the server, and when."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from quizzes.models import Attempt, PoolMember, Quiz, QuizVersion

Feedback = QuizVersion.Feedback


@dataclass(frozen=True)
class Release:
    """Whether the learner's own answers may be shown, and whether key, feedback and points may."""

    answers: bool
    key: bool


#: What authors see of their questions, and learners of a card of practice that `kept_secret` does not hold back.
EVERYTHING = Release(answers=True, key=True)


def by_policy(*, policy: str, closed: bool, passed: bool, checked: bool = False) -> Release:
    """The one place that decides what leaves the server: nothing before closing, but one thing. `passed` is whether the
    learner has passed the quiz, in whichever attempt (`of`).

    Where the policy is `immediate`, an item that the learner has `checked`, and that therefore takes no answer any
    more, is explained while the attempt is open.
    """
    if checked and policy == Feedback.IMMEDIATE:
        return EVERYTHING
    if not closed or policy == Feedback.SCORE_ONLY:
        return Release(answers=False, key=False)
    return Release(answers=True, key=policy != Feedback.AFTER_PASS or passed)


def policies_with_key(*, passed: bool) -> list[str]:
    """The feedback policies that release the key of a graded attempt."""
    policies = QuizVersion.Feedback.values
    return [policy for policy in policies if by_policy(policy=policy, closed=True, passed=passed).key]


#: Policies that release the key of every graded attempt, and of those at a quiz that its learner has passed.
ALWAYS, ONCE_PASSED = policies_with_key(passed=False), policies_with_key(passed=True)


def tells_key(attempt: str = "") -> Q:
    """Graded attempts whose key their learner may see; `attempt` is the path to the attempt, "run__attempt__".

    Under `after_pass` one pass releases the key of all attempts at the quiz, the failed ones before and after it.
    """
    passed = Attempt.objects.filter(
        enrolment=OuterRef(f"{attempt}enrolment"), quiz=OuterRef(f"{attempt}quiz"), passed=True
    )
    policy = f"{attempt}quiz_version__feedback__in"
    released = Q(**{policy: ALWAYS}) | Q(Exists(passed), **{policy: ONCE_PASSED})
    return Q(**{f"{attempt}state": Attempt.State.GRADED}) & released


def kept_secret(members: QuerySet[PoolMember], *, passed: QuerySet) -> QuerySet[PoolMember]:
    """Those of the members of pools that are drawn by an exam, or by a quiz that would keep its key from a learner who
    has passed the quizzes `passed` (ids)."""
    version = "slot__quiz_version__"
    feedback_always = Q(**{f"{version}feedback__in": ALWAYS})
    feedback_always |= Q(**{f"{version}feedback__in": ONCE_PASSED, f"{version}quiz__in": passed})
    return members.exclude(feedback_always, **{f"{version}quiz__purpose": Quiz.Purpose.CHECK})


def of(attempt: Attempt) -> Release:
    """What may be shown now of an attempt that is sent; asks the database only where another attempt may decide."""
    policy, closed = attempt.quiz_version.feedback, attempt.is_graded
    allowed = by_policy(policy=policy, closed=closed, passed=bool(attempt.passed))
    may_be_passed = closed and not allowed.key and policy in ONCE_PASSED
    if may_be_passed and Attempt.objects.filter(tells_key(), pk=attempt.pk).exists():
        return by_policy(policy=policy, closed=closed, passed=True)
    return allowed
