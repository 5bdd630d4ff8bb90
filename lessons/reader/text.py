"""A unit's text as the page shows it. A published text never changes, so it is rendered once and remembered."""

import json
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from lessons.reader import checks
from lessons.reader.remembered import remembered
from lessons.shapes import BLOCKS


class Prose(NamedTuple):
    """Safe HTML of the text, and how many ungraded checks it holds."""

    html: SafeString
    check_count: int


def prose(
    blocks: str, *, path: str, coming: tuple[str, ...] = (), check: str | None = None, choice: str | None = None
) -> Prose:
    """The text of a version from its `blocks` as JSON; `path` is the page's address, where checks are answered;
    `coming` names what the course speaks of and is not there yet (lessons.coming).

    `check` and `choice` answer one check; such a page is not remembered. Raises checks.UnknownAnswer.
    """
    if check is None:
        return _unanswered(blocks, path, coming)
    return _rendered(blocks, path, coming, check, choice)


# Whole pages are remembered, too (lessons.reader.page); these are for texts that stand on pages of other kinds.
@remembered(most=30)
def _unanswered(blocks: str, path: str, coming: tuple[str, ...]) -> Prose:
    return _rendered(blocks, path, coming, None, None)


def _rendered(blocks: str, path: str, coming: tuple[str, ...], check: str | None, choice: str | None) -> Prose:
    stored = json.loads(blocks)
    # Read past the model, which would read what does not fit as nothing, too.
    blocks_for_page = checks.blocks_shown([] if BLOCKS.reason(stored) else stored, check=check, choice=choice)
    html = render_to_string("lessons/_prose.html", {"blocks": blocks_for_page, "path": path, "coming": coming})
    return Prose(html, sum(block["kind"] == "check" for block in blocks_for_page))
