"""GIFT, the text format of Moodle: one question a block, blocks parted by an empty line.

Grammar and signs as Moodle 4 reads and writes them (https://docs.moodle.org/en/GIFT_format): `::title::`, a text, the
answers in braces; `~ = # { } :` are escaped by a backslash; ids and tags stand in comments, `// [id:…] [tag:…]`.
Every step walks the text once.
"""

import re
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from quizzes.exchange import texts, weights
from quizzes.exchange.gift_blocks import LONGEST, SHOWN, Answer, Block, blocks, braces, filed, split, title_of
from quizzes.exchange.records import (
    MOST_QUESTIONS,
    Entry,
    FileRefused,
    QuestionRefused,
    completed,
    fixed,
    named,
    number,
    too_many,
    without_doubles,
)

FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
TRUE, FALSE = ("T", "TRUE"), ("F", "FALSE")


def read(text: str) -> list[Entry]:
    """The questions of a file. Raises FileRefused when it holds none, or too many."""
    entries: list[Entry] = []
    for block in blocks(text):
        if len(entries) == MOST_QUESTIONS:
            raise too_many(block.line)
        entry = Entry(block.line)
        entries.append(completed(entry, partial(fill, block=block)))
    if not entries:
        raise FileRefused(_("There is no question in this file."))
    return without_doubles(entries)


def fill(entry: Entry, block: Block) -> None:
    """Read one question into its entry. Raises QuestionRefused and texts.HasFiles."""
    if len(block.text) > LONGEST:
        limit = {"count": f"{len(block.text):,}", "most": f"{LONGEST:,}"}
        raise QuestionRefused(_("It has %(count)s characters, more than %(most)s.") % limit)
    title, start = title_of(block)
    entry.name = texts.one_line(block.identifier) or title
    entry.competency, entry.bloom = filed(block.tags)
    opening, closing = braces(block, start)
    head, tail = block.text[start:opening], block.text[closing + 1 :].strip()
    stem_format = FORMAT.match(head)
    if stem_format:
        block.format = stem_format[1]
        head = head[stem_format.end() :]
    stem = head.strip() + (f" \0 {tail}" if tail else "")
    # The gap of a sentence to be completed; it is put in after the text has become Markdown.
    entry.record = {"stem": readable(stem, block, entry).replace("\0", r"\_\_\_\_\_")}
    if block.identifier or title:
        named(entry, block.identifier, title)
    inside = block.text[opening + 1 : closing]
    general = inside.rfind("####")
    answers, remark = (inside, "") if general < 0 else (inside[:general], inside[general + 4 :])
    entry.record = fields(entry, block, answers, readable(remark, block, entry), opening + 1)


def readable(text: str, block: Block, entry: Entry) -> str:
    """A text as written to our Markdown, by the format it names or that of its question."""
    match = FORMAT.match(text)
    named_format, text = (match[1], text[match.end() :]) if match else (block.format, text)
    return texts.as_markdown(text.strip().translate(SHOWN), named_format, entry.warnings)


def fields(entry: Entry, block: Block, inside: str, remark: str, start: int) -> dict:
    """The record, by the kind of answers: the same order of questions as Moodle asks."""
    stem = entry.record["stem"]
    written = inside.strip()
    verdict = written.split("#", 1)[0].strip()
    if written.startswith("#"):
        return {"type": "numeric", "stem": stem} | numeric(entry, block, inside, remark, start)
    if not written:
        return {"type": "long", "stem": stem, "points": 1, "criteria": [], "model": remark}
    if remark:
        entry.warnings.append(_("The general feedback is left out."))
    if verdict in TRUE + FALSE:
        return {"stem": stem} | true_or_false(entry, block, written)
    answers = list(split(block, inside, start))
    if "~" in inside:
        return {"stem": stem} | choices(entry, block, answers)
    if "->" in inside:
        return {"type": "matching", "stem": stem} | matching(entry, block, answers)
    return {"type": "short", "stem": stem} | short(entry, block, answers)


def choices(entry: Entry, block: Block, answers: list[Answer]) -> dict:
    several = all(answer.sign == "~" for answer in answers)
    weighed = []
    for answer in answers:
        weight = answer.weight if answer.weight is not None else Decimal(100 if answer.sign == "=" else 0)
        text = texts.one_line(readable(answer.text, block, entry))
        weighed.append((weight, text, texts.one_line(readable(answer.feedback, block, entry))))
    return weights.choices_of(weighed, several=several, tags=block.tags, warnings=entry.warnings)


def true_or_false(entry: Entry, block: Block, written: str) -> dict:
    """A choice of two; the first feedback is that of the wrong answer."""
    verdict, wrong, right, *_rest = [*written.split("#", 2), "", ""]
    feedback = [texts.one_line(readable(text, block, entry)) for text in (right, wrong)]
    is_true = verdict.strip() in TRUE
    parts = [("True", is_true), ("False", not is_true)]
    return {
        "type": "single",
        "choices": [
            {"text": text, "score": int(is_right), "feedback": feedback[0] if is_right else feedback[1]}
            for text, is_right in parts
        ],
    }


def matching(entry: Entry, block: Block, answers: list[Answer]) -> dict:
    pairs, extras = [], []
    for answer in answers:
        # A number sign is no feedback here: both sides belong to the text.
        whole = answer.text + (f"#{answer.feedback}" if answer.feedback else "")
        left, arrow, right = whole.partition("->")
        if not arrow:
            raise QuestionRefused(_("A pair is written =left -> right; here the arrow is missing."), answer.line)
        side = texts.escaped(texts.one_line(right.translate(SHOWN)))
        left = texts.one_line(readable(left, block, entry))
        if left:
            pairs.append({"left": left, "right": side, "feedback": ""})
        else:
            extras.append({"right": side, "feedback": ""})
    return {"pairs": pairs, "extras": extras}


def short(entry: Entry, block: Block, answers: list[Answer]) -> dict:
    feedbacks = []
    for answer in answers:
        weight = Decimal(100) if answer.weight is None else answer.weight
        feedbacks.append(
            (weight, answer.text.strip().translate(SHOWN), readable(answer.feedback, block, entry), answer.line)
        )
    return short_of(feedbacks, entry.warnings)


def short_of(answers: list[tuple[Decimal, str, str, int]], warnings: list[str]) -> dict:
    """The fields of a short text from (weight, answer, feedback, line): right ones weigh 100, known mistakes 0, and
    the feedback to anything else stands with the answer "*". Raises QuestionRefused."""
    accepted, mistakes, right, wrong = [], [], [], ""
    for weight, text, feedback, line in answers:
        feedback = texts.one_line(feedback)
        if text == "*" and not weight:
            wrong = feedback
        elif re.search(r"(?<!\\)\*", text):
            raise QuestionRefused(_("* stands for any letters there; here an answer is a whole text."), line)
        elif weight == 100:
            accepted.append(texts.one_line(text.replace("\\*", "*")))
            right.append(feedback)
        elif not weight:
            mistakes.append({"text": texts.one_line(text.replace("\\*", "*")), "feedback": feedback})
        else:
            raise QuestionRefused(
                _("An answer that is partly right has no counterpart: it counts or it does not."), line
            )
    feedbacks = list(dict.fromkeys(filter(None, right)))
    if len(feedbacks) > 1:
        warnings.append(_("Right answers have one feedback here; that of the first is taken."))
    return {
        "accepted": accepted,
        "feedback": {"right": feedbacks[0] if feedbacks else "", "wrong": wrong},
        "mistakes": mistakes,
    }


def numeric(entry: Entry, block: Block, inside: str, remark: str, start: int) -> dict:
    place = inside.index("#")
    written = inside[place + 1 :]
    written, _sign, wrong = written.partition("~")
    if written.lstrip().startswith("="):
        answers = list(split(block, written, start + place + 1))
    else:
        number, _sign, feedback = written.partition("#")
        answers = [Answer("=", None, number, feedback, block.line_at(start + place))]
    right = [answer for answer in answers if answer.weight in (None, Decimal(100))]
    if any(answer.weight not in (None, Decimal(100), Decimal(0)) for answer in answers):
        raise QuestionRefused(_("A number that is partly right has no counterpart: it counts or it does not."))
    if len(right) != 1:
        raise QuestionRefused(_("Exactly one number has to be right."), answers[0].line)
    if len(answers) > 1:
        entry.warnings.append(_("Feedback to other numbers is left out."))
    record = {
        "right": texts.one_line(readable(right[0].feedback, block, entry)),
        "wrong": texts.one_line(readable(wrong.partition("#")[2], block, entry)),
    }
    try:
        value, tolerance = interval(right[0].text.translate(SHOWN))
    except QuestionRefused as refused:
        raise QuestionRefused(str(refused), right[0].line) from None
    return fixed(value, tolerance) | {"solution": remark, "feedback": record, "mistakes": []}


def interval(text: str) -> tuple[Decimal, Decimal]:
    """`5`, `5:0.1` or `4.9..5.1` as (right number, tolerance)."""
    low, dots, high = text.partition("..")
    if dots:
        lowest, highest = number(low), number(high)
        return (lowest + highest) / 2, (highest - lowest) / 2
    value, _colon, tolerance = text.partition(":")
    return number(value), number(tolerance) if tolerance.strip() else Decimal(0)
