"""Static files: under names with a hash, also where one script imports another; pages are compressed on their way."""

import gzip
import re

import pytest
from django.conf import settings
from django.core.management import call_command


def test_scripts_import_each_other_under_names_that_are_kept(settings, tmp_path):
    """A plain name is asked for anew after a minute; one with a hash is kept for a year."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "cto_course.static_files.Storage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    hashed = re.compile(r"\.[0-9a-f]{12}\.js$")
    imports = {
        (path.name, name)
        for path in (tmp_path / "js").glob("*.js")
        if hashed.search(path.name)
        for name in re.findall(r'^import .* from "\./(.+)";$', path.read_text(), re.MULTILINE)
    }
    assert imports
    assert {name for _path, name in imports if not hashed.search(name)} == set()
    assert {name for _path, name in imports if not (tmp_path / "js" / name).exists()} == set()


def test_pages_are_compressed_for_who_can_read_it_and_never_of_one_length(learner_client):
    """The length of a page with a secret in it must not tell what else is in it."""
    plain = learner_client.get("/cto/home/")
    packed = [learner_client.get("/cto/home/", headers={"Accept-Encoding": "gzip"}) for _time in range(12)]
    assert "Content-Encoding" not in plain.headers
    assert {response.headers["Content-Encoding"] for response in packed} == {"gzip"}
    assert "Accept-Encoding" in packed[0].headers["Vary"]
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    texts = {token.sub("", gzip.decompress(response.content).decode()) for response in packed}
    assert texts == {token.sub("", plain.text)}
    assert len({len(response.content) for response in packed}) > 1


@pytest.mark.parametrize(("path", "is_kept"), [("/cto/", True), ("/help/", True), ("/cto/lessons/", True)])
def test_pages_of_visitors_come_back_at_once_and_those_of_people_never(client, learner, db, path, is_kept):
    """Back and forward show a page that a browser may keep; a page of a person is asked for again."""
    assert ("no-store" not in client.get(path).headers.get("Cache-Control", "")) is is_kept
    client.force_login(learner, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert client.get(path).headers["Cache-Control"] == "private, no-store"
