"""The gate: who comes in, and what it sets."""

import pytest

from cohorts.models import Enrolment
from lessons.models import Course
from tests import factories

pytestmark = pytest.mark.django_db

CLOSED = ["/cto/home/", "/cto/notes/", "/cto/lessons/1/first/", "/cto/lessons/1/check/"]
OPEN = ["/cto/", "/cto/lessons/", "/cto/lessons/1/", "/cto/terms/", "/cto/sources/"]


@pytest.mark.parametrize("path", CLOSED)
def test_visitor_signs_in_first_and_comes_back(client, cohort, path):
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={path}")


@pytest.mark.parametrize(
    "path", ["/cto/lessons/1/nowhere/", "/cto/lessons/9/first/", "/cto/lessons/2/check/", "/cto/exam/"]
)
def test_nobody_signs_in_or_joins_to_see_that_there_is_nothing(client, client_of, cohort, path):
    assert client.get(path).status_code == 404
    assert client_of(factories.user()).get(path).status_code == 404


@pytest.mark.parametrize("path", OPEN)
def test_visitor_sees_open_pages(client, cohort, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", CLOSED)
def test_person_without_a_place_is_sent_to_the_course_page_with_words(client_of, cohort, path):
    response = client_of(factories.user()).get(path, follow=True)
    assert response.redirect_chain == [("/cto/", 302)]
    assert "Join the course first; then this page opens." in response.content.decode()


def test_form_of_who_has_left_keeps_what_was_typed(learner_client, enrolment):
    Enrolment.objects.update(state=Enrolment.State.LEFT)
    response = learner_client.post("/cto/lessons/1/first/note/", {"text": "What I <wrote>", "revision": "0"})
    assert response.status_code == 403
    assert "You have no place in the course, so what you sent was not saved. Join it first." in response.text
    assert "\nWhat I &lt;wrote&gt;</textarea>" in response.text
    assert "has no right to it" not in response.text


@pytest.mark.parametrize("path", OPEN)
def test_person_without_a_place_sees_open_pages(client_of, cohort, path):
    assert client_of(factories.user()).get(path).status_code == 200


@pytest.mark.parametrize("path", CLOSED[:3])
def test_learner_comes_in(learner_client, path):
    assert learner_client.get(path).status_code == 200


def test_who_has_left_has_no_place(learner_client, enrolment):
    Enrolment.objects.update(state=Enrolment.State.LEFT)
    response = learner_client.get("/cto/home/")
    assert (response.status_code, response["Location"]) == (302, "/cto/")


def test_a_place_in_one_course_opens_no_other(learner_client):
    factories.course(key="other")
    response = learner_client.get("/other/lessons/1/first/")
    assert (response.status_code, response["Location"]) == (302, "/other/")


@pytest.mark.parametrize("state", [Course.State.DRAFT, Course.State.RETIRED])
@pytest.mark.parametrize("path", [*CLOSED, *OPEN])
def test_course_that_is_not_published_is_not_found_by_its_own_learner(learner_client, state, path):
    Course.objects.update(state=state)
    response = learner_client.get(path)
    assert response.status_code == 404
    assert "Lesson one" not in response.content.decode()


def test_course_that_does_not_exist(learner_client):
    assert learner_client.get("/nowhere/home/").status_code == 404


def test_gate_sets_course_and_enrolment(learner_client, enrolment, course):
    request = learner_client.get("/cto/home/").wsgi_request
    assert (request.course, request.enrolment) == (course, enrolment)
    assert request.enrolment.user == request.user


def test_gate_costs_one_statement(learner_client, enrolment, django_assert_num_queries):
    """Session, person, then one for place, course and whether they manage a cohort."""
    with django_assert_num_queries(4):
        request = learner_client.get("/cto/lessons/1/first/done/").wsgi_request
    with django_assert_num_queries(0):
        assert request.enrolment.course == request.course
        assert request.enrolment.user.email
        assert request.enrolment.holds_role is False


def test_gate_knows_who_manages_a_cohort(learner_client, learner, cohort):
    from cohorts.models import Role

    Role.objects.create(cohort=cohort, user=learner)
    assert learner_client.get("/cto/home/").wsgi_request.enrolment.holds_role is True


def test_gate_treats_the_front_as_the_only_course(learner_client, enrolment, course):
    request = learner_client.get("/").wsgi_request
    assert (request.course, request.enrolment) == (course, enrolment)
    factories.course(key="other")
    request = learner_client.get("/").wsgi_request
    assert (request.course, request.enrolment) == (None, None)


def test_gate_leaves_other_pages_alone(client):
    request = client.get("/help/").wsgi_request
    assert (request.course, request.enrolment) == (None, None)
