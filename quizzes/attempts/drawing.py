"""What a learner is asked: drawn from ids, of which only those that were drawn are read."""

import random
from collections import Counter, defaultdict

from cohorts.models import Enrolment
from database.prepared import Prepared
from quizzes.models import AttemptItem, QuestionVersion, QuizVersion
from quizzes.questions import draw

#: All that may be drawn: slot, how many of it, question, and the id of its wording today; in written order.
_POOLS = Prepared(
    lambda version: (
        QuestionVersion.objects.to_ask()
        .filter(question__memberships__slot__quiz_version=version)
        .order_by("question__memberships__slot__position", "question__memberships__position")
        .values_list("question__memberships__slot", "question__memberships__slot__pick", "question", "pk")
    ),
    version=int,
)
#: The questions that a learner was asked in a quiz, each as often as that.
_HAD = Prepared(
    lambda enrolment, quiz: (
        AttemptItem.objects.filter(attempt__enrolment=enrolment, attempt__quiz=quiz)
        .order_by()
        .values_list("question_version__question")
    ),
    enrolment=int,
    quiz=int,
)


def questions(version: QuizVersion, enrolment: Enrolment, rng: random.Random) -> list[QuestionVersion]:
    """The drawn questions, each in its current version; retired, dropped and unpublished ones are not drawn.

    They come without what their learner is shown: `rendered` is read with the page.
    """
    members: dict[tuple[int, int | None], list[int]] = defaultdict(list)
    wordings = {}
    for slot, pick, question, wording in _POOLS(version=version.pk):
        members[slot, pick].append(question)
        wordings[question] = wording
    pools = [draw.Pool(ids, pick) for (_slot, pick), ids in members.items()]
    had = Counter(question for (question,) in _HAD(enrolment=enrolment.pk, quiz=version.quiz_id))
    drawn = [wordings[question] for question in draw.questions(pools, had=had, rng=rng)]
    texts = QuestionVersion.objects.only("type", "stem", "body").order_by().in_bulk(drawn)
    return [texts[wording] for wording in drawn]
