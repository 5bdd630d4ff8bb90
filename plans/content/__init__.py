"""Assignments as files: `read` them from a course folder, `load` them into the database, `dump` them back."""

from plans.content.dumping import dump
from plans.content.loading import load
from plans.content.reading import AssignmentFile, read

__all__ = ["AssignmentFile", "dump", "load", "read"]
