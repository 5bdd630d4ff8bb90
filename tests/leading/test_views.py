"""The manager's pages: who gets them, what stands on them, and that the address bar can hold anything."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Cohort, Role
from leading import legends
from leading.dashboards import Cell
from leading.tables import cell_html, days_ago, visit_html, words_now
from lessons.models import Course, Unit
from progress.models import EnrolmentSummary, LessonState, UnitState
from quizzes import attempts
from quizzes.models import Question
from tests import factories
from tests.factories import NOW
from tests.tight import tight

DAY = timedelta(days=1)


@pytest.fixture
def manager(cohort):
    return factories.manager(cohort)


@pytest.fixture
def manager_client(client_of, manager):
    return client_of(manager)


def fill(cohort, number):
    """Learners "Learner 001" …, each a visit and one section done in lesson 1."""
    lesson = cohort.course.lessons.get(number=1)
    for each in range(1, number + 1):
        enrolment = factories.enrolment(cohort, factories.user(f"Learner {each:03}"))
        EnrolmentSummary.objects.create(
            enrolment=enrolment, units_done=1, units_required=4, percent=25, last_visit_at=NOW
        )
        LessonState.objects.create(enrolment=enrolment, lesson=lesson, units_done=1, units_required=3)


def shown(response):
    return re.findall(r'<th scope="row">(Learner \d+)(?: <span[^>]*>[^<]*</span>)?</th>', tight(response.text))


def test_cohorts_lists_own_ones_with_learners(manager, manager_client, enrolment):
    other = factories.cohort(enrolment.course, title="Somebody else's", open_to_all=False)
    factories.enrolment(other, factories.user("Bilal Haddad"))
    response = manager_client.get(reverse("leading:cohorts"))
    assert list(response.context["cohorts"]) == [enrolment.cohort]
    assert f'<a href="{enrolment.cohort.get_absolute_url()}">Self-paced</a>' in response.text
    assert "1 learner</li>" in response.text
    assert "Somebody else" not in response.text


def test_staff_and_managers_who_joined_stand_among_nobody(manager, manager_client, operator, cohort):
    """They are in no row, number or median, whatever is filtered, and their number is told apart."""
    fill(cohort, 2)
    other = factories.cohort(cohort.course, title="Autumn 2026", open_to_all=False)
    for person in (manager, operator, factories.manager(other, "Mona Manager")):
        place = factories.enrolment(cohort, person)
        EnrolmentSummary.objects.create(enrolment=place, units_done=3, units_required=3, percent=100)
        lesson = cohort.course.lessons.first()
        LessonState.objects.create(enrolment=place, lesson=lesson, units_done=3, units_required=3, percent=100)
    coach = factories.user("Learner 90")
    Role.objects.create(cohort=cohort, user=coach, kind=Role.Kind.COACH)
    factories.enrolment(cohort, coach)
    response = manager_client.get(cohort.get_absolute_url())
    board = response.context["board"]
    assert (board.learners, board.onlookers, board.match_count, len(board.rows)) == (3, 3, 3, 3)
    assert {row.name for row in board.rows} & {manager.name, operator.name, "Mona Manager"} == set()
    assert 100 not in board.medians
    assert "<li>3 learners</li>" in response.text
    assert "<li>3 of staff or managers, not counted</li>" in response.text
    found = manager_client.get(cohort.get_absolute_url(), {"q": "Mona"})
    assert (found.context["board"].match_count, found.context["board"].rows) == (0, [])
    listed = manager_client.get(reverse("leading:cohorts")).text
    assert "<li>3 learners</li>" in listed
    assert "<li>3 of staff or managers, not counted</li>" in listed


def test_cohorts_of_somebody_without_a_role_says_so(learner_client):
    assert "You manage or coach no cohort." in learner_client.get(reverse("leading:cohorts")).text


def test_cohorts_takes_four_queries(manager, manager_client, cohort, django_assert_num_queries):
    for number in range(5):
        more = factories.cohort(cohort.course, title=f"Cohort {number}", open_to_all=False)
        Role.objects.create(cohort=more, user=manager)
    with django_assert_num_queries(4):
        manager_client.get(reverse("leading:cohorts"))


def test_cohort_of_somebody_else_is_not_found(client_of, enrolment):
    other = factories.cohort(enrolment.course, title="Autumn 2026", open_to_all=False)
    stranger = client_of(factories.manager(other))
    response = stranger.get(enrolment.cohort.get_absolute_url())
    assert response.status_code == 404
    assert enrolment.user.name not in response.text
    assert stranger.get(other.get_absolute_url()).status_code == 200


def test_cohort_takes_ten_queries_however_many_learners(manager_client, cohort, django_assert_num_queries):
    """Session, person, cohort, lessons; how many learners, which ones, their lessons, shared names; pass marks, bar."""
    fill(cohort, 3)
    with django_assert_num_queries(10):
        manager_client.get(cohort.get_absolute_url())
    fill(cohort, 60)
    with django_assert_num_queries(10):
        assert len(shown(manager_client.get(cohort.get_absolute_url()))) == 50
    with django_assert_num_queries(10):
        manager_client.get(
            cohort.get_absolute_url(), {"q": "learner", "state": "in-progress", "seen": "7", "sort": "-visit"}
        )


def test_cohort_head_says_kind_dates_and_when_it_was_counted(client_of, course):
    cohort = factories.cohort(
        course,
        title="Autumn 2026",
        kind=Cohort.Kind.SCHEDULED,
        open_to_all=False,
        starts_on=NOW.date(),
        ends_on=(NOW + 46 * DAY).date(),
    )
    fill(cohort, 1)
    manager = factories.manager(cohort)
    manager.time_zone = "Europe/Athens"
    manager.save()
    with time_machine.travel(NOW, tick=False):
        page = client_of(manager).get(cohort.get_absolute_url()).text
    head = re.search(r'<ul class="meta">(.*?)</ul>', page, re.DOTALL)[1]
    assert re.findall(r"<li>(.*?)</li>", head) == [
        "1 learner",
        "Scheduled",
        "From 2 November 2026",
        "To 18 December 2026",
        "Counted at 11:30 (Europe/Athens)",
    ]


def test_cohort_without_learners_says_what_will_stand_there(manager_client, cohort):
    page = manager_client.get(cohort.get_absolute_url()).text
    assert "Nobody is learning in this cohort yet." in page
    assert "<table" not in page
    assert '<form class="filters"' not in page


JOINS = "who signs up and confirms their address joins it, and appears here at once."


@pytest.mark.parametrize(
    ("is_open", "state", "capacity", "said"),
    [
        (True, "published", None, f"Everyone {JOINS}"),
        (True, "published", 3, f"While a seat is free, everyone {JOINS}"),
        (True, "draft", None, "It is open to all, but nobody can join it while its course is not published."),
        (
            False,
            "draft",
            3,
            "People appear here the moment they are enrolled, with every lesson and score, and when they last read or "
            "took a check.",
        ),
    ],
)
def test_cohort_without_learners_says_who_can_join(manager_client, cohort, is_open, state, capacity, said):
    Course.objects.update(state=state)
    Cohort.objects.update(open_to_all=is_open, capacity=capacity)
    page = manager_client.get(cohort.get_absolute_url()).text
    (empty,) = re.findall(r'<div class="board-empty">(.*?)</div>', page, re.DOTALL)
    sentences = [" ".join(each.split()) for each in re.findall(r"<p>(.*?)</p>", empty, re.DOTALL)]
    assert sentences == ["Nobody is learning in this cohort yet.", said]


def test_cohort_filter_without_a_match_offers_everyone(manager_client, cohort):
    fill(cohort, 2)
    page = tight(manager_client.get(cohort.get_absolute_url(), {"q": "zzz"}).text)
    assert "Nobody matches this filter." in page
    assert '<a class="btn btn-quiet" href="?#learners">Show everyone</a>' in page
    assert 'value="zzz"' in page


def test_cohort_pager_and_sort_links_keep_the_filter(manager_client, cohort):
    fill(cohort, 120)
    response = manager_client.get(cohort.get_absolute_url(), {"q": "learner", "sort": "-name", "page": "2"})
    assert shown(response) == [f"Learner {number:03}" for number in range(70, 20, -1)]
    assert "51 to 100 of 120" in response.text
    page = tight(response.text)
    assert 'rel="prev" href="?q=learner&amp;sort=-name&amp;page=1#learners"' in page
    assert 'rel="next" href="?q=learner&amp;sort=-name&amp;page=3#learners"' in page
    assert '<th scope="col" aria-sort="descending"><a href="?q=learner&amp;sort=name#learners">Learner</a></th>' in page
    assert '<th scope="col" class="c"><a href="?q=learner&amp;sort=-lesson-1#learners">1<br>One</a></th>' in page
    assert '<input type="hidden" name="sort" value="-name">' in page


def test_range_is_written_with_commas():
    board = {"page": {"start_index": 1201, "end_index": 1240}, "match_count": 1240}
    assert render_to_string("leading/_range.html", {"board": board}).strip() == "<span>1,201 to 1,240 of 1,240</span>"


@pytest.mark.parametrize(
    "asked",
    [
        {"page": "abc"},
        {"page": "0"},
        {"page": "-1"},
        {"page": "99999999999999999999"},
        {"sort": "evil"},
        {"sort": "user__password"},
        {"sort": "lesson-99"},
        {"sort": "--name"},
        {"state": "<script>"},
        {"seen": "1; DROP TABLE"},
        {"seen": "8"},
        {"q": "\x00"},
        {"q": "a" * 1000},
        {"unknown": "x"},
    ],
)
def test_cohort_parameter_that_means_nothing_counts_as_not_given(manager_client, cohort, asked):
    fill(cohort, 2)
    response = manager_client.get(cohort.get_absolute_url(), asked)
    assert response.status_code == 200
    assert shown(response) == ["Learner 001", "Learner 002"]
    assert "<script>" not in response.text.split("<main")[1]


def test_cohort_page_behind_the_last_is_the_last(manager_client, cohort):
    fill(cohort, 51)
    assert shown(manager_client.get(cohort.get_absolute_url(), {"page": "7"})) == ["Learner 051"]


def test_cohort_name_that_is_markup_stays_text(manager_client, cohort):
    factories.enrolment(cohort, factories.user("<img src=x>"))
    page = manager_client.get(cohort.get_absolute_url(), {"q": '"><img'}).text
    assert "<img" not in page


def test_cohort_cells_have_words_for_those_who_do_not_see_them(manager_client, cohort):
    enrolment = factories.enrolment(cohort, factories.user("Hiro Tanaka"))
    one, two = cohort.course.lessons.order_by("number")
    LessonState.objects.create(enrolment=enrolment, lesson=one, units_done=2, units_required=3, percent=58)
    LessonState.objects.create(enrolment=enrolment, lesson=two, units_done=1, units_required=4)
    factories.enrolment(cohort, factories.user("Inês Carvalho"))
    page = manager_client.get(cohort.get_absolute_url()).text
    cells = re.findall(r'<td class="c"><span class="(\w+)">(.*?)</span></td>', page)
    assert cells == [
        (
            "qf",
            '58<span class="visually-hidden">, not passed</span>'
            '<small> · 2/3</small><span class="visually-hidden"> sections done</span>',
        ),
        ("q1", '1/4<span class="visually-hidden"> sections done</span>'),
        ("q0", '<span aria-hidden="true">–</span><span class="visually-hidden">nothing done yet</span>'),
        ("q0", '<span aria-hidden="true">–</span><span class="visually-hidden">nothing done yet</span>'),
    ]
    assert re.search(
        r'<th scope="row">Median of the scores that these 2 have</th>\s*<td>58</td>\s*<td><span aria-hidden',
        tight(page),
    )
    assert "Nothing started yet" in page
    assert "Median" not in manager_client.get(cohort.get_absolute_url(), {"q": "Hiro"}).text


@pytest.mark.parametrize(
    ("cell", "html"),
    [
        (
            Cell(check="open"),
            '<span aria-hidden="true">open</span><span class="visually-hidden">check started, not sent yet</span>',
        ),
        (
            Cell(2, 5, check="awaiting"),
            '2/5<span class="visually-hidden"> sections done, </span><small aria-hidden="true"> · sent</small>'
            '<span class="visually-hidden">check sent, waiting for a reader</span>',
        ),
    ],
)
def test_cell_of_a_check_without_a_score(cell, html):
    assert cell_html(cell, words_now()) == f'<td class="c"><span class="q1">{html}</span></td>'


def test_cohort_does_not_say_that_nothing_is_done_of_who_began_a_check(manager_client, enrolment):
    unit = Unit.objects.get(key="check")
    quiz = factories.quiz(unit, list(Question.objects.all()))
    attempts.start(enrolment=enrolment, quiz=quiz, at=NOW)
    page = manager_client.get(enrolment.cohort.get_absolute_url())
    assert legend(page)[:3] == [
        ("q0", "–", "Nothing done yet"),
        ("q1", "2/5", "Sections done"),
        ("q1", "open", "Check started, not sent yet"),
    ]
    assert page.text.count("check started, not sent yet") == 1
    lines = legends.legend([(1, Cell(check=state)) for state in ("awaiting", "open")], {})
    assert [line.label for line in lines[2:]] == ["Check started, not sent yet", "Check sent, waiting for a reader"]


def test_cohort_that_is_called_by_its_kind_says_it_once(manager_client, cohort):
    Cohort.objects.filter(pk=cohort.pk).update(title="Self-paced", kind="self_paced")
    meta = re.search(r'<ul class="meta">(.*?)</ul>', manager_client.get(cohort.get_absolute_url()).text, re.S)[1]
    assert "Self-paced" not in meta
    Cohort.objects.filter(pk=cohort.pk).update(title="Spring")
    assert "<li>Self-paced</li>" in manager_client.get(cohort.get_absolute_url()).text


def test_cohort_says_what_counts_as_being_here(manager_client, cohort, enrolment):
    """And not that somebody never came who was on other pages."""
    page = " ".join(manager_client.get(cohort.get_absolute_url()).text.split())
    assert "Last reading or check: when they last read a section or marked it done, or started or sent a check" in page
    assert "visit" not in re.sub(r"<[^>]+>", "", page)


@pytest.mark.parametrize(
    ("mark", "lines"),
    [
        ("80", [("qf", "79", "Below the pass mark of 80"), ("q3", "80", "80"), ("q4", "90", "90")]),
        ("82.5", [("qf", "82", "Below the pass mark of 82.5"), ("q3", "83", "82.5"), ("q4", "90", "90")]),
        ("60", [("qf", "59", "Below the pass mark of 60"), ("q2", "60", "60"), ("q3", "80", "80"), ("q4", "90", "90")]),
        ("95", [("qf", "94", "Below the pass mark of 95"), ("q4", "95", "95")]),
    ],
)
def test_cohort_legend_is_drawn_from_the_pass_mark(manager_client, cohort, mark, lines):
    """The lowest score that can have a colour stands in it; nobody passes with 74 of 100 where 80 are needed."""
    fill(cohort, 1)
    unit = Unit.objects.get(key="check")
    factories.quiz(unit, list(Question.objects.all()), pass_percent=mark)
    assert legend(manager_client.get(cohort.get_absolute_url())) == [
        ("q0", "–", "Nothing done yet"),
        ("q1", "2/5", "Sections done"),
        *[(shade, text, label if shade == "qf" else f"Passed, {label} or more") for shade, text, label in lines],
        ("", "80 · 2/5", "Score of the check · sections done"),
    ]


def test_cohort_legend_names_the_marks_of_lessons_that_differ_and_of_passes_that_stay(manager_client, cohort):
    """The exam has another mark and says nothing about its lesson; Hiro passed when 60 were enough."""
    one, two = cohort.course.lessons.order_by("number")
    questions = list(Question.objects.all())
    check = factories.unit(two, "check", kind=Unit.Kind.QUIZ)
    factories.quiz(check, questions, pass_percent=90)
    exam = factories.unit(two, "exam", kind=Unit.Kind.QUIZ, required=False)
    factories.quiz(exam, questions, pass_percent=50)
    enrolment = factories.enrolment(cohort, factories.user("Hiro Tanaka"))
    LessonState.objects.create(enrolment=enrolment, lesson=one, units_done=1, units_required=3, percent=66)
    UnitState.objects.create(
        enrolment=enrolment, unit=Unit.objects.get(lesson=one, key="check"), state="done", percent=66, done_at=NOW
    )
    assert legend(manager_client.get(cohort.get_absolute_url()))[2:-1] == [
        ("qf", "79", "Below the pass mark (lesson 1: 80, lesson 2: 90)"),
        ("q2", "66", "Passed once, and a pass stays"),
        ("q3", "80", "Passed, 80 or more"),
        ("q4", "90", "Passed, 90 or more"),
    ]


TWO = "Below the pass mark (lesson 1: {}, lesson 2: {})"


@pytest.mark.parametrize(
    ("marks", "missed", "passed", "labels"),
    [
        ([10], [(1, 58)], [], ["Below the pass mark of 10, or of a higher one at the time", "10", "80", "90"]),
        ([60], [(1, 59)], [(1, 60), (1, 80)], ["Below the pass mark of 60", "60", "80", "90"]),
        # Lowered in one lesson: what was missed there is above it, whatever the marks of other lessons are.
        ([50, 80], [(1, 61)], [], [TWO.format(50, 80) + ", or of a higher one at the time", "50", "80", "90"]),
        ([50, 80], [(2, 61)], [], [TWO.format(50, 80), "50", "80", "90"]),
        # Raised in one lesson, and in all.
        ([95, 80], [], [(1, 84), (1, 92), (2, 90)], [TWO.format(95, 80), "80!", "90!"]),
        ([95, 80], [], [(1, 95), (2, 84)], [TWO.format(95, 80), "80", "90"]),
        ([95], [], [(1, 92)], ["Below the pass mark of 95", "95!"]),
        ([85], [], [(1, 82), (1, 91)], ["Below the pass mark of 85", "85!", "90"]),
        ([90], [], [(1, 82)], ["Below the pass mark of 90", "82 stays", "90"]),
        # Cut to whole percent, 82.5 is 82, and so is 82.4.
        (["82.5"], [(1, 82)], [(1, 82)], ["Below the pass mark of 82.5", "82.5", "90"]),
        # A check that is no longer in the course.
        ([80], [(2, 40)], [], ["Below the pass mark of 80, or of a higher one at the time", "80", "90"]),
    ],
)
def test_legend_says_which_scores_were_judged_by_another_mark(marks, missed, passed, labels):
    """Of a mark N: "N" is "Passed, N or more", "N!" adds that some passed under a lower one."""
    cells = [(number, Cell(2, 5, percent)) for number, percent in missed]
    cells += [(number, Cell(2, 5, percent, passed=True)) for number, percent in passed]
    (_none, _done, *lines, _score) = legends.legend(cells, {n: Decimal(mark) for n, mark in enumerate(marks, 1)})
    assert [line.label for line in lines] == [labels[0], *map(in_full, labels[1:])]


def in_full(label):
    if label.endswith("stays"):
        return "Passed once, and a pass stays"
    percent = label.removeprefix("").removesuffix("!")
    return f"Passed, {percent} or more" + (", or under a lower mark at the time" if label.endswith("!") else "")


def legend(response):
    return re.findall(r'<li><i(?: class="(\w+)")?>(.*?)</i>(.*?)</li>', response.text)


def test_cohort_shows_the_address_of_people_who_share_a_name(manager_client, cohort):
    people = [factories.enrolment(cohort, factories.user("Hiro Tanaka")).user for _number in range(2)]
    factories.enrolment(cohort, factories.user("Chiara Moretti"))
    page = tight(manager_client.get(cohort.get_absolute_url()).text)
    heads = re.findall(r'<th scope="row">([^M].*?)</th>', page)
    assert heads == [
        "Chiara Moretti",
        *[f'Hiro Tanaka <span class="muted address">{person.email}</span>' for person in people],
    ]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("name", ["cohorts", "cohort"])
def test_pages_are_for_reading(manager_client, cohort, method, name):
    url = cohort.get_absolute_url() if name == "cohort" else reverse("leading:cohorts")
    assert getattr(manager_client, method)(url).status_code == 405


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0, "today"), (-2, "today"), (9, "today"), (10, "yesterday"), (34, "2 days ago"), (24 * 12, "12 days ago")],
)
def test_days_ago_counts_calendar_days(hours, words):
    """It is 09:30; ten hours ago it was yesterday."""
    assert days_ago((NOW - timedelta(hours=hours)).date(), NOW.date()) == words


def test_a_visit_is_told_by_the_calendar_of_the_reader():
    """09:30 in London is 23:30 in Kiritimati: nine hours ago it was the same day there, ten hours ago in London not."""
    then = NOW - timedelta(hours=10)
    for zone, words in [("Pacific/Kiritimati", "today"), ("UTC", "yesterday")]:
        with timezone.override(zone):
            visit = visit_html(then, timezone.localdate(NOW))
            assert visit == f'<time datetime="{timezone.localtime(then).isoformat()}">{words}</time>'


def test_who_never_came_has_no_day():
    assert visit_html(None, NOW.date()) == "never"
