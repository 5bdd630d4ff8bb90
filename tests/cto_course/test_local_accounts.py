"""The four people of a newcomer's machine."""

import stat

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from cohorts.models import Role
from cto_course import local_accounts, rights
from cto_course.local_accounts import Account
from tests.factories import NOW


@pytest.fixture
def passwords(settings, tmp_path):
    """The file of the passwords."""
    settings.DATA_DIR = tmp_path / "var"
    settings.DATA_DIR.mkdir()
    return tmp_path / "var/.local-accounts"


def test_file_is_the_projects_or_that_of_the_data_elsewhere(settings, tmp_path):
    """Two copies whose data lie side by side have one each."""
    places = {}
    for data in (settings.BASE_DIR / "var", tmp_path / "one", tmp_path / "two"):
        settings.DATA_DIR = data
        places[data] = local_accounts.file()
    assert places == {
        settings.BASE_DIR / "var": settings.BASE_DIR / ".local-accounts",
        tmp_path / "one": tmp_path / "one/.local-accounts",
        tmp_path / "two": tmp_path / "two/.local-accounts",
    }


def test_make_gives_each_their_role(passwords, cohort):
    accounts = local_accounts.make(at=NOW)
    people = {account.role: User.objects.get(email=account.email) for account in accounts}
    assert {
        role: (
            person.is_staff,
            person.is_superuser,
            list(person.enrolments.values_list("cohort", flat=True)),
            list(person.roles.values_list("cohort", "kind")),
            list(person.groups.values_list("name", flat=True)),
        )
        for role, person in people.items()
    } == {
        "learner": (False, False, [cohort.pk], [], []),
        "instructor": (True, False, [], [], ["Instructors"]),
        "manager": (False, False, [], [(cohort.pk, Role.Kind.MANAGER)], []),
        "operator": (True, True, [], [], []),
    }
    for account in accounts:
        person = people[account.role]
        assert person.check_password(account.password)
        assert list(person.emailaddress_set.values_list("email", "verified", "primary")) == [
            (account.email, True, True)
        ]


def test_make_keeps_the_passwords_in_a_file_of_the_owner(passwords, db):
    accounts = local_accounts.make(at=NOW)
    assert [Account(*line.split()) for line in passwords.read_text().splitlines()] == accounts
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
    assert len({account.password for account in accounts}) == 4
    assert min(len(account.password) for account in accounts) >= 16


def test_make_twice_changes_nothing(passwords, cohort):
    first = local_accounts.make(at=NOW)
    hashes = set(User.objects.values_list("email", "password"))
    assert local_accounts.make(at=NOW) == first
    assert set(User.objects.values_list("email", "password")) == hashes


def test_make_with_a_lost_file_gives_new_passwords_to_the_same_people(passwords, cohort):
    before = local_accounts.make(at=NOW)
    people = set(User.objects.values_list("pk", flat=True))
    passwords.unlink()
    after = local_accounts.make(at=NOW)
    assert set(User.objects.values_list("pk", flat=True)) == people
    assert {account.password for account in before} & {account.password for account in after} == set()
    assert User.objects.get(email="learner@example.com").check_password(after[0].password)


def test_make_with_another_database_makes_the_missing_people(passwords, cohort):
    """The file knows the learner, this database does not: the old password would be a lie."""
    passwords.write_text("learner learner@example.com a-password-of-elsewhere\n")
    accounts = local_accounts.make(at=NOW)
    assert accounts[0].password != "a-password-of-elsewhere"
    assert User.objects.get(email="learner@example.com").check_password(accounts[0].password)


def test_a_password_that_was_changed_is_not_told_any_more(passwords, cohort, capsys):
    """Nor is it set back; the others stand as they were."""
    accounts = local_accounts.make(at=NOW)
    learner = User.objects.get(email="learner@example.com")
    learner.set_password("a quiet lighthouse 1893")
    learner.save()
    call_command("make_local_accounts")
    told, *others = capsys.readouterr().out.splitlines()
    assert told.split(None, 2) == ["learner", "learner@example.com", "(the password was changed on the site)"]
    assert others == local_accounts.table(accounts[1:])
    assert local_accounts.make(at=NOW) == accounts
    learner.refresh_from_db()
    assert learner.check_password("a quiet lighthouse 1893")


def test_make_in_production_is_refused(passwords, settings, db):
    settings.LOCAL = False
    with pytest.raises(RuntimeError, match="local profile only"):
        local_accounts.make(at=NOW)
    with pytest.raises(CommandError, match="local profile only"):
        call_command("make_local_accounts")
    assert (User.objects.count(), passwords.exists()) == (0, False)


def test_command_prints_a_line_an_account(passwords, cohort, capsys):
    call_command("make_local_accounts")
    assert capsys.readouterr().out == passwords.read_text()


def test_instructors_write_lessons_and_questions_and_nothing_else(db):
    group = rights.instructors(at=NOW)
    given = set(group.permissions.values_list("content_type__app_label", "codename"))
    assert {label for label, _codename in given} == {"lessons", "plans", "quizzes"}
    assert ("plans", "view_note") not in given
    assert ("lessons", "change_unitversion") in given
    assert ("quizzes", "add_questionversion") in given
    deletable = {codename for _label, codename in given if codename.startswith("delete_")}
    assert deletable == {f"delete_{model}" for model in rights.DRAFTS}
    records = ("attempt", "attemptitem", "response", "responselog", "gradingrun", "itemscore")
    # They give the score of a long answer, on a page that does not say whose it is.
    assert [codename for _label, codename in given if codename.split("_")[1] in records] == ["add_gradingrun"]


def test_instructors_keep_what_an_operator_changed(db):
    group = rights.instructors(at=NOW)
    group.permissions.clear()
    assert rights.instructors(at=NOW).permissions.count() == 0
