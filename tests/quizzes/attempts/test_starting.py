"""When an attempt may start, how long it lasts, what the front says of it: in words and in numbers."""

import re
import zoneinfo
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lessons.models import Unit
from progress.models import UnitState
from quizzes import attempts
from quizzes.attempts import timing
from quizzes.models import Attempt, QuizVersion
from tests import factories
from tests.quizzes.browsing import FRONT
from tests.quizzes.taking import sent
from tests.tight import tight

NOW = factories.NOW
HOUR = timedelta(hours=1)


@pytest.fixture
def ruled(course, check):
    """`ruled(time_limit_minutes=30)`: the check of lesson 1, one question, with these rules; its version."""

    def make(**rules):
        return factories.quiz(check.unit, [factories.single(course, f"R{QuizVersion.objects.count()}")], **rules)

    return make


def refused(enrolment, check, at=NOW):
    with pytest.raises(attempts.AttemptRefused) as why:
        attempts.start(enrolment=enrolment, quiz=check, at=at)
    assert not Attempt.objects.open().exists()
    return str(why.value)


def begun(enrolment, check, at=NOW, **options):
    return attempts.start(enrolment=enrolment, quiz=check, at=at, **options)


def minutes_of(attempt):
    return attempt.deadline_at and (attempt.deadline_at - attempt.started_at) / timedelta(minutes=1)


# ---- Refusals, in words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "at", "words"),
    [
        ({"opens_at": NOW + HOUR}, NOW, "It opens on 2 November, 10:30."),
        ({"closes_at": NOW}, NOW, "It closed on 2 November, 09:30."),
        ({"closes_at": NOW, "window": "everything"}, NOW + HOUR, "It closed on 2 November, 09:30."),
    ],
)
def test_start_outside_of_the_window_is_refused(enrolment, check, ruled, rules, at, words):
    ruled(**rules)
    assert refused(enrolment, check, at) == words


def test_start_is_refused_in_the_zone_of_the_learner(enrolment, check, ruled):
    ruled(opens_at=NOW + HOUR)
    with timezone.override(zoneinfo.ZoneInfo("Asia/Tokyo")):
        assert refused(enrolment, check) == "It opens on 2 November, 19:30."


def test_start_without_the_required_checks_is_refused(course, enrolment, check, ruled):
    ruled(requires_checks=True)
    for key, required in (("second-check", True), ("third-check", True), ("optional", False)):
        unit = factories.unit(
            course.lessons.get(number=2), key, position=Unit.objects.count(), kind="quiz", required=required
        )
        factories.quiz(unit, [factories.single(course, key[:10])])
    assert refused(enrolment, check) == "2 checks have to be passed first."
    pass_unit(enrolment, "second-check")
    assert refused(enrolment, check) == "One check has to be passed first."
    pass_unit(enrolment, "third-check")
    assert begun(enrolment, check).is_open


def pass_unit(enrolment, key):
    UnitState.objects.create(enrolment=enrolment, unit=Unit.objects.get(key=key), state="done", done_at=NOW)


def test_a_check_that_is_required_no_more_is_not_asked_for(course, enrolment, check, ruled):
    ruled(requires_checks=True)
    unit = factories.unit(course.lessons.get(number=2), "was-required", position=8, kind="quiz")
    factories.quiz(unit, [factories.single(course, "W")])
    assert refused(enrolment, check) == "One check has to be passed first."
    draft = unit.versions.get()
    draft.pk, draft.number, draft.state, draft.required = None, 2, "draft", False
    draft.save()
    factories.versions.publish(draft, at=NOW)
    assert begun(enrolment, check).is_open


def test_extension_opens_what_the_rules_have_closed(enrolment, check, ruled):
    ruled(closes_at=NOW, attempts_allowed=1)
    attempts.close(attempt=begun(enrolment, check, NOW - HOUR), as_of=NOW - HOUR, by=Attempt.ClosedBy.LEARNER)
    staff = factories.user("Ines Duarte")
    extend = {"enrolment": enrolment, "quiz": check, "by": staff, "reason": "Ill.", "at": NOW}
    attempts.extend(**extend, closes_at=NOW + HOUR)
    assert refused(enrolment, check) == "You have used all your attempts."
    attempts.extend(**extend, attempts=1)
    assert begun(enrolment, check).number == 2
    assert Attempt.objects.filter(number=2).get().deadline_at is None


# ---- How long ------------------------------------------------------------------------------------------------------

LATE = {"closes_at": NOW + timedelta(minutes=40)}


@pytest.mark.parametrize(
    ("rules", "factor", "more", "later", "minutes"),
    [
        ({}, "1", 0, None, None),
        ({"time_limit_minutes": 30}, "1", 0, None, 30),
        ({"time_limit_minutes": 30}, "1.5", 0, None, 45),
        ({"time_limit_minutes": 30}, "1.5", 10, None, 55),
        ({"time_limit_minutes": 30} | LATE, "1.5", 10, None, 55),
        ({"time_limit_minutes": 30} | LATE | {"window": "everything"}, "1", 0, None, 30),
        ({"time_limit_minutes": 30} | LATE | {"window": "everything"}, "1.5", 10, None, 40),
        ({"time_limit_minutes": 30} | LATE | {"window": "everything"}, "1.5", 10, 50, 50),
        ({"time_limit_minutes": 30} | LATE | {"window": "everything"}, "1.5", 10, 90, 55),
        (LATE | {"window": "everything"}, "1", 0, None, 40),
        (LATE | {"window": "everything"}, "2", 10, 50, 50),
        (LATE, "2", 10, 50, None),
    ],
)
def test_deadline_by_window_policy_factor_and_extension(cohort, check, ruled, rules, factor, more, later, minutes):
    """The same whether the extension was there before or came to a running attempt."""
    ruled(**rules)
    found = []
    for before in (True, False):
        learner = factories.enrolment(cohort, factories.user("Omar Haddad"), time_factor=Decimal(factor))
        attempt = None if before else begun(learner, check)
        if more or later:
            attempts.extend(
                enrolment=learner,
                quiz=check,
                by=learner.user,
                reason="The power failed.",
                at=NOW,
                minutes=more,
                closes_at=later and NOW + timedelta(minutes=later),
            )
        found.append(minutes_of(Attempt.objects.get(pk=attempt.pk) if attempt else begun(learner, check)))
    assert found == [minutes, minutes]


@pytest.mark.parametrize(
    ("own", "chosen", "sets", "minutes"),
    [
        ("1", Decimal("1.5"), True, 45),
        ("1", Decimal(2), True, 60),
        ("1", None, True, None),
        ("1.5", Decimal(1), True, 45),
        ("1.25", Decimal("1.5"), True, 45),
        ("1", Decimal("0.5"), True, 30),
        ("1", Decimal(9), True, 30),
        ("1", Decimal(2), False, 30),
        ("1", None, False, 30),
    ],
)
def test_chosen_time_counts_where_it_was_offered(cohort, check, ruled, own, chosen, sets, minutes):
    ruled(time_limit_minutes=30, learner_sets_time=sets)
    learner = factories.enrolment(cohort, factories.user("Omar Haddad"), time_factor=Decimal(own))
    assert minutes_of(begun(learner, check, time_factor=chosen)) == minutes


def version(**rules):
    return QuizVersion(**{"time_limit_minutes": None, "grace_seconds": 30} | rules)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
versions_ = st.builds(
    version,
    time_limit_minutes=st.none() | st.integers(1, 1000),
    grace_seconds=st.integers(0, 600),
    closes_at=st.none() | moments,
    window=st.sampled_from(QuizVersion.Window.values),
)
extras = st.builds(timing.Granted, st.integers(0, 500), st.integers(0, 5), st.none() | moments)
factors_ = st.none() | st.decimals(1, 4, places=2)


@given(versions_, moments, factors_, extras, st.integers(0, 300), st.none() | moments)
def test_extension_never_ends_an_attempt_earlier(rules, started_at, factor, extra, minutes, closes_at):
    before = timing.deadline(rules, started_at=started_at, time_factor=factor, extra=extra).deadline_at
    more = timing.plus(extra, minutes=minutes, closes_at=closes_at)
    after = timing.deadline(rules, started_at=started_at, time_factor=factor, extra=more).deadline_at
    assert (before is None and after is None) or after >= before


@given(versions_, moments, st.decimals(1, 4, places=2), st.decimals(1, 4, places=2), extras)
def test_larger_factor_never_gives_less_time(rules, started_at, one, other, extra):
    less, more = sorted([one, other])
    ends = [
        timing.deadline(rules, started_at=started_at, time_factor=factor, extra=extra).deadline_at
        for factor in (less, more, None)
    ]
    known = [end for end in ends if end]
    assert known == sorted(known)
    assert ends[2] is None or ends[2] == timing.window_end(rules, extra)


@given(versions_, moments, factors_, extras)
def test_grace_comes_after_the_deadline_and_the_window_ends_everything(rules, started_at, factor, extra):
    end = timing.deadline(rules, started_at=started_at, time_factor=factor, extra=extra)
    assert (end.deadline_at is None) == (end.closes_at is None)
    if end.deadline_at:
        assert end.closes_at - end.deadline_at == timedelta(seconds=rules.grace_seconds)
    closing = timing.window_end(rules, extra)
    if closing and rules.window == "everything":
        assert end.deadline_at <= closing


@given(st.lists(extras))
def test_extensions_add_up_in_any_order(many):
    total, backwards = timing.NOTHING, timing.NOTHING
    for each in many:
        total = timing.plus(total, **each._asdict())
    for each in reversed(many):
        backwards = timing.plus(backwards, **each._asdict())
    assert total == backwards
    assert total.minutes == sum(each.minutes for each in many)


@given(st.decimals(1, 4, places=2))
def test_choices_never_give_less_than_the_learners_own_factor(own):
    offered = timing.factors(version(time_limit_minutes=10, learner_sets_time=True), time_factor=own)
    assert offered[0] == own
    assert offered[-1] is None
    assert all(factor > own for factor in offered[1:-1])


# ---- The front -----------------------------------------------------------------------------------------------------


def rules_on(client):
    page = client.get(FRONT)
    return [" ".join(line.split()) for line in page.text.split('<ul class="rules">')[1].split("</ul>")[0].split("<li>")]


def test_front_says_every_rule_for_this_learner(learner_client, learner, enrolment, check, ruled):
    now = timezone.now().replace(second=0, microsecond=0)
    learner.time_zone = "Asia/Tokyo"
    learner.save()
    enrolment.time_factor = Decimal("1.5")
    enrolment.save()
    ruled(
        time_limit_minutes=30,
        attempts_allowed=2,
        cool_down_minutes=2880,
        opens_at=now - HOUR,
        closes_at=now + HOUR,
        window="everything",
        floor_percent=50,
        feedback="immediate",
    )
    attempts.extend(enrolment=enrolment, quiz=check, by=learner, reason="Ill.", at=now, minutes=10, attempts=1)
    shown = " ".join(rules_on(learner_client))
    tokyo = zoneinfo.ZoneInfo("Asia/Tokyo")
    closes = f"{(now + HOUR).astimezone(tokyo):%H:%M}"
    for words in (
        f"{closes}. An attempt that is open then is sent as it is.",
        "Asia/Tokyo, the time zone of your account.",
        "After 55 minutes your answers are sent as they are.",
        "That is 30 minutes times your own factor of 1.5. It includes an extension of 10 minutes.",
        "In each competency you need at least 50 of 100.",
        "You have 3 attempts; 3 are left. Between two attempts you wait 2 days.",
        "You can check each answer at once and read why; after that it cannot be changed.",
        "The time runs on while you are away.",
    ):
        assert words in shown


def test_front_says_what_is_over_and_what_is_to_come(learner_client, learner, ruled):
    now = timezone.now()
    ruled(opens_at=now - 2 * HOUR, closes_at=now - HOUR)
    shown = " ".join(rules_on(learner_client))
    assert ("It opened on" in shown, "It closed on" in shown) == (True, True)
    assert ("It opens on" in shown, "It closes on" in shown, "keeps its own time" in shown) == (False, False, False)
    ruled(opens_at=now + HOUR, closes_at=now + 2 * HOUR)
    shown = " ".join(rules_on(learner_client))
    assert ("It opens on" in shown, "It closes on" in shown, "keeps its own time" in shown) == (True, True, True)
    assert ("It opened on" in shown, "It closed on" in shown) == (False, False)


def test_front_links_to_the_checks_that_are_missing(learner_client, course, ruled):
    ruled(requires_checks=True)
    unit = factories.unit(course.lessons.get(number=2), "check-2", position=5, kind="quiz", title="Check two")
    factories.quiz(unit, [factories.single(course, "C2")])
    page = learner_client.get(FRONT).text
    assert '<a href="/cto/lessons/2/check/check-2/">Lesson 2: Check two</a>' in page
    assert "One check has to be passed first." in page
    assert "Go to the check of lesson 2" in page
    assert f'action="{FRONT}start/"' not in page


def test_front_offers_the_times_and_start_takes_one(learner_client, check, ruled):
    ruled(time_limit_minutes=60, learner_sets_time=True)
    page = learner_client.get(FRONT).text
    offered = [part.split('"')[0] for part in page.split('name="time"')[1:] for part in [part.split('value="')[1]]]
    assert offered == ["1", "1.5", "2", "none"]
    for words in ("60 minutes", "90 minutes", "2 hours", "No limit"):
        assert words in page
    learner_client.post(f"{FRONT}start/", {"time": "1.5"})
    attempt = Attempt.objects.get()
    assert (attempt.time_factor, minutes_of(attempt)) == (Decimal("1.5"), 90)


def test_no_limit_is_no_limit(learner_client, ruled):
    ruled(time_limit_minutes=60, learner_sets_time=True)
    learner_client.post(f"{FRONT}start/", {"time": "none"})
    attempt = Attempt.objects.get()
    assert (attempt.time_factor, attempt.deadline_at) == (None, None)
    assert "Time until" not in learner_client.get(attempt.get_absolute_url()).text


@pytest.mark.parametrize(("sets", "sent"), [(True, "0.1"), (True, "99"), (True, "1.50"), (False, "2"), (False, "none")])
def test_forged_time_is_refused_and_nothing_starts(learner_client, ruled, sets, sent):
    ruled(time_limit_minutes=60, learner_sets_time=sets)
    page = learner_client.post(f"{FRONT}start/", {"time": sent})
    assert page.status_code == 400
    assert "Choose one of the times shown." in page.text
    assert page.text.count("<title>Error: ") == 1
    assert not Attempt.objects.exists()


# ---- The running attempt -------------------------------------------------------------------------------------------


def test_attempt_page_says_when_its_time_ends(learner_client, ruled):
    ruled(time_limit_minutes=600)
    learner_client.post(f"{FRONT}start/")
    attempt = Attempt.objects.get()
    page = tight(learner_client.get(attempt.get_absolute_url()).text)
    assert "Time until" in page
    assert 'role="timer" aria-live="off"' in page
    assert "9 h 60 min left" not in page
    assert "10 h 0 min left" in page


def test_save_carries_the_time_and_an_extension(learner_client, learner, enrolment, check, ruled):
    ruled(time_limit_minutes=60)
    learner_client.post(f"{FRONT}start/")
    attempt = Attempt.objects.get()

    def told(answer, revision):
        url = reverse("quizzes:save", args=["cto", attempt.uuid])
        sent = {"question": "1", "q1-revision": revision, "q1-answer": answer}
        return learner_client.post(url, sent, headers={"accept": "application/json"}).json()

    first = told("a", 0)
    attempts.extend(enrolment=enrolment, quiz=check, by=learner, reason="Ill.", at=timezone.now(), minutes=10)
    second = told("b", 1)
    ends = [datetime.fromisoformat(each["deadline"]) for each in (first, second)]
    assert ends[1] - ends[0] == timedelta(minutes=10)
    assert 3590 <= first["left"] <= 3600 < 4180 <= second["left"] <= 4200


def test_time_is_asked_for_by_a_page_that_slept(learner_client, ruled):
    ruled(time_limit_minutes=60)
    learner_client.post(f"{FRONT}start/")
    attempt = Attempt.objects.get()
    url = reverse("quizzes:clock", args=["cto", attempt.uuid])
    told = learner_client.get(url, headers={"accept": "application/json"}).json()
    assert (told.pop("left") > 3500, told) == (True, {"deadline": attempt.deadline_at.isoformat(), "open": True})
    assert learner_client.get(url).url == attempt.get_absolute_url()
    Attempt.objects.update(deadline_at=NOW, closes_at=NOW)
    assert learner_client.get(url, headers={"accept": "application/json"}).json() == {
        "left": 0,
        "deadline": NOW.isoformat(),
        "open": False,
    }


@pytest.mark.parametrize(
    ("rules", "started", "minutes", "said"),
    [
        ({"time_limit_minutes": 60}, 2, 0, "closed"),
        ({}, 2, 0, "closed"),
        ({"time_limit_minutes": 60}, 62, 15, "closed"),
        ({"time_limit_minutes": 60}, 70, 0, "over"),
        ({"time_limit_minutes": 60, "window": "starting"}, 70, 0, "over"),
    ],
)
def test_attempt_that_its_check_has_closed_says_so(
    client_of, learner, enrolment, check, ruled, rules, started, minutes, said
):
    """`started` minutes before the check closes, with so many `minutes` more."""
    closes = timezone.now() - timedelta(minutes=5)
    attempt_of = {"enrolment": enrolment, "quiz": check}
    ruled(**{"window": "everything", "closes_at": closes, **rules})
    attempt = attempts.start(**attempt_of, at=closes - timedelta(minutes=started))
    if minutes:
        attempts.extend(**attempt_of, by=learner, reason="Ill.", at=attempt.started_at, minutes=minutes)
    page = client_of(learner).get(attempt.get_absolute_url(), follow=True).text
    assert ("The check closed, so your answers were sent as they were saved." in page) is (said == "closed")
    assert ("Time ran out, so your answers were sent as they were saved." in page) is (said == "over")
    operator = factories.user("Omar Haddad", is_staff=True, is_superuser=True)
    shown = client_of(operator).get(reverse("admin:quizzes_attempt_change", args=[attempt.pk])).text
    assert shown.count("the closing of the check") == (said == "closed")
    # The pages of an attempt are for its learner; nobody else is led to them.
    assert "See it in the course" not in shown


def test_waiting_time_is_said_no_shorter_than_it_is(enrolment, check, ruled):
    ruled(cool_down_minutes=60)
    sent(enrolment, check, "b", at=NOW + timedelta(seconds=40))
    with timezone.override(UTC):
        assert refused(enrolment, check, at=NOW + HOUR) == "You can try again from 2 November, 10:31."
    assert attempts.start(enrolment=enrolment, quiz=check, at=NOW + HOUR + timedelta(seconds=40)).number == 2


def test_sending_in_the_grace_counts_as_the_end_of_the_time(learner_client, ruled):
    ruled(time_limit_minutes=60)
    learner_client.post(f"{FRONT}start/")
    attempt = Attempt.objects.get()
    now = timezone.now()
    Attempt.objects.update(deadline_at=now - timedelta(seconds=2), closes_at=now + timedelta(seconds=28))
    page = learner_client.post(reverse("quizzes:submit", args=["cto", attempt.uuid]), follow=True)
    assert "Time ran out, so your answers were sent as they were saved." in page.text
    attempt.refresh_from_db()
    assert attempt.closed_by == "deadline"


# ---- The answers as a file -----------------------------------------------------------------------------------------


def test_answers_come_as_a_text_of_what_is_stored(learner_client, course):
    factories.six_types(course)
    learner_client.post(f"{FRONT}start/")
    attempt = Attempt.objects.get()
    items = attempt.items.select_related("attempt", "question_version", "response")
    for item, (_build, right, *_rest) in list(zip(items, factories.SIX_TYPES.values(), strict=True))[:5]:
        attempts.save(item=item, answer=right, revision=0, at=timezone.now())
    response = learner_client.get(reverse("quizzes:answers", args=["cto", attempt.uuid]))
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="lesson-1-check-1-saved.txt"'
    page = learner_client.get(reverse("quizzes:review", args=["cto", attempt.uuid])).text
    assert re.findall(r'data-file="([^"]+)"', page) == ["lesson-1-check-1-not-saved.txt"]
    assert [words in page for words in ("Download what is saved", "Download what is not saved")] == [True, True]
    head, *entries = response.text.split("\n\n")
    assert head.startswith("Check what stayed, attempt 1, started on ")
    assert [entry.split("\n> ")[1:] for entry in entries] == [
        ["Choice a"] if "Choice a" in entries[0] else ["Right one"],
        *([entry.split("\n> ")[1:] for entry in entries[1:5]]),
        ["No answer\n"],
    ]
    assert "1,400 €k" in entries[3]
    for secret in ("Why", "score", "swap", "Right, Q", "solution"):
        assert secret not in response.text


def test_answers_of_a_sent_attempt_follow_the_policy(learner_client, ruled):
    for policy, shown in (("score_only", False), ("after_close", True)):
        ruled(feedback=policy)
        learner_client.post(f"{FRONT}start/")
        attempt = Attempt.objects.latest("pk")
        learner_client.post(reverse("quizzes:submit", args=["cto", attempt.uuid]))
        response = learner_client.get(reverse("quizzes:answers", args=["cto", attempt.uuid]))
        assert (response.status_code == 200) is shown


# ---- What it costs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("position", [1, 40])
def test_save_takes_five_statements(
    learner_client, course, check, position, django_assert_max_num_queries, django_assert_num_queries
):
    """With session, person, place and question."""
    factories.quiz(check.unit, [factories.single(course, f"A{n}") for n in range(40)], time_limit_minutes=90)
    learner_client.post(f"{FRONT}start/")
    attempt = Attempt.objects.get()
    url = reverse("quizzes:save", args=["cto", attempt.uuid])
    sent = {"question": position, f"q{position}-revision": 0, f"q{position}-answer": "a"}
    with django_assert_num_queries(5):
        assert learner_client.post(url, sent, headers={"accept": "application/json"}).status_code == 200
    assert attempt.items.get(position=position).response.log.get().answer == "a"
    with django_assert_max_num_queries(10):
        learner_client.get(attempt.get_absolute_url())
