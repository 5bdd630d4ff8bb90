"""Our words for what allauth and Django say stand in a message catalogue instead of copied templates."""

import ast
import gettext
import re
from pathlib import Path

import allauth
import django
import pytest
from django.conf import settings
from django.utils.translation import gettext as translate

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "en_GB" / "LC_MESSAGES"
ENTRY = re.compile(r'^msgid((?:\s*"(?:[^"\\]|\\.)*"\s*?\n)+)', re.M)
TRANSLATED = re.compile(r'^msgstr(?:\[\d\])?((?:\s*"(?:[^"\\]|\\.)*"\s*?(?:\n|$))+)', re.M)


def texts(pattern):
    source = (CATALOGUE / "django.po").read_text()
    found = (
        "".join(ast.literal_eval(line.strip()) for line in m[1].strip().splitlines()) for m in pattern.finditer(source)
    )
    return [text for text in found if text and "Content-Type" not in text]


def said_by_libraries():
    """Everything that allauth's and Django's English templates and code say, white space and escapes evened out."""
    said = []
    for package, folders in (
        (allauth, ["account", "mfa", "usersessions", "templates"]),
        (django, ["contrib/admin", "contrib/auth", "forms", "core"]),
    ):
        for folder in folders:
            for path in sorted((Path(package.__file__).parent / folder).rglob("*")):
                if path.suffix == ".py":
                    said += [
                        n.value
                        for n in ast.walk(ast.parse(path.read_text()))
                        if isinstance(n, ast.Constant) and isinstance(n.value, str)
                    ]
                elif path.suffix in (".html", ".txt"):
                    said.append(re.sub(r"{{ *([\w.]+) *}}", r"%(\1)s", path.read_text()))
    return even("\n".join(said))


def even(text):
    return " ".join(text.split())


def test_every_sentence_is_still_said():
    """After an upgrade of allauth: a sentence that it no longer says has lost our wording, and shows up here."""
    said = said_by_libraries()
    assert [text for text in texts(ENTRY) if even(text) not in said] == []


def test_compiled_catalogue_is_the_written_one():
    with (CATALOGUE / "django.mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    written = texts(TRANSLATED)
    assert len(written) > 100
    assert sorted(text for key, text in catalogue._catalog.items() if key) == sorted(written)


@pytest.mark.parametrize("word", ["please", "sorry", "oops", "invalid", "!"])
def test_tone(word):
    assert [text for text in texts(TRANSLATED) if word in text.lower()] == []


def test_words_are_in_use():
    assert translate("Two-Factor Authentication") == "Two-step sign-in"
