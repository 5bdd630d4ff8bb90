"""Two-step sign-in is needed by staff and managers, some days after they were first asked."""

from datetime import timedelta

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as configured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cohorts import two_steps
from cohorts.models import Role
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PAGES = {"operator": "/manage/", "instructor": "/manage/lessons/term/", "manager": "/cohorts/"}


@pytest.fixture
def _needed(settings):
    settings.TWO_STEPS = True


@pytest.fixture
def people(cohort, learner, instructor, operator):
    coach = factories.user("Carla Pinto")
    Role.objects.create(cohort=cohort, user=coach, kind=Role.Kind.COACH)
    manager = factories.manager(cohort)
    return {"learner": learner, "coach": coach, "manager": manager, "instructor": instructor, "operator": operator}


def due(person, **before):
    """Asked so long ago; the person anew."""
    User.objects.filter(pk=person.pk).update(two_steps_due_at=timezone.now() - timedelta(**before))
    return User.objects.get(pk=person.pk)


def sign_in(client, person):
    password = {"login": person.email, "password": "correct-horse-battery"}
    return client.post(reverse("account_login"), password, follow=True)


@pytest.mark.usefixtures("_needed")
def test_who_needs_it(people):
    assert {role for role, person in people.items() if two_steps.needed_by(person)} == set(PAGES)


def test_nobody_needs_it_on_a_local_machine(people):
    assert configured.LOCAL
    assert [role for role, person in people.items() if two_steps.needed_by(due(person, days=1))] == []


@pytest.mark.usefixtures("_needed")
def test_days_of_grace_begin_at_the_first_sign_in_and_are_said_at_each(client, people):
    manager, told = people["manager"], "Your role needs two-step sign-in from "
    response = sign_in(client, manager)
    manager.refresh_from_db()
    first = manager.two_steps_due_at
    assert timedelta(days=13) < first - timezone.now() < timedelta(days=14)
    assert f"{told}{first:%-d %B} on. Switch it on under “Account and security”." in response.text
    assert client.get("/cohorts/").status_code == 200
    client.post(reverse("account_logout"))
    assert told in sign_in(client, manager).text
    manager.refresh_from_db()
    assert manager.two_steps_due_at == first


@pytest.mark.usefixtures("_needed")
def test_nothing_is_asked_of_learners_and_of_who_has_it(client, people):
    TOTP.activate(people["operator"], "A" * 32)
    for role in ("learner", "coach", "operator"):
        assert two_steps.ask(user=people[role], at=NOW) is None
    assert not User.objects.filter(two_steps_due_at__isnull=False).exists()
    assert "two-step sign-in from" not in sign_in(client, people["learner"]).text


@pytest.mark.usefixtures("_needed")
@pytest.mark.parametrize("role", PAGES)
def test_afterwards_the_pages_of_the_role_wait_for_it(client_of, people, role):
    client = client_of(due(people[role], days=1))
    for method in (client.get, client.post):
        assert method(PAGES[role]).url == reverse("mfa_index")
    assert (
        "That page needs two-step sign-in. Switch it on here; then it opens." in client.get(reverse("mfa_index")).text
    )
    TOTP.activate(people[role], "A" * 32)
    assert client.get(PAGES[role]).status_code == 200


@pytest.mark.usefixtures("_needed")
def test_recovery_codes_alone_are_no_second_step(client_of, people):
    RecoveryCodes.activate(people["operator"])
    assert client_of(due(people["operator"], days=1)).get("/manage/").url == reverse("mfa_index")


@pytest.mark.usefixtures("_needed")
def test_what_a_manager_does_as_a_learner_and_their_account_stay_open(client_of, cohort, people):
    factories.enrolment(cohort, people["manager"])
    client = client_of(due(people["manager"], days=1))
    pages = ["/cto/home/", "/cto/lessons/1/first/", "/account/", "/accounts/email/", "/help/", reverse("mfa_index")]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


@pytest.mark.usefixtures("_needed")
def test_signing_out_of_the_admin_waits_for_nothing(client_of, people):
    client = client_of(due(people["instructor"], days=1))
    client.post("/manage/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("_needed")
def test_who_holds_no_role_any_more_is_not_asked(client_of, people):
    """The date stays; what it was for is gone."""
    manager = due(people["manager"], days=1)
    manager.roles.all().delete()
    assert client_of(manager).get("/cohorts/").status_code == 200


@pytest.mark.usefixtures("_needed")
def test_the_last_second_step_stays_while_the_role_needs_it(client_of, people):
    client = client_of(people["instructor"])
    client.post(reverse("account_reauthenticate"), {"password": "correct-horse-battery"})
    TOTP.activate(people["instructor"], "A" * 32)
    stays = "Your role needs two-step sign-in; it stays on."
    address = reverse("mfa_deactivate_totp")
    for page in (client.get(address), client.post(address), client.get(reverse("mfa_index"))):
        found = [words in page.text for words in (stays, "From then on your password", "btn-danger")]
        assert found == [True, False, False]
    assert two_steps.has(people["instructor"])


@pytest.mark.usefixtures("_needed")
def test_whose_role_does_not_need_it_may_switch_it_off(client_of, people):
    client = client_of(people["coach"])
    client.post(reverse("account_reauthenticate"), {"password": "correct-horse-battery"})
    TOTP.activate(people["coach"], "A" * 32)
    address = reverse("mfa_deactivate_totp")
    assert f'href="{address}"' in client.get(reverse("mfa_index")).text
    assert "From then on your password alone signs you in" in client.get(address).text
    assert client.post(address).url == reverse("mfa_index")
    assert not two_steps.has(people["coach"])


@pytest.mark.usefixtures("_needed")
def test_the_address_can_be_changed_with_two_steps(client_of, people):
    client = client_of(people["operator"])
    client.post(reverse("account_reauthenticate"), {"password": "correct-horse-battery"})
    TOTP.activate(people["operator"], "A" * 32)
    new = {"email": "new@example.com", "action_add": ""}
    assert client.post(reverse("account_email"), new).url == reverse("account_email")
    assert people["operator"].emailaddress_set.filter(email="new@example.com", verified=False).exists()


@pytest.mark.usefixtures("_needed")
def test_who_was_never_asked_costs_no_query(client_of, people, settings):
    client = client_of(people["operator"])
    counts = []
    for needed in (True, False, True):
        settings.TWO_STEPS = needed
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/manage/password_change/").status_code == 200
        counts.append(len(asked))
    assert counts[1] == counts[2]
