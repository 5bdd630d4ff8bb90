"""The rights of instructors: complete after every start, also a killed one, and the operator's to change."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from cto_course import preparing, rights
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def has():
    """The rights of the group as it stands in the database."""
    found = Group.objects.get(name="Instructors").permissions.values_list("content_type__app_label", "codename")
    return {f"{room}.{codename}" for room, codename in found}


def killed_before_its_permissions():
    """The database as a start leaves it that is killed between the last migration and the signal after it."""
    for table in (Group.permissions.through.objects, Permission.objects):
        table.all().delete()
    Group.objects.get_or_create(name="Instructors")


def test_rights_are_given_once_and_remembered():
    rights.instructors(at=NOW)
    assert has() == rights.of_instructors()
    rights.instructors(at=NOW)
    (entry,) = AuditEntry.objects.filter(action="gave rights")
    assert (entry.subject, entry.at, entry.actor) == ("Instructors", NOW, None)
    assert entry.detail == {"rights": sorted(rights.of_instructors())}


def test_killed_start_is_seen_and_mended_by_the_next(capsys):
    killed_before_its_permissions()
    with pytest.raises(CommandError, match=r"^2 invariants are broken\.$"):
        call_command("verify_invariants")
    broken = [line for line in capsys.readouterr().out.splitlines() if line.startswith("BROKEN")]
    assert broken[0].startswith("BROKEN  cto_course: every model has its permissions (")
    assert broken[1].startswith("BROKEN  cto_course: instructors were given every right of theirs (")
    assert preparing.database() is True
    rights.instructors(at=NOW)
    assert has() == rights.of_instructors()
    call_command("verify_invariants")
    assert preparing.database() is False


def test_group_that_was_left_without_rights_gets_them():
    """As starts before this one could leave it: made, and killed before its rights were given."""
    Group.objects.create(name="Instructors")
    assert rights.not_given() == sorted(rights.of_instructors())
    rights.instructors(at=NOW)
    assert (has(), rights.not_given()) == (rights.of_instructors(), [])


def test_right_of_a_later_version_is_given_and_the_operators_choice_stays():
    group = Group.objects.create(name="Instructors")
    before = sorted(rights.of_instructors() - {"quizzes.add_regrade"})
    AuditEntry.objects.create(action="gave rights", subject="Instructors", at=NOW, detail={"rights": before})
    rights.instructors(at=NOW)
    assert {f"quizzes.{right.codename}" for right in group.permissions.all()} == {"quizzes.add_regrade"}


def test_without_a_group_nothing_is_owed():
    assert rights.not_given() == []
