"""The people and the course that tests start from. See tests/factories.py for making more."""

import pytest

from cto_course import rights
from tests import databases, factories


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """In place of pytest-django's: each worker's database is a copy of one that was migrated once."""
    with django_db_blocker.unblock(), databases.copied():
        yield


@pytest.fixture(autouse=True)
def _fast_and_plain(settings):
    """Cheap password hashing, static files without a manifest, mail into the outbox as everywhere else.

    (The test environment of Django would put in a mail backend of its own.)
    """
    settings.EMAIL_BACKEND = "notifications.backends.OutboxBackend"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def course(db):
    """A published course "cto": lesson 1 with two readings and a check, lesson 2 with one reading."""
    return factories.course()


@pytest.fixture
def cohort(course):
    """The open self-paced cohort of the course."""
    return factories.cohort(course=course)


@pytest.fixture
def enrolment(cohort):
    """Nadia's place in the open cohort."""
    return factories.enrolment(cohort=cohort)


@pytest.fixture
def learner(enrolment):
    """Nadia, who learns in the open cohort."""
    return enrolment.user


@pytest.fixture
def instructor(course):
    """Ines, who writes lessons and questions in the admin."""
    person = factories.user("Ines Duarte", is_staff=True)
    person.groups.add(rights.instructors(at=factories.NOW))
    return person


@pytest.fixture
def operator(db):
    """Omar, who runs the installation and may do everything."""
    return factories.user("Omar Haddad", is_staff=True, is_superuser=True)


@pytest.fixture
def client_of(client):
    """Sign a person in: `client_of(user).get(…)`."""

    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def learner_client(client_of, learner):
    return client_of(learner)
