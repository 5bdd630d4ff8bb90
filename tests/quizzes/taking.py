"""Attempts as learners make them: started, answered, sent."""

from quizzes import attempts
from quizzes.models import Attempt, AttemptItem, Response
from tests.factories import NOW


def whole(attempt):
    """The attempt as it stands in the database, with all that its pages ask for."""
    related = ("enrolment__user", "enrolment__course", "quiz__unit", "quiz_version")
    return Attempt.objects.select_related(*related).get(pk=attempt.pk)


def started(enrolment, quiz, *answers, at=NOW):
    """An open attempt with these answers to its questions in order; None leaves one out."""
    attempt = attempts.start(enrolment=enrolment, quiz=quiz, at=at)
    for position, answer in enumerate(answers, 1):
        item = AttemptItem.objects.select_related("attempt", "question_version", "response").get(
            attempt=attempt, position=position
        )
        attempts.save(item=item, answer=answer, revision=0, at=at)
    return whole(attempt)


def sent(enrolment, quiz, *answers, at=NOW):
    """A closed attempt with these answers."""
    attempt = started(enrolment, quiz, *answers, at=at)
    return whole(attempts.close(attempt=attempt, as_of=at, by=Attempt.ClosedBy.LEARNER))


def stored(attempt):
    """Answer, revision and flag of every question in order."""
    return list(
        Response.objects.filter(item__attempt=attempt)
        .order_by("item__position")
        .values_list("answer", "revision", "flagged")
    )
