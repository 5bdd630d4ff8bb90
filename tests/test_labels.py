"""Words on the screen are native British English: turns of phrase that only a translation has stand nowhere."""

import ast
import functools
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import gettext as translate

ROOT = Path(settings.BASE_DIR)
TEMPLATE_TEXT = re.compile(r'{% translate "([^"]*)"|{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}', re.S)
TRANSLATED = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
#: What gave it away, and what we say.
TELLTALES = {
    r"\bstop here\b": "Continue later",
    r"\b(several|one) of several\b": "multiple choice, single choice",
    r"^(Take|Grant|Throw) (these|it|the draft away)\b": "Download, Grant the extension, Discard the draft",
    r"\b(mend|taken over|begun|anew|meanwhile)\b(?!,)": "correct, imported, started, again, in the meantime",
    r"\bstands? (at|in the|here|there|twice|first|below)\b": "is, comes, appears",
    r"\bstand in\b|\bstands now\b": "are in, is now",
    r"\brightly\b": "correctly",
    r"\bgo(es)? on\b": "continue",
    r"^To (the|your|what)\b": "Go to",
    r"\b(any|no) .* any ?more$": "no longer",
    r"\bbecomes? of\b": "happens to",
    r"\bthose of everybody\b": "everybody’s",
    r"^(terms|sources|the exam|exam) of the course$": "course exam; terms explained",
    r"\bit takes\b|\bof 100 is needed\b": "you need",
    r"\bnobody was asked\b": "nobody has been asked",
    r"^at the most\b|\bmb at the most\b": "up to",
    r"\bcheck what stayed\b": "Lesson 1 check",
}


@functools.cache
def texts():
    return tuple(texts_now())


def texts_now():
    """Every text on a screen that can be translated, with the file it is in."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for short, long in TEMPLATE_TEXT.findall(path.read_text()):
            yield path.name, " ".join((short or long).split())
    for room in settings.ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TRANSLATED:
                    for said in node.args:
                        if isinstance(said, ast.Constant) and isinstance(said.value, str):
                            yield path.name, said.value
    for path in sorted((ROOT / "content").rglob("*.yaml")):
        yield from ((path.name, title) for title in re.findall(r"^title: (.*)$", path.read_text(), re.M))


@pytest.mark.parametrize("telltale", TELLTALES)
def test_no_text_sounds_translated(telltale):
    pattern = re.compile(telltale, re.I)
    assert [(where, text) for where, text in texts() if pattern.search(text)] == []


def test_labels_say_what_they_do():
    """The words that learners and authors press or read, one by one."""
    said = {text for _where, text in texts()}
    wanted = {
        "Continue later",
        "Download as CSV",
        "single choice",
        "multiple choice",
        "Correct the fields marked below.",
        "Lesson 1 check",
        "Lesson 6 check",
        "The course exam",
    }
    assert {label for label in wanted if not any(label in text for text in said)} == set()
    assert translate("Activate") == "Set up the authenticator app"
