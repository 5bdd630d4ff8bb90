"""Nothing on a page is promised that is not there, and every page gives the same time and counts.

Over the course as it is shipped, read as a visitor and as a learner.
"""

import re
from html import unescape
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from cohorts.models import Enrolment
from lessons import outlines, versions
from lessons.durations import exactly as in_words
from lessons.durations import roughly
from lessons.models import Course, UnitVersion
from tests import factories
from tests.factories import NOW
from tests.tight import tight

pytestmark = pytest.mark.django_db

COMING = "⟨coming⟩"
#: The words that promise each part, wherever they stand. A staff tool or the plan of a company promises nothing.
PROMISES = {
    "tools": r"\bTool T\d|\btools? (?:or an assignment|⟨)|\btools that take your|\bEight tools|\bcompetency radar\b",
    "plan": r"\bFirst-100-Days\b|\bA board memo\b"
    r"|\bfields? of (?:the|your) plan\b|\bfeeds? [^.]*\bplan\b"
    r"|\bYour plan needs\b|\bheads your plan\b|\b(?:actions|budget|parts|stages?|\d) (?:in|of) your plan\b"
    r"|\bclose the plan\b|\bThe plan is harder\b",
    "submission": r"\b[Hh]and(?:ed|ing)? (?:it |them )?in\b(?! the)|\bsend it in\b",
    "review": r"\b(?:your|whose) work was reviewed\b|\breviewed by (?:a|your) coach\b",
    "self-assessment": r"\bself-assessment\b",
    "certificate": r"\bcertificate\b",
}
#: What is read as one piece: a term with its definition, a question with its answer, a paragraph, a list item, a cell.
PIECES = re.compile(
    r"<details\b.*?</details>|<div><dt>.*?</dd></div>|<(?P<tag>p|li|h1|h2|h3|dd|dt|td|th|label|button|title)\b.*?</(?P=tag)>",
    re.DOTALL,
)
DURATION = re.compile(r"(?:(\d+) hours?)? ?(?:(\d+) minutes?)?")


@pytest.fixture
def shipped(db):
    """The course as it lies in `content/`."""
    call_command("load_course", str(settings.BASE_DIR / "content/cto"), stdout=StringIO())
    return Course.objects.get()


@pytest.fixture
def reader(shipped, client_of):
    """Somebody who has just joined it and written one note; their client."""
    person = factories.user()
    enrolment = Enrolment.objects.create(
        user=person, course=shipped, cohort=shipped.cohorts.get(), joined_at=timezone.now()
    )
    client = client_of(person)
    client.enrolment = enrolment
    return client


def text(html):
    html = html.replace('<span class="coming">coming</span>', COMING)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def pieces(html):
    main = html[html.index("<body") :]
    return [text(found[0]) for found in PIECES.finditer(main)]


def addresses(course):
    """Every page that a learner of the course reads, but for attempts, which hold questions alone."""
    units = [f"/cto/lessons/{unit.address}" for unit in outlines.read(course).units]
    lessons = [f"/cto/lessons/{lesson.number}/" for lesson in course.lessons.all()]
    fixed = ["/", "/cto/", "/cto/home/", "/cto/lessons/", "/cto/notes/", "/cto/practice/", "/cto/terms/"]
    site = ["/help/", "/privacy/", "/accessibility/", "/account/", "/accounts/email/", "/accounts/2fa/"]
    return [*fixed, *site, *lessons, *units]


def promises(page, coming):
    """(part, piece) for each piece of a page that promises something."""
    return [(part, piece) for piece in pieces(page) for part in coming if re.search(PROMISES[part], piece)]


def listed():
    """The parts that the shipped course says are coming."""
    return re.search(r"^coming: \[(.*)\]$", (settings.BASE_DIR / "content/cto/course.yaml").read_text(), re.M)[1].split(
        ", "
    )


def test_every_promise_of_something_that_is_coming_says_so(shipped, client, reader):
    pages = {path: reader.get(path, follow=True) for path in addresses(shipped)}
    reader.logout()
    pages |= {f"{path} as a visitor": client.get(path) for path in ("/", "/cto/lessons/", "/accounts/signup/")}
    assert {path: page.status_code for path, page in pages.items() if page.status_code != 200} == {}
    found = {path: promises(tight(page.text), shipped.coming) for path, page in pages.items()}
    assert shipped.coming == listed()
    assert {part for kept in found.values() for part, _piece in kept} == set(listed())
    unmarked = {path: [piece for _part, piece in kept if COMING not in piece] for path, kept in found.items()}
    assert {path: kept for path, kept in unmarked.items() if kept} == {}


def test_a_word_off_the_list_turns_its_marks_off(course, learner_client):
    """And only its own; with an empty list no page says that anything is coming, nor shows a name in braces."""
    lesson = course.lessons.get(number=1)
    factories.assignment(lesson)
    blocks = [{"kind": "reflection", "plan": "budget", "html": "<p>What?</p>"}, {"kind": "tool", "key": "T1"}]
    versions.publish(UnitVersion.objects.create(unit=lesson.units.get(key="first"), number=2, blocks=blocks), at=NOW)
    texts = {"leave_with": [{"title": "A First-100-Days plan{plan}", "text": "Made with tools{tools}."}]}
    paths = ["/", "/cto/home/", "/cto/notes/", "/cto/lessons/1/first/", "/cto/lessons/1/assignment/"]
    marks = {}
    for coming in (["tools", "plan", "submission"], ["plan"], []):
        Course.objects.update(coming=coming, front=texts)
        pages = [text(learner_client.get(path).text) for path in paths]
        marks[tuple(coming)] = [page.count(COMING) for page in pages]
        assert not any("{" in page.partition("Skip to")[2] for page in pages)
    assert marks == {
        ("tools", "plan", "submission"): [2, 1, 1, 3, 2],
        ("plan",): [1, 1, 1, 2, 1],
        (): [0, 0, 0, 0, 0],
    }
    assert "Notes you take while reading appear here and in your First-100-Days plan." in pages[1]


def test_the_readme_names_the_same_parts():
    words = {
        "tools": "the tools",
        "plan": "the First-100-Days plan with its board memo",
        "submission": "handing in assignments",
        "review": "their review by a coach",
        "self-assessment": "the self-assessment",
        "certificate": "the certificate",
    }
    readme = " ".join((settings.BASE_DIR / "README.md").read_text().split())
    assert f"Coming: {', '.join(words[part] for part in listed())}." in readme


# ---- Time and counts -------------------------------------------------------------------------------------------------


KINDS = ("", "for the certificate", "optional")


def minutes(words):
    """Minutes out of "1 hour 4 minutes"."""
    hours, rest = DURATION.fullmatch(words.strip()).groups()
    return 60 * int(hours or 0) + int(rest or 0)


def times(words):
    """(required, for the certificate, optional) minutes out of "1 hour 4 minutes, and 49 minutes optional"."""
    required, *besides = words.replace(f" {COMING}", "").split(", and ")
    found = {"for the certificate": 0, "optional": 0}
    for time, kind in (re.fullmatch(r"(.*?) (for the certificate|optional)", each).groups() for each in besides):
        found[kind] = minutes(time)
    return minutes(required), *found.values()


def kind_of(unit):
    """What a unit counts for, from what it is: the exam and the assignments are what no lesson asks for."""
    if unit.required:
        return ""
    return "for the certificate" if unit.unit.key == "exam" or unit.unit.kind == "assignment" else "optional"


def rows(html):
    """(title, minutes, what it counts for) of each section in a list."""
    found = re.findall(r'<li(?: class="done")?><a href="[^"]+">([^<]+).*?<span class="muted">(.+?)</span></li>', html)
    parted = [(title, *text(time).replace(f" {COMING}", "").partition(", ")) for title, time in found]
    return [(title, minutes(time), kind) for title, time, _comma, kind in parted]


def summed(found):
    """(required, for the certificate, optional) minutes of such rows."""
    return tuple(sum(time for _title, time, kind in found if kind == wanted) for wanted in KINDS)


def heads(page):
    """(list, whether its last item is meant) of the crumb and of what stands below the title of a section."""
    crumb, meta = (re.search(rf'<ul class="{name}".*?</ul>', page, re.DOTALL)[0] for name in ("crumb", "meta"))
    return [(crumb, True), (meta, False)]


def remarks_in_rail(page):
    """What the list beside a section says of the sections that no lesson asks for."""
    remarks = re.findall(r'<span class="remark">(.+?)</span></(?:span|a)>', page[: page.index("<main")])
    return [text(remark).replace(f" {COMING}", "") for remark in remarks]


def test_every_page_gives_the_same_time_and_the_same_counts(shipped, reader):
    """The only source is the minutes of each unit and whether it is required."""
    units = UnitVersion.objects.live(shipped)
    whole = tuple(sum(unit.minutes for unit in units if kind_of(unit) == kind) for kind in KINDS)
    assert all(whole)
    required = sum(unit.required for unit in units)
    front = reader.get("/").text
    shown = re.search(r"6 lessons, (.*?), at your own pace", text(front))[1]
    assert times(shown) == whole
    # That is what the check of the files demands; of other claims it cannot know whether they need one.
    assert "every figure in a case carries its source" in text(front)
    assert not re.search(r"\d+ hours? (?:and )?\d+ minutes", text(front[front.index('id="the-questions"') :]))

    home = text(reader.get("/cto/home/").text)
    assert f"0 of {required} sections done · {roughly(whole[0])} left" in home
    listed = tight(reader.get("/cto/lessons/").text)
    assert f"0 of {required} sections done · {roughly(whole[0])} left" in text(listed)

    on_front = [text(found) for found in re.findall(r'<p class="front-minutes">(.+?)</p>', tight(front))]
    on_list = [
        text(found) for found in re.findall(r'<p class="muted">((?:(?!</p>).)+?) · Nothing done yet</p>', listed)
    ]
    at_home = re.findall(r'<span class="home-state">([^<]+)</span>', reader.get("/cto/home/").text)
    sections = [rows(part) for part in listed.split('<ol class="unit-list">')[1:]]
    for number, part in enumerate(sections, 1):
        page = reader.get(f"/cto/lessons/{number}/").text
        count = sum(not kind for _title, _time, kind in part)
        assert rows(tight(page[page.index("<h1") :])) == part
        assert times(on_front[number - 1]) == times(on_list[number - 1]) == summed(part)
        assert minutes(at_home[number - 1]) == summed(part)[0]
        assert re.search(rf"{re.escape(on_list[number - 1])} 0 of {count} sections done", text(page))
        place = 0
        for (title, time, kind), unit in zip(part, outlines.read(shipped).lessons[number - 1].units, strict=True):
            place += not kind
            page = tight(reader.get(f"/cto/lessons/{unit.address}", follow=True).text)
            assert f"0 of {required} sections done" in text(page), title
            if unit.kind == "quiz":
                assert f"About {in_words(time)}." in text(page)
                continue
            where = {"": f"Section {place} of {count}", "optional": "Optional section"}.get(kind, "For the certificate")
            crumb, meta = (re.findall(r"<li>(.*?)</li>", part)[-1 if end else 0] for part, end in heads(page))
            assert text(crumb).replace(f" {COMING}", "") == where
            said = text(meta).replace(f" {COMING}", "")
            assert said == ", ".join(filter(None, [in_words(time), kind]))
            assert remarks_in_rail(page) == [kind for _title, _time, kind in part if kind]
    assert tuple(map(sum, zip(*map(summed, sections), strict=True))) == whole
