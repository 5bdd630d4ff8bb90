"""Pages of progress: the learner's own, and the cohort manager's."""

from progress.views.cohorts import cohort, cohorts
from progress.views.learner import home, mark_done, position

__all__ = ["cohort", "cohorts", "home", "mark_done", "position"]
