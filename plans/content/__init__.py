"""Assignments as files: `read` them from a course folder, `load` them into the database, `dump` them back."""

from plans.content.dumping import dump, remarks
from plans.content.files import AssignmentFile, read
from plans.content.loading import load

__all__ = ["AssignmentFile", "dump", "load", "read", "remarks"]
