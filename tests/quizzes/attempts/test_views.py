"""A check in the browser: the way through, and how much it costs."""

import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from progress.models import UnitState
from quizzes import attempts
from quizzes.models import Attempt, GradingRun
from tests import factories
from tests.quizzes.browsing import FRONT, JSON, SENT, address, answer_all, begin, fields, submit
from tests.quizzes.taking import stored
from tests.tight import tight

# ---- The way through -----------------------------------------------------------------------------------------------


def test_the_whole_way_with_all_six_types_right(learner_client, six, course):
    assert "6 questions." in learner_client.get(FRONT).text
    attempt = begin(learner_client)
    for position in range(1, 7):
        page = learner_client.get(f"{address('attempt', attempt)}?q={position}")
        assert f"Question {position} of 6" in page.text
        assert f"{position - 1}</span> answered" in page.text
        sent = list(SENT.values())[position - 1][0]
        saved = learner_client.post(
            address("save", attempt), fields(position, **sent) | {"save": position + 1 if position < 6 else "review"}
        )
        assert saved.url == (
            f"{address('attempt', attempt)}?q={position + 1}" if position < 6 else address("review", attempt)
        )
    assert "Every question has an answer." in learner_client.get(address("review", attempt)).text
    page = submit(learner_client, attempt)
    assert '<span class="num">100</span> of 100. You passed; 80 was needed.' in tight(page.text)
    assert "Continue to lesson 2" in page.text
    assert [answer for answer, _revision, _flagged in stored(attempt)] == [
        "a",
        ["a", "c", "d"],
        "c",
        "€1,400k",
        {"a": "r2", "b": "r4", "c": "r1"},
        ["c", "a", "d", "b"],
    ]
    assert UnitState.objects.get(unit__key="check").state == "done"


def test_the_whole_way_with_all_six_types_wrong(learner_client, six):
    attempt = begin(learner_client)
    answer_all(learner_client, attempt, 1)
    page = submit(learner_client, attempt)
    assert '<span class="num">0</span> of 100. You did not pass; 80 was needed.' in tight(page.text)
    assert "Reread, then try again" in page.text
    assert "Try again" in page.text
    assert "Continue to lesson" not in page.text
    # The number typed is the one that forgetting the investment leads to.
    assert "A known mistake leads to this answer: “forgets the investment”." in page.text
    assert "3 × 4 × 2 × 100 − 1,000 = <strong>1,400</strong>" in page.text


@pytest.mark.parametrize(
    ("questions", "pick", "told"),
    [
        (3, None, "A new attempt asks the same questions."),
        (3, 3, "A new attempt asks the same questions."),
        (3, 2, "A new attempt may ask other questions, and some of these again."),
    ],
)
def test_result_says_what_another_attempt_asks(learner_client, course, check, questions, pick, told):
    factories.quiz(check.unit, [factories.single(course, f"A{n}") for n in range(questions)], pick=pick)
    page = submit(learner_client, begin(learner_client)).text
    assert re.findall(r"A new attempt [^<]*?\.", page) == [told]


def test_result_says_that_another_attempt_may_differ_where_the_check_was_published_anew(learner_client, course, check):
    attempt = begin(learner_client)
    factories.quiz(check.unit, [factories.single(course, "A")])
    assert "A new attempt may ask other questions, and some of these again." in submit(learner_client, attempt).text


@pytest.mark.parametrize(("right", "cut"), [(0, None), (1, "33.33"), (2, "66.66"), (3, None)])
def test_result_says_that_its_percent_is_cut_where_it_is(learner_client, right, cut):
    attempt = begin(learner_client)
    for position in range(1, right + 1):
        learner_client.post(address("save", attempt), fields(position, answer="a"))
    page = " ".join(submit(learner_client, attempt).text.split())
    assert f'<span class="num">{right * 100 // 3}</span> of 100.' in page
    told = f"With its decimals it is {cut}. A percentage is cut, never rounded up: 74.99 is not 75."
    assert (told in page) is ("is cut" in page) is (cut is not None)


def test_an_attempt_that_failed_says_that_the_check_stays_passed_before_the_pass_or_after(learner_client, course):
    failed = begin(learner_client)
    submit(learner_client, failed)
    first = begin(learner_client)
    for position in (1, 2, 3):
        learner_client.post(address("save", first), fields(position, answer="a"))
    submit(learner_client, first)
    after = " ".join(submit(learner_client, begin(learner_client)).text.split())
    for page in (after, " ".join(learner_client.get(address("result", failed)).text.split())):
        assert '<span class="num">0</span> of 100. You did not pass this time; 80 was needed.' in page
        assert "You have passed this check, with 100 of 100, and it stays passed." in page
        assert "Continue to lesson 2" in page
        assert "try again" not in page.casefold()


def test_a_right_choice_that_was_missed_does_not_look_like_a_right_answer(learner_client, six):
    """What was ticked and right wears the mark, what would have been right is told without it."""
    attempt = begin(learner_client)
    learner_client.post(address("save", attempt), fields(1, answer="b"))
    learner_client.post(address("save", attempt), fields(2, answer=["a", "b"]))
    learner_client.post(address("save", attempt), fields(3, answer="a"))
    page = tight(submit(learner_client, attempt).text)
    told = []
    for article in re.findall(r'<article class="explained".*?</article>', page, re.DOTALL)[:3]:
        lines = re.findall(
            r'<li class="([^"]*)">\s*<p class="said">(.*?)</p>\s*<p class="choice-text">(.*?)</p>', article
        )
        plain = {text: (kind, re.findall(r'class="([^"]*)">([^<]*)<', said)) for kind, said, text in lines}
        told.append(dict(sorted(plain.items())))
    yours, right = ("tag", "Your answer"), ("tag tag-ok", "Right")
    missed = ("is-missed", [("tag tag-missed", "Right, not chosen")])
    assert told[0] == {
        "Other one": ("is-wrong is-yours", [yours]),
        "Right one": missed,
        "Third one": ("", []),
    }
    assert told[1] == {
        "Choice a": ("is-right is-yours", [yours, right]),
        "Choice b": ("is-wrong is-yours", [yours]),
        "Choice c": missed,
        "Choice d": missed,
        "Choice e": ("", []),
    }
    assert told[2]["Choice c"] == ("is-missed", [("tag tag-missed", "Most effective, not chosen")])
    # Matching was not answered: no mark of a right answer either.
    assert 'tag-ok">Right</span></p>\n    <p>' not in page


KNOWN = "This question is known for a mistake, which need not be yours"


@pytest.mark.parametrize(
    ("build", "answer", "told"),
    [
        ("ordering", {"order": ["c", "d", "a", "b"]}, [f"{KNOWN}: “latest first”."]),
        ("ordering", {"order": ["c", "a", "d", "b"]}, []),
        ("ordering", {}, []),
        ("matching", {"answer-a": "r4", "answer-b": "r2", "answer-c": "r1"}, [f"{KNOWN}: “swaps the sides”."]),
        ("matching", {"answer-a": "r2", "answer-b": "r4", "answer-c": "r3"}, ["A known mistake leads: “activity”."]),
        ("matching", {"answer-a": "r2", "answer-b": "r4", "answer-c": "r1"}, []),
        ("matching", {}, []),
    ],
)
def test_a_mistake_of_the_whole_question_is_not_said_of_the_answer(learner_client, course, check, build, answer, told):
    """Which order or swap would show it is not known; what leads to a right side that is left over is."""
    factories.quiz(check.unit, [getattr(factories, build)(course, "Q")])
    attempt = begin(learner_client)
    if answer:
        learner_client.post(address("save", attempt), fields(1, **answer) | {"save": "review"})
    page = submit(learner_client, attempt).text
    said = [" ".join(each.split()) for each in re.findall(r'<p class="misconception">(.*?)</p>', page, re.DOTALL)]
    assert [each.replace(" to this answer", "") for each in said] == told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("latest first", f"{KNOWN}: “latest first”."),
        ("The latest comes last.", f"{KNOWN}. The latest comes last."),
        ("", ""),
    ],
)
def test_mistakes_of_a_question_are_told_in_sentences(said, told):
    html = render_to_string("quizzes/_known_for.html", {"said": said})
    assert " ".join(re.sub(r"<[^>]+>", "", html).split()) == told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("done = built", "A known mistake leads to this answer: “done = built”."),
        ("Built is not done.", "A known mistake leads to this answer. Built is not done."),
        ("", ""),
    ],
)
def test_misconceptions_are_told_in_sentences(said, told):
    html = render_to_string("quizzes/_misconception.html", {"said": said})
    assert re.sub(r"<[^>]+>", "", html).strip() == told


def test_front_lists_the_rules_and_the_earlier_attempts(learner_client, course, check):
    factories.quiz(
        check.unit, [factories.single(course, f"A{n}") for n in range(4)], pick=2, attempts_allowed=2, pass_percent=75
    )
    attempt = begin(learner_client)
    assert "Continue the check" in learner_client.get(FRONT).text
    submit(learner_client, attempt)
    page = learner_client.get(FRONT).text
    assert "2 questions." in page
    assert "You need 75 of 100 to pass." in page
    assert "You have 2 attempts;" in page
    assert "1 is left." in page
    assert "Start a new attempt" in page
    assert address("result", attempt) in page
    assert "not passed" in page


def test_front_says_why_there_is_no_further_attempt(learner_client, course, check):
    factories.quiz(check.unit, [factories.single(course, "A")], attempts_allowed=1)
    submit(learner_client, begin(learner_client))
    page = learner_client.get(FRONT)
    assert "You have used all your attempts." in page.text
    assert f'action="{FRONT}start/"' not in page.text
    response = learner_client.post(f"{FRONT}start/", follow=True)
    assert "You have used all your attempts." in response.text
    assert Attempt.objects.count() == 1


def test_start_twice_goes_on_with_the_same_attempt(learner_client):
    assert begin(learner_client) == begin(learner_client)


def test_attempt_resumes_at_the_first_question_without_an_answer(learner_client, course):
    attempt = begin(learner_client)
    learner_client.post(address("save", attempt), fields(1, answer="a") | {"save": 2})
    page = learner_client.get(address("attempt", attempt))
    assert "Question 2 of 3" in page.text
    assert "Saved at" in page.text


def test_attempt_shows_what_was_saved(learner_client, six):
    attempt = begin(learner_client)
    answer_all(learner_client, attempt, 0)
    pages = [tight(learner_client.get(f"{address('attempt', attempt)}?q={n}").text) for n in range(1, 7)]
    assert 'value="a" checked' in pages[0]
    assert [f'value="{key}" checked' in pages[1] for key in "abcde"] == [True, False, True, True, False]
    assert 'value="c" checked' in pages[2]
    assert 'value="€1,400k"' in pages[3]
    assert [f'value="{key}" selected' in pages[4] for key in ("r1", "r2", "r3", "r4")] == [True, True, False, True]
    shown = [pages[5].index(f'name="q6-order" value="{key}"') for key in "cadb"]
    assert shown == sorted(shown)


def test_attempt_puts_the_learners_numbers_into_the_question(learner_client, six):
    attempt = begin(learner_client)
    page = learner_client.get(f"{address('attempt', attempt)}?q=4").text
    assert "4 features, €1,000k, 3 years. {unknown}?" in page


def test_attempt_on_one_page(learner_client, course, check):
    factories.quiz(check.unit, [factories.single(course, f"A{n}") for n in range(3)], one_page=True)
    attempt = begin(learner_client)
    page = tight(learner_client.get(address("attempt", attempt)).text)
    assert page.count("<fieldset id=") == 3
    sent = (
        fields(1, answer="a") | fields(2, answer="") | fields(3, answer="b") | {"question": [1, 2, 3], "save": "review"}
    )
    assert learner_client.post(address("save", attempt), sent).url == address("review", attempt)
    assert stored(attempt) == [("a", 1, False), (None, 0, False), ("b", 1, False)]


def test_flag_is_kept_and_shown_on_the_review(learner_client):
    attempt = begin(learner_client)
    response = learner_client.post(address("save", attempt), fields(2, answer="b", flagged="1"))
    assert response.url == f"{address('attempt', attempt)}?q=2#q2-answer"
    assert stored(attempt)[1] == ("b", 1, True)
    assert 'aria-pressed="true"' in learner_client.get(f"{address('attempt', attempt)}?q=2").text
    page = learner_client.get(address("review", attempt)).text
    assert "1 is flagged." in page
    learner_client.post(address("save", attempt), fields(2, revision=1, answer="b", flagged="0"))
    assert stored(attempt)[1] == ("b", 2, False)


def test_sending_with_questions_open_says_so_on_its_button(learner_client):
    """The main button leads back to what is missing; once nothing is, it sends."""
    attempt = begin(learner_client)

    def before_sending():
        page = tight(learner_client.get(address("review", attempt)).text)
        warnings = re.findall(r'<p class="banner banner-warning"><b>(.*?)</b>', page)
        (main,) = re.findall(r'class="btn btn-primary"[^>]*>(.*?)</', page)
        return warnings, main, re.findall(r'<button class="btn">(Send .*?)</button>', page)

    missing = (["2 questions have no answer."], "Answer what is missing", ["Send with 2 unanswered questions"])
    learner_client.post(address("save", attempt), fields(1, answer="b"))
    assert before_sending() == missing
    learner_client.post(address("save", attempt), fields(2, answer="b"))
    missing = (["1 question has no answer."], "Answer what is missing", ["Send with 1 unanswered question"])
    assert before_sending() == missing
    learner_client.post(address("save", attempt), fields(3, answer="b"))
    assert before_sending() == ([], "Send answers", [])


def test_ordering_by_a_select_and_by_buttons(learner_client, course, check):
    factories.quiz(check.unit, [factories.ordering(course, "O")])
    attempt = begin(learner_client)
    shown = attempt.items.get().choice_order
    places = {f"place_{key}": place for place, key in enumerate(shown, 1)}
    places[f"place_{shown[3]}"] = 1
    response = learner_client.post(address("save", attempt), fields(1, order=shown, **places) | {"save": "review"})
    assert response.url == address("review", attempt)
    order = [shown[3], *shown[:3]]
    assert stored(attempt)[0][0] == order
    response = learner_client.post(
        address("save", attempt), fields(1, revision=1, order=order, move=f"down:{order[0]}")
    )
    assert response.url == f"{address('attempt', attempt)}?q=1#q1-answer"
    assert stored(attempt)[0][0] == [order[1], order[0], *order[2:]]


def test_review_says_that_an_order_is_as_it_was_shown(learner_client, course, check):
    """It was saved like that, and counts as an answer; whoever overlooked it sees so before sending."""
    factories.quiz(check.unit, [factories.ordering(course, "O")])
    attempt = begin(learner_client)
    shown, said = attempt.items.get().choice_order, "in the order in which it was shown"
    for revision, order, told in ((0, shown, True), (1, shown[::-1], False)):
        learner_client.post(address("save", attempt), fields(1, revision, order=order) | {"save": "review"})
        page = learner_client.get(address("review", attempt)).text
        assert ("Every question has an answer." in page, said in page) == (True, told)


def test_leaving_an_untouched_order_is_no_answer_but_saving_it_is(learner_client, course, check):
    factories.quiz(check.unit, [factories.ordering(course, "O")])
    attempt = begin(learner_client)
    shown = attempt.items.get().choice_order
    learner_client.post(address("save", attempt), fields(1, order=shown) | {"then": "review"})
    assert stored(attempt) == [(None, 0, False)]
    learner_client.post(address("save", attempt), fields(1, order=shown) | {"save": "review"})
    assert stored(attempt) == [(shown, 1, False)]


def test_an_untouched_order_among_other_questions_is_no_answer(learner_client, course, check):
    factories.quiz(check.unit, [factories.single(course, "S"), factories.ordering(course, "O")], one_page=True)
    attempt = begin(learner_client)
    shown = attempt.items.get(position=2).choice_order
    sent = fields(1, answer="a") | fields(2, order=shown) | {"question": [1, 2], "save": "review"}
    learner_client.post(address("save", attempt), sent)
    assert stored(attempt) == [("a", 1, False), (None, 0, False)]


def test_submit_twice_is_submit_once(learner_client):
    attempt = begin(learner_client)
    submit(learner_client, attempt)
    submit(learner_client, attempt)
    assert GradingRun.objects.count() == 1


def test_an_attempt_whose_time_is_over_is_closed_by_the_next_request(learner_client, course, check):
    factories.quiz(check.unit, [factories.single(course, "A")], time_limit_minutes=10)
    enrolment = course.enrolments.get()
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=timezone.now() - timedelta(minutes=11))
    response = learner_client.get(address("attempt", attempt), follow=True)
    assert "Time ran out, so your answers were sent as they were saved." in response.text
    attempt.refresh_from_db()
    assert (attempt.state, attempt.closed_by) == ("graded", "deadline")


def test_the_last_lesson_leads_home_after_passing(learner_client, course):
    attempt = begin(learner_client)
    course.lessons.filter(number=2).update(number=0)
    for position in (1, 2, 3):
        learner_client.post(address("save", attempt), fields(position, answer="a"))
    assert "Go to your course" in submit(learner_client, attempt).text


def test_percent_is_never_rounded_up_to_the_pass_mark(learner_client, course, check):
    """Two of three tick boxes and eleven right: 11.67 of 12 would be 97; with 98 needed it must not read 98."""
    questions = [factories.multiple(course, "M"), *[factories.single(course, f"A{n}") for n in range(11)]]
    factories.quiz(check.unit, questions, pass_percent=98)
    attempt = begin(learner_client)
    learner_client.post(address("save", attempt), fields(1, answer=["a", "c"]))
    for position in range(2, 13):
        learner_client.post(address("save", attempt), fields(position, answer="a"))
    page = tight(submit(learner_client, attempt).text)
    assert '<span class="num">97</span> of 100. You did not pass; 98 was needed.' in page


# ---- What it costs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [3, 40])
@pytest.mark.parametrize("one_page", [False, True])
def test_queries_do_not_grow_with_the_questions(
    learner_client, course, check, count, one_page, django_assert_max_num_queries, django_assert_num_queries
):
    units = [factories.unit(check.unit.lesson, f"u{n}", position=10 + n) for n in range(4)]
    questions = [factories.single(course, f"A{n}", unit=units[n % 4]) for n in range(count)]
    factories.quiz(check.unit, questions, one_page=one_page)
    for _n in range(3):
        submit(learner_client, begin(learner_client))
    attempt = begin(learner_client)
    with django_assert_max_num_queries(10):
        learner_client.get(FRONT)
    with django_assert_num_queries(5 if one_page else 6):
        learner_client.get(f"{address('attempt', attempt)}?q=2")
    with django_assert_num_queries(5):
        learner_client.post(address("save", attempt), fields(2, answer="a"), headers=JSON)
    with django_assert_num_queries(5):
        learner_client.post(address("save", attempt), fields(2, revision=1, answer="b") | {"save": 3})
    with django_assert_num_queries(5):
        learner_client.get(address("review", attempt))
    learner_client.post(address("submit", attempt))
    with django_assert_max_num_queries(10):
        learner_client.get(address("result", attempt))
