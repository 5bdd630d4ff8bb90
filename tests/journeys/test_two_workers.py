"""What is changed through one worker, or behind both, is seen by the next request in each."""

import json
import sys
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.journeys.conftest import running_site

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="which worker answers is told by /proc")

UNIT = "/cto/lessons/1/why-engineers/"
PEOPLE = """
import json
from uuid import uuid4
from cohorts.models import Cohort, Enrolment, Role
from tests import factories, sites
cohort = Cohort.objects.filter(course__key="cto").first()
learner = factories.enrolment(cohort, factories.user("Nadia Osei", email=f"{uuid4()}@example.com")).user
manager = factories.user("Marta Silva", email=f"{uuid4()}@example.com")
Role.objects.create(cohort=cohort, user=manager, kind=Role.Kind.MANAGER)
print(json.dumps({
    "learner": [learner.pk, *sites.signed_in(learner)],
    "manager": [manager.pk, *sites.signed_in(manager)],
    "cohort": f"/cohorts/{cohort.slug}/",
}))
"""
REPUBLISHED = """
from django.utils import timezone
from lessons import versions
from lessons.models import UnitVersion
live = UnitVersion.objects.current().get(unit__key="why-engineers")
texts = {name: getattr(live, name) for name in ("minutes", "lede", "outcome", "blocks", "required", "sources", "terms")}
draft = UnitVersion.objects.create(unit=live.unit, number=live.number + 1, title="Why it was renamed", **texts)
versions.publish(draft, at=timezone.now())
"""


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A site of two workers, and a connection to each."""
    with running_site(tmp_path_factory.mktemp("two"), WORKERS="2") as site:
        by_worker = {}
        with ExitStack() as stack:
            while len(by_worker) < 2:
                connection = stack.enter_context(closing(HTTPConnection(urlsplit(site.url).netloc)))
                answer(connection, "/health/")
                by_worker.setdefault(worker_of(connection, site), connection)
            yield site, list(by_worker.values())


@pytest.fixture
def people(two):
    """A learner and a manager who have just signed in: id, cookies, token of forms; and the manager's cohort."""
    return json.loads(two[0].shell(PEOPLE))


def worker_of(connection, site):
    """The pid of the worker that holds the other end of a connection."""
    ours, server = connection.sock.getsockname()[1], connection.sock.getpeername()[1]
    ends = f":{server:04X}", f":{ours:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    (socket,) = (f"socket:[{row[9]}]" for row in rows if (row[1][8:], row[2][8:]) == ends)
    return next(
        pid
        for pid in Path(f"/proc/{site.server}/task/{site.server}/children").read_text().split()
        if socket in {held.readlink().name for held in Path(f"/proc/{pid}/fd").iterdir() if held.is_symlink()}
    )


def answer(connection, path, cookie="", form=None):
    """Status and text of a page."""
    body = None if form is None else urlencode(form)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("GET" if form is None else "POST", path, body, headers)
    response = connection.getresponse()
    return response.status, response.read().decode()


def seen(two, path, cookie, words):
    """In each worker: the status of a page, and which of the words stand on it."""
    return [
        (status, [word for word in words if word in text])
        for status, text in (answer(connection, path, cookie) for connection in two[1])
    ]


def test_who_signs_out_at_one_worker_is_out_at_the_other(two, people):
    _pk, cookie, token = people["learner"]
    assert seen(two, "/cto/home/", cookie, ["Nadia"]) == [(200, ["Nadia"])] * 2
    assert answer(two[1][0], "/accounts/logout/", cookie, {"csrfmiddlewaretoken": token})[0] == 302
    assert seen(two, "/cto/home/", cookie, ["Nadia"]) == [(302, [])] * 2


def test_a_new_password_ends_other_sessions_in_every_worker(two, people):
    pk, cookie, _token = people["learner"]
    assert seen(two, "/cto/home/", cookie, ["Nadia"]) == [(200, ["Nadia"])] * 2
    two[0].shell(
        f"from accounts.models import User; it = User.objects.get(pk={pk}); it.set_password('another-horse'); it.save()"
    )
    assert seen(two, "/cto/home/", cookie, ["Nadia"]) == [(302, [])] * 2


def test_a_role_that_was_taken_away_opens_nothing_in_any_worker(two, people):
    pk, cookie, _token = people["manager"]
    assert [status for status, _words in seen(two, people["cohort"], cookie, [])] == [200] * 2
    two[0].shell(f"from cohorts.models import Role; Role.objects.filter(user={pk}).delete()")
    assert [status for status, _words in seen(two, people["cohort"], cookie, [])] == [404] * 2


def test_a_person_is_called_by_their_new_name_in_every_worker(two, people):
    pk, cookie, _token = people["learner"]
    names = ["Nadia Osei", "Zoe Brandt"]
    assert seen(two, UNIT, cookie, names) == [(200, names[:1])] * 2
    two[0].shell(f"from accounts.models import User; User.objects.filter(pk={pk}).update(name='Zoe Brandt')")
    assert seen(two, UNIT, cookie, names) == [(200, names[1:])] * 2


def test_a_scheme_that_was_chosen_is_shown_by_every_worker(two, people):
    _pk, cookie, _token = people["learner"]
    schemes = ['data-theme="dark"', 'data-theme="light"']
    assert seen(two, UNIT, cookie, schemes) == [(200, [])] * 2
    assert seen(two, UNIT, f"{cookie}; theme=dark", schemes) == [(200, schemes[:1])] * 2
    assert seen(two, UNIT, f"{cookie}; theme=light", schemes) == [(200, schemes[1:])] * 2


def test_a_section_that_was_published_anew_is_read_in_every_worker(two, people):
    _pk, cookie, _token = people["learner"]
    titles = ["Why great engineers disappoint as CTOs", "Why it was renamed"]
    before = {path: seen(two, path, cookie, titles) for path in (UNIT, "/cto/lessons/", "/cto/home/")}
    assert before == dict.fromkeys(before, [(200, titles[:1])] * 2)
    two[0].shell(REPUBLISHED)
    after = {path: seen(two, path, cookie, titles) for path in before}
    assert after == dict.fromkeys(before, [(200, titles[1:])] * 2)
