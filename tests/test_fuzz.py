"""The short form of tests/campaigns/fuzz.py: some addresses, as everybody, with values that nobody types."""

import sys

import pytest

from tests.fuzz import addresses, pages
from tests.fuzz.attack import Attack

REQUESTS = 500


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1])
def test_nothing_that_is_sent_ends_in_a_500(settings, seed):
    settings.ALLOWED_HOSTS = ["testserver"]
    found = Attack(seed=seed).run(requests=REQUESTS, whole=False)
    statuses = dict(sorted(found.statuses.items()))
    sys.stdout.write(f"{found.requests} requests to {len(found.addresses)} addresses: {statuses}\n")
    assert found.requests >= REQUESTS
    # Some of it is taken: otherwise the roles would not be signed in, or the world would be empty.
    assert min(found.statuses[status] for status in (200, 302, 400, 403, 404, 405)) > 0
    assert {name: (count, found.examples[name]) for name, count in found.failures.items()} == {}


def test_every_address_is_known_with_its_places():
    found = addresses.templates()
    assert {"/", "/manage/lessons/term/<object_id>/change/", "/<course>/attempts/<uuid>/save/"} <= set(found)
    assert "/accounts/password/reset/key/<uidb36>-<key>/" in found
    assert [template for template in found if any(sign in template for sign in "()^$\\:")] == []


def test_forms_are_found_as_a_browser_sends_them():
    html = """
      <a href="/here/?page=2&o=1">2</a><a href="/there/?x=1">there</a><a href="http://[">x</a><a href="?q=">q</a>
      <form action="/save/" method="post"><input type="hidden" name="token" value="t"><input name="name">
        <input type="radio" name="one" value="a"><input type="radio" name="one" value="b" checked>
        <input type="checkbox" name="on"><textarea name="text">Some
words</textarea><select name="pick"><option value="">-</option><option value="1">1</option>
        <option value="2" selected>2</option></select><input type="file" name="file">
        <button name="go" value="1">Go</button>
      </form><form><input name="q"></form>"""
    (save, search), parameters = pages.read(html, "/here/")
    assert (save.action, save.method, save.files) == ("/save/", "post", {"file"})
    assert save.fields == {
        "token": ["t"],
        "name": [""],
        "one": ["a", "b"],
        "on": ["on"],
        "text": ["Some\nwords"],
        "pick": ["2"],
        "go": ["1"],
    }
    assert (search.action, search.method, search.fields) == ("/here/", "get", {"q": [""]})
    assert parameters == {"page": "2", "o": "1"}
