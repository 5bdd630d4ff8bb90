"""Rows of the form in which a text with gaps is written: each says one thing of what may stand in one gap."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quizzes.authoring.drafts import Fault
from quizzes.authoring.rows import Row, RowSet, paragraph, phrase, split


class GapRow(Row):
    """One thing that may be in a gap: what is right, what is not, or whatever else is written."""

    #: What a row says of its gap: the list of the gap's record in which it stands, and its score there.
    RIGHT, MISTAKE, ELSE, CHOICE, WRONG = "accepted", "mistakes", "wrong", "choices-1", "choices-0"
    typed = ("text", "misconception", "feedback")

    gap = forms.IntegerField(
        label=_("Gap"),
        required=False,
        min_value=1,
        max_value=8,
        widget=forms.NumberInput(attrs={"class": "place"}),
        help_text=_("Its number in the question."),
    )
    what = forms.ChoiceField(
        label=_("What it is"),
        required=False,
        choices=[
            (RIGHT, _("written: right")),
            (MISTAKE, _("written: a known mistake")),
            (ELSE, _("written: anything else")),
            (CHOICE, _("from a list: right")),
            (WRONG, _("from a list: wrong")),
        ],
    )
    text = paragraph(_("Text"), help_text=_("Of what is right, one on each line. Empty for anything else."))
    misconception = phrase(_("Misconception"), help_text=_("Of known mistakes and wrong choices."))
    feedback = paragraph(_("Feedback"))


class GapAnswers(RowSet):
    """The gaps, each as the rows that have its number."""

    name, title, one, form = "gaps", _("What goes into the gaps"), _("Row"), GapRow
    help_text = _(
        "A gap needs what is right and what is said of anything else, or two to eight choices. Known mistakes may be "
        "added."
    )

    def __init__(self, data=None, *, parts=()):
        super().__init__(data, parts=[row for number, gap in enumerate(parts, 1) for row in rows_of_gap(number, gap)])
        #: The rows by the paths of what they became: ("2", "choices", "1").
        self.paths: dict[tuple[str, ...], Row] = {}

    def records(self):
        rows = self.remaining
        self.paths = {}
        last = max((row.cleaned_data.get("gap") or 1 for row in rows), default=0)
        return [
            self._gap(str(number), [row for row in rows if (row.cleaned_data.get("gap") or 1) == number])
            for number in range(1, last + 1)
        ]

    def _gap(self, number: str, rows: list[Row]) -> dict[str, Any]:
        gap: dict[str, Any] = {}
        for row in rows:
            data = row.cleaned_data
            named = {"misconception": data["misconception"]} if data["misconception"] else {}
            part, _dash, score = (data.get("what") or GapRow.RIGHT).partition("-")
            if part == GapRow.ELSE:
                gap.setdefault("feedback", {})["wrong"] = data["feedback"]
                self.paths[number, "feedback", "wrong"] = row
            elif part == GapRow.RIGHT:
                gap.setdefault("accepted", []).extend(split(data["text"]))
                gap.setdefault("feedback", {})["right"] = data["feedback"]
                self.paths[number, "accepted"] = self.paths[number, "feedback", "right"] = row
            else:
                scored = {"score": int(score)} if score else {}
                values = {"text": data["text"], **scored, **named, "feedback": data["feedback"]}
                gap.setdefault(part, []).append(values)
                self.paths[number, part, str(len(gap[part]))] = row
        return gap

    @classmethod
    def field_of(cls, name):
        return {"accepted": "text", "mistakes": "text", "choices": "text"}.get(name, name)

    @classmethod
    def head(cls, path):
        """ "Gap 1, choice 2, Feedback"; the rows have no numbers of their own here."""
        if not path:
            return str(cls.title)
        number, *rest = path
        part = PARTS.get(".".join(rest[:2])) or PARTS.get(rest[0] if rest else "")
        place = f" {rest[1]}" if len(rest) > 1 and rest[1].isdigit() else ""
        field = cls.form.base_fields.get("feedback" if "feedback" in rest else rest[-1] if rest else "")
        what = f"{part}{place}" if place or field else ""
        names = [f"{_('Gap')} {number}", what, str(field.label) if field and part else ""]
        return ", ".join(filter(None, names))

    def tell(self, path, reason):
        """Beside the row of the answer, else above all rows with the number of the gap."""
        path, fault = placed(path, Fault("", reason))
        for length in range(len(path), 1, -1):
            row = self.paths.get(tuple(path[:length]))
            if row:
                field = path[-1] if path[-1] in row.fields else "feedback" if "feedback" in path else "text"
                row.add_error(field, fault.reason)
                return
        is_there = not path or any(number == path[0] for number, *_rest in self.paths)
        words = fault.reason if is_there else _("no row has this number")
        self.reasons.append(f"{_('Gap')} {path[0]}: {words}" if path else words)


#: Where a fault of a gap stands, as the form calls it.
PARTS = {
    "accepted": _("written: right"),
    "feedback.right": _("written: right"),
    "feedback.wrong": _("written: anything else"),
    "mistakes": _("known mistake"),
    "choices": _("choice"),
}
#: What the rules of the files say of a gap, in the words of the form.
WORDS = {
    r"the field right is missing": _("it has no row “written: right”"),
    r"the field wrong is missing": _("it has no row “written: anything else”"),
    r"give either accepted, where something is written, or choices": _(
        "give it a row “written: right”, or rows “from a list”, and not both"
    ),
    r"what is told of a gap with choices stands at each choice": _(
        "a gap with a list has no rows “written”: each row “from a list” has its own feedback"
    ),
    r"exactly one choice has score 1, here (\d+) have": _("exactly one row is “from a list: right”, here: %s"),
    r"(?:give|needs) (.*?)(?:, here:| entries, has) (\d+)": _("give %s rows “from a list”, here: %s"),
}
BELOW = re.compile(r"(choices|mistakes|feedback)\.(\w+)(?:\.(\w+))?: ")


def placed(path: list[str], fault: Fault) -> tuple[list[str], Fault]:
    """A fault of a gap and the path of its place, which its reason may say, in the words of the form."""
    reason = fault.reason
    if below := BELOW.match(reason) if len(path) == 1 else None:
        path, reason = [*path, *filter(None, below.groups())], reason[below.end() :]
    for pattern, words in WORDS.items() if path else ():
        if match := re.fullmatch(pattern, reason):
            reason = str(words) % match.groups() if match.groups() else str(words)
    return path, Fault(fault.field, reason)


def rows_of_gap(number: int, gap: dict[str, Any]) -> list[dict[str, Any]]:
    """A gap of a record as the initial values of its rows."""
    feedback = gap.get("feedback") or {}
    rows = []
    if "accepted" in gap:
        rows.append({"what": GapRow.RIGHT, "text": "\n".join(gap["accepted"]), "feedback": feedback.get("right", "")})
    rows += [{"what": GapRow.MISTAKE, **known} for known in gap.get("mistakes") or []]
    if "accepted" in gap:
        rows.append({"what": GapRow.ELSE, "feedback": feedback.get("wrong", "")})
    rows += [{"what": f"choices-{choice['score']}", **choice} for choice in gap.get("choices") or []]
    return [{"gap": number} | row for row in rows]
