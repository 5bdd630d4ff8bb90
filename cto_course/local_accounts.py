"""People to sign in as on a newcomer's own machine; never made in production."""

import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction

from accounts.models import User
from cohorts import enrolling
from cohorts.models import Cohort, Role
from cto_course import rights


class Account(NamedTuple):
    """One line of the file of local accounts."""

    role: str
    email: str
    password: str


CHANGED = "(the password was changed on the site)"
PEOPLE = {
    "learner": ("learner@example.com", "Nadia Osei"),
    "instructor": ("instructor@example.com", "Ines Duarte"),
    "manager": ("manager@example.com", "Marta Silva"),
    "operator": ("operator@example.com", "Omar Haddad"),
}


def file() -> Path:
    """In the project itself for its own data; in the data directory for any other, so that no two copies share it."""
    is_default = settings.DATA_DIR.resolve() == settings.BASE_DIR / "var"
    return (settings.BASE_DIR if is_default else settings.DATA_DIR) / ".local-accounts"


def make(*, at: datetime) -> list[Account]:
    """Make whoever is missing of the four, with a fresh password, and keep all passwords in the file.

    Somebody who is there already keeps their password as long as the file knows it. Raises RuntimeError in production.
    """
    if not settings.LOCAL:
        raise RuntimeError("Local accounts have known passwords: they exist in the local profile only.")
    known = {account.role: account for account in read()}
    there = set(
        User.objects.filter(email__in=[email for email, _name in PEOPLE.values()]).values_list("email", flat=True)
    )
    accounts = []
    for role, (email, name) in PEOPLE.items():
        if email not in there or role not in known:
            known[role] = Account(role, email, secrets.token_urlsafe(12))
            with transaction.atomic():
                person = make_person(role, email, name, known[role].password)
                give_role(person, role, at=at)
        accounts.append(known[role])
    if accounts != read():
        write(accounts)
    return accounts


def make_person(role: str, email: str, name: str, password: str) -> User:
    """A person with a confirmed address, or that person with a new password."""
    person = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
    person.is_staff = role in ("instructor", "operator")
    person.is_superuser = role == "operator"
    person.set_password(password)
    person.save()
    EmailAddress.objects.update_or_create(user=person, email=email, defaults={"verified": True, "primary": True})
    return person


def give_role(person: User, role: str, *, at: datetime) -> None:
    """What each of the four may do: learn, write, look after the open cohort; the operator may do everything."""
    if role == "learner":
        enrolling.join_open_cohorts(user=person, at=at)
    elif role == "instructor":
        person.groups.add(rights.instructors(at=at))
    elif role == "manager":
        for cohort in Cohort.objects.open_to_all():
            Role.objects.get_or_create(cohort=cohort, user=person, kind=Role.Kind.MANAGER)


def read() -> list[Account]:
    """The accounts in the file; none when there is no file."""
    if not file().is_file():
        return []
    lines = [line.split() for line in file().read_text().splitlines()]
    return [Account(*words) for words in lines if len(words) == 3 and words[0] in PEOPLE]


def write(accounts: list[Account]) -> None:
    """Replace the file; only its owner may read it."""
    new = file().with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.writelines(f"{line}\n" for line in table(accounts))
    new.replace(file())


def introduced(accounts: list[Account]) -> list[str]:
    """The lines of the table, for who is about to sign in: a password that was changed since is not told."""
    hashes = dict(User.objects.filter(email__in=[each.email for each in accounts]).values_list("email", "password"))
    return table(
        [
            each if check_password(each.password, hashes.get(each.email, "")) else each._replace(password=CHANGED)
            for each in accounts
        ]
    )


def table(accounts: list[Account]) -> list[str]:
    """One aligned line an account: role, address, password."""
    return [f"{account.role:<12}{account.email:<26}{account.password}" for account in accounts]
