"""Whether the choices of a question keep the order in which they were written. Pure.

Choices are shuffled for every learner, unless the author says otherwise (`keep_order` of the body) or shuffling would
make nonsense of them: "Both of the above" has to stand below the others, and names that stand in the question, "Company
A, Company B, Company C", are looked for in their order.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_HOW_MANY = r"all|both|either|neither|none"
_OTHERS = r"above|below|choices|answers|options|others?|following|preceding|previous"
#: What a choice says when it speaks of other choices, in English. Letters stand for choices as capitals only.
REFERS = [
    re.compile(rf"\b(?:{_HOW_MANY}|any|each|one|two|three|some|most) of (?:the )?(?:{_OTHERS})\b", re.IGNORECASE),
    re.compile(r"\b(?:the|choices?|answers?|options?) above\b", re.IGNORECASE),
    re.compile(rf"^(?:{_HOW_MANY})(?: of (?:them|these|those|the (?:two|three|four)))?[.!]?$", re.IGNORECASE),
    re.compile(r"^(?:both|neither) ", re.IGNORECASE),
    re.compile(r"\b(?i:choices?|answers?|options?) [A-H]\b"),
    re.compile(r"\b[A-H] (?:and|or|nor) [A-H]\b"),
]
_MARKS = re.compile(r"[*_`“”\"'’‘]")


def is_kept(stem: str, body: Mapping[str, Any]) -> bool:
    """`stem` and the texts of `body["choices"]` are as they were written, in Markdown."""
    if body.get("keep_order") is not None:
        return bool(body["keep_order"])
    texts = [plain(choice.get("text", "")) for choice in body["choices"]]
    return refers(texts) or names_what_stands_in(stem, texts)


def refers(texts: Sequence[str]) -> bool:
    """Whether one of the choices speaks of others."""
    return any(rule.search(text) for text in texts for rule in REFERS)


def names_what_stands_in(stem: str, texts: Sequence[str]) -> bool:
    """Whether every choice is the name of something in the question, with or without its article."""
    whole = plain(stem).casefold()
    names = [re.sub(r"^(?:the|an?) ", "", text.casefold()).strip(" .,:;") for text in texts]
    return all(name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", whole) for name in names)


def plain(text: str) -> str:
    """Without marks of stress and quotes, with single spaces."""
    return " ".join(_MARKS.sub("", text).split())
