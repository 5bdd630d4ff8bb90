"""What must hold of stored attempts, scores and cards whatever happened; `manage.py verify_invariants` collects it.

Each check returns one line per offending row, [] when all is well. Most of them repeat what a constraint or a trigger
already refuses: they are there for databases that were restored, converted or edited by hand.
"""

from collections.abc import Callable

from lessons.models import Unit
from quizzes.attempts import invariants as attempts
from quizzes.models import Quiz
from quizzes.practice import invariants as practice
from quizzes.regrading import invariants as scores


def quizzes_stand_in_units_of_their_kind() -> list[str]:
    """Learners read a unit by its kind, and its progress is counted by it."""
    wrong = Quiz.objects.exclude(unit__kind=Unit.Kind.QUIZ).select_related("unit__lesson")
    return [f"quiz {quiz.pk}: unit {quiz.unit} is a {quiz.unit.get_kind_display()}" for quiz in wrong]


CHECKS: list[tuple[str, Callable[[], list[str]]]] = [
    (check.__name__, check)
    for check in (
        quizzes_stand_in_units_of_their_kind,
        attempts.attempt_numbers,
        attempts.attempts_within_the_allowance,
        attempts.one_open_attempt,
        attempts.time_is_within_the_rules,
        attempts.one_response_per_item,
        attempts.responses_end_their_log,
        attempts.answers_are_the_logged_ones,
        attempts.nothing_after_close,
        attempts.checked_answers_stay,
        scores.points_make_the_maximum,
        scores.graded_attempts_have_all_scores,
        scores.scores_add_up,
        scores.fractions_are_read_as_they_are,
        scores.scores_are_recomputable,
        scores.regrades_reached_everybody,
        scores.progress_knows_every_run,
        attempts.no_result_before_closing,
        attempts.items_start_out_of_order,
        practice.practised_questions_were_missed,
        practice.reviews_are_numbered,
        scores.right_numbers_count_as_shown,
    )
]
