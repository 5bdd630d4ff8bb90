"""What axe is silent about: where things stand, how states look without our colours, names, targets, and paper."""

from itertools import combinations

import pytest
from playwright.sync_api import expect

from tests.journeys.people import sign_in_state
from tests.journeys.timed import attempt_at, store

#: An attempt that was sent, and two questions of one with a time limit, one of them answered, one flagged.
HALF_DONE = """
first, second = attempt.items.order_by("position")[:2]
attempts.save(item=first, answer=first.choice_order[0], revision=0, at=now)
Response.objects.filter(item=second).update(flagged=True)
"""
#: The first question answered right, the second one not, the third left open.
ANSWERED = """
for item, score in zip(attempt.items.select_related("question_version").order_by("position"), (1, 0)):
    key = next(choice["key"] for choice in item.question_version.body["choices"] if choice["score"] == score)
    attempts.save(item=item, answer=key, revision=0, at=now)
"""
SENT = "attempts.close(attempt=attempt, as_of=now, by=Attempt.ClosedBy.LEARNER)"
DONE = """
from progress import recording
from lessons.models import Unit
for key in ("why-engineers", "five-scenes"):
    unit = Unit.objects.get(lesson__number=1, lesson__course__key="cto", key=key)
    recording.mark_done(enrolment=attempt.enrolment, unit=unit, at=now)
"""


@pytest.fixture(scope="module")
def reader(site):
    """Browser state of a learner with two sections of lesson 1 done, a sent attempt and a card; and that attempt."""
    sent = attempt_at(site, "looks@example.com", count=3)
    store(site, sent, DONE + ANSWERED + SENT)
    return sign_in_state(site, "looks@example.com"), sent


@pytest.fixture(scope="module")
def timed(site):
    """Browser state of a learner in the middle of a timed attempt with all its questions on one page; its address."""
    attempt = attempt_at(site, "looks-timed@example.com", count=4, one_page=True, time_limit_minutes=60)
    store(site, attempt, HALF_DONE)
    return sign_in_state(site, "looks-timed@example.com"), attempt


@pytest.fixture(scope="module")
def many(site):
    """The same one question a page, more of them than are listed with words."""
    attempt = attempt_at(site, "looks-many@example.com", count=14, one_page=False)
    store(site, attempt, HALF_DONE)
    return sign_in_state(site, "looks-many@example.com"), attempt


STOPPED_NOWHERE = """
from progress.models import EnrolmentSummary
EnrolmentSummary.objects.filter(enrolment__user__email="looks@example.com").update(last_unit=None)
"""


def box(page, selector):
    return page.locator(selector).first.bounding_box()


# ---------- Where things stand ----------


@pytest.mark.parametrize("javascript", [True, False])
def test_outline_opens_at_the_current_section_and_ends_in_sight(visit, reader, javascript):
    page = visit(height=800, state=reader[0], javascript=javascript)
    page.goto("/cto/lessons/6/assignment/")
    current = box(page, ".outline [aria-current=page]")
    assert 65 < current["y"] < current["y"] + current["height"] < 800
    page.goto("/cto/lessons/2/assignment/")
    page.locator(".outline .lessons > li:last-child > a").scroll_into_view_if_needed()
    sixth = box(page, ".outline .lessons > li:last-child > a")
    assert sixth["y"] + sixth["height"] <= 800
    if javascript:
        assert page.evaluate("scrollY") == 0


def test_outline_is_moved_by_its_module_where_the_style_sheet_cannot(visit, reader):
    page = visit(height=800, state=reader[0])
    page.add_init_script("CSS.supports = () => false")
    page.route("**/reader*.css", lambda route: route.fulfill(response=(found := route.fetch()), body=without(found)))
    page.goto("/cto/lessons/6/assignment/")
    assert 65 < box(page, ".outline [aria-current=page]")["y"] < 760


def without(response):
    assert "scroll-initial-target: nearest" in response.text()
    return response.text().replace("scroll-initial-target: nearest", "color: inherit")


def test_fronts_and_rubric_use_the_width(visit, reader):
    page = visit(state=reader[0])
    page.goto("/cto/lessons/6/")
    assert (
        box(page, "section[aria-labelledby=sections]")["x"] > box(page, "section[aria-labelledby=outcomes]")["x"] + 500
    )
    page.goto("/cto/lessons/6/check/")
    front = box(page, "main")
    assert front["width"] > 950
    assert box(page, ".way-in")["x"] > box(page, ".rules")["x"] + 500
    assert front["y"] + front["height"] >= box(page, "footer")["y"] - 1
    page.goto("/cto/lessons/2/assignment/")
    assert (
        min(box(page, f".rubric tbody tr:nth-child(2) td:nth-child({place})")["width"] for place in range(1, 5)) > 160
    )


@pytest.mark.parametrize("width", [390, 1280])
def test_one_frame_for_practice_result_and_notes(visit, reader, width):
    state, sent = reader
    page = visit(width=width, state=state)
    frames = []
    for path in ("/cto/practice/", f"{sent}result/", "/cto/notes/"):
        page.goto(path)
        frames.append(
            page.evaluate(
                """() => {
                  const frame = document.querySelector(".frame"), [h1] = document.getElementsByTagName("h1");
                  const outer = frame.getBoundingClientRect(), style = getComputedStyle(frame);
                  return [outer.x, outer.y, outer.width, h1.getBoundingClientRect().x, getComputedStyle(h1).fontSize,
                          style.paddingTop, style.paddingLeft, document.querySelector("footer").getBoundingClientRect()
                          .bottom >= innerHeight];
                }"""
            )
        )
    assert frames[0] == frames[1] == frames[2]


def test_clock_stays_in_sight_on_a_phone(visit, timed):
    state, attempt = timed
    page = visit(width=390, state=state)
    page.goto(attempt)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    clock = box(page, "[data-clock]")
    assert 0 <= clock["y"] < clock["y"] + clock["height"] < 140
    head = box(page, ".attempt-head")
    assert head["height"] < 0.16 * 844
    page.locator("#q4-stem").evaluate("stem => { location.hash = stem.id }")
    assert box(page, "#q4-stem")["y"] >= box(page, ".attempt-head")["y"] + head["height"] - 1
    low = visit(width=320, height=256, state=state)
    low.goto(attempt)
    assert low.locator(".attempt-head").evaluate("head => getComputedStyle(head).position") == "static"


def test_bar_leaves_a_low_window_to_the_text(visit, reader):
    page = visit(width=320, height=256, state=reader[0])
    page.goto("/cto/lessons/1/mission/")
    assert page.locator(".next").evaluate("bar => getComputedStyle(bar).position") == "static"
    padding = page.evaluate("parseFloat(getComputedStyle(document.documentElement).scrollPaddingBottom) || 0")
    assert padding < 0.2 * 256


def test_what_is_focused_is_not_under_the_bar(visit, reader):
    page = visit(width=390, state=reader[0])
    page.goto("/cto/lessons/1/mission/")
    assert page.locator(".next").evaluate("bar => getComputedStyle(bar).position") == "sticky"
    stops = page.evaluate(
        """() => {
          const bar = document.querySelector(".next");
          return [...document.querySelectorAll(".sheet :is(a, input, button, summary, [tabindex='0'])")]
            .filter(stop => !bar.contains(stop) && stop.checkVisibility())
            .map(stop => {
              scrollTo(0, 0);
              stop.focus();
              const { top, bottom } = stop.getBoundingClientRect();
              return [top, Math.min(bottom, top + 24), bar.getBoundingClientRect().top];
            });
        }"""
    )
    assert len(stops) > 3
    assert [stop for stop in stops if stop[0] < 0 or stop[1] > stop[2]] == []


def test_check_says_check_again(visit, reader):
    page = visit(state=reader[0])
    page.goto("/cto/lessons/1/why-engineers/")
    form = page.locator("form.check").first
    form.get_by_role("button", name="Check", exact=True).click()
    expect(form.get_by_role("status")).to_have_text("Choose one of these first.")
    form.get_by_text("Mira’s list").click()
    expect(form.get_by_role("status")).to_be_empty()
    form.get_by_role("button", name="Check", exact=True).click()
    expect(form.get_by_role("button", name="Check again")).to_be_focused()


# ---------- Without our colours ----------

#: What of a look is left when the system's colours are forced: borders, outlines, grounds in colours of the system.
LOOK = """
(element, pseudo) => {
  const style = getComputedStyle(element, pseudo);
  const sides = ["Top", "Right", "Bottom", "Left"];
  return [
    ...sides.map(side => style[`border${side}Width`] + style[`border${side}Style`] + style[`border${side}Color`]),
    style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineStyle + style.outlineColor,
    style.backgroundColor, style.content, style.textDecorationLine,
  ].join(" ");
}
"""


#: What an explained choice can be: chosen and right, chosen and wrong, right and not chosen, neither.
EXPLAINED = [
    f".explained-choices > {state}" for state in (".is-right", ".is-wrong", ".is-missed", "li:not([class^=is])")
]


def looks(page, selector, pseudo=None):
    found = page.locator(selector).first
    assert found.count() == 1, selector
    return found.evaluate(LOOK, pseudo)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_states_in_forced_colours(visit, reader, timed, many, site, scheme):
    """Each state beside its opposite: without colour of ours the two still look different."""
    pairs = {
        "/cto/lessons/1/mission/": [
            (".sections .done a", ".sections li:not(.done) a:not([aria-current])", "::before"),
            (".sections a[aria-current]", ".sections li:not(.done) a:not([aria-current])", None),
            (".mainnav a[aria-current]", ".mainnav a:not([aria-current])", None),
            (".menu [aria-pressed=true]", ".menu [aria-pressed=false]", None),
        ],
        "/cto/lessons/1/": [(".unit-list .done a", ".unit-list li:not(.done) a", "::before")],
        "/cto/lessons/1/why-engineers/?check=L1-c1&choice=b": [
            (".choice:is(.right, .wrong)", ".choice:not(.right, .wrong)", None),
        ],
        "/account/": [(".sidenav a[aria-current]", ".sidenav a:not([aria-current])", None)],
        f"{reader[1]}result/": [(mine, other, None) for mine, other in combinations(EXPLAINED, 2)],
    }
    same = []
    for state, found in (
        (reader[0], pairs),
        (
            timed[0],
            {
                timed[1]: [
                    (".choice:has(:checked)", ".choice:not(:has(:checked))", None),
                    (".flag[aria-pressed=true]", ".flag[aria-pressed=false]", None),
                ]
            },
        ),
        (
            many[0],
            {f"{many[1]}?q=3": [(".marks [aria-current]", ".marks button:not([aria-current]):not([form=x])", None)]},
        ),
    ):
        page = visit(state=state, scheme=scheme, forced="active")
        for path, selectors in found.items():
            page.goto(path)
            page.evaluate("document.querySelectorAll('.menu').forEach(menu => menu.open = true)")
            for on, off, pseudo in selectors:
                if looks(page, on, pseudo) == looks(page, off, pseudo):
                    same.append((path, on))
    assert same == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_progress_and_buttons_in_forced_colours(visit, reader, site, scheme):
    # Where the looks at other pages have led this reader counts as begun as well.
    site.shell(STOPPED_NOWHERE)
    page = visit(state=reader[0], scheme=scheme, forced="active")
    page.goto("/cto/home/")
    bar = page.locator("progress").first
    shots = []
    for value in (0, 0.5, 1):
        bar.evaluate("(bar, value) => { bar.value = value * bar.max }", value)
        shots.append(bar.screenshot())
    assert len(set(shots)) == 3
    done, half = (page.locator(f".home-lessons use[href$='#{state}']").count() for state in ("done", "half"))
    assert (done, half) == (0, 1)
    # The tick within a disc, and the disc, in colours of the system.
    colours = """icon => [getComputedStyle(icon).getPropertyValue("--knock").trim(),
      getComputedStyle(icon).color === getComputedStyle(icon.parentElement).color]"""
    assert page.locator(".home-lessons .icon").last.evaluate(colours) == ["Canvas", True]
    admin = visit(state=sign_in_state(site, "operator@example.com"), scheme=scheme, forced="active")
    admin.goto("/manage/quizzes/questionversion/add/")
    buttons = admin.locator("#content input[type=submit]")
    assert buttons.count() > 0
    widths = buttons.evaluate_all("all => all.map(button => parseFloat(getComputedStyle(button).borderTopWidth))")
    assert min(widths) >= 1


# ---------- Names and targets ----------

PAGES = [
    "/cto/home/",
    "/cto/lessons/",
    *(f"/cto/lessons/{number}/" for number in range(1, 7)),
    "/cto/lessons/1/why-engineers/",
    "/cto/lessons/1/mistakes-practices/",
    "/cto/lessons/6/mistakes-practices/",
    "/cto/lessons/2/assignment/",
    "/cto/lessons/4/assignment/",
    *(f"/cto/lessons/{number}/check/" for number in range(1, 7)),
    "/cto/exam/",
    "/cto/practice/",
    "/cto/notes/",
    "/cto/terms/",
    "/cto/sources/",
    "/account/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/help/",
    "/privacy/",
    "/accessibility/",
]
#: Links and buttons with their names, what they lead to, and their size.
#: Links within a sentence have no least size, nor has what nobody sees before it has the focus.
CONTROLS = """
() => {
  const text = element => element.tagName === "INPUT" ? element.value : element.textContent;
  const said = element => (element.getAttribute("aria-label") || text(element))
    .replace(/\\s+/g, " ").trim();
  const inSentence = link => {
    const style = getComputedStyle(link);
    return link.tagName === "A" && style.display === "inline"
      && [...link.closest("p, li, dd, dt, td, th, h1, h2, h3, legend").childNodes].some(node =>
        node.nodeType === Node.TEXT_NODE && node.textContent.trim().length > 1);
  };
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(each => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".visually-hidden, .skip"))
    .map(each => {
      const { width, height } = each.getBoundingClientRect();
      const leads = each.tagName === "A" ? each.href : each.form
        ? [each.form.action, each.name, each.value].join(" ") : each.id || "";
      return {
        kind: each.tagName, name: said(each), leads,
        small: !inSentence(each) && !each.disabled && width > 0
          && getComputedStyle(each).clipPath !== "inset(50%)" && Math.min(width, height) < 23.95,
        size: `${width.toFixed(1)} x ${height.toFixed(1)}`,
      };
    });
}
"""


def test_titles_names_and_targets(visit, reader, timed, many):
    """Every page has a title of its own; on a page what has one name does one thing; nothing is below 24 pixels."""
    titles, ambiguous, small = {}, [], []
    learner, sent = reader
    for state, paths in (
        (learner, [*PAGES, f"{sent}result/"]),
        (timed[0], [timed[1], f"{timed[1]}review/"]),
        (many[0], [f"{many[1]}?q=1", f"{many[1]}?q=2", f"{many[1]}review/"]),
    ):
        page = visit(state=state)
        for path in paths:
            assert page.goto(path).ok, path
            page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(fold => fold.open = true)")
            titles.setdefault(page.title(), []).append(path)
            leads = {}
            for control in page.evaluate(CONTROLS):
                if control["kind"] in ("A", "BUTTON", "SUMMARY"):
                    leads.setdefault((control["kind"], control["name"]), set()).add(control["leads"])
                if control["small"]:
                    small.append((path, control["kind"], control["name"][:40], control["size"]))
            ambiguous += [(path, name, sorted(found)) for name, found in leads.items() if len(found) > 1]
    # Two learners' reviews of one check are one page to each of them.
    review = {title: paths for title, paths in titles.items() if len(paths) > 1 and "Review" not in title}
    assert (review, ambiguous, small) == ({}, [], [])


def test_account_pages_have_one_row_of_tabs_and_buttons_that_say_which_password(visit, site):
    page = visit(state=sign_in_state(site, "learner@example.com"))
    page.goto("/accounts/password/change/")
    names = page.locator("[aria-controls][aria-pressed]").evaluate_all(
        "all => all.map(each => each.textContent.trim())"
    )
    assert names == ["Show: Current password", "Show: New password", "Show: New password, again"]
    # The tabs of the account are one row on a phone, all of it in sight; where they do not fit, the row scrolls.
    page.set_viewport_size({"width": 390, "height": 800})
    tabs = page.locator(".sidenav a")
    assert len({tab.bounding_box()["y"] for tab in tabs.all()}) == 1
    # The longest name is the widest row when its page is the current one.
    page.goto("/accounts/2fa/")
    row = page.locator(".sidenav ul")
    assert row.evaluate("row => row.scrollWidth - row.clientWidth") == 0
    page.set_viewport_size({"width": 320, "height": 800})
    assert len({tab.bounding_box()["y"] for tab in tabs.all()}) == 1
    assert page.evaluate("document.documentElement.scrollWidth") == 320


# ---------- On paper ----------


def test_paper_has_tables_and_no_circles_or_buttons(visit, reader):
    state, sent = reader
    page = visit(state=state)
    page.emulate_media(media="print")
    page.goto("/cto/lessons/1/why-engineers/?check=L1-c1&choice=b")
    radios = page.locator(".check input[type=radio]")
    assert radios.count() == 3
    seen = radios.evaluate_all("all => all.map(radio => [radio.checked, radio.checkVisibility()])")
    assert all(checked == visible for checked, visible in seen)
    assert [True, True] in seen
    page.goto("/cto/lessons/4/npv-and-irr/")
    tables = page.locator("details.as-table:not([open]) table")
    assert tables.count() > 0
    assert tables.evaluate_all("all => all.map(table => table.getBoundingClientRect().height > 40)") == (
        [True] * tables.count()
    )
    for path in (f"{sent}result/", "/cto/lessons/1/check/", "/cto/lessons/1/"):
        page.goto(path)
        assert page.locator("main :is(.btn, button)").filter(visible=True).all_inner_texts() == []
