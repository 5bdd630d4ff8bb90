"""What must hold of stored cards and their reviews, whatever happened."""

from django.db.models import Count, Exists, F, Max, Q

from quizzes.models import (
    PracticeCard,
    PracticeReview,
)
from quizzes.practice import cards


def practised_questions_were_missed() -> list[str]:
    """12. Every card stands for a miss in an attempt whose key its learner may see, or is sorted out."""
    standing = PracticeCard.objects.standing().exclude(Exists(cards.misses_of_card()))
    return [f"card {pk}" for pk in standing.values_list("pk", flat=True)]


def reviews_are_numbered() -> list[str]:
    """Reviews of a card are 1, 2, 3 …, of wordings of its question."""
    strange = Count("pk", filter=~Q(question_version__question=F("card__question")))
    rows = PracticeReview.objects.order_by().values("card").annotate(count=Count("pk"), last=Max("number"), bad=strange)
    wrong = rows.exclude(count=F("last"), bad=0)
    return [f"card {row['card']}: {row['count']} reviews up to {row['last']}" for row in wrong]
