"""A check in the browser: the way through, what is refused, what must not be seen, how much it costs."""

import json
import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from lessons.models import Unit
from progress.models import UnitState
from quizzes import attempts
from quizzes.models import Attempt, GradingRun, QuizVersion, Response, ResponseLog
from tests import factories

FRONT = "/cto/lessons/1/check/"
JSON = {"accept": "application/json"}

#: What a browser sends for each type: (right, worthless), without the prefix.
SENT = {
    "single": ({"answer": "a"}, {"answer": "b"}),
    "multiple": ({"answer": ["a", "c", "d"]}, {"answer": ["b", "e"]}),
    "scenario": ({"answer": "c"}, {"answer": "a"}),
    "numeric": ({"answer": "€1,400k"}, {"answer": "2,400"}),
    "matching": (
        {"answer-a": "r2", "answer-b": "r4", "answer-c": "r1"},
        {"answer-a": "r4", "answer-b": "r2", "answer-c": "r3"},
    ),
    "ordering": ({"order": ["c", "a", "d", "b"]}, {"order": ["b", "d", "a", "c"]}),
}


@pytest.fixture
def six(course):
    return factories.six_types(course)


def begin(client):
    """Press Start; the attempt."""
    response = client.post(f"{FRONT}start/")
    attempt = Attempt.objects.latest("pk")
    assert response.url == address("attempt", attempt)
    return attempt


def address(name, attempt):
    return reverse(f"quizzes:{name}", args=["cto", attempt.uuid])


def fields(position, revision=0, **answer):
    """The fields of one question's form."""
    named = {f"q{position}-{name.replace('_', '-')}": value for name, value in answer.items()}
    return {"question": position, f"q{position}-revision": revision} | named


def answer_all(client, attempt, which):
    """Answer every question of SENT in order; which: 0 right, 1 worthless."""
    for position, sent in enumerate(SENT.values(), 1):
        response = client.post(address("save", attempt), fields(position, **sent[which]) | {"save": position})
        assert response.status_code == 302


def stored(attempt):
    return list(
        Response.objects.filter(item__attempt=attempt)
        .order_by("item__position")
        .values_list("answer", "revision", "flagged")
    )


def submit(client, attempt):
    response = client.post(address("submit", attempt))
    assert response.url == address("result", attempt)
    return client.get(response.url)


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
    assert '<span class="num">100</span> of 100. You passed; 80 was needed.' in page.text
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
    assert '<span class="num">0</span> of 100. You did not pass; 80 was needed.' in page.text
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


def test_a_right_choice_that_was_missed_does_not_look_like_a_right_answer(learner_client, six):
    """What was ticked and right wears the mark, what would have been right is told without it."""
    attempt = begin(learner_client)
    learner_client.post(address("save", attempt), fields(1, answer="b"))
    learner_client.post(address("save", attempt), fields(2, answer=["a", "b"]))
    learner_client.post(address("save", attempt), fields(3, answer="a"))
    page = submit(learner_client, attempt).text
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
    pages = [learner_client.get(f"{address('attempt', attempt)}?q={n}").text for n in range(1, 7)]
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
    page = learner_client.get(address("attempt", attempt)).text
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
    assert "2 questions have no answer." in page
    assert "1 is flagged." in page
    learner_client.post(address("save", attempt), fields(2, revision=1, answer="b", flagged="0"))
    assert stored(attempt)[1] == ("b", 2, False)


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
    assert (
        '<span class="num">97</span> of 100. You did not pass; 98 was needed.' in submit(learner_client, attempt).text
    )


# ---- Autosave ------------------------------------------------------------------------------------------------------


def test_save_as_json(learner_client):
    attempt = begin(learner_client)
    response = learner_client.post(address("save", attempt), fields(1, answer="a"), headers=JSON)
    saved_at = Response.objects.get(item__attempt=attempt, item__position=1).saved_at
    assert response.status_code == 200
    assert response.json() == {
        "revision": 1,
        "saved_at": saved_at.isoformat(),
        "message": f"Saved at {saved_at:%H:%M}",
        "answered": 1,
        "left": None,
        "deadline": None,
    }
    response = learner_client.post(address("save", attempt), fields(1, revision=1, answer=""), headers=JSON)
    assert (response.json()["revision"], response.json()["answered"]) == (2, 0)
    assert list(ResponseLog.objects.values_list("revision", "answer")) == [(1, "a"), (2, None)]


def test_save_at_the_time_of_the_learners_zone(learner_client, learner):
    learner.time_zone = "Asia/Kolkata"
    learner.save()
    attempt = begin(learner_client)
    response = learner_client.post(address("save", attempt), fields(1, answer="a"), headers=JSON)
    there = Response.objects.get(revision=1).saved_at + timedelta(hours=5, minutes=30)
    assert response.json()["message"] == f"Saved at {there:%H:%M}"


def test_sending_an_acknowledged_answer_again_is_acknowledged_again(learner_client):
    """The acknowledgement was lost on the way; the browser sends the answer again with the revision it knows."""
    attempt = begin(learner_client)
    first = learner_client.post(address("save", attempt), fields(1, answer="a"), headers=JSON)
    again = learner_client.post(address("save", attempt), fields(1, answer="a"), headers=JSON)
    assert again.json() == first.json()
    assert ResponseLog.objects.count() == 1


# ---- Bad input -----------------------------------------------------------------------------------------------------


def nothing_written(attempt):
    return all(revision == 0 for _answer, revision, _flagged in stored(attempt)) and not ResponseLog.objects.exists()


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (fields(9, answer="a"), "This check has no such question."),
        (fields("x", answer="a"), "This check has no such question."),
        (fields("１", answer="a"), "This check has no such question."),
        ({}, "This check has no such question."),
        (fields(1, answer="z"), "This question has no such choice. Choose one of those shown."),
        (fields(2, answer=["a", "z"]), "This question has no such choice. Choose from those shown."),
        (fields(4, answer="lots"), "Enter one number in €k, like 1,234.5"),
        (fields(5, answer_a="r9"), "This question has no such match. Choose from those shown."),
        (fields(6, order=["a", "b", "c"]), "Give each item its own place."),
        (
            fields(6, order=["a", "b", "c", "d"], place_a=2, place_c=2),
            "Two items have the same place. Give each its own.",
        ),
        (fields(6, order=["a", "b", "c", "d"], place_a="first"), "There is no such place."),
        (fields(6, order=["a", "b", "c", "d"], move="up:z"), "This question has no such item. Order those shown."),
        ({"question": 1, "q1-answer": "a"}, "The form has no revision. Open the question again."),
        (fields(1, revision="new", answer="a"), "The form has no revision. Open the question again."),
        (fields(1, revision=-1, answer="a"), "The form has no revision. Open the question again."),
        (fields(1, revision=2**40, answer="a"), "The form has no revision. Open the question again."),
    ],
)
def test_save_of_what_does_not_fit_is_400_with_the_reason(learner_client, six, sent, reason):
    attempt = begin(learner_client)
    response = learner_client.post(address("save", attempt), sent, headers=JSON)
    assert (response.status_code, response.json()) == (400, {"reason": reason})
    page = learner_client.post(address("save", attempt), sent)
    assert page.status_code == 400
    assert reason in page.text
    assert nothing_written(attempt)


def test_refused_text_stays_in_the_form(learner_client, six):
    attempt = begin(learner_client)
    page = learner_client.post(address("save", attempt), fields(4, answer="about <b>1400</b>") | {"save": 5})
    assert page.status_code == 400
    assert page.text.count("<title>Error: ") == 1
    assert 'value="about &lt;b&gt;1400&lt;/b&gt;"' in page.text
    assert 'href="#q4-answer"' in page.text
    assert "is-invalid" in page.text


def test_a_second_attempts_question_number_does_not_reach_the_first(learner_client):
    attempt = begin(learner_client)
    submit(learner_client, attempt)
    second = begin(learner_client)
    learner_client.post(address("save", second), fields(1, answer="a"))
    assert stored(attempt)[0] == (None, 0, False)
    assert stored(second)[0] == ("a", 1, False)


def test_save_to_a_closed_attempt_is_409_and_leads_to_the_result(learner_client):
    attempt = begin(learner_client)
    learner_client.post(address("save", attempt), fields(1, answer="a"))
    submit(learner_client, attempt)
    page = learner_client.post(address("save", attempt), fields(1, revision=1, answer="b"))
    assert page.status_code == 409
    assert "This attempt is closed, so this answer was not saved." in page.text
    assert f'href="{address("result", attempt)}"' in page.text
    response = learner_client.post(address("save", attempt), fields(1, revision=1, answer="b"), headers=JSON)
    told = response.json()
    assert (response.status_code, told["closed"]) == (409, True)
    assert told["reason"] == "This attempt is closed, so this answer was not saved."
    assert (told["server"]["answer"], told["server"]["revision"]) == ("a", 1)
    assert stored(attempt)[0] == ("a", 1, False)


def test_stale_save_is_409_with_both_answers_and_a_choice(learner_client):
    attempt = begin(learner_client)
    learner_client.post(address("save", attempt), fields(1, answer="a"))
    page = learner_client.post(address("save", attempt), fields(1, revision=0, answer="b") | {"save": 2})
    assert page.status_code == 409
    own, theirs = page.text.split("Saved in the other window")
    assert "Other one" in own
    assert "Right one" in theirs
    assert '<input type="hidden" name="q1-revision" value="1">' in page.text
    assert stored(attempt)[0] == ("a", 1, False)
    response = learner_client.post(address("save", attempt), fields(1, revision=1, answer="b") | {"save": 1})
    assert response.status_code == 302
    assert stored(attempt)[0] == ("b", 2, False)


def test_stale_save_as_json(learner_client):
    attempt = begin(learner_client)
    learner_client.post(address("save", attempt), fields(1, answer="a"))
    saved_at = Response.objects.get(revision=1).saved_at
    response = learner_client.post(address("save", attempt), fields(1, revision=0, answer="b"), headers=JSON)
    assert response.status_code == 409
    assert response.json() == {
        "reason": "A newer answer to this question was saved in another window.",
        "closed": False,
        "checked": False,
        "server": {
            "revision": 1,
            "saved_at": saved_at.isoformat(),
            "message": f"Saved at {saved_at:%H:%M}",
            "answer": "a",
            "words": "Right one",
        },
    }


@pytest.mark.parametrize("type_", sorted(SENT))
def test_stale_page_can_send_every_type_again(learner_client, course, check, type_):
    build, right, _partly, wrong = factories.SIX_TYPES[type_]
    factories.quiz(check.unit, [build(course, "S")])
    attempt = begin(learner_client)
    item = attempt.items.select_related("attempt", "question_version", "response").get()
    attempts.save(item=item, answer=wrong, revision=0, at=timezone.now())
    page = learner_client.post(address("save", attempt), fields(1, **SENT[type_][0]) | {"save": 1})
    assert page.status_code == 409
    hidden = dict.fromkeys(f"q1-{name}" for name in SENT[type_][0])
    for name in hidden:
        assert f'name="{name}"' in page.text
    learner_client.post(address("save", attempt), fields(1, revision=1, **SENT[type_][0]) | {"save": 1})
    assert stored(attempt)[0][0] == ("€1,400k" if type_ == "numeric" else right)


@pytest.mark.parametrize("name", ["attempt", "save", "review", "submit", "result"])
def test_an_attempt_of_somebody_else_is_not_found(learner_client, cohort, check, name):
    other = factories.enrolment(cohort, factories.user("Omar Haddad"))
    foreign = attempts.start(enrolment=other, quiz=check, at=timezone.now())
    send = learner_client.post if name in ("save", "submit") else learner_client.get
    assert send(address(name, foreign), fields(1, answer="a")).status_code == 404
    assert nothing_written(foreign)
    foreign.refresh_from_db()
    assert foreign.is_open


@pytest.mark.parametrize("name", ["save", "submit"])
def test_pages_that_take_a_form_lead_a_get_to_their_page(learner_client, name):
    """After signing in anew the browser comes back by GET; it must not meet a 405."""
    attempt = begin(learner_client)
    assert learner_client.get(address(name, attempt)).url == address({"save": "attempt"}.get(name, "review"), attempt)
    assert learner_client.get(f"{FRONT}start/").url == FRONT


def test_unknown_checks_and_questions_are_not_found(learner_client, six):
    attempt = begin(learner_client)
    assert learner_client.get("/cto/lessons/2/check/").status_code == 404
    assert learner_client.get("/cto/lessons/9/check/").status_code == 404
    assert learner_client.get(f"{address('attempt', attempt)}?q=7").status_code == 404
    submit(learner_client, attempt)
    Unit.objects.filter(key="check").update(retired_at=timezone.now())
    assert learner_client.get(FRONT).status_code == 404


def test_visitors_are_asked_to_sign_in(client, check, enrolment):
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=timezone.now())
    for url in (FRONT, address("attempt", attempt), address("save", attempt), address("result", attempt)):
        assert client.get(url).url.startswith("/accounts/login/")
    assert client.post(address("save", attempt), fields(1, answer="a"), headers=JSON).status_code == 302
    assert nothing_written(attempt)


def test_pages_lead_to_where_the_attempt_is(learner_client):
    attempt = begin(learner_client)
    assert learner_client.get(address("result", attempt)).url == address("attempt", attempt)
    submit(learner_client, attempt)
    assert learner_client.get(address("attempt", attempt)).url == address("result", attempt)
    assert learner_client.get(address("review", attempt)).url == address("result", attempt)


# ---- What must not be seen -----------------------------------------------------------------------------------------

CANARY = "canary-"


def planted(course):
    """A check of all six types with a canary in every score, feedback, misconception, mistake and solution."""

    def plant(body, rendered):
        def marked(value, path):
            if isinstance(value, dict):
                return {key: marked(inner, f"{path}-{key}") for key, inner in value.items()}
            if isinstance(value, list):
                return [marked(inner, f"{path}-{n}") for n, inner in enumerate(value)]
            return f"{CANARY}{path}"

        secret = ("feedback", "misconception", "solution", "mistakes")
        for part in [
            body,
            *body.get("choices", []),
            *body.get("pairs", []),
            *body.get("extras", []),
            *body.get("items", []),
        ]:
            for name in ("feedback", "misconception", "solution"):
                if name in part:
                    part[name] = marked(part[name], name)
        for mistake in body.get("mistakes", []):
            mistake["misconception"], mistake["feedback"] = f"{CANARY}misconception", f"{CANARY}feedback"
        for name in secret:
            if name in rendered:
                rendered[name] = marked(rendered[name], name)

    check = factories.six_types(course)
    questions = []
    for version in QuizVersion.objects.current().get(quiz=check).slots.get().members.order_by("position"):
        source = version.question.versions.get()
        plant(source.body, source.rendered)
        questions.append(
            factories.question(course, f"C-{source.type}", source.type, source.body, source.rendered, unit=source.unit)
        )
    return factories.quiz(check.unit, questions)


def seen(response):
    return response.text + json.dumps(dict(response.headers)) + str(response.cookies)


def crawl(client, attempt):
    """Everything a learner can see of an open attempt: pages, refusals, JSON, headers."""
    yield client.get(FRONT)
    yield client.get(address("attempt", attempt))
    for position, sent in enumerate(SENT.values(), 1):
        yield client.get(f"{address('attempt', attempt)}?q={position}")
        yield client.post(address("save", attempt), fields(position, **sent[1]), headers=JSON)
        yield client.post(address("save", attempt), fields(position, **sent[0]), headers=JSON)
        yield client.post(address("save", attempt), fields(position, **sent[0]))
        yield client.post(address("save", attempt), fields(position, revision="x", **sent[0]))
        yield client.get(f"{address('attempt', attempt)}?q={position}")
    yield client.get(address("review", attempt))
    yield client.get(address("result", attempt), follow=True)


def test_nothing_of_the_key_is_seen_before_sending(learner_client, course):
    planted(course)
    attempt = begin(learner_client)
    responses = list(crawl(learner_client, attempt))
    assert {response.status_code for response in responses} == {200, 400, 409}
    for response in responses:
        assert CANARY not in seen(response)
        assert "score" not in response.text.replace("see your score", "").lower()
        assert "right_key" not in response.text
    # Present afterwards, or the test would prove nothing.
    page = submit(learner_client, attempt).text
    assert page.count(f"{CANARY}feedback") == 19
    assert f"{CANARY}misconception" in page
    assert f"{CANARY}solution" in page


@pytest.mark.parametrize(("which", "released"), [(1, False), (0, True)])
def test_after_pass_releases_the_key_only_after_passing(learner_client, course, which, released):
    quiz = planted(course)
    questions = [member.question for member in quiz.versions.current().get().slots.get().members.order_by("position")]
    factories.quiz(quiz.unit, questions, feedback="after_pass")
    attempt = begin(learner_client)
    answer_all(learner_client, attempt, which)
    page = submit(learner_client, attempt)
    assert (CANARY in seen(page)) is released
    assert ("Reread:" in page.text or "Worth rereading" in page.text or "By competency" in page.text) is released
    assert ("Your answer" in page.text) is True


def test_after_pass_one_pass_releases_the_key_of_every_attempt(learner_client, course, cohort):
    quiz = planted(course)
    questions = [member.question for member in quiz.versions.current().get().slots.get().members.order_by("position")]
    factories.quiz(quiz.unit, questions, feedback="after_pass")

    def told(attempt):
        page = learner_client.get(address("result", attempt))
        return CANARY in seen(page), "The answers are explained when you have passed." in page.text

    def taken(which):
        attempt = begin(learner_client)
        answer_all(learner_client, attempt, which)
        submit(learner_client, attempt)
        return attempt

    failed = taken(1)
    # The pass of somebody else, at the same quiz, releases nothing.
    other = attempts.start(enrolment=factories.enrolment(cohort), quiz=quiz, at=timezone.now())
    closed = attempts.close(attempt=other, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)
    Attempt.objects.filter(pk=closed.pk).update(passed=True)
    assert told(failed) == (False, True)
    passed = taken(0)
    later = taken(1)
    assert [told(attempt) for attempt in (failed, passed, later)] == [(True, False)] * 3
    assert list(Attempt.objects.filter(enrolment=passed.enrolment).values_list("passed", flat=True).order_by("pk")) == [
        *(False, True, False)
    ]


def test_score_only_releases_the_score_only(learner_client, course):
    quiz = planted(course)
    questions = [member.question for member in quiz.versions.current().get().slots.get().members.order_by("position")]
    factories.quiz(quiz.unit, questions, feedback="score_only")
    attempt = begin(learner_client)
    answer_all(learner_client, attempt, 0)
    page = submit(learner_client, attempt)
    assert "of 100. You passed" in page.text
    assert CANARY not in seen(page)
    assert "Question by question" not in page.text
    assert "By competency" not in page.text


def test_the_policy_of_the_attempt_stays_that_of_its_version(learner_client, course):
    quiz = planted(course)
    questions = [member.question for member in quiz.versions.current().get().slots.get().members.order_by("position")]
    factories.quiz(quiz.unit, questions, feedback="score_only")
    attempt = begin(learner_client)
    factories.quiz(quiz.unit, questions, feedback="after_close")
    assert CANARY not in seen(submit(learner_client, attempt))


def test_a_result_stays_the_same_after_any_authoring(learner_client, six, course):
    attempt = begin(learner_client)
    answer_all(learner_client, attempt, 1)
    before = submit(learner_client, attempt).text.split("Question by question")[1].split("</main>")[0]
    for member in six.versions.current().get().slots.get().members.all():
        version = member.question.versions.get()
        version.pk, version.number, version.state, version.rendered = None, 2, "draft", {"stem": "Rewritten"}
        version.save()
        factories.versions.publish(version, at=timezone.now())
    factories.quiz(six.unit, [factories.single(course, "N")], pass_percent=10)
    after = learner_client.get(address("result", attempt)).text.split("Question by question")[1].split("</main>")[0]
    assert after == before
    assert before.count("<article") == 6


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
