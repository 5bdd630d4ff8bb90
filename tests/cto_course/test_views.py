"""The pages that belong to no room, and the bar above every page."""

import re

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from cohorts.models import Role
from lessons.models import Course
from tests import factories
from tests.tight import tight

pytestmark = pytest.mark.django_db


def nav(response):
    """(text, current) of the main navigation."""
    block = re.search(r'<nav aria-label="Main">.*?</nav>', tight(response.text), re.S)[0]
    links = re.findall(r"<a ([^>]*)>([^<]*)</a>", block)
    return [(text, "aria-current" in attributes) for attributes, text in links]


PLACES_OF_NO_COURSE = [
    "/account/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/accounts/logout/",
    "/help/",
    "/privacy/",
    "/accessibility/",
    "/mailbox/",
    "/no/such/page/",
]


@pytest.mark.parametrize("path", PLACES_OF_NO_COURSE)
def test_pages_of_no_course_keep_its_navigation(learner_client, enrolment, path):
    response = learner_client.get(path)
    assert nav(response) == [("Home", False), ("Lessons", False), ("Practice", False), ("Notes", False)]
    assert 'href="/cto/lessons/"' in response.text


def test_navigation_of_a_manager_who_learns_too(client_of, cohort, enrolment):
    Role.objects.create(user=enrolment.user, cohort=cohort)
    client = client_of(enrolment.user)
    words = ["Home", "Lessons", "Practice", "Notes", "Cohorts"]
    assert [text for text, _current in nav(client.get("/cohorts/"))] == words
    assert [text for text, _current in nav(client.get("/account/"))] == words


def test_navigation_without_a_place_in_a_published_course(client_of, course, enrolment):
    course.state = course.State.DRAFT
    course.save()
    assert nav(client_of(enrolment.user).get("/account/")) == [("Home", False)]
    assert nav(client_of(factories.user()).get("/account/")) == [("Home", False)]


@pytest.mark.parametrize(
    ("person", "place"),
    [("learner", "/cto/home/"), ("manager", "/cohorts/"), ("staff", "/manage/"), ("nobody", "/")],
)
def test_home_leads_to_the_persons_work(client_of, cohort, enrolment, person, place):
    people = {
        "learner": enrolment.user,
        "manager": factories.manager(cohort),
        "staff": factories.user("Olu Staff", is_staff=True),
        "nobody": factories.user("New Person"),
    }
    assert client_of(people[person]).get(reverse("home")).url == place


def ways(page):
    """(address, label) of every link out of a page that "Go to …" names."""
    return re.findall(r'<a\b[^>]*href="([^"]*)"[^>]*>\s*(Go to [^<]*?)\s*</a>', page)


def test_ways_out_are_called_by_where_they_lead(client_of, client, course, instructor, learner):
    """Where somebody's home is depends on who it is; the course is promised only by pages of the course."""
    Course.objects.update(state="draft")
    home, front = ("/home/", "Go to your home page"), ("/", "Go to the front page")
    assert ways(client.get("/nowhere/").text) == [front]
    assert ways(client_of(learner).get("/nowhere/").text) == [home]
    staff = client_of(instructor)
    assert ways(staff.get("/nowhere/").text) == [home]
    assert ways(staff.get("/manage/accounts/user/").text) == [home]
    assert ways(staff.get("/manage/").text) == [front]
    assert ways(render_to_string("500.html", {"reference": "7F3A12"})) == [front]
    # The front page is not the administration again.
    assert staff.get("/").status_code == 200


def test_home_is_for_the_signed_in(client):
    assert client.get(reverse("home")).url == f"{reverse('account_login')}?next=/home/"


def test_health_asks_neither_session_nor_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/health/")
    assert (response.status_code, response.content, response.cookies) == (200, b"ok", {})
    assert client.head("/health/").status_code == 200


@pytest.mark.parametrize("name", ["help", "privacy", "accessibility"])
def test_statement_names_who_manages_a_learners_cohorts(client, client_of, cohort, learner, enrolment, name):
    """Where nobody does, and to a visitor, it says that nobody is named."""
    nobody = "They are whoever invited you or told you the address of this site."
    for browser in (client, client_of(learner)):
        assert nobody in tight(browser.get(f"/{name}/").text)
    for person in ("Marta Silva", "Ada Moss", ""):
        Role.objects.create(cohort=cohort, user=factories.user(person or "X", email=f"{person[:1]}m@example.com"))
    User.objects.filter(name="X").update(name="")
    Role.objects.create(cohort=cohort, user=factories.user("Carl Coach"), kind=Role.Kind.COACH)
    page = tight(client_of(learner).get(f"/{name}/").text)
    assert "These manage your cohort, “Self-paced”: Ada Moss, Marta Silva." in page
    assert nobody not in page
    assert nobody in tight(Client().get(f"/{name}/").text)


@pytest.mark.parametrize("name", ["help", "privacy", "accessibility"])
def test_statement_is_open_to_everybody_and_asks_no_database(client, django_assert_num_queries, name):
    with django_assert_num_queries(0):
        response = client.get(reverse(name))
    assert response.status_code == 200
    html = response.content.decode()
    footer = re.search(r"<footer.*?</footer>", html, re.S)[0]
    assert re.findall(r">([^<>]+)</a>", footer) == ["Help", "Privacy", "Accessibility", "Local mailbox"]


def test_bar_for_a_visitor(client):
    html = client.get("/help/").content.decode()
    assert "<details" not in html
    assert f'href="{reverse("account_login")}"' in html
    assert f'href="{reverse("account_signup")}"' in html


def test_bar_for_a_learner(learner_client):
    assert nav(learner_client.get("/help/")) == [
        ("Home", False),
        *[(text, False) for text in ("Lessons", "Practice", "Notes")],
    ]


def test_bar_below_a_course(client_of, cohort, enrolment, django_assert_num_queries):
    learner = enrolment.user
    page = "/cto/lessons/"
    links = [("Home", False), ("Lessons", True), ("Practice", False), ("Notes", False)]
    assert nav(client_of(learner).get(page)) == links
    with CaptureQueriesContext(connection) as before:
        client_of(learner).get(page)
    Role.objects.create(cohort=cohort, user=learner)
    with django_assert_num_queries(len(before)):
        response = client_of(learner).get(page)
    assert nav(response) == [*links, ("Cohorts", False)]


def test_bar_for_a_manager(client_of, cohort):
    factories.manager(cohort, "Other Manager")
    stranger, manager = factories.user("New Person"), factories.manager(cohort)
    assert nav(client_of(stranger).get("/help/")) == [("Home", False)]
    assert nav(client_of(manager).get("/help/")) == [("Home", False), ("Cohorts", False)]


def test_menu_offers_the_administration_to_staff_only(client_of, learner):
    assert "/manage/" not in client_of(learner).get("/help/").content.decode()
    assert 'href="/manage/"' in client_of(factories.user("Olu", is_staff=True)).get("/help/").content.decode()


def test_menu_comes_back_to_the_page_it_was_used_on(learner_client):
    html = learner_client.get("/help/?a=b&c=d").content.decode()
    assert '<input type="hidden" name="next" value="/help/?a=b&amp;c=d">' in html
    assert f'action="{reverse("account_logout")}"' in html
