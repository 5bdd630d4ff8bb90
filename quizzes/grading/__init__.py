"""Scores of attempts: append-only grading runs, and which one is in force."""
