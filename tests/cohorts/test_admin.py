"""Seats in the admin: a place takes one as joining does, and nobody loses theirs."""

import pytest

from cohorts import invariants
from cohorts.models import Cohort, Enrolment
from tests import factories
from tests.test_admin import change, url

FULL = "Every seat of Two seats is taken. Add seats on the page of the cohort, or choose another one."
FEWER = "2 seats are taken: the cohort cannot have fewer. Whose places are no longer needed, set them to “left” first."


@pytest.fixture
def operator_client(client_of, operator):
    return client_of(operator)


@pytest.fixture
def full(course):
    """Two seats, both taken; a third person has left."""
    cohort = factories.cohort(course, title="Two seats", capacity=2)
    for name in ("Amara", "Bilal"):
        factories.enrolment(cohort, factories.user(name))
    factories.enrolment(cohort, factories.user("Chiara"), state="left")
    return cohort


def place(name):
    return Enrolment.objects.get(user__name=name)


def save(client, row, **fields):
    """Send the form of a row as it stands but for these fields; what it refuses."""
    form = client.get(url(type(row), "change", row.pk)).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    rows = {"roles-TOTAL_FORMS": 0, "roles-INITIAL_FORMS": 0}
    return errors(change(client, row, sent | rows | fields))


def add(client, name, cohort, **fields):
    sent = {"user": factories.user(name).pk, "cohort": cohort.pk, "state": "active", "time_factor": "1"}
    return errors(client.post(url(Enrolment, "add"), sent | fields))


def errors(response):
    if response.status_code == 302:
        return []
    return [sentence for faults in response.context["errors"] for sentence in faults]


def active(cohort):
    return list(cohort.enrolments.active().order_by("pk").values_list("user__name", flat=True))


def test_place_in_a_full_cohort_is_refused(operator_client, full):
    assert add(operator_client, "Dana", full) == [FULL]
    assert save(operator_client, place("Chiara"), state="active") == [FULL]
    assert active(full) == ["Amara", "Bilal"]
    assert invariants.seats_are_within_capacity() == []


def test_place_that_takes_no_seat_of_it_is_not_refused(operator_client, full):
    """Who has one keeps it, who left needs none, and another cohort has its own."""
    assert save(operator_client, place("Amara"), time_factor="1.5") == []
    assert add(operator_client, "Dana", full, state="left") == []
    other = factories.cohort(full.course, open_to_all=False, capacity=1)
    assert add(operator_client, "Elif", other) == []
    assert add(operator_client, "Farid", factories.cohort(full.course, open_to_all=False)) == []
    assert (active(full), active(other)) == (["Amara", "Bilal"], ["Elif"])


def test_seat_that_becomes_free_or_is_added_is_taken(operator_client, full):
    assert save(operator_client, place("Amara"), state="left") == []
    assert add(operator_client, "Dana", full) == []
    assert save(operator_client, full, capacity="3") == []
    assert save(operator_client, place("Chiara"), state="active") == []
    assert active(full) == ["Bilal", "Chiara", "Dana"]


def test_cohort_does_not_get_fewer_seats_than_are_taken(operator_client, full):
    assert save(operator_client, full, capacity="1") == [FEWER]
    assert Cohort.objects.get(pk=full.pk).capacity == 2
    assert save(operator_client, full, capacity="") == []
    factories.enrolment(full, factories.user("Dana"))
    Cohort.objects.filter(pk=full.pk).update(capacity=2)
    # One that is over its number from before can be called otherwise.
    assert save(operator_client, full, title="Three people") == []
    assert Cohort.objects.get(pk=full.pk).title == "Three people"
