"""Joining by the button on the course page."""

import pytest
from django.test import Client

from cohorts.models import Enrolment
from lessons.models import Course
from tests import factories

pytestmark = pytest.mark.django_db


def test_join_gives_a_place_and_goes_home(client_of, cohort):
    person = factories.user()
    response = client_of(person).post("/cto/join/", follow=True)
    assert response.redirect_chain == [("/cto/home/", 302)]
    assert list(Enrolment.objects.of(person).values_list("cohort", "state")) == [(cohort.pk, "active")]


def test_join_twice_is_once(client_of, cohort):
    client = client_of(factories.user())
    client.post("/cto/join/")
    client.post("/cto/join/")
    assert Enrolment.objects.count() == 1


def test_join_as_a_visitor_makes_an_account_first(client, cohort):
    response = client.post("/cto/join/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/signup/?next=%2Fcto%2Fhome%2F")
    assert Enrolment.objects.count() == 0


def test_join_works_with_the_form_of_the_course_page(cohort):
    """Without JavaScript, with the token of the page."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.user(), backend="django.contrib.auth.backends.ModelBackend")
    html = client.get("/cto/").content.decode()
    form = html[html.index('action="/cto/join/"') :]
    token = form.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert client.post("/cto/join/").status_code == 403
    assert client.post("/cto/join/", {"csrfmiddlewaretoken": token})["Location"] == "/cto/home/"


def test_join_is_not_a_link(client_of, cohort):
    assert client_of(factories.user()).get("/cto/join/").status_code == 405
    assert Enrolment.objects.count() == 0


def test_join_a_course_without_an_open_cohort_says_so(client_of, course):
    factories.cohort(course, kind="scheduled", open_to_all=False)
    response = client_of(factories.user()).post("/cto/join/", follow=True)
    assert response.redirect_chain == [("/cto/", 302)]
    assert "This course has no cohort that is open to all." in response.content.decode()
    assert Enrolment.objects.count() == 0


def test_join_a_full_course_says_so(client_of, course):
    factories.cohort(course, capacity=0)
    response = client_of(factories.user()).post("/cto/join/", follow=True)
    assert "Every seat of this course is taken." in response.content.decode()
    assert Enrolment.objects.count() == 0


def test_join_a_course_that_is_not_published(client_of, cohort):
    Course.objects.update(state=Course.State.DRAFT)
    assert client_of(factories.user()).post("/cto/join/").status_code == 404
    assert Enrolment.objects.count() == 0
