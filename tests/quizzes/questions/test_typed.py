"""Answers that are typed: short texts that are compared, long texts that a person reads."""

import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

import lessons.content
from lessons.models import Unit
from quizzes import attempts, content
from quizzes.asking import presentation
from quizzes.content.linting import key_texts
from quizzes.grading import runs
from quizzes.models import Attempt, QuestionVersion, Response
from quizzes.questions import answers, scoring
from tests import factories, folders
from tests.factories import NOW
from tests.quizzes.browsing import FRONT, JSON, address

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PATH = "1-one/quiz.yaml"
SHORT = """\
- id: Q1.07
  type: short
  competency: STR
  bloom: remember
  sources: [R1]
  unit: first
  stem: What is the time from *idea* to use called?
  accepted:
  - lead time
  - "cycle time: all of it"
  feedback:
    right: Right.
    wrong: It is a *time*.
  mistakes:
  - text: velocity
    misconception: speed for time
    feedback: That is a speed.
"""
LONG = """\
- id: Q1.08
  type: long
  competency: STR
  bloom: evaluate
  sources: []
  unit: first
  points: 5
  most_words: 200
  stem: |
    The board asks for one number.

    Which one, and why?
  criteria:
  - title: Figures
    levels:
    - No figure.
    - One figure.
    - A figure *and* its source.
  - title: Brevity
    levels:
    - Long.
    - Short.
  model: |
    Downtime:

    - it costs €2m a year
"""
UNLIMITED = LONG.replace("  most_words: 200\n", "").replace("Q1.08", "Q1.09")
ASKED = {
    "short": {"accepted": ["Lead time", "„Cycle“ time."], "mistakes": [{"text": "velocity"}]},
    "long": {"criteria": [{"key": "a", "levels": ["", "", ""]}, {"key": "b", "levels": ["", ""]}]},
}


# ---- Comparing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        ("lead time", 1),
        ("  LEAD\u00a0 Time. ", 1),
        ("lead\u200b\u00ad time...", 1),
        ('"cycle" TIME', 1),
        ("cycle time", 0),
        ("leadtime", 0),
        ("lead-time", 0),
        ("lead times", 0),
        ("led time", 0),
        ("velocity", 0),
        (".", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_a_short_text_is_right_when_it_is_one_of_the_listed(answer, worth):
    assert scoring.fraction("short", ASKED["short"], answer) == worth


@pytest.mark.parametrize(("answer", "place"), [("Velocity", 0), ("velocity.", 0), ("velocities", None)])
def test_known_mistake(answer, place):
    assert scoring.known_mistake(ASKED["short"], answer) == place


@pytest.mark.parametrize("pair", ["’'", "`'", "´'", '”"', "—-", "‑-", "−-", "ﬁfi", "½1⁄2", "ΐΐ", "ẞss"])
def test_signs_that_look_or_mean_alike_are_one(pair):
    one, other = pair[0], pair[1:]
    assert scoring.normalised(f"a{one}b") == scoring.normalised(f"a{other}b")


@given(st.text())
def test_normalised_twice_is_normalised_once(text):
    once = scoring.normalised(text)
    assert scoring.normalised(once) == once
    assert once == once.strip()
    assert not once.endswith(".")
    assert "  " not in once


@given(st.text(), st.sampled_from(["NFC", "NFD"]))
def test_how_a_keyboard_composes_letters_is_no_difference(text, form):
    assert scoring.normalised(unicodedata.normalize(form, text)) == scoring.normalised(text)


@given(st.text(alphabet="abcxyzéüßœσπя0123 -\u00a0"))
def test_capitals_and_what_surrounds_a_text_are_no_difference(text):
    assert scoring.normalised(f"\n {text.title()} . ") == scoring.normalised(text)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789 -", min_size=1), st.data())
def test_a_letter_less_is_another_answer(text, data):
    """Never fuzzy: taking away or exchanging one letter or digit makes it wrong."""
    places = [place for place, sign in enumerate(text) if sign.isalnum()]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([sign for sign in "abc123" if sign != text[place]] + [""]))
    assert scoring.normalised(text[:place] + other + text[place + 1 :]) != scoring.normalised(text) or (
        # "aa" without either "a" is the same "a".
        not other and sorted(text[:place] + text[place + 1 :]) == sorted(text)
    )


@given(st.text(), st.lists(st.text(), min_size=1))
def test_full_points_only_for_a_listed_text(answer, accepted):
    body = {"accepted": accepted}
    worth = scoring.fraction("short", body, answer)
    assert worth in (0, 1)
    if worth:
        assert scoring.normalised(answer) in {scoring.normalised(text) for text in accepted}


# ---- The rubric ----------------------------------------------------------------------------------------------------

RUBRIC = st.dictionaries(st.sampled_from("abcdef"), st.integers(2, 5), min_size=1)


def rubric(most):
    return {"criteria": [{"key": key, "levels": [""] * levels} for key, levels in most.items()]}


@given(RUBRIC, st.data())
def test_rubric_fraction_is_between_its_ends_and_rises_with_every_level(most, data):
    levels = {key: data.draw(st.integers(1, count)) for key, count in most.items()}
    share = scoring.rubric_fraction(rubric(most), levels)
    assert 0 <= share <= 1
    assert (share == 0) is all(level == 1 for level in levels.values())
    assert (share == 1) is (levels == most)
    for key, count in most.items():
        if levels[key] < count:
            assert scoring.rubric_fraction(rubric(most), levels | {key: levels[key] + 1}) > share


@given(RUBRIC, st.dictionaries(st.sampled_from("abcdefg"), st.integers(-1, 7)))
def test_rubric_fraction_refuses_what_is_no_level_of_each_criterion(most, levels):
    if set(levels) == set(most) and all(1 <= level <= most[key] for key, level in levels.items()):
        assert scoring.rubric_fraction(rubric(most), levels) >= 0
    else:
        with pytest.raises(ValueError, match="one level of each criterion"):
            scoring.rubric_fraction(rubric(most), levels)


def test_a_long_text_is_worth_its_steps():
    assert scoring.rubric_fraction(ASKED["long"], {"a": 2, "b": 2}) == Fraction(2, 3)
    with pytest.raises(scoring.NeedsReading):
        scoring.fraction("long", ASKED["long"], "Some words.")
    assert scoring.fraction("long", ASKED["long"], " \n ") == 0


# ---- What is stored ------------------------------------------------------------------------------------------------


@given(st.sampled_from([("short", answers.MOST_SHORT), ("long", answers.MOST_LONG)]), st.text())
def test_check_keeps_the_text_but_for_line_ends_and_what_surrounds_it(type_, text):
    kind, most = type_
    if "\0" in text:
        with pytest.raises(answers.AnswerRefused):
            answers.check(kind, {}, text)
        return
    stored = answers.check(kind, {}, text[:most])
    assert stored is None or (stored == stored.strip() and "\r" not in stored)
    assert (stored or "").split() == text[:most].split()
    assert answers.check(kind, {}, stored) == stored


@pytest.mark.parametrize(("type_", "most"), [("short", 200), ("long", 20_000)])
def test_check_refuses_what_is_longer_than_can_be_stored(type_, most):
    assert answers.check(type_, {}, "x" * most) == "x" * most
    with pytest.raises(answers.AnswerRefused, match=f"{most + 1:,} characters; {most:,} fit"):
        answers.check(type_, {}, "x" * (most + 1))
    with pytest.raises(answers.AnswerRefused, match="as text"):
        answers.check(type_, {}, ["x"])


# ---- Files ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    made = folders.write(tmp_path / "cto")
    (made / PATH).write_text(folders.QUIZ + SHORT + LONG + UNLIMITED)
    return made


def load(folder):
    files = lessons.content.read(folder)
    questions = content.read(files)
    course, _changes = lessons.content.load(files, at=AT)
    return course, content.load(questions, course=course, at=AT)


def problems(folder):
    files = lessons.content.read(folder)
    content.read(files)
    return [(problem.line, problem.reason) for problem in files.report.problems]


@pytest.mark.django_db
def test_loaded_and_dumped_again_is_byte_identical(folder):
    course, _changes = load(folder)
    assert content.dump(course)[PATH] == (folder / PATH).read_text()
    _course, changes = load(folder)
    assert changes.total == 0


@pytest.mark.django_db
def test_load_stores_bodies_and_renders_them(folder):
    load(folder)
    short = QuestionVersion.objects.get(type="short")
    assert (short.body, short.rendered, short.points) == (
        {
            "accepted": ["lead time", "cycle time: all of it"],
            "feedback": {"right": "Right.", "wrong": "It is a *time*."},
            "mistakes": [
                {"text": "velocity", "misconception": "speed for time", "feedback": "That is a speed."},
            ],
        },
        {
            "stem": "<p>What is the time from <em>idea</em> to use called?</p>\n",
            "feedback": {"right": "Right.", "wrong": "It is a <em>time</em>."},
            "mistakes": ["That is a speed."],
        },
        1,
    )
    long = QuestionVersion.objects.get(question__key="Q1.08")
    levels = ["No figure.", "One figure.", "A figure *and* its source."]
    assert (long.body, long.rendered, long.points) == (
        {
            "points": 5,
            "most_words": 200,
            "criteria": [
                {"key": "a", "title": "Figures", "levels": levels},
                {"key": "b", "title": "Brevity", "levels": ["Long.", "Short."]},
            ],
            "model": "Downtime:\n\n- it costs €2m a year",
        },
        {
            "stem": "<p>The board asks for one number.</p>\n<p>Which one, and why?</p>\n",
            "criteria": {
                "a": ["No figure.", "One figure.", "A figure <em>and</em> its source."],
                "b": ["Long.", "Short."],
            },
            "model": "<p>Downtime:</p>\n<ul>\n<li>it costs €2m a year</li>\n</ul>\n",
        },
        5,
    )
    assert "most_words" not in QuestionVersion.objects.get(question__key="Q1.09").body


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("- lead time", "- LEAD  time.", ""),
        (
            "- text: velocity",
            "- text: Lead Time",
            "Q1.07 mistakes.1: 'Lead Time' is the same answer as 'lead time': capitals, quotes and spaces do not count",
        ),
        ("- lead time", '- "..."', "Q1.07 accepted: '...' holds nothing that could be compared"),
        (
            '- "cycle time: all of it"',
            "- Lead time",
            "Q1.07 accepted: 'Lead time' is the same answer as 'lead time': capitals, quotes and spaces do not count",
        ),
        ('  - lead time\n  - "cycle time: all of it"', "    []", "questions.7.accepted: needs 1 to 20 entries, has 0"),
        ("points: 5\n  most", "points: 21\n  most", "questions.8.points: 21 is not between 1 and 20"),
        ("most_words: 200", "most_words: 19", "questions.8.most_words: 19 is not between 20 and 2000"),
        ("most_words: 200", "most_words: null", ""),
        (
            "    - Long.\n    - Short.\n  model: |\n    Downtime:\n\n    - it costs €2m a year\n- id: Q1.09",
            "    - Long.\n  model: None.\n- id: Q1.09",
            "questions.8.criteria.2.levels: needs 2 to 5 entries, has 1",
        ),
        (
            "most_words: 200\n",
            "most_words: 200\n  solution: x\n",
            "questions.8: unknown field solution",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_said(folder, old, new, reason):
    folders.change(folder, PATH, old, new)
    assert [found for _line, found in problems(folder)] == ([reason] if reason else [])


def test_criteria_and_levels_that_stand_twice_are_refused(folder):
    text = (folder / PATH).read_text().replace("- title: Brevity", "- title: Figures").replace("- Short.", "- Long.")
    (folder / PATH).write_text(text)
    assert [reason for _line, reason in problems(folder)] == [
        f"Q1.0{number} {reason} stands here twice"
        for number in (8, 9)
        for reason in ("criteria: 'Figures'", "criteria.2: 'Long.'")
    ]


def test_an_accepted_text_is_a_key_that_may_go_out_of_date():
    assert key_texts({"accepted": ["2026"]}) == ["2026"]
    assert key_texts({"criteria": []}) == []


# ---- Taking a check ------------------------------------------------------------------------------------------------


@pytest.fixture
def check(course):
    """A check of a short text (1) and a long one (2), worth 1 and 5 points."""
    unit = Unit.objects.get(lesson__course=course, key="check")
    first = Unit.objects.get(lesson__course=course, key="first")
    return factories.quiz(
        unit, [factories.short(course, "S", unit=first), factories.long(course, "L", unit=first)], pass_percent=50
    )


@pytest.fixture
def attempt(learner_client, check):
    learner_client.post(f"{FRONT}start/")
    return Attempt.objects.get(state="open")


def send(client, attempt, position, answer, revision=0, **more):
    fields = {"question": position, f"q{position}-revision": revision, f"q{position}-answer": answer}
    return client.post(address("save", attempt), fields, **more)


def stored(attempt, position):
    return Response.objects.get(item__attempt=attempt, item__position=position)


TEXT = "We lose <b>€2m</b>.\r\n\r\nA year."
KEPT = "We lose <b>€2m</b>.\n\nA year."
SHOWN = "We lose &lt;b&gt;€2m&lt;/b&gt;.\n\nA year."


def test_the_fields_show_what_is_stored(learner_client, attempt):
    page = learner_client.get(f"{address('attempt', attempt)}?q=1").text
    assert '<input class="form-control" type="text"' in page
    assert send(learner_client, attempt, 1, " Lead Time").status_code == 302
    assert 'value="Lead Time"' in learner_client.get(f"{address('attempt', attempt)}?q=1").text
    page = learner_client.get(f"{address('attempt', attempt)}?q=2").text
    assert "Up to 200 words." in page
    assert "A person reads it." in page
    send(learner_client, attempt, 2, TEXT)
    page = learner_client.get(f"{address('attempt', attempt)}?q=2").text
    assert f">\n{SHOWN}</textarea>" in page
    assert '<span class="num" data-words>5</span>' in page
    assert "data-over hidden>" in page
    assert stored(attempt, 2).answer == KEPT


def test_more_words_than_asked_for_are_saved_and_said(learner_client, attempt):
    assert send(learner_client, attempt, 2, "word " * 201, headers=JSON).status_code == 200
    page = learner_client.get(f"{address('attempt', attempt)}?q=2").text
    assert "data-words>201</span>" in page
    assert "data-over>That is more than was asked for." in page


@pytest.mark.parametrize(("position", "answer"), [(1, "x" * 201), (2, "é" * 20_001)])
def test_a_text_that_is_refused_stays_in_its_field(learner_client, attempt, position, answer):
    page = send(learner_client, attempt, position, answer)
    assert page.status_code == 400
    assert answer in page.text
    assert "Shorten it, nothing of it is lost." in page.text
    assert 'is-invalid" aria-invalid="true"' in page.text
    assert stored(attempt, position).revision == 0


def test_two_windows_see_both_long_texts_line_by_line_and_either_can_stay(learner_client, attempt):
    send(learner_client, attempt, 2, "The other window.\n\nIts end.")
    page = send(learner_client, attempt, 2, TEXT)
    assert page.status_code == 409
    assert '<p class="answer">The other window.\n\nIts end.</p>' in page.text
    assert f'<p class="answer">{SHOWN}</p>' in page.text
    assert f'<input type="hidden" name="q2-answer" value="{SHOWN}">' in page.text
    assert send(learner_client, attempt, 2, KEPT, revision=1).status_code == 302
    assert stored(attempt, 2).answer == KEPT


def test_a_stale_answer_on_a_page_of_many_keeps_no_other_from_being_saved(learner_client, attempt):
    send(learner_client, attempt, 1, "velocity")
    fields = {"question": [1, 2], "q1-revision": 0, "q1-answer": "lead time", "q2-revision": 0, "q2-answer": TEXT}
    assert learner_client.post(address("save", attempt), fields).status_code == 409
    assert [stored(attempt, position).answer for position in (1, 2)] == ["velocity", KEPT]


def test_what_comes_too_late_is_shown_once_more(learner_client, attempt):
    send(learner_client, attempt, 1, "lead time")
    learner_client.post(address("submit", attempt))
    fields = {"question": [1, 2], "q1-revision": 1, "q1-answer": "lead time", "q2-revision": 0, "q2-answer": TEXT}
    page = learner_client.post(address("save", attempt), fields)
    assert page.status_code == 409
    assert "Question 2: what was not saved" in page.text
    assert f'<p class="answer">{SHOWN}</p>' in page.text
    # What is saved is not lost.
    assert "Question 1: what was not saved" not in page.text
    assert stored(attempt, 2).revision == 0


def test_as_fields_send_a_text_again(attempt):
    item = attempt.items.select_related("question_version", "response").get(position=2)
    assert presentation.as_fields(item, KEPT) == [("q2-answer", KEPT)]
    assert presentation.in_words(item, KEPT) == [SHOWN.replace("&lt;", "&lt;")]


SECRET = ["lead time", "cycle time", "velocity", "speed", "It is a time", "Figures", "Brevity", "No figure", "lose €2m"]


def test_nothing_of_key_rubric_or_model_answer_is_seen_before_the_result(learner_client, attempt):
    seen = []
    for position in (1, 2):
        seen.append(learner_client.get(f"{address('attempt', attempt)}?q={position}"))
        for headers in ({}, JSON):
            seen.append(send(learner_client, attempt, position, "other", 0, headers=headers))
            seen.append(send(learner_client, attempt, position, "x" * 30_000, 1, headers=headers))
            seen.append(send(learner_client, attempt, position, "stale", 0, headers=headers))
    seen.append(learner_client.get(address("review", attempt)))
    seen.append(learner_client.post(address("submit", attempt), follow=True))
    assert Attempt.objects.get().state == "awaiting"
    seen += [learner_client.get(path) for path in (FRONT, address("result", attempt), "/cto/home/")]
    assert {response.status_code for response in seen} == {200, 302, 400, 409}
    for response in seen:
        assert [secret for secret in SECRET if secret in response.text + str(response.headers)] == []


def test_awaiting_is_said_in_words_everywhere(learner_client, learner, attempt):
    send(learner_client, attempt, 2, TEXT)
    page = learner_client.post(address("submit", attempt), follow=True)
    sent = timezone.localtime(Attempt.objects.get().submitted_at)
    words = f"Sent on {sent.day} {sent:%B} at {sent:%H:%M}; a person reads your long answers, and you get a mail"
    assert "Your answers are being read." in page.text
    for path in (address("result", attempt), FRONT, "/cto/home/"):
        assert words in learner_client.get(path).text
    assert "being read" in learner_client.get(FRONT).text
    # An attempt of somebody else is not told.
    other = factories.enrolment(attempt.enrolment.cohort)
    learner_client.force_login(other.user, backend="django.contrib.auth.backends.ModelBackend")
    assert "a person reads" not in learner_client.get("/cto/home/").text


def test_an_attempt_without_a_long_answer_is_graded_at_once(learner_client, attempt):
    send(learner_client, attempt, 1, "“Velocity”")
    page = learner_client.post(address("submit", attempt), follow=True).text
    assert '<span class="num">0</span> of 100.' in page
    assert "<dt>Right answer</dt><dd>lead time</dd>" in page
    assert "<dt>Also right</dt><dd>cycle time</dd>" in page
    assert "It is a time." in page
    assert "You gave no answer" in page or "No answer" in page
    assert "is-reached" not in page
    assert "We lose €2m a year." in page


@pytest.mark.parametrize(
    ("answer", "said"),
    [("Cycle  time.", "Right, from idea to use."), ("VELOCITY", "That is a speed."), ("speed", "It is a time.")],
)
def test_a_short_text_is_explained(learner_client, attempt, answer, said):
    send(learner_client, attempt, 1, answer)
    page = learner_client.post(address("submit", attempt), follow=True).text
    assert [text for text in ("Right, from idea to use.", "That is a speed.", "It is a time.") if text in page] == [
        said
    ]
    assert ("A known mistake leads to this answer: “speed for time”." in page) is (answer == "VELOCITY")


def test_a_read_text_is_explained_with_its_levels_comment_and_model_answer(learner_client, attempt):
    send(learner_client, attempt, 2, TEXT)
    learner_client.post(address("submit", attempt))
    item = attempt.items.get(position=2)
    reading = runs.Reading({"a": 2, "b": 2}, "Say <where> from.\nOtherwise good.")
    own = Attempt.objects.select_related("enrolment__course", "quiz__unit", "quiz_version").get()
    attempts.grade_again(
        attempt=own, reason="reviewed", at=timezone.now() + timedelta(days=1), readings={item.pk: reading}
    )
    page = learner_client.get(address("result", attempt)).text
    # (1 + 1) of (2 + 1) steps of 5 points, of 6 with the short text.
    assert own.score == Decimal("3.33")
    assert "3.33 of 5" in page
    assert f'<p class="answer">{SHOWN}</p>' in page
    assert '<p class="answer">Say &lt;where&gt; from.\nOtherwise good.</p>' in page
    assert page.count('<li class="is-reached"><span class="tag tag-ok">Your answer</span>') == 2
    assert "</span> One figure.</li>" in page
    assert "</span> Short.</li>" in page
    assert "<p>We lose €2m a year.</p>" in page
    assert "Partly right" not in page


@pytest.mark.parametrize("policy", ["score_only", "after_pass"])
def test_the_policy_holds_for_what_a_reader_said(learner_client, course, check, policy):
    members = check.versions.current().get().slots.get().members.order_by("position")
    factories.quiz(check.unit, [member.question for member in members], feedback=policy, pass_percent=90)
    learner_client.post(f"{FRONT}start/")
    attempt = Attempt.objects.get(state="open")
    send(learner_client, attempt, 2, TEXT)
    learner_client.post(address("submit", attempt))
    item = attempt.items.get(position=2)
    own = Attempt.objects.select_related("enrolment__course", "quiz__unit", "quiz_version").get()
    attempts.grade_again(
        attempt=own,
        reason="reviewed",
        at=timezone.now(),
        readings={item.pk: runs.Reading({"a": 1, "b": 1}, "canary comment")},
    )
    page = learner_client.get(address("result", attempt)).text
    assert [secret for secret in [*SECRET, "canary comment"] if secret in page] == []
    assert ("A year." in page) is (policy == "after_pass")


def test_a_long_text_is_never_checked_at_once(learner_client, check):
    members = check.versions.current().get().slots.get().members.order_by("position")
    factories.quiz(check.unit, [member.question for member in members], feedback="immediate")
    learner_client.post(f"{FRONT}start/")
    attempt = Attempt.objects.get(state="open")
    fields = {"question": 2, "q2-revision": 0, "q2-answer": TEXT, "check": 2}
    page = learner_client.post(address("save", attempt), fields, follow=True)
    assert "A person reads this answer, so it cannot be checked at once." in page.text
    assert stored(attempt, 2).checked_at is None
    page = learner_client.get(f"{address('attempt', attempt)}?q=2").text
    assert "Check this answer" not in page
    assert [secret for secret in SECRET if secret in page.replace(SHOWN, "")] == []


def test_a_draw_has_nothing_to_shuffle(enrolment, check):
    made = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    assert list(made.items.values_list("choice_order", "points")) == [([], 1), ([], 5)]
    assert made.maximum == 6
