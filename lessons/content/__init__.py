"""The course as files: `read` a folder, `load` it into the database, `dump` it back."""

from lessons.content.changes import Changes
from lessons.content.dumping import dump, remarks
from lessons.content.folder import CourseFolder, LessonFolder, read
from lessons.content.loading import load
from lessons.content.problems import ContentErrors, Problem

__all__ = ["Changes", "ContentErrors", "CourseFolder", "LessonFolder", "Problem", "dump", "load", "read", "remarks"]
