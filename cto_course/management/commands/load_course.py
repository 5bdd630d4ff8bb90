"""`manage.py load_course content/cto`: a course folder into the database, all of it or nothing."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

import lessons.content
import plans.content
import quizzes.content
from cohorts import enrolling
from lessons.content import Changes, ContentErrors
from lessons.models import Course
from progress import recording


class Command(BaseCommand):
    help = "Load a course from its folder. The same folder twice changes nothing; a broken one changes nothing either."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def handle(self, *args, folder, dry_run, **options):
        try:
            course, changes = load(folder, dry_run=dry_run)
        except ContentErrors as errors:
            for problem in errors.problems:
                self.stderr.write(str(problem))
            count = len(errors.problems)
            raise CommandError(f"{count} problem{'' if count == 1 else 's'}; nothing was loaded.") from errors
        if not course.is_published:
            self.stdout.write("The course is not published: learners see it once it is, in the administration.")
        for line in changes.lines():
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("Dry run: nothing was written.")


@transaction.atomic
def load(folder: Path, *, dry_run: bool) -> tuple[Course, Changes]:
    """Read everything, then write everything in one transaction. Raises ContentErrors."""
    now = timezone.now()
    revisions = dict(Course.objects.values_list("key", "revision"))
    files = lessons.content.read(folder)
    questions = quizzes.content.read(files)
    assignments = plans.content.read(files)
    course, changes = lessons.content.load(files, at=now)
    changes.add(quizzes.content.load(questions, course=course, at=now))
    changes.add(plans.content.load(assignments, course=course, at=now))
    _cohort, made = enrolling.ensure_open_cohort(course=course, at=now)
    changes.count("cohorts", "new" if made else "unchanged")
    # The database renews the revision with everything that learners see: without that there is nothing to count anew.
    course.refresh_from_db(fields=["revision"])
    if revisions.get(course.key) != course.revision:
        recording.recount(course=course)
    if dry_run:
        transaction.set_rollback(True)
    return course, changes
