"""Who may see which cohort; every test first makes what could leak."""

import pytest

from cohorts import access
from cohorts.models import Cohort, Role
from tests import factories


@pytest.fixture
def other(course):
    """Another cohort of the same course, with a learner and a manager of its own."""
    other = factories.cohort(course, title="Autumn 2026", kind=Cohort.Kind.SCHEDULED, open_to_all=False)
    factories.enrolment(other, factories.user("Bilal Haddad"))
    factories.manager(other, "Olga Brandt")
    return other


@pytest.mark.parametrize("kind", [Role.Kind.MANAGER, Role.Kind.COACH])
def test_role_opens_its_own_cohort_and_no_other(cohort, other, kind):
    person = factories.user("Marta Silva")
    Role.objects.create(cohort=cohort, user=person, kind=kind)
    assert list(access.visible_to(person)) == [cohort]


def test_two_roles_in_one_cohort_show_it_once(cohort, other):
    person = factories.manager(cohort)
    Role.objects.create(cohort=cohort, user=person, kind=Role.Kind.COACH)
    assert list(access.visible_to(person)) == [cohort]


def test_learner_sees_no_cohort(enrolment, other):
    assert list(access.visible_to(enrolment.user)) == []


@pytest.mark.parametrize("fields", [{"is_staff": True}, {"is_staff": True, "is_superuser": True}])
def test_staff_without_a_role_see_no_cohort(enrolment, other, fields):
    """The admin is their place; a cohort's page is for those whom its learners know."""
    assert list(access.visible_to(factories.user("Omar Haddad", **fields))) == []


def test_superuser_with_a_role_sees_that_cohort(cohort, other):
    person = factories.user("Omar Haddad", is_staff=True, is_superuser=True)
    Role.objects.create(cohort=other, user=person)
    assert list(access.visible_to(person)) == [other]


def test_role_taken_away_is_gone_with_the_next_request(cohort, client_of):
    person = factories.manager(cohort)
    client = client_of(person)
    assert client.get(cohort.get_absolute_url()).status_code == 200
    Role.objects.filter(user=person).delete()
    assert client.get(cohort.get_absolute_url()).status_code == 404
    assert cohort.title not in client.get("/cohorts/").text


def test_learners_are_counted_once_whatever_the_roles(cohort, other, enrolment):
    """A join over roles and enrolments would count each learner once per role."""
    person = factories.manager(cohort)
    Role.objects.create(cohort=cohort, user=person, kind=Role.Kind.COACH)
    Role.objects.create(cohort=other, user=person)
    factories.enrolment(cohort, factories.user("Chiara Rossi"))
    factories.enrolment(cohort, factories.user("Dana Kovač"), state="left")
    empty = factories.cohort(cohort.course, title="Empty", open_to_all=False)
    Role.objects.create(cohort=empty, user=person)
    counted = {each.title: each.learners for each in access.with_learners(access.visible_to(person))}
    assert counted == {"Self-paced": 2, "Autumn 2026": 1, "Empty": 0}
