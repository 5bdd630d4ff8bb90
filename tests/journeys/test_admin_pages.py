"""The admin in a real browser under the strict policy: `visit` fails on any error or violation on the console."""

import json
import os

import pytest

from tests.journeys.axe import problems_on
from tests.journeys.people import sign_in_state

PAGES = [
    "/manage/",
    "/manage/accounts/user/",
    "/manage/accounts/user/add/",
    "/manage/cohorts/cohort/add/",
    "/manage/cohorts/enrolment/add/",
    "/manage/lessons/unitversion/",
    "/manage/lessons/unitversion/add/",
    "/manage/quizzes/question/analysis/",
    "/manage/quizzes/questionversion/",
    "/manage/quizzes/questionversion/add/",
    "/manage/quizzes/attempt/",
    "/manage/quizzes/quizversion/add/",
    "/manage/auth/group/add/",
]


@pytest.fixture
def operator_page(visit, site):
    return visit(state=sign_in_state(site, "operator@example.com"))


def test_admin_pages_are_silent_under_the_policy(operator_page):
    for path in PAGES:
        operator_page.goto(path)
        assert operator_page.locator("h1").count() == 1
    operator_page.goto("/manage/lessons/unitversion/")
    operator_page.locator("#result_list tbody th a").first.click()
    assert "Markdown" in operator_page.locator("main").inner_text()


def test_draft_is_written_and_published(operator_page):
    """An author picks a unit, is told what is wrong line by line, mends it, and publishes."""
    page = operator_page
    page.goto("/manage/lessons/unit/?q=why-the-window-matters")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_role("link", name="Write a draft").click()
    title = page.get_by_label("Title")
    was, text = title.input_value(), page.get_by_label("Markdown").input_value()
    title.fill("A better title")
    page.get_by_label("Markdown").fill(text + "\n\nSaid by [R999].")
    page.get_by_role("button", name="Save", exact=True).click()
    line = text.count("\n") + 3
    assert f"Line {line}:" in page.locator(".errorlist").first.inner_text()
    page.get_by_label("Markdown").fill(text)
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("tr", has_text="A better title").locator(".action-select").check()
    page.locator("select[name=action]").select_option("publish")
    page.get_by_role("button", name="Go").click()
    assert "Published: A better title" in page.locator(".messagelist").inner_text()
    assert was != "A better title"


def test_question_is_written_and_published(operator_page):
    """An author writes a question with one row more than the form had, is told what is missing, mends it, publishes."""
    page = operator_page
    page.goto("/manage/quizzes/questionversion/add/")
    page.get_by_label("Single choice", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    key = page.get_by_label("Question key").input_value()
    page.get_by_label("Question", exact=True).fill("Which of these is a first step?")
    page.get_by_role("button", name="Add a row").click()
    for number in range(1, 6):
        row = page.get_by_role("group", name=f"Choice {number}")
        row.get_by_label("Text").fill(f"Step {number}")
        row.get_by_label("Feedback").fill(f"That is step {number}.")
        if number > 1:
            row.get_by_label("Misconception").fill("a later step")
    page.get_by_role("button", name="Save and preview").last.click()
    assert "exactly one choice has score 1, here 0 have" in page.locator(".errornote").inner_text()
    page.get_by_role("group", name="Choice 1").get_by_label("Right").check()
    page.get_by_role("button", name="Save and preview").last.click()
    assert "No check draws it yet" in page.locator("main").inner_text()
    page.get_by_role("button", name="Publish").click()
    assert f"Published: {key}, version 1" in page.locator(".messagelist").inner_text()


def test_second_of_two_who_save_sees_both_texts(visit, site):
    """Two windows have one form open. The second to save reads both texts, on a phone as well, and decides."""
    first, second = (visit(state=sign_in_state(site, "operator@example.com"), width=width) for width in (1280, 390))
    first.goto("/manage/lessons/term/")
    first.locator("#result_list tbody th a").first.click()
    second.goto(first.url)
    for page, said in ((first, "What the first says."), (second, "What the second says.")):
        page.get_by_label("Definition").fill(said)
        page.get_by_role("button", name="Save", exact=True).click()
    assert "Saved: " in first.locator(".messagelist").inner_text()
    told = second.get_by_role("region", name="The text as it is now, and what you typed").inner_text().split("\n")
    assert [line for line in told if line.startswith("What the ")] == ["What the first says.", "What the second says."]
    assert problems_on(second, "both texts", [("light", 390)]) == []
    second.get_by_role("button", name="Save", exact=True).click()
    assert "Saved: " in second.locator(".messagelist").inner_text()
    second.goto("/manage/quizzes/quizversion/add/")
    second.locator(".datetimeshortcuts a[id^=clocklink]").first.click()
    hours = second.locator(".clockbox .timelist").first.inner_text().split()
    assert hours == ["Now", "00:00", "06:00", "12:00", "18:00"]


def test_person_is_found_by_typing(operator_page):
    """The widget that stands in for a select has the name of its label, for a screen reader."""
    page = operator_page
    page.goto("/manage/cohorts/enrolment/add/")
    page.get_by_role("combobox", name="Person").click()
    page.locator(".select2-search__field").fill("nadia")
    page.get_by_role("option", name="Nadia Osei").click()
    assert "Nadia Osei" in page.get_by_role("combobox", name="Person").inner_text()


# ---- The pages of the quizzes, with something on each ----------------------------------------------------------------

WINDOWS = [("dark", 390)]
if os.environ.get("AUDIT") == "full":
    WINDOWS = [(scheme, width) for scheme in ("light", "dark") for width in (390, 1280)]

#: A quiz of its own, with a text to read, a running attempt and twenty-four graded ones; learners never see its unit.
DATA = """
import json
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from cohorts import enrolling
from lessons.models import Course, Unit
from quizzes import attempts
from quizzes.authoring.drafts import next_version
from quizzes.models import QuestionVersion, Quiz
from tests import factories
from tests.quizzes import crowds

now = timezone.now()
course = Course.objects.get()
lesson = course.lessons.get(number=6)
unit = factories.unit(lesson, "letters", position=99, kind="quiz", required=False)
text, number, choice = (make(course, f"J-{make.__name__}", lesson=lesson)
                        for make in (factories.long, factories.numeric, factories.single))
timed = factories.quiz(unit, [text, number, choice], time_limit_minutes=60, attempts_allowed=2,
                       closes_at=now + timedelta(days=3))
sent, running = (attempts.start(enrolment=enrolling.join_open_cohorts(user=User.objects.create_user(
    f"{name}@example.com", name=name.capitalize()), at=now)[0], quiz=timed, at=now) for name in ("tomas", "asta"))
item = sent.items.select_related("attempt", "question_version", "response").get(question_version__type="long")
attempts.save(item=item, answer="A first line.\\n\\n" + "A longer line about the same. " * 40 + "word" * 40, revision=0,
              at=now)
attempts.close(attempt=sent, as_of=now, by="learner")
number, choice = number.versions.get(), choice.versions.get()
places = crowds.learners(sent.enrolment.cohort, 24)
crowds.graded(timed.versions.get(), places, [number, choice],
              [["1400" if place % 3 else "2400", "abc"[place % 3]] for place in range(24)])
Unit.objects.filter(pk=unit.pk).update(retired_at=now)
types = QuestionVersion.objects.current().filter(question__lesson__number=1)
drafts = {type_: next_version(version.question).pk for type_ in QuestionVersion.Type.values
          if (version := types.filter(type=type_).first())}
print(json.dumps({
    "read": str(sent.uuid), "running": running.pk, "sent": sent.pk, "number": number.pk, "choice": choice.pk,
    "letters": timed.versions.get().pk, "question": number.question_id, "drafts": list(drafts.values()),
    "exam": Quiz.objects.get(purpose="exam").versions.get(state="current").pk,
}))
"""
GIFT = "::Sun::The sun rises in the east.{T}\n\nNo answers\n\n::Bad::What is it?{=right ~wrong\n\nNear?{#3:0.1}\n"
QUIZZES = "/manage/quizzes"
LOOKED_AT = [
    "/question/",
    "/question/{question}/change/",
    "/questionversion/",
    "/questionversion/{number}/change/",
    "/questionversion/{number}/preview/",
    "/questionversion/add/?go=1",
    "/question/analysis/",
    "/question/analysis/{number}/",
    "/question/analysis/{choice}/",
    "/question/analysis/quiz/{letters}/",
    "/questionimport/",
    "/questionimport/read/",
    "/questionimport/export/?lesson=&format=aiken",
    "/regrade/of/{number}/",
    "/regrade/of/{choice}/",
    "/attempt/",
    "/attempt/reading/",
    "/attempt/reading/{read}/",
    "/attempt/{running}/change/",
    "/attempt/{running}/extend/",
    "/attempt/{running}/void/",
    "/attempt/{sent}/void/",
    "/quizversion/add/",
    "/quizversion/{exam}/change/",
]
TYPES = ["single", "multiple", "scenario", "numeric", "matching", "ordering", "short", "long"]


def correct(page):
    page.get_by_label("full credit for everybody").check()
    page.get_by_label("Why").fill("The wording left both open.")
    page.get_by_role("button", name="Show what would change").click()


def extend(page):
    page.get_by_label("More minutes").fill("15")
    page.get_by_label("Reason").fill("The power failed.")
    page.get_by_role("button", name="Show what it changes").click()


def send_empty(page):
    page.locator("#content form[method=post] [type=submit]:not([tabindex])").first.click()


def read_file(page):
    page.get_by_label("Competency").select_option(index=1)
    page.get_by_label("Bloom level").select_option(index=1)
    page.get_by_label("File").set_input_files({"name": "bank.txt", "mimeType": "text/plain", "buffer": GIFT.encode()})
    page.get_by_role("button", name="Read the file").click()


#: Where something is done, how, and what the page then says.
DONE = [
    ("/regrade/of/{choice}/", correct, "What would change"),
    ("/regrade/of/{choice}/", send_empty, "Nothing was changed."),
    ("/attempt/{running}/extend/", extend, "What it changes"),
    ("/attempt/{running}/extend/", send_empty, "There is a problem"),
    ("/attempt/{running}/void/", send_empty, "There is a problem"),
    ("/attempt/reading/{read}/", send_empty, "Nothing was saved yet"),
    ("/questionimport/read/", read_file, "3 things to put right before it can be published"),
    ("/questionimport/read/", send_empty, "The file was not read."),
    *[(f"/questionversion/add/?place=lesson-1&type={type_}", send_empty, "Nothing was saved yet") for type_ in TYPES],
    ("/quizversion/add/", send_empty, "Quiz"),
]


@pytest.fixture(scope="module")
def numbers(site):
    return json.loads(site.shell(DATA).splitlines()[-1])


def test_pages_of_the_quizzes_are_accessible(visit, site, numbers):
    """Each page at rest and, where there is a form, after it was refused or showed its effect."""
    page, found = visit(state=sign_in_state(site, "operator@example.com")), []

    def look(path):
        assert page.locator("h1").count() == 1, path
        found.extend(problems_on(page, path, WINDOWS))

    drafts = [f"/questionversion/{draft}/{kind}/" for draft in numbers["drafts"] for kind in ("change", "preview")]
    for path in [*(path.format(**numbers) for path in LOOKED_AT), *drafts]:
        assert page.goto(QUIZZES + path).status == 200, path
        look(path)
    for path, act, says in DONE:
        page.goto(QUIZZES + path.format(**numbers))
        act(page)
        page.wait_for_load_state()
        assert says in page.locator("#content").inner_text(), path
        look(f"{path} after {act.__name__}")
    assert found == []


def test_every_control_of_the_quizzes_is_reached_by_keyboard(visit, site, numbers):
    """Tab visits everything that can be used, and what has the focus shows it."""
    page = visit(width=390, state=sign_in_state(site, "operator@example.com"))
    for path in REACHED:
        page.goto(QUIZZES + path.format(**numbers))
        missed = page.evaluate(UNREACHED)
        for _stop in range(missed["count"] + 20):
            page.keyboard.press("Tab")
            if page.evaluate(VISITED):
                break
        assert page.evaluate("window.left.map(each => each.outerHTML.slice(0, 120))") == [], path
        assert page.evaluate("window.unseen") == [], path


REACHED = [
    "/questionversion/add/?place=lesson-1&type=numeric",
    "/question/analysis/{choice}/",
    "/questionimport/read/",
    "/regrade/of/{choice}/",
    "/attempt/reading/{read}/",
    "/attempt/{running}/extend/",
]
#: Remembers what can be used: of radio buttons the first of each group.
UNREACHED = """() => {
  const all = [...document.querySelectorAll("#content :is(a[href], button, input, select, textarea, summary)")];
  const groups = new Set();
  window.unseen = [];
  window.left = all.filter(each => {
    if (each.type === "hidden" || each.tabIndex < 0 || !each.checkVisibility()) return false;
    if (each.type !== "radio") return true;
    const first = !groups.has(each.name);
    groups.add(each.name);
    return first;
  });
  return { count: window.left.length };
}"""
VISITED = """() => {
  const here = document.activeElement, place = window.left.indexOf(here);
  if (place >= 0) {
    window.left.splice(place, 1);
    const ring = getComputedStyle(here.closest(".level") || here);
    if (ring.outlineStyle === "none" || parseFloat(ring.outlineWidth) < 2)
      window.unseen.push(here.outerHTML.slice(0, 120));
  }
  return window.left.length === 0;
}"""
