"""What a next version carries on of the corrections of the one before, and what it would undo.

Its key is the one that counts today. Texts that explain another key are left out, so that nothing untrue is published
unread: the draft says that they are empty. Answers that are accepted beside a key, as far as no key can say them, are
not carried on, nor are full points for everybody; then the draft says beforehand what will count no more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from quizzes.content.rendering import rendered_of
from quizzes.grading import in_force, runs
from quizzes.models import Question, QuestionVersion
from quizzes.questions import corrections, scoring

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Today:
    """A version as it counts today: `body` and `rendered` with the corrected key; `rules` with their reasons."""

    version: QuestionVersion
    body: Body
    rendered: Mapping[str, Any]
    standing: corrections.Standing
    #: (policy, details, reason) of the corrections, oldest first, from the last new key on.
    accepted: list[tuple[Mapping[str, Any], str]]

    @property
    def is_corrected(self) -> bool:
        return self.body != self.version.body or bool(self.accepted) or self.standing.full_credit


def in_use(question: Question) -> QuestionVersion | None:
    return question.versions.current().select_related("competency", "unit__lesson").first()


def today(version: QuestionVersion) -> Today:
    """How a published version counts today; one query."""
    regrades = runs.corrections([version.pk])
    rules, reasons = regrades.rules.get(version.pk, ()), regrades.reasons.get(version.pk, ())
    standing = corrections.standing(version.type, version.body, rules)
    accepted: list[tuple[Mapping[str, Any], str]] = []
    for rule, reason in zip(rules, reasons, strict=True):
        accepted = [] if rule.policy == "new_key" else accepted
        accepted += [(rule.details, reason)] if rule.policy == "accept" and not in_a_key(version, rule.details) else []
    body = carried(version.body, in_force.shown_key(version, standing), standing)
    if body == version.body:
        return Today(version, version.body, version.rendered, standing, accepted)
    return Today(
        version, body, rendered_of({**body, "type": version.type, "stem": version.stem}, body), standing, accepted
    )


def in_a_key(version: QuestionVersion, details: Mapping[str, Any]) -> bool:
    """Whether what was accepted as well can be said by a key: further choices of one choice, further texts."""
    return version.kind.marked(version.body, details.get("answers", [])) != version.body


def carried(written: Body, now: Body, standing: corrections.Standing) -> Body:
    """The key of today, without the texts that explain another one."""
    if now == written:
        return written
    if "choices" in written:
        return {**now, "choices": [_choice(*both) for both in zip(written["choices"], now["choices"], strict=True)]}
    if "pairs" in written:
        return _matched(written, now)
    if "items" in written:
        pairs = zip(written["items"], now["items"], strict=True)
        return {**now, "items": [new if new == old else {**new, "feedback": ""} for old, new in pairs]}
    if "formula" in written and written["formula"] != now["formula"]:
        wrong = [each for each in now["mistakes"] if each["formula"] != now["formula"]]
        return {**now, "mistakes": wrong, "solution": "", "feedback": {"right": "", "wrong": ""}}
    if "accepted" in written:
        return _texts(written, now)
    return now


def _choice(written: Body, now: Body) -> Body:
    if written["score"] == now["score"]:
        return now
    return {name: value for name, value in now.items() if name != "misconception"} | {"feedback": ""}


def _matched(written: Body, now: Body) -> Body:
    texts = {pair["right_key"]: pair["right"] for pair in written["pairs"]}
    extras = {extra.get("right_key", extra["key"]): extra for extra in written.get("extras", [])}
    texts |= {key: extra["right"] for key, extra in extras.items()}
    as_written = {pair["key"]: pair["right_key"] for pair in written["pairs"]}
    pairs = [
        {**pair, "right": texts[pair["right_key"]]}
        | ({} if as_written[pair["key"]] == pair["right_key"] else {"feedback": ""})
        for pair in now["pairs"]
    ]
    left_over = [
        extras.get(extra["key"]) or {**extra, "right": texts[extra["key"]], "misconception": "", "feedback": ""}
        for extra in now.get("extras", [])
    ]
    return {**now, "pairs": pairs, "extras": left_over}


def _texts(written: Body, now: Body) -> Body:
    right = set(map(scoring.normalised, now["accepted"]))
    wrong = [each for each in now["mistakes"] if scoring.normalised(each["text"]) not in right]
    carried = {**now, "accepted": list(dict.fromkeys(now["accepted"])), "mistakes": wrong}
    # Feedback is about the answer that is shown as right.
    same = written["accepted"][0] == now["accepted"][0]
    return carried if same else {**carried, "feedback": {"right": "", "wrong": ""}}


# ---- What a draft carries on, and what it would undo -----------------------------------------------------------------


def of_draft(draft: QuestionVersion) -> tuple[list[str], list[str]]:
    """What a draft carries on of the corrections of the version in use, and what it undoes, one sentence each."""
    current = in_use(draft.question) if draft.is_draft and draft.number > 1 else None
    if current is None or current.type != draft.type:
        return [], []
    now = today(current)
    undoes = list(_undone(draft.body, now))
    carries = [] if undoes or now.body == current.body else list(_carried_on(draft, now))
    return carries, undoes


def undone(draft: QuestionVersion) -> list[str]:
    """What corrections of the version in use count today and this draft does not, one sentence each."""
    return of_draft(draft)[1]


def _carried_on(draft: QuestionVersion, now: Today) -> Iterator[str]:
    sentence = _(
        "Version %(number)s was corrected, and this one has the key that counts today. What explained another key was "
        "left out and has to be written."
    )
    yield sentence % {"number": now.version.number}
    scores = [choice["score"] for choice in draft.body.get("choices", [])]
    if draft.kind.form == "one" and scores.count(max(scores, default=0)) > 1:
        yield _(
            "Several choices count as right today, and a question of this type has one: word the others so that they "
            "are wrong, or leave them out."
        )


def _undone(body: Body, now: Today) -> Iterator[str]:
    written, key, then = (key_of(each) for each in (now.version.body, now.body, body))
    # Of texts only the right ones are named.
    parts = {**dict.fromkeys(written, 0), **key} if "accepted" in body else key
    for part, right in parts.items():
        before, after = written.get(part), then.get(part, 0 if "accepted" in body else None)
        # A part that the draft words differently is another one.
        if right == before or after == right or after is None:
            continue
        values = {"text": part, "number": now.version.number}
        if "choices" not in body and "accepted" not in body:
            yield (
                _("A correction of version %(number)s has changed the key (%(text)s). This version has another.")
                % values
            )
        elif right > after:
            yield _("“%(text)s” counts as right today, by a correction. With this version it does not.") % values
        else:
            yield _("“%(text)s” does not count as right today, by a correction. With this version it does.") % values
    for _details, reason in now.accepted:
        sentence = _(
            "A correction accepts other answers as well: “%(reason)s”. With this version only its own key counts."
        )
        yield sentence % {"reason": reason}
    if now.standing.full_credit:
        yield _("Everybody gets the full points today, by a correction. With this version answers are scored again.")


def key_of(body: Body) -> dict[str, Any]:
    """What is right, by the wording of what can be told apart."""
    if "choices" in body:
        return {choice["text"]: choice["score"] for choice in body["choices"]}
    if "pairs" in body:
        return {pair["left"]: pair["right"] for pair in body["pairs"]}
    if "items" in body:
        return {_("the order"): [item["text"] for item in body["items"]]}
    if "formula" in body:
        return {_("the formula"): body["formula"], _("the tolerance"): body.get("tolerance")}
    return dict.fromkeys(map(scoring.normalised, body.get("accepted", [])), 1)
