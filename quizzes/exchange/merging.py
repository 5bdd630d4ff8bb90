"""What a file says of a question beside what the bank says: whether it is the same, and the two made one."""

from collections.abc import Mapping
from typing import Any

from quizzes.content.rendering import fields_of
from quizzes.exchange import roundtrip
from quizzes.exchange.records import CannotWrite, Entry, Fields
from quizzes.models import QuestionVersion


def record_of(version: QuestionVersion) -> Fields:
    """The fields of a version as a file would have them."""
    return {"type": version.type, "stem": version.stem, **fields_of(version.body, version.stem)}


def same(entry: Entry, base: QuestionVersion, format_: str) -> bool:
    """Whether the file says what the version says, as far as its format can say it."""
    if entry.competency not in ("", base.competency.key) or entry.bloom not in ("", base.bloom):
        return False
    try:
        return roundtrip.read_back(record_of(base), format_) == roundtrip.read_back(entry.record, format_)
    except CannotWrite:
        return False


#: What makes a part of a question the same part in both.
NAMED_BY = {"choices": "text", "items": "text", "pairs": "left", "extras": "right", "mistakes": "text"}


def merged(record: Mapping[str, Any], base: Mapping[str, Any], format_: str) -> Fields:
    """The record of the file with what only the bank knows: kept where type and wording of a part are the same."""
    if record["type"] != base["type"]:
        return dict(record)
    whole = dict(record)
    for name in ("misconception", "answer_unit", "most_words", "keep_order"):
        if name in base and name not in whole:
            whole[name] = base[name]
    for name, wording in NAMED_BY.items():
        before = {part[wording]: part for part in base.get(name) or [] if wording in part}
        if name in whole:
            whole[name] = [with_kept(part, before.get(part[wording]), format_) for part in whole[name]]
    if not record.get("criteria", True):
        whole["criteria"] = base.get("criteria") or []
    return whole


def with_kept(part: Mapping[str, Any], before: Mapping[str, Any] | None, format_: str) -> Fields:
    whole = dict(part)
    if before is None:
        return whole
    if "misconception" in before and not part.get("score"):
        whole["misconception"] = before["misconception"]
    # Aiken has no feedback, and nothing has any for pairs: there an empty one says nothing.
    if not whole.get("feedback") and (format_ == roundtrip.AIKEN or "left" in part or "right" in part):
        whole["feedback"] = before.get("feedback", "")
    return whole
