"""Texts that are written: how they are stored and compared, and the short one, which has to be one that is accepted."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from database.shapes import Fields, Many
from lessons import markup
from quizzes.questions import signs
from quizzes.questions.types.answered import Answer, Body, Count, CountedAnswer, Put, Scored, numbered
from quizzes.questions.types.base import TEXT, TEXTS, AnswerRefused, CorrectionRefused, Mistake, QuestionType, as_text

#: Characters a typed answer may have.
MOST_SHORT, MOST_LONG = 200, 20_000
#: What was typed is shown when this many learners typed the same: a text that only one wrote may tell who it was.
ALIKE = 2
#: Typed answers that are listed one by one.
LISTED = 20
MISTAKES = Many(Fields(may={"text": TEXT, "formula": TEXT, "misconception": TEXT, "feedback": TEXT}))
FEEDBACK = Fields(may={"right": TEXT, "wrong": TEXT})


def written(text: str) -> str:
    """A text as it is stored: line ends of one kind (browsers send two characters), nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def stored(answer: Any, most: int) -> str | None:
    """The text as it is stored, None for an empty one. Raises AnswerRefused."""
    if not isinstance(answer, str):
        raise AnswerRefused(_("Write your answer as text."))
    if "\0" in answer:
        # PostgreSQL stores no such character, and no keyboard sends one.
        raise AnswerRefused(_("The text holds a character that cannot be stored. Paste it as plain text."))
    text = written(answer)
    if len(text) > most:
        raise AnswerRefused(
            _("The text has %(count)s characters; %(most)s fit. Shorten it, nothing of it is lost.")
            % {"count": f"{len(text):,}", "most": f"{most:,}"}
        )
    return text or None


def normalised(text: str) -> str:
    """A short text as it is compared: Unicode NFKC, no capitals, one kind of quote and dash, single spaces, and no full
    stops at its end. Nothing else is forgiven: a letter that is missing is a wrong answer."""
    # NFKC makes a space and an accent of an accent that stands alone, so those are exchanged before it.
    plain = unicodedata.normalize("NFC", text).translate(signs.ALIKE)
    plain = unicodedata.normalize("NFKC", plain).casefold()
    # Taking the capitals away may take composed letters apart again, and NFKC makes hyphens of others.
    plain = unicodedata.normalize("NFKC", plain).translate(signs.ALIKE)
    return re.sub(r"\s+", " ", plain).strip().rstrip(". ")


def is_accepted(body: Body, text: str) -> bool:
    answer = normalised(text)
    return any(normalised(other) == answer for other in body["accepted"])


def known_mistake(body: Body, text: str) -> int | None:
    """Which of the known mistakes of a short text was written: its place in `body["mistakes"]`, or None."""
    answer = normalised(text)
    for place, known in enumerate(body.get("mistakes") or []):
        if normalised(known["text"]) == answer:
            return place
    return None


def same_texts(body: Body):
    """Two texts that are one to the scoring would be two verdicts on one answer, or say a thing twice."""
    texts = [("accepted", text) for text in body["accepted"]]
    texts += [(f"mistakes.{number}", mistake["text"]) for number, mistake in enumerate(body["mistakes"], 1)]
    seen: dict[str, str] = {}
    for field, text in texts:
        compared = normalised(text)
        if not compared:
            yield field, f"{text!r} holds nothing that could be compared"
        elif compared in seen:
            yield field, f"{text!r} is the same answer as {seen[compared]!r}: {IGNORED}"
        seen.setdefault(compared, text)


def check_answerable(text: str) -> None:
    """See that somebody can write a text that is to count. Raises CorrectionRefused."""
    if not normalised(text):
        raise CorrectionRefused(_("“%(text)s” could not be answered. Write it differently.") % {"text": text[:80]})


def check_texts(texts: Sequence[str]) -> None:
    """The first text is shown as right: there is one, and each counts when it is typed. Raises CorrectionRefused."""
    if not texts:
        raise CorrectionRefused(_("Write at least one answer that is right."))
    for text in texts:
        check_answerable(text)
        if len(written(text)) > MOST_SHORT or "\0" in text:
            raise CorrectionRefused(_("“%(text)s” could not be answered. Write it differently.") % {"text": text[:80]})


def tally_typed(
    right: str,
    labels: Sequence[str],
    body: Body,
    answers: Sequence[CountedAnswer] | None,
    mistake: Callable[[CountedAnswer], int | None],
    text_of: Callable[[CountedAnswer], str],
    excused: Collection[int] = (),
) -> list[Count]:
    """What is right, the known mistakes, what several learners typed alike, and all the rest in one line.

    The places in `excused` are of known mistakes that a correction counts as right: they are no mistakes any more.
    """
    known: Counter[int] = Counter()
    others: Counter[str] = Counter()
    for each in answers or ():
        if each.answer is None or each.fraction == 1:
            continue
        place = mistake(each)
        if place is None:
            others[text_of(each)] += 1
        else:
            known[place] += 1
    whole = sum(each.fraction == 1 for each in answers or ())
    counts = [Count(right, role="right", **numbered(whole, answers))]
    for place, (label, part) in enumerate(zip(labels, body.get("mistakes") or [], strict=True)):
        misconception = part.get("misconception", "")
        if place not in excused:
            counts.append(Count(label, "wrong", misconception=misconception, **numbered(known[place], answers)))
    listed = [(text, count) for text, count in others.most_common(LISTED) if count >= ALIKE]
    counts += [Count(text, "wrong", **numbered(count, answers)) for text, count in listed]
    if left := others.total() - sum(count for _text, count in listed):
        label = _("Something else, each from one learner or few")
        counts.append(Count(label, "wrong", **numbered(left, answers)))
    return counts


#: What the comparison of short texts forgives.
IGNORED = "capitals, quotes, spaces and a full stop at the end do not count"


class Short(QuestionType):
    key, label = "short", gettext_lazy("short text")
    part = "accepted"
    question_template = result_template = "short"
    typed = True
    shape = {"accepted": TEXTS, "mistakes": MISTAKES, "feedback": FEEDBACK}
    key_shape = {"accepted": TEXTS}

    def faults(self, question):
        return same_texts(question)

    def html(self, question, body):
        return {
            "feedback": {name: markup.inline(text) for name, text in question["feedback"].items()},
            "mistakes": [markup.inline(mistake["feedback"]) for mistake in question["mistakes"]],
        }

    def key_texts(self, question):
        return question["accepted"]

    def as_stored(self, body: Body, answer: Any, language: str) -> Answer:
        return stored(answer, MOST_SHORT)

    def in_words(self, put, answer):
        return [as_text(answer)]

    def is_right(self, body, answer, parameters, language):
        return is_accepted(body, answer)

    def right(self, put):
        return put.body["accepted"][0]

    def rekeyed(self, body: Body, details: Mapping[str, Any]) -> Body:
        return {**body, "accepted": list(details["accepted"])}

    def check_key(self, body):
        check_texts(body["accepted"])

    def check_accepted(self, body, answer):
        check_answerable(answer)
        return super().check_accepted(body, answer)

    def alike(self, body, other, answer, language):
        return normalised(answer) == normalised(other)

    def marked(self, body, also):
        return {**body, "accepted": [*body["accepted"], *also]}

    def explain(self, put: Put, scored: Scored) -> dict[str, Any]:
        rendered, misconception = put.rendered, ""
        feedback = rendered["feedback"]["right" if scored.share == 1 else "wrong"]
        if scored.share < 1 and isinstance(scored.answer, str):
            place = known_mistake(put.body, scored.answer)
            if place is not None:
                misconception, feedback = (
                    put.body["mistakes"][place].get("misconception", ""),
                    rendered["mistakes"][place],
                )
        right, *others = put.body["accepted"]
        return {
            "feedback": mark_safe(feedback),
            "misconception": misconception,
            "right_answer": right,
            "also_right": others,
        }

    def mistakes(self, put):
        return [
            Mistake(part["text"], part["misconception"], mark_safe(put.rendered["mistakes"][place]))
            for place, part in enumerate(put.body.get("mistakes", []))
        ]

    def tally(
        self,
        body: Body,
        rendered: Mapping[str, Any],
        key: Body,
        accepted: Sequence[Any],
        answers: Sequence[CountedAnswer] | None,
    ) -> list[Count]:
        now, known = self.marked(key, accepted), [each["text"] for each in body.get("mistakes") or []]
        return tally_typed(
            " · ".join(now["accepted"]),
            known,
            body,
            answers,
            lambda answered: known_mistake(body, answered.answer),
            lambda answered: normalised(answered.answer),
            {place for place, text in enumerate(known) if is_accepted(now, text)},
        )
