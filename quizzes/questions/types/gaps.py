"""A text with several gaps. In each of them something is written, or chosen from a list; each counts by itself.

A gap in which something is written is a short text within the question, one that is chosen a single choice: their rules
are asked of each gap. `{1}`, `{2}` … in the wording are the places where the gaps stand.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from database.shapes import Many, named
from lessons import markup
from quizzes.questions import choice_order, keys
from quizzes.questions.types.answered import Answer, Body, Count, CountedAnswer, Parts, Put, Scored
from quizzes.questions.types.base import (
    TEXTS,
    AnswerRefused,
    CorrectionRefused,
    Mistake,
    QuestionType,
    ResultLine,
    as_text,
)
from quizzes.questions.types.choices import Single
from quizzes.questions.types.gap import (
    BLANKS,
    GAP,
    Choice,
    Piece,
    by_key,
    faults_of,
    is_chosen,
    is_right,
    named_gap,
    places,
    right_of,
    with_blanks,
    with_key,
)
from quizzes.questions.types.texts import MOST_SHORT, Short, check_answerable, check_texts, known_mistake, stored


class Gaps(QuestionType):
    key, label = "gaps", gettext_lazy("several gaps")
    part, form = "gaps", "pairs"
    question_template = result_template = "gaps"
    typed = True
    shape = {"gaps": Many(GAP)}
    key_shape = {"gaps": named(TEXTS)}

    # ---- Writing it

    def faults(self, question):
        wanted = [str(number) for number in range(1, len(question["gaps"]) + 1)]
        if places(markup.blocks(question["stem"])) != wanted:
            numbers = ", ".join(f"{{{number}}}" for number in wanted)
            yield "stem", f"the gaps {numbers} stand in it in this order, each once, and in no link"
        for number, gap in enumerate(question["gaps"], 1):
            for reason in faults_of(gap):
                yield f"gaps.{number}", reason

    def keyed(self, identifier, body):
        """Gaps have their numbers, choices the number of their gap and a letter."""
        gaps = []
        for number, gap in enumerate(body["gaps"], 1):
            choices = [{"key": f"{number}{key}", **choice} for key, choice in keys.lettered(gap.get("choices") or [])]
            gaps.append({"key": str(number), **gap, **({"choices": choices} if is_chosen(gap) else {})})
        return {**body, "gaps": gaps}

    def html(self, question, body):
        choices, feedback = {}, {}
        for gap in body["gaps"]:
            for choice in gap.get("choices", []):
                choices[choice["key"]] = markup.inline(choice["text"])
                feedback[choice["key"]] = markup.inline(choice["feedback"])
            for name, text in (gap.get("feedback") or {}).items():
                feedback[f"{gap['key']}-{name}"] = markup.inline(text)
            for place, mistake in enumerate(gap.get("mistakes") or []):
                feedback[f"{gap['key']}-{place}"] = markup.inline(mistake["feedback"])
        return {"stem": with_blanks(markup.blocks(question["stem"])), "choices": choices, "feedback": feedback}

    def key_texts(self, question):
        texts = []
        for gap in question["gaps"]:
            chosen = [choice["text"] for choice in gap.get("choices") or [] if choice["score"]]
            texts += [*chosen, *(gap.get("accepted") or [])]
        return texts

    # ---- Asking it

    def order(self, stem: str, body: Body, rng: random.Random) -> list[str]:
        """The choices of all gaps, gap after gap."""
        order = []
        for gap in filter(is_chosen, body["gaps"]):
            written = [choice["key"] for choice in gap["choices"]]
            shuffled = list(written)
            rng.shuffle(shuffled)
            order += written if self._keeps(stem, body, gap) else shuffled
        return order

    def _keeps(self, stem: str, body: Body, gap: Body) -> bool:
        # That all choices stand in the text means nothing here: it is the text into which they go.
        return choice_order.is_kept("", {"keep_order": body.get("keep_order"), "choices": gap["choices"]})

    def keeps_order(self, stem, body):
        chosen = [gap for gap in body["gaps"] if is_chosen(gap)]
        return bool(chosen) and all(self._keeps(stem, body, gap) for gap in chosen)

    def lines(self, body):
        return [gap["key"] for gap in body["gaps"]]

    def rows(self, put, answer):
        """The wording in pieces, each with the gap that follows it."""
        answers = answer if isinstance(answer, dict) else {}
        html, gaps = self.labels(put.rendered), by_key(put.body)
        *split, last = BLANKS.split(put.rendered["stem"])
        pieces = []
        for before, key in zip(split[::2], split[1::2], strict=True):
            text, choices = answers.get(key) or "", ()
            if is_chosen(gaps[key]):
                mine = {choice["key"] for choice in gaps[key]["choices"]}
                choices = tuple(Choice(each, html[each], each == text) for each in put.order if each in mine)
            pieces.append(Piece(mark_safe(before), key, "" if choices else text, choices))
        return [*pieces, Piece(mark_safe(last))]

    def as_stored(self, body: Body, answer: Any, language: str) -> Answer:
        gaps = by_key(body)
        if not isinstance(answer, dict) or not set(answer) <= set(gaps):
            raise AnswerRefused(_("This question has no such gap. Fill those shown."))
        fitting = {key: self._check_gap(gaps[key], answer[key]) for key in gaps if answer.get(key)}
        return {key: text for key, text in fitting.items() if text} or None

    def _check_gap(self, gap: Body, text: Any) -> str | None:
        try:
            if not is_chosen(gap):
                return stored(text, MOST_SHORT)
            Single().as_stored(gap, text, "")
        except AnswerRefused as refused:
            raise AnswerRefused(f"{named_gap(gap['key'])}: {refused}") from refused
        return text

    def in_words(self, put, answer):
        return [
            format_html("{}: {}", named_gap(key), self.words_of(put, gap, answer[key]))
            for key, gap in by_key(put.body).items()
            if key in answer
        ]

    def remark(self, put, answer):
        empty = len(put.body["gaps"]) - len(answer or {})
        if not answer or not empty:
            return ""
        return ngettext("%(count)s gap is empty", "%(count)s gaps are empty", empty) % {"count": empty}

    def words_of(self, put: Put, gap: Body, text: str) -> SafeString:
        """What was given in a gap, or would be right in it, for a page."""
        return mark_safe(put.rendered["choices"][text]) if is_chosen(gap) else as_text(text)

    def texts(self, body, answer):
        written = [gap["key"] for gap in body["gaps"] if not is_chosen(gap)]
        return [answer[key] for key in written if answer and answer.get(key)]

    # ---- Scoring and correcting it

    def parts(self, body: Body, answer: Mapping[str, str]) -> Parts:
        right = sum(is_right(gap, answer[gap["key"]]) for gap in body["gaps"] if gap["key"] in answer)
        return Parts(right, 0, len(body["gaps"]))

    def counted(self, body: Body, counted: Parts) -> str:
        return ngettext("%(right)s of %(of)s gaps is right.", "%(right)s of %(of)s gaps are right.", counted.right)

    def right(self, put):
        return {gap["key"]: right_of(gap)[0] for gap in put.body["gaps"]}

    def rekeyed(self, body: Body, details: Mapping[str, Any]) -> Body:
        new = details["gaps"]
        if set(new) != set(self.lines(body)):
            raise ValueError("a new key has an answer for every gap")
        return {**body, "gaps": [with_key(gap, new[gap["key"]]) for gap in body["gaps"]]}

    def check_key(self, body):
        for gap in body["gaps"]:
            if not is_chosen(gap):
                check_texts(gap["accepted"])
            elif len(right_of(gap)) != 1:
                raise CorrectionRefused(_("Exactly one choice is right. To count two, accept the other as well."))

    def check_accepted(self, body, answer):
        gaps = by_key(body)
        for key, text in answer.items():
            if key in gaps and not is_chosen(gaps[key]):
                check_answerable(text)
        return super().check_accepted(body, answer)

    def corrected(
        self,
        body: Body,
        answer: Any,
        accepted: Sequence[Mapping[str, Any]],
        parameters: Mapping[str, Any],
        language: str,
    ) -> Fraction:
        """What is accepted is accepted in its gap, whatever the others hold."""
        also = [other for details in accepted for other in details.get("answers", [])]
        return self.fraction(self.marked(body, also), answer, parameters, language)

    def marked(self, body: Body, also: Sequence[Any]) -> Body:
        gaps = []
        for gap in body["gaps"]:
            more = [other[gap["key"]] for other in also if gap["key"] in other]
            gaps.append(with_key(gap, [*right_of(gap), *more]) if more else gap)
        return {**body, "gaps": gaps}

    # ---- Telling of it

    def explain(self, put: Put, scored: Scored) -> dict[str, Any]:
        answer: Any = scored.answer or {}
        lines = []
        for gap in put.body["gaps"]:
            text = answer.get(gap["key"], "")
            right = bool(text) and is_right(gap, text)
            feedback, misconception = self._feedback(put, gap, text, right)
            wanted = [self.words_of(put, gap, each) for each in right_of(gap)]
            lines.append(
                ResultLine(
                    html=as_text(named_gap(gap["key"])),
                    verdict=self.words_of(put, gap, text) if text else "",
                    other=mark_safe(" · ".join(wanted)),
                    feedback=feedback,
                    misconception=misconception,
                    yours=bool(text),
                    right=right,
                )
            )
        return {"lines": lines}

    def _feedback(self, put: Put, gap: Body, text: str, right: bool) -> tuple[SafeString, str]:
        """Feedback to what was given in a gap, and the misconception that it stands for."""
        key = gap["key"]
        if not is_chosen(gap):
            place = None if right or not text else known_mistake(gap, text)
            if place is None:
                return put.feedback(f"{key}-{'right' if right else 'wrong'}"), ""
            return put.feedback(f"{key}-{place}"), gap["mistakes"][place].get("misconception", "")
        choice_key = text or right_of(gap)[0]
        choice = next(each for each in gap["choices"] if each["key"] == choice_key)
        misconception = choice.get("misconception", "")
        if bool(choice["score"]) == bool(misconception):
            # A correction judges it otherwise than it was written.
            return mark_safe(""), ""
        return put.feedback(choice_key), misconception if text else ""

    def mistakes(self, put):
        mistakes = []
        for gap in put.body["gaps"]:
            head = named_gap(gap["key"])
            for choice in gap.get("choices", []):
                if choice.get("misconception"):
                    words = format_html("{}: {}", head, self.words_of(put, gap, choice["key"]))
                    mistakes.append(Mistake(words, choice["misconception"], put.feedback(choice["key"])))
            for place, known in enumerate(gap.get("mistakes") or []):
                words = format_html("{}: {}", head, known["text"])
                mistakes.append(Mistake(words, known["misconception"], put.feedback(f"{gap['key']}-{place}")))
        return mistakes

    def tally(
        self,
        body: Body,
        rendered: Mapping[str, Any],
        key: Body,
        accepted: Sequence[Any],
        answers: Sequence[CountedAnswer] | None,
    ) -> list[Count]:
        """Each gap like a question of its own: how many have it right, who falls for what."""
        now, counts = by_key(self.marked(key, accepted)), []
        for gap in body["gaps"]:
            number = gap["key"]
            mine = None if answers is None else [self._answer_in(each, now[number]) for each in answers if each.answer]
            also = [other[number] for other in accepted if number in other]
            kind: QuestionType = Single() if is_chosen(gap) else Short()
            lines = kind.tally(gap, rendered, by_key(key)[number], also, mine)
            if mine is not None and (empty := sum(each.answer is None for each in mine)):
                lines.append(Count(_("No answer"), count=empty))
            for line in lines:
                label = format_html("{}: {}", named_gap(number), line.label)
                counts.append(replace(line, label=label, of=len(answers or ())))
        return counts

    def _answer_in(self, answered: CountedAnswer, gap: Body) -> CountedAnswer:
        """What one learner gave in a gap."""
        text = answered.answer.get(gap["key"])
        return replace(answered, answer=text, fraction=Decimal(text is not None and is_right(gap, text)))
