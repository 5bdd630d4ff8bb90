"""What a start brings up to date, and what it leaves alone."""

import shutil

import pytest

from accounts.models import AuditEntry
from cohorts.models import Cohort
from cto_course import preparing
from lessons.models import Course, UnitVersion
from tests.factories import NOW


@pytest.fixture
def content(settings, tmp_path, db):
    """A copy of the course's files."""
    shutil.copytree(settings.CONTENT_DIR / "cto", tmp_path / "content" / "cto")
    settings.CONTENT_DIR = tmp_path / "content"
    return settings.CONTENT_DIR / "cto"


def test_courses_are_loaded_once(content):
    (line,) = preparing.courses(at=NOW)
    assert line.startswith("The course cto is loaded: ")
    versions = UnitVersion.objects.count()
    assert (list(Course.objects.values_list("key", flat=True)), Cohort.objects.open_to_all().count()) == (["cto"], 1)
    assert preparing.courses(at=NOW) == []
    assert UnitVersion.objects.count() == versions
    assert list(AuditEntry.objects.values_list("action", "subject", "at")) == [(preparing.LOADED, "cto", NOW)]


def test_changed_course_is_loaded_again(content):
    preparing.courses(at=NOW)
    course = content / "course.yaml"
    course.write_text(course.read_text().replace("subtitle: ", "subtitle: Now ", 1))
    assert preparing.courses(at=NOW) == ["The course cto is loaded: 1 change."]
    assert preparing.courses(at=NOW) == []


def test_course_with_errors_stays_as_it_was(content):
    preparing.courses(at=NOW)
    (content / "course.yaml").write_text("key: [")
    said = preparing.courses(at=NOW)
    assert said[-1] == f"{content} has errors; the course stays as it was loaded before."
    assert len(said) > 2
    assert Course.objects.get().title == "Chief Technology Officer"


def test_first_course_with_errors_is_refused(content):
    (content / "course.yaml").write_text("key: [")
    with pytest.raises(preparing.NotReady, match=rf"^{content} cannot be loaded:\n{content}/course\.yaml:\d+: "):
        preparing.courses(at=NOW)
    assert not Course.objects.exists()


def test_static_file_that_was_copied_half_is_collected_anew(settings, tmp_path):
    """An interrupted start leaves a copy that is newer than its source, and a hashed copy of that."""
    settings.STATIC_ROOT = tmp_path / "static"
    assert (preparing.static_files(), preparing.static_files()) == (True, False)
    copy, other = settings.STATIC_ROOT / "css" / "app.css", settings.STATIC_ROOT / "css" / "app.0123456789ab.css"
    copy.write_text("half")
    other.write_text("half")
    (settings.STATIC_ROOT / ".collecting").touch()
    assert (preparing.static_files(), preparing.static_files()) == (True, False)
    assert copy.read_text() == (settings.BASE_DIR / "static" / "css" / "app.css").read_text()
    assert not other.exists()
    assert not (settings.STATIC_ROOT / ".collecting").exists()


def test_fingerprint_is_that_of_texts_and_names(content):
    before = preparing.fingerprint_of(content)
    assert preparing.fingerprint_of(content) == before
    unit = content / "1-from-lab-director" / "1-why-engineers.md"
    renamed = unit.rename(unit.with_name("1-why.md"))
    assert preparing.fingerprint_of(content) != before
    renamed.rename(unit)
    assert preparing.fingerprint_of(content) == before
    unit.write_text(unit.read_text() + "\nMore.\n")
    assert preparing.fingerprint_of(content) != before


def test_remedy_fits_the_trouble():
    assert "backup" in preparing.remedy("database disk image is malformed")
    assert "write" in preparing.remedy("attempt to write a readonly database")
    assert "space" in preparing.remedy("database or disk is full")
    assert "DATABASE_URL" in preparing.remedy("connection refused")
