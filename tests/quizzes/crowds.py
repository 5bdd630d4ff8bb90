"""Many graded attempts at once, written past `attempts`, which makes them one by one. Scored by the real scorers."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from accounts.models import User
from cohorts.models import Enrolment
from quizzes.models import Attempt, AttemptItem, GradingRun, ItemScore, Response
from quizzes.questions import scoring
from tests import factories

NOW = factories.NOW


def learners(cohort, count):
    """New places in a cohort, of people who cannot sign in."""
    people = [
        User(email=f"crowd{next(factories.numbers)}@example.com", name=f"Crowd Person {number}", password="!")
        for number in range(count)
    ]
    people = User.objects.bulk_create(people)
    return Enrolment.objects.bulk_create(
        [Enrolment(cohort=cohort, course=cohort.course, user=person, joined_at=NOW) for person in people]
    )


def graded(quiz_version, enrolments, versions, answers: Sequence[Sequence], *, number=1, at=NOW, minutes=10, **fields):
    """One graded attempt for each enrolment: `answers[i][j]` is what the i-th said to `versions[j]`."""
    worth = [version.points for version in versions]
    fractions = [
        [
            scoring.fraction(version.type, version.body, answer, parameters=parameters(version))
            for version, answer in zip(versions, row, strict=True)
        ]
        for row in answers
    ]
    scores = [
        sum((share * Fraction(most) for share, most in zip(row, worth, strict=True)), Fraction(0)) for row in fractions
    ]
    maximum = sum(worth, Decimal(0))
    attempts = Attempt.objects.bulk_create(
        Attempt(
            enrolment=enrolment,
            quiz_id=quiz_version.quiz_id,
            quiz_version=quiz_version,
            number=number,
            started_at=at,
            **{
                "state": "graded",
                "submitted_at": at + timedelta(minutes=minutes),
                "closed_by": "learner",
                "score": scoring.kept_sum(score),
                "percent": scoring.percent(score, maximum),
                "maximum": maximum,
                "passed": scoring.passes(score=score, maximum=maximum, pass_percent=quiz_version.pass_percent),
            }
            | fields,
        )
        for enrolment, score in zip(enrolments, scores, strict=True)
    )
    items = AttemptItem.objects.bulk_create(
        AttemptItem(
            attempt=attempt,
            position=position,
            question_version=version,
            points=version.points,
            parameters=parameters(version),
        )
        for attempt in attempts
        for position, version in enumerate(versions, 1)
    )
    said = [answer for row in answers for answer in row]
    Response.objects.bulk_create(
        Response(item=item, answer=answer, revision=1, saved_at=at) for item, answer in zip(items, said, strict=True)
    )
    runs = GradingRun.objects.bulk_create(GradingRun(attempt=attempt, at=at) for attempt in attempts)
    shares = [fraction for row in fractions for fraction in row]
    ItemScore.objects.bulk_create(
        ItemScore(
            run=runs[place // len(versions)],
            item=item,
            exact=share,
            points=scoring.shown_points(share, item.points),
            worth=item.points,
        )
        for place, (item, share) in enumerate(zip(items, shares, strict=True))
    )
    return attempts


def parameters(version):
    return (version.body.get("parameters") or {}) if version.type == "numeric" else {}
