"""Pages of what is taught, for visitors, people without a place, and learners."""

import re
from datetime import date

import pytest

from lessons.models import Course, Lesson, Term, Unit, UnitVersion
from plans.models import Note
from progress import recording
from progress.models import EnrolmentSummary, LearningEvent
from tests import factories
from tests.factories import NOW
from tests.tight import tight

pytestmark = pytest.mark.django_db


def text(response):
    """The page's main part as a reader meets it: tags gone, white space folded."""
    html = response.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def hrefs(response):
    return re.findall(r'href="([^"#]+)', response.content.decode())


def unit(key):
    return Unit.objects.select_related("lesson__course").get(key=key)


# ---- The front of the site -------------------------------------------------------------------------------------------


def test_front_without_a_course_tells_the_operator_what_to_do(client):
    response = client.get("/")
    assert response.status_code == 200
    assert "No course is published yet" in text(response)
    assert "python manage.py load_course content/cto" in text(response)


@pytest.mark.parametrize("state", ["draft", "retired"])
def test_front_of_a_site_whose_courses_are_closed(client, state):
    Course.objects.create(key="shut", title="Shut", state=state)
    said = text(client.get("/"))
    assert "No course is open at present What was done in a course is kept." in said
    assert [words in said for words in ("yet", "load_course", "Shut")] == [False, False, False]


def test_front_with_one_course_is_its_page(client, course):
    assert text(client.get("/")) == text(client.get("/cto/"))
    assert "You already know the technology. Now decide where it goes." in text(client.get("/"))


def test_front_with_one_course_knows_its_learner(learner_client):
    assert "/cto/home/" in hrefs(learner_client.get("/"))


def test_front_with_several_courses_is_a_list(client, course):
    Course.objects.create(key="cto-pt", title="Diretor de tecnologia", language="pt-pt")
    response = client.get("/")
    assert {"/cto/", "/cto-pt/"} <= set(hrefs(response))
    assert 'lang="pt-pt"' in response.content.decode()


# ---- The course page -------------------------------------------------------------------------------------------------


def test_course_page_leads_a_visitor_to_an_account_and_home(client, cohort):
    response = client.get("/cto/")
    assert "/accounts/signup/?next=/cto/home/" in hrefs(response)
    assert "/cto/lessons/1/" in hrefs(response)
    assert "Start the course" in text(response)


def test_course_page_offers_a_place_to_a_person_without_one(client_of, cohort):
    response = client_of(factories.user()).get("/cto/")
    assert '<form method="post" action="/cto/join/">' in response.content.decode()
    assert "Join the course" in text(response)


def test_course_page_continues_for_a_learner(learner_client, enrolment):
    assert "Start the course" in text(learner_client.get("/cto/"))
    recording.mark_done(enrolment=enrolment, unit=unit("first"), at=NOW)
    response = learner_client.get("/cto/")
    assert "Continue: Second" in text(response)
    assert "/cto/lessons/1/second/" in hrefs(response)


def test_course_page_says_what_is_promised(client, course):
    course.front |= {
        "summary": "First.\n\nSecond *one*.",
        "leave_with": [{"title": "A plan", "text": "Four **stages**."}],
        "roles": [{"role": "CIO", "looks": "inward", "question": "Which systems?", "owns": "ERP"}],
        "questions": [{"ask": "How long?", "answer": "Twenty hours."}],
    }
    course.save()
    html = client.get("/cto/").content.decode()
    assert "<p>Second <em>one</em>.</p>" in html
    assert "Four <strong>stages</strong>." in html
    assert '<th scope="row">CIO</th>' in html
    assert "<details" in html
    assert "<p>Twenty hours.</p>" in html


def test_course_page_does_not_run_what_an_author_wrote(client, course):
    course.front |= {"promise": "<script>alert(1)</script>", "summary": "<script>alert(2)</script>"}
    course.save()
    html = client.get("/cto/").content.decode()
    assert "<script>alert" not in html


@pytest.mark.parametrize("path", ["", "lessons/", "lessons/1/", "terms/", "sources/"])
def test_pages_open_to_visitors_are_not_there_while_the_course_is_unpublished(client, course, path):
    Course.objects.update(state=Course.State.DRAFT)
    response = client.get(f"/cto/{path}")
    assert response.status_code == 404
    assert "Lesson one" not in response.content.decode()


# ---- Lessons ---------------------------------------------------------------------------------------------------------


def test_lessons_page_lists_units_with_minutes_for_a_visitor(client, course):
    response = client.get("/cto/lessons/")
    assert "1. Lesson one 15 minutes First 5 minutes Second 5 minutes Check what stayed 5 minutes" in text(response)
    assert "Nothing done yet" not in text(response)
    assert {"/cto/lessons/1/first/", "/cto/lessons/1/check/", "/cto/lessons/2/third/"} <= set(hrefs(response))


def test_lessons_page_says_states_in_words(learner_client, enrolment):
    recording.mark_done(enrolment=enrolment, unit=unit("third"), at=NOW)
    recording.mark_done(enrolment=enrolment, unit=unit("first"), at=NOW)
    page = text(learner_client.get("/cto/lessons/"))
    assert "2 of 4 sections done · About 10 minutes left" in page
    assert "15 minutes · In progress First , done 5 minutes Second 5 minutes" in page
    assert "5 minutes · Finished Third , done 5 minutes" in page


def test_lesson_in_which_one_was_last_has_begun(learner_client, enrolment):
    """Reading it is not doing it; what was read before is not known, so no lesson is said to be not started."""
    recording.note_position(enrolment=enrolment, unit=unit("third"), anchor="", at=NOW)
    page = text(learner_client.get("/cto/lessons/"))
    assert "1. Lesson one 15 minutes · Nothing done yet" in page
    assert "2. Lesson two 5 minutes · In progress" in page
    assert "2. Lesson two 0 of 1 section" in text(learner_client.get("/cto/home/"))


def test_lessons_page_does_not_show_drafts_or_retired_units(client, course):
    lesson = course.lessons.get(number=2)
    drafted = Unit.objects.create(lesson=lesson, key="drafted", position=2)
    UnitVersion.objects.create(unit=drafted, number=1, title="Drafted unit")
    factories.unit(lesson, "gone", position=3, title="Retired unit")
    Unit.objects.filter(key="gone").update(retired_at=NOW)
    page = text(client.get("/cto/lessons/"))
    assert "Third" in page
    assert "Drafted unit" not in page
    assert "Retired unit" not in page


def test_lesson_page_shows_outcomes_questions_and_what_is_missing(client, course):
    Lesson.objects.filter(number=2).update(
        summary="Why it is *worth* it.",
        outcomes=["tell four roles apart"],
        pre_questions=[{"ask": "Who decides?", "answer": "One person.", "unit": "third"}],
        outline=["Missing neighbours"],
    )
    response = client.get("/cto/lessons/2/")
    page = text(response)
    assert "You will be able to tell four roles apart" in page
    assert "Who decides? One person. Read it in: Third" in page
    assert "Still being written" in page
    assert "Missing neighbours" in page
    assert "/accounts/signup/?next=/cto/home/" in hrefs(response)
    assert "/cto/lessons/2/third/" in hrefs(response)


def test_lesson_page_starts_and_continues_in_its_lesson(learner_client, enrolment):
    recording.mark_done(enrolment=enrolment, unit=unit("first"), at=NOW)
    assert "Continue: Second" in text(learner_client.get("/cto/lessons/1/"))
    assert "Start lesson 2" in text(learner_client.get("/cto/lessons/2/"))


def test_lesson_page_of_an_unknown_number_offers_the_lessons(client, course):
    response = client.get("/cto/lessons/9/")
    assert response.status_code == 404
    assert {"/cto/lessons/1/", "/cto/lessons/2/"} <= set(hrefs(response))


def test_terms_and_sources_pages(client, course):
    assert "lead time From idea to use." in text(client.get("/cto/terms/"))
    course.sources.update(supports="Print no figure of it (V1).", checked=date(2026, 11, 22))
    page = text(client.get("/cto/sources/"))
    assert "[R1] Smith (2003). The CTO Read in the original · checked on 22 November 2026" in page
    assert "Print no figure" not in page
    assert '<li><a href="#letter-1">L</a></li>' in client.get("/cto/terms/").text
    course.terms.all().delete()
    course.sources.all().delete()
    assert "No term is defined yet." in text(client.get("/cto/terms/"))
    assert "No source is listed yet." in text(client.get("/cto/sources/"))


def test_sources_page_lists_what_a_published_section_cites(client, course):
    """Not what authors keep for later, nor what a draft or a retired section cites."""
    for position, key in enumerate(("KEPT", "DRAFT", "GONE", "CITED"), 2):
        course.sources.create(key=key, author="Author", title=f"Title {key}", position=position)
    lesson = course.lessons.get(number=2)
    for place, key in enumerate(("gone", "cited"), 5):
        factories.unit(lesson, key, position=place, sources=[key.upper()])
    Unit.objects.filter(key="gone").update(retired_at=NOW)
    drafted = Unit.objects.create(lesson=lesson, key="drafted", position=9)
    UnitVersion.objects.create(unit=drafted, number=1, title="Drafted unit", sources=["DRAFT"])
    assert re.findall(r'id="source-(\w+)"', client.get("/cto/sources/").text) == ["R1", "CITED"]


def test_terms_stand_in_the_readers_alphabet_with_letters_to_jump_to(client, course):
    """Neither database's own order: capitals, small letters and accents stand together."""
    course.terms.all().delete()
    for place, title in enumerate(
        ["sandbox", "CIO", "éclat", "70/20/10", "accountable", "Zero trust", "ADKAR", "exit"]
    ):
        Term.objects.create(course=course, key=f"term-{place}", title=title, position=place)
    html = client.get("/cto/terms/").text
    assert re.findall(r"<dt>(.*?)</dt>", html) == [
        *("70/20/10", "accountable", "ADKAR", "CIO", "éclat", "exit", "sandbox", "Zero trust")
    ]
    jumps = re.findall(r'<a href="#(letter-\d)">(.)</a>', html)
    assert [letter for _address, letter in jumps] == ["#", "A", "C", "E", "S", "Z"]
    assert re.findall(r'<h2 id="(letter-\d)">(.)</h2>', html) == jumps


def test_lessons_page_tells_sections_of_one_title_apart(client, course):
    """Two lessons have a section of the same name: its links say which lesson they lead to."""
    for number in (1, 2):
        factories.unit(course.lessons.get(number=number), "mistakes", position=20, title="Where newcomers go wrong")
    html = tight(client.get("/cto/lessons/").text)
    names = re.findall(r'<a href="/cto/lessons/\d/mistakes/">(.*?)</a>', html)
    assert [re.sub(r"<[^>]+>", "", name) for name in names] == [
        "Where newcomers go wrong, lesson 1",
        "Where newcomers go wrong, lesson 2",
    ]
    assert html.count('visually-hidden">, lesson') == 2


# ---- The reader ------------------------------------------------------------------------------------------------------


def test_unit_page_needs_an_account(client, cohort):
    response = client.get("/cto/lessons/1/first/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/cto/lessons/1/first/")


def test_unit_page_needs_a_place(client_of, cohort):
    response = client_of(factories.user()).get("/cto/lessons/1/first/", follow=True)
    assert response.redirect_chain == [("/cto/", 302)]
    assert "Join the course first; then this page opens." in text(response)


def test_unit_page(learner_client, enrolment):
    recording.mark_done(enrolment=enrolment, unit=unit("second"), at=NOW)
    response = learner_client.get("/cto/lessons/1/first/")
    html = tight(response.text)
    assert '<h2 id="why">Why</h2>' in html
    assert "<title>First · Lesson 1 · Chief Technology Officer</title>" in html
    assert "Lesson 1: Lesson one Section 1 of 3 First" in text(response)
    assert "Lesson 1, section 1 of 3" in html
    assert "1 of 4 sections done" in html
    assert '<a href="/cto/lessons/1/first/" aria-current="page">' in html
    assert 'Second<span class="visually-hidden">, done</span>' in html
    assert "Next: Second" in text(response)
    assert "<dt>lead time</dt><dd>From idea to use.</dd>" in html
    assert '<li id="source-R1">' in html
    # Sections of other lessons are not listed; the lessons are.
    assert "Third" not in html
    assert 'href="/cto/lessons/2/"' in html


def test_unit_page_that_is_done_only_continues(learner_client, enrolment):
    recording.mark_done(enrolment=enrolment, unit=unit("first"), at=NOW)
    response = learner_client.get("/cto/lessons/1/first/")
    assert "You have done this section. Continue" in text(response)
    assert "/done/" not in response.content.decode()


def test_unit_page_before_the_check_leads_to_it(learner_client):
    response = learner_client.get("/cto/lessons/1/second/")
    assert "Next: Check what stayed" in text(response)


def test_unit_page_at_the_end_says_so(learner_client):
    assert "This is the last section of the course." in text(learner_client.get("/cto/lessons/2/third/"))


def test_unit_page_of_a_check_is_its_front(learner_client, course):
    factories.unit(course.lessons.get(number=2), "exam", position=2, kind=Unit.Kind.QUIZ)
    response = learner_client.get("/cto/lessons/2/exam/")
    assert (response.status_code, response["Location"]) == (302, "/cto/lessons/2/check/exam/")


@pytest.mark.parametrize(
    "path", ["1/nowhere/", "2/first/", "7/first/", "1/drafted/", "1/gone/", "1/first/more/"], ids=lambda path: path
)
def test_unit_page_that_is_not_there_offers_the_lessons(learner_client, course, path):
    """Also of another lesson, only drafted, and retired."""
    lesson = course.lessons.get(number=1)
    drafted = Unit.objects.create(lesson=lesson, key="drafted", position=4)
    UnitVersion.objects.create(unit=drafted, number=1, title="Drafted unit")
    factories.unit(lesson, "gone", position=5)
    Unit.objects.filter(key="gone").update(retired_at=NOW)
    response = learner_client.get(f"/cto/lessons/{path}")
    assert response.status_code == 404
    assert {"/cto/lessons/1/", "/cto/lessons/2/"} <= set(hrefs(response))


def test_unit_page_of_another_course_is_not_there(learner_client, course):
    other = Course.objects.create(key="other", title="Other course")
    factories.unit(Lesson.objects.create(course=other, number=1, key="one", title="One", short_title="O"), "secret")
    assert learner_client.get("/cto/lessons/1/secret/").status_code == 404
    response = learner_client.get("/other/lessons/1/secret/")
    assert (response.status_code, response["Location"]) == (302, "/other/")


def test_unit_page_shows_nobody_elses_note_or_ticks(learner_client, cohort):
    other = factories.enrolment(cohort)
    Note.objects.create(enrolment=other, unit=unit("first"), text="CANARY")
    recording.mark_done(enrolment=other, unit=unit("first"), at=NOW)
    html = learner_client.get("/cto/lessons/1/first/").content.decode()
    assert "CANARY" not in html
    assert "0 of 4 sections done" in html


def test_unit_page_writes_nothing(learner_client):
    learner_client.get("/cto/lessons/1/first/")
    assert (EnrolmentSummary.objects.count(), LearningEvent.objects.count(), Note.objects.count()) == (0, 0, 0)


def test_unit_page_refuses_other_methods(learner_client):
    assert learner_client.post("/cto/lessons/1/first/").status_code == 405


def test_not_found_below_no_course_offers_no_lessons(client, course):
    response = client.get("/nowhere/lessons/1/")
    assert response.status_code == 404
    assert "Lesson one" not in response.content.decode()


# ---- Ungraded checks -------------------------------------------------------------------------------------------------

CHECK = {
    "kind": "check",
    "key": "L1-c1",
    "stem": "<p>Which one?</p>",
    "choices": [
        {"key": "a", "html": "This one", "right": True, "feedback": "FEEDBACK-A"},
        {"key": "b", "html": "That one", "right": False, "feedback": "FEEDBACK-B"},
    ],
}
OTHER = CHECK | {"key": "L1-c2", "stem": "<p>And which here?</p>"}


@pytest.fixture
def unit_with_checks(course):
    made = Unit.objects.create(lesson=course.lessons.get(number=1), key="checked", position=9)
    UnitVersion.objects.create(
        unit=made, number=1, title="Checked", state="current", published_at=NOW, blocks=[CHECK, OTHER]
    )
    return made


def test_check_keeps_its_key_and_feedback_until_it_is_answered(learner_client, unit_with_checks):
    html = learner_client.get("/cto/lessons/1/checked/").content.decode()
    assert "Which one?" in html
    assert "And which here?" in html
    assert "FEEDBACK" not in html
    assert "right" not in html[html.index("<article") : html.index("</article>")]


def test_check_answered_shows_only_the_feedback_of_the_choice(learner_client, unit_with_checks):
    html = learner_client.get("/cto/lessons/1/checked/?check=L1-c1&choice=b").content.decode()
    assert html.count("FEEDBACK-B") == 1
    assert "FEEDBACK-A" not in html
    right = learner_client.get("/cto/lessons/1/checked/?check=L1-c1&choice=a").content.decode()
    assert right.count("FEEDBACK-A") == 1
    assert LearningEvent.objects.count() == 0


def test_check_says_check_again_once_it_is_answered(learner_client, unit_with_checks):
    acts = [
        re.findall(r'<button class="btn" id="check-L1-c\d-act">(.*?)</button>', tight(learner_client.get(address).text))
        for address in ("/cto/lessons/1/checked/", "/cto/lessons/1/checked/?check=L1-c1&choice=b")
    ]
    assert acts == [["Check", "Check"], ["Check again", "Check"]]
    assert acts[1].count("Check again") == 1


@pytest.mark.parametrize("query", ["check=L1-c9&choice=a", "check=L1-c1&choice=z", "check=&choice=a"])
def test_check_with_an_unknown_key_shows_the_page_with_words(learner_client, unit_with_checks, query):
    response = learner_client.get(f"/cto/lessons/1/checked/?{query}")
    assert response.status_code == 400
    assert "That answer does not belong to a question on this page." in text(response)
    assert "Which one?" in text(response)
    assert "FEEDBACK" not in response.content.decode()


def test_check_without_a_choice_shows_the_page(learner_client, unit_with_checks):
    response = learner_client.get("/cto/lessons/1/checked/?check=L1-c1")
    assert response.status_code == 200
    assert "FEEDBACK" not in response.content.decode()


# ---- Statements ------------------------------------------------------------------------------------------------------

PAGES = {"": 7, "lessons/": 6, "lessons/1/": 7, "lessons/1/first/": 6, "terms/": 4, "sources/": 4}


def grow(course, cohort):
    """Thirty more units, ten more learners who have done some of them, terms and sources."""
    lesson = course.lessons.get(number=1)
    for number in range(30):
        factories.unit(lesson, f"more-{number}", position=10 + number, terms=["lead-time"])
    for _ in range(10):
        recording.mark_done(enrolment=factories.enrolment(cohort), unit=unit("more-1"), at=NOW)


@pytest.mark.parametrize(("path", "statements"), PAGES.items(), ids=lambda value: str(value))
def test_statements_do_not_grow_with_the_course(
    learner_client, enrolment, course, cohort, path, statements, django_assert_num_queries
):
    """What is of the course alone, whoever comes first has read for everybody."""
    recording.mark_done(enrolment=enrolment, unit=unit("second"), at=NOW)
    learner_client.get(f"/cto/{path}")
    with django_assert_num_queries(statements):
        learner_client.get(f"/cto/{path}")
    grow(course, cohort)
    learner_client.get(f"/cto/{path}")
    with django_assert_num_queries(statements):
        learner_client.get(f"/cto/{path}")


@pytest.mark.parametrize(
    ("path", "statements"), {"": 2, "lessons/": 1, "lessons/1/": 2, "terms/": 2, "sources/": 2}.items()
)
def test_statements_for_a_visitor(client, course, path, statements, django_assert_num_queries):
    client.get(f"/cto/{path}")
    with django_assert_num_queries(statements):
        client.get(f"/cto/{path}")
