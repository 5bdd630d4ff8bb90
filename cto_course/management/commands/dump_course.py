"""`manage.py dump_course cto content/cto`: the current state of a course as files, ready for review in git."""

import os
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

import lessons.content
import plans.content
import quizzes.content
from lessons.content.folder import TEXT_FILES
from lessons.models import Course


class Command(BaseCommand):
    help = "Write a course into its folder. What the course does not know stays there and is named."

    def add_arguments(self, parser):
        parser.add_argument("key")
        parser.add_argument("folder", type=Path)

    def handle(self, *args, key, folder, **options):
        course = Course.objects.filter(key=key).first()
        if course is None:
            known = ", ".join(Course.objects.values_list("key", flat=True)) or "none"
            raise CommandError(f"There is no course {key}. Known: {known}.")
        files = lessons.content.dump(course) | quizzes.content.dump(course) | plans.content.dump(course)
        try:
            written = [path for path, text in files.items() if write(folder / path, text)]
        except OSError as error:
            raise CommandError(f"Cannot write {error.filename}: {error.strerror}.") from error
        for path in written:
            self.stdout.write(f"written    {path}")
        for path in unknown(folder, files):
            self.stdout.write(f"not known  {path}")
        for room in (lessons, quizzes, plans):
            for remark in room.content.remarks(course):
                self.stdout.write(f"look at    {remark}.")
        self.stdout.write(f"{len(files)} files, {len(written)} written, {len(files) - len(written)} as they were.")


def write(path: Path, text: str) -> bool:
    """Put the text there in one step, so that nobody reads half a file; False when it stands there already."""
    content = text.encode()
    if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~umask()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    return True


def umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def unknown(folder: Path, files: dict[str, str]) -> list[str]:
    """Course texts below the folder that were not written by this dump: retired, renamed or never part of it."""
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.name.endswith(TEXT_FILES))
    return sorted(path for path in paths if path not in files and path != "README.md")
