"""Correcting a key for everybody: looked at first, applied in steps that can stop, told once, never a pass taken."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError
from django.urls import reverse

from accounts.models import AuditEntry
from lessons.models import Unit
from notifications.models import Message
from quizzes import attempts, invariants
from quizzes.models import Attempt, GradingRun, QuestionVersion, Regrade
from quizzes.regrading import difference, process
from quizzes.regrading.refusals import RegradeRefused
from tests import factories
from tests.factories import SIX_TYPES
from tests.failing import refusing
from tests.quizzes.taking import sent, started
from tests.tight import tight

NOW = factories.NOW
LATER = NOW + timedelta(days=3)


def learners(cohort, count):
    return [factories.enrolment(cohort, factories.user(f"Learner {n}")) for n in range(count)]


def question(key="Q1.03"):
    return QuestionVersion.objects.current().get(question__key=key)


def decided(instructor, policy="accept", key="Q1.03", **details):
    return process.decide(
        version=question(key), policy=policy, details=details, reason="Both are right.", by=instructor, at=LATER
    )


def results():
    return list(Attempt.objects.order_by("pk").values_list("score", "maximum", "passed", "pass_kept"))


def broken():
    return {name for name, check in invariants.CHECKS if check()}


# ---- Look ------------------------------------------------------------------------------------------------------------


def test_preview_says_who_would_gain_and_writes_nothing(cohort, check):
    gains, fails, passed, kept = learners(cohort, 4)
    sent(gains, check, "a", "a", "b")
    sent(fails, check, "b", "b", "b")
    sent(passed, check, "a", "a", "a")
    factories.quiz(check.unit, [question(f"Q1.0{n}").question for n in (1, 2, 3)], pass_percent=60)
    sent(kept, check, "a", "b", "a")
    before = results()
    accept = difference.preview(question(), "accept", {"answers": ["b"]})
    said = [(change.attempt.enrolment, change.score, change.gained, change.pass_kept) for change in accept.changes]
    assert (accept.attempt_count, said) == (4, [(gains, Decimal(3), True, False), (fails, Decimal(1), False, False)])
    new_key = difference.preview(question(), "new_key", {"scores": {"a": 0, "b": 1, "c": 0}})
    said = [(change.attempt.enrolment, change.score, change.gained, change.pass_kept) for change in new_key.changes]
    assert said == [
        (gains, Decimal(3), True, False),
        (passed, Decimal(2), False, True),
        (kept, Decimal(1), False, True),
        (fails, Decimal(1), False, False),
    ]
    assert (results(), GradingRun.objects.count(), Message.objects.count()) == (before, 4, 0)


def test_preview_takes_as_many_queries_for_two_people_as_for_ten(
    cohort, check, django_assert_max_num_queries, monkeypatch
):
    for count in (2, 8):
        for enrolment in learners(cohort, count):
            sent(enrolment, check, "a", "a", "b")
        with django_assert_max_num_queries(5):
            assert len(difference.preview(question(), "drop", {}).changes) in (2, 10)
    monkeypatch.setattr(difference, "CHUNK", 3)
    assert len(difference.preview(question(), "drop", {}).changes) == 10


@pytest.mark.parametrize(
    ("policy", "details", "reason"),
    [
        ("forgive", {}, "Choose what should happen to the question."),
        ("drop", {"answers": ["b"]}, "This policy takes no further details."),
        ("accept", {}, "Say which other answers are to count."),
        ("accept", {"answers": []}, "Say which other answers are to count."),
        ("accept", {"answers": ["z"]}, "These details do not fit the question: This question has no such choice."),
        ("accept", {"formula": "net_over_years"}, "Say which other answers are to count."),
        ("new_key", {"scores": {"a": 1, "b": 0, "c": 0}}, "This is the key already."),
        ("new_key", {"scores": {"a": 1, "b": 1, "c": 0}}, "Exactly one choice is right."),
        ("new_key", {"scores": {"a": 0, "b": 0, "c": 0}}, "At least one choice has to be the best."),
        ("new_key", {"scores": {"a": 0, "b": 7, "c": 0}}, "At least one choice has to be the best."),
        ("new_key", {"scores": {"a": 1}}, "These details do not fit the question: a new key scores every choice"),
        ("new_key", {}, "These details do not fit the question"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(check, instructor, policy, details, reason):
    with pytest.raises(RegradeRefused) as refused:
        decided(instructor, policy, **details)
    assert str(refused.value).startswith(reason)
    assert Regrade.objects.count() == 0


def test_question_that_was_all_somebody_was_asked_is_not_dropped(cohort, check, instructor):
    only = question().question
    factories.quiz(check.unit, [only])
    sent(learners(cohort, 1)[0], check, "b")
    with pytest.raises(RegradeRefused, match="Somebody was asked nothing but this question"):
        decided(instructor, "drop")


def test_what_was_dropped_does_not_come_back_by_another_key(cohort, check, instructor):
    """The maximum of an attempt only falls: a regrade that would raise it could never be applied."""
    sent(learners(cohort, 1)[0], check, "a", "a", "b")
    process.apply(decided(instructor, "drop"), at=LATER)
    with pytest.raises(RegradeRefused, match="dropped"):
        decided(instructor, "new_key", scores={"a": 0, "b": 1, "c": 0})
    assert (Regrade.objects.count(), process.apply_waiting(at=LATER), broken()) == (1, 0, set())


def test_another_formula_has_to_fit_the_numbers_that_were_drawn(course, check, instructor):
    factories.quiz(check.unit, [factories.numeric(course, "N")])
    for policy in ("accept", "new_key"):
        with pytest.raises(RegradeRefused, match="needs a value for"):
            decided(instructor, policy, key="N", formula="availability_in_series")
    assert Regrade.objects.count() == 0


def test_question_that_is_all_somebody_is_asked_now_is_not_dropped(cohort, check, instructor):
    """With another question beside it, it is; then that one is all there is."""
    only, beside = question("Q1.03"), question("Q1.02")
    factories.quiz(check.unit, [only.question, beside.question])
    started(learners(cohort, 1)[0], check, "b")
    decided(instructor, "drop")
    with pytest.raises(RegradeRefused, match="Somebody is asked nothing but this question"):
        decided(instructor, "drop", key="Q1.02")


def test_ticks_that_are_accepted_are_compared_in_any_order(course, cohort, check, instructor):
    factories.quiz(check.unit, [factories.multiple(course, "M")])
    key = [choice["key"] for choice in question("M").body["choices"]]
    attempt = sent(learners(cohort, 1)[0], check, [key[0], key[-1]])
    process.apply(decided(instructor, "accept", key="M", answers=[[key[-1], key[0]]]), at=LATER)
    attempt.refresh_from_db()
    assert attempt.score == attempt.maximum


@pytest.mark.parametrize("feedback", ["after_close", "after_pass", "score_only"])
def test_mail_tells_why_only_to_whom_the_key_is_released(cohort, check, instructor, feedback):
    """The reason is about the key, and who has not passed may be asked the question again."""
    factories.quiz(check.unit, [question(f"Q1.0{n}").question for n in (1, 2, 3)], feedback=feedback)
    gains, fails = learners(cohort, 2)
    sent(gains, check, "a", "a", "b")
    sent(fails, check, "b", "b", "b")
    process.apply(decided(instructor, answers=["b"]), at=LATER)
    told = {mail.user_id for mail in Message.objects.filter(text__contains="Both are right.")}
    expected = {"after_close": {gains.user_id, fails.user_id}, "after_pass": {gains.user_id}, "score_only": set()}
    assert (told, Message.objects.count()) == (expected[feedback], 2)


def test_worker_does_not_ask_about_old_regrades_for_ever(cohort, check, instructor, django_assert_num_queries):
    sent(learners(cohort, 1)[0], check, "a", "a", "b")
    for policy in ("full_credit", "drop"):
        process.apply(decided(instructor, policy), at=LATER)
    with django_assert_num_queries(1):
        assert process.apply_waiting(at=LATER + timedelta(days=2)) == 0


def test_worker_goes_on_with_other_regrades_when_one_fails(course, cohort, check, instructor):
    sent(learners(cohort, 1)[0], check, "a", "a", "b")
    version = question("Q1.02")
    Regrade.objects.create(
        question_version=version, policy="new_key", details={}, reason="Broken.", decided_by=instructor
    )
    factories.quiz(check.unit, [factories.single(course, "B")])
    other = factories.enrolment(cohort, factories.user("Other"))
    attempt = sent(other, check, "b")
    regrade = decided(instructor, "accept", key="B", answers=["b"])
    process.apply_waiting(at=LATER)
    attempt.refresh_from_db()
    regrade.refresh_from_db()
    assert (attempt.score, regrade.applied_at) == (Decimal(1), LATER)


def test_reason_is_wanted_and_a_draft_is_not_regraded(check, instructor):
    with pytest.raises(RegradeRefused, match="Say why"):
        process.decide(version=question(), policy="drop", details={}, reason="  ", by=instructor, at=LATER)
    draft = question()
    draft.pk, draft.number, draft.state = None, 2, "draft"
    draft.save()
    with pytest.raises(RegradeRefused, match="This is a draft"):
        difference.preview(draft, "drop", {})


# ---- Decide and apply ------------------------------------------------------------------------------------------------


def test_apply_grades_everybody_tells_the_changed_and_says_it_is_done(cohort, check, instructor):
    gains, same = learners(cohort, 2)
    first = sent(gains, check, "a", "a", "b")
    sent(same, check, "a", "a", "a")
    regrade = decided(instructor, answers=["b"])
    assert process.apply(regrade, at=LATER) == 0
    assert results() == [(Decimal(3), Decimal(3), True, False), (Decimal(3), Decimal(3), True, False)]
    assert regrade.applied_at == LATER
    (message,) = Message.objects.all()
    assert (message.to, message.subject, message.dedupe_key) == (
        gains.user.email,
        "Your result was corrected: Check what stayed",
        f"regrade:{regrade.pk}:{gains.pk}",
    )
    assert "Both are right." in message.text
    assert "Check what stayed, attempt 1: 2.00 of 3.00 points, now 3.00 of 3.00. You have passed." in message.text
    assert first.get_absolute_url() in message.text
    assert list(AuditEntry.objects.filter(actor=instructor).values_list("actor", "action", "detail")) == [
        (instructor.pk, "regraded", {"regrade": regrade.pk, "policy": "accept"})
    ]
    assert broken() == set()


def test_one_mail_for_all_attempts_of_a_learner(cohort, check, instructor):
    (learner,) = learners(cohort, 1)
    sent(learner, check, "a", "a", "b")
    sent(learner, check, "b", "b", "b")
    process.apply(decided(instructor, "full_credit"), at=LATER)
    (message,) = Message.objects.all()
    assert message.text.count("Check what stayed, attempt") == 2


def test_applying_stops_anywhere_and_goes_on(cohort, check, instructor):
    for learner in learners(cohort, 5):
        sent(learner, check, "a", "a", "b")
    regrade = decided(instructor, answers=["b"])
    assert process.apply(regrade, at=LATER, learners=2) == 3
    assert regrade.applied_at is None
    assert process.apply(regrade, at=LATER, learners=2) == 1
    assert process.apply_waiting(at=LATER) == 0
    assert process.apply_waiting(at=LATER) == 0
    regrade.refresh_from_db()
    assert (regrade.applied_at, GradingRun.objects.count(), Message.objects.count()) == (LATER, 10, 5)
    assert broken() == set()


def test_failure_in_the_middle_of_a_learner_leaves_nothing_half_done(cohort, check, instructor):
    """The mail is the last thing that is written: the runs and results before it do not stay without it."""
    (learner,) = learners(cohort, 1)
    sent(learner, check, "a", "a", "b")
    regrade, before = decided(instructor, answers=["b"]), results()
    with refusing("notifications_message"), pytest.raises(IntegrityError):
        process.apply(regrade, at=LATER)
    assert (results(), GradingRun.objects.count(), Message.objects.count()) == (before, 1, 0)
    process.apply(regrade, at=LATER)
    assert (GradingRun.objects.count(), Message.objects.count()) == (2, 1)


def test_deciding_the_same_twice_is_deciding_once(check, instructor):
    assert decided(instructor, answers=["b"]) == decided(instructor, answers=["b"])
    assert (Regrade.objects.count(), AuditEntry.objects.filter(actor=instructor).count()) == (1, 1)
    decided(instructor, "full_credit")
    decided(instructor, answers=["b"])
    assert Regrade.objects.count() == 3


def test_attempt_that_slipped_past_an_applied_regrade_is_found_by_the_worker(cohort, check, instructor):
    regrade = decided(instructor, answers=["b"])
    process.apply(regrade, at=LATER)
    (learner,) = learners(cohort, 1)
    late = sent(learner, check, "a", "a", "b")
    assert late.score == 3
    assert process.apply_waiting(at=LATER) == 0
    assert GradingRun.objects.count() == 1


def test_running_attempt_hears_of_it_when_it_is_sent(cohort, check, instructor):
    (learner,) = learners(cohort, 1)
    attempt = attempts.start(enrolment=learner, quiz=check, at=NOW)
    process.apply(decided(instructor, "full_credit"), at=LATER)
    closed = attempts.close(attempt=Attempt.objects.get(pk=attempt.pk), as_of=LATER, by=Attempt.ClosedBy.LEARNER)
    assert (closed.score, closed.runs.count(), Message.objects.count()) == (Decimal(1), 1, 0)
    assert broken() == set()


# ---- The page --------------------------------------------------------------------------------------------------------


def address(version):
    return reverse("admin:quizzes_questionversion_regrade", args=[version.pk])


def fields_of(type_):
    """What marks the wrong answer of SIX_TYPES as the right one."""
    wrong = SIX_TYPES[type_][3]
    if type_ in ("single", "multiple"):
        return {"right": wrong}
    if type_ == "scenario":
        return {"score_a": 2, "score_b": 1, "score_c": 0, "score_d": 0}
    if type_ == "numeric":
        return {"formula": "gain_over_years", "percent": "0.5", "numbers": ""}
    if type_ == "matching":
        return {f"pair_{left}": right for left, right in wrong.items()}
    return {f"place_{item}": place for place, item in enumerate(wrong, 1)}


@pytest.mark.parametrize("policy", ["accept", "new_key", "full_credit", "drop"])
@pytest.mark.parametrize("type_", SIX_TYPES)
def test_page_corrects_every_type(client_of, course, cohort, instructor, type_, policy):
    check = factories.six_types(course)
    (learner,) = learners(cohort, 1)
    given = [each[3] for each in SIX_TYPES.values()]
    attempt = sent(learner, check, *given)
    before = attempt.score
    version = question(f"Q6.{type_[:6]}")
    client = client_of(instructor)
    answers = {"policy": policy, "reason": "It was ambiguous.", **fields_of(type_)}
    if policy == "accept" and type_ == "single":
        answers["right"] = ["a", "b"]
    page = client.post(address(version), answers)
    assert page.status_code == 200, page.context["form"].errors
    assert "1 graded attempt was asked this question." in page.text
    assert 'value="Apply: 1 result changes"' in page.text
    assert Regrade.objects.count() == 0
    assert learner.user.name not in page.text
    done = client.post(address(version), answers | {"apply": "yes"}, follow=True)
    assert "Applied. Everybody whose result changed gets one mail." in done.text
    (decided, entry) = LogEntry.objects.order_by("pk")
    assert (decided.get_edited_object(), decided.get_change_message()) == (version.regrades.get(), "Decided.")
    assert (entry.get_edited_object(), entry.get_change_message()[:15]) == (version, "Key corrected: ")
    attempt.refresh_from_db()
    worth = version.points
    assert (attempt.score - before, attempt.maximum) == ((0, 7 - worth) if policy == "drop" else (worth, 7))
    assert broken() == set()


def test_page_speaks_of_results_that_change_and_of_attempts_still_to_be_graded(client_of, cohort, check, instructor):
    misses, hits, inside = learners(cohort, 3)
    sent(misses, check, "a", "a", "b")
    sent(hits, check, "a", "a", "a")
    started(inside, check, "a", "a", "b")
    given = {"policy": "accept", "reason": "x", "right": ["a", "b"]}
    page = " ".join(client_of(instructor).post(address(question()), given).text.split())
    said = "2 graded attempts were asked this question. 1 result would change. 1 attempt is not graded yet: it will be"
    assert said in page
    assert 'value="Apply: 1 result changes"' in page


def test_record_of_a_correction_says_what_it_says_in_words(client_of, check, instructor):
    accepted = decided(instructor, answers=["b"])
    changed = decided(instructor, "new_key", key="Q1.02", scores={"a": 0, "b": 1, "c": 0})
    for regrade, said in ((accepted, "also right: Other one"), (changed, "points: Right one: 0, Other one: 1, ")):
        page = client_of(instructor).get(reverse("admin:quizzes_regrade_change", args=[regrade.pk])).text
        assert (said in page, page.count(">Details:<")) == (True, 1)
        assert "{" not in page.split("Details:")[1].split("</div>")[1]


def test_page_names_learners_only_to_those_who_may_look_at_attempts(client_of, cohort, check, instructor):
    (learner,) = learners(cohort, 1)
    sent(learner, check, "a", "a", "b")
    given = {"policy": "full_credit", "reason": "x"}
    operator = factories.user("Omar Haddad", is_staff=True, is_superuser=True)
    # With the address, for two may have one name.
    named = f"{learner.user.name} ({learner.user.email}), {cohort}"
    assert named in tight(client_of(operator).post(address(question()), given).text)
    hidden = client_of(instructor).post(address(question()), given).text
    assert learner.user.name not in hidden
    assert learner.user.email not in hidden


def test_page_says_what_is_wrong_and_keeps_what_was_typed(client_of, check, instructor):
    given = {"policy": "new_key", "right": ["a", "b"], "reason": "Because of b."}
    page = client_of(instructor).post(address(question()), given)
    assert page.status_code == 400
    assert "Exactly one choice is right. To count two, accept the other as well." in page.text
    assert "Because of b." in page.text


def test_page_is_for_those_who_may_regrade(client_of, check, learner):
    assert client_of(learner).get(address(question())).status_code == 302
    staff = factories.user("Hanna Berg", is_staff=True)
    assert client_of(staff).get(address(question())).status_code == 403
    assert (
        client_of(staff).post(address(question()), {"policy": "drop", "reason": "x", "apply": "1"}).status_code == 403
    )
    assert Regrade.objects.count() == 0


def test_regrade_that_is_not_through_can_be_taken_further_on_its_page(client_of, cohort, check, instructor):
    for learner in learners(cohort, 2):
        sent(learner, check, "a", "a", "b")
    regrade = decided(instructor, answers=["b"])
    client = client_of(instructor)
    page = client.get(reverse("admin:quizzes_regrade_change", args=[regrade.pk]))
    assert "2 attempts have not been graded again yet." in page.text
    go_on = reverse("admin:quizzes_regrade_apply", args=[regrade.pk])
    assert client.get(go_on).status_code == 405
    assert "Applied." in client.post(go_on, follow=True).text


def test_unit_of_the_check_stays_done_when_points_fall(cohort, check, instructor):
    (learner,) = learners(cohort, 1)
    sent(learner, check, "a", "a", "a")
    process.apply(decided(instructor, "new_key", scores={"a": 0, "b": 1, "c": 0}), at=LATER)
    assert results() == [(Decimal(2), Decimal(3), True, True)]
    assert Unit.objects.get(key="check").states.get(enrolment=learner).state == "done"
    (message,) = Message.objects.all()
    assert "A pass stays a pass." in message.text
    assert "A question you were asked was scored by a wrong key, and we have corrected it:" in message.text


@pytest.mark.parametrize(
    ("policy", "details", "done"),
    [
        ("accept", {"answers": ["b"]}, "Another answer to a question you were asked counts as right now"),
        ("full_credit", {}, "Everybody gets the full points of a question you were asked"),
        ("drop", {}, "A question you were asked does not count any more"),
    ],
)
def test_mail_says_what_was_done_and_speaks_of_a_pass_to_who_had_one(cohort, check, instructor, policy, details, done):
    (learner,) = learners(cohort, 1)
    sent(learner, check, "a", "b", "b")
    process.apply(decided(instructor, policy, **details), at=LATER)
    (message,) = Message.objects.all()
    _dear, _empty, first, why, *_rest, last = message.text.split("\n")
    left = "" if policy == "drop" else " The question has left your practice."
    assert (first, why, last) == (f"{done}:", "Both are right.", f"You do not need to do anything.{left}")


# ---- What the learner reads ------------------------------------------------------------------------------------------


def page_of(client_of, attempt):
    return client_of(attempt.enrolment.user).get(f"/cto/attempts/{attempt.uuid}/result/").text


@pytest.mark.parametrize("policy", ["accept", "new_key", "full_credit", "drop"])
@pytest.mark.parametrize("type_", SIX_TYPES)
def test_result_shows_the_corrected_key_and_why(client_of, course, cohort, instructor, type_, policy):
    check = factories.six_types(course)
    (learner,) = learners(cohort, 1)
    attempt = sent(learner, check, *[each[3] for each in SIX_TYPES.values()])
    assert "Corrected:" not in page_of(client_of, attempt)
    version = question(f"Q6.{type_[:6]}")
    given = {"policy": policy, "reason": "It was ambiguous.", "apply": "yes", **fields_of(type_)}
    if policy == "accept" and type_ == "single":
        given["right"] = ["a", "b"]
    client_of(instructor).post(address(version), given)
    page = page_of(client_of, attempt)
    assert page.count("Corrected:</b> It was ambiguous.") == 1
    position = list(SIX_TYPES).index(type_) + 1
    article = page.split(f'aria-labelledby="e{position}"')[1].split("</article>")[0]
    assert ("Not counted" if policy == "drop" else "Right</span>") in article


def test_result_says_that_a_pass_was_kept(client_of, cohort, check, instructor):
    (learner,) = learners(cohort, 1)
    attempt = sent(learner, check, "a", "a", "a")
    process.apply(decided(instructor, "new_key", scores={"a": 0, "b": 1, "c": 0}), at=LATER)
    assert "Your pass stays a pass." in page_of(client_of, attempt)


def test_result_takes_one_more_query_for_any_number_of_regrades(
    client_of, cohort, check, instructor, django_assert_max_num_queries
):
    (learner,) = learners(cohort, 1)
    attempt = sent(learner, check, "a", "a", "b")
    for key in ("Q1.01", "Q1.02", "Q1.03"):
        process.apply(decided(instructor, "full_credit", key), at=LATER)
    client = client_of(learner.user)
    with django_assert_max_num_queries(10):
        page = client.get(f"/cto/attempts/{attempt.uuid}/result/").text
    assert page.count("Corrected:") == 3
