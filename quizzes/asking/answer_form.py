"""Answers as a browser sends them. One form per question; the prefix (q3) keeps several apart on one page."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.questions import answers

NO_REVISION = gettext_lazy("The form has no revision. Open the question again.")


class AnswerForm(forms.Form):
    """The answer to one item, the revision it was given to, and the flag when that button was pressed."""

    revision = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 2,
        error_messages=dict.fromkeys(["required", "invalid", "min_value", "max_value"], NO_REVISION),
    )
    flagged = forms.TypedChoiceField(
        choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1", required=False, empty_value=None
    )

    def __init__(self, item, data):
        self.item = item
        self.answer_sent = None
        super().__init__(data, prefix=f"q{item.position}")

    def clean(self):
        """Read the answer by the type of its question. `answer_sent` keeps what was sent, also when it is refused."""
        cleaned = super().clean()
        version = self.item.question_version
        try:
            self.answer_sent = self.read()
            cleaned["answer"] = answers.fitting(
                version.type, version.body, self.answer_sent, language=self.item.attempt.language
            )
        except answers.AnswerRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return cleaned

    @property
    def reason(self):
        """The first thing that is wrong, in words."""
        return next((message for messages in self.errors.values() for message in messages), "")

    def sent(self, name):
        """Everything that was sent under a name of this question."""
        return self.data.getlist(self.add_prefix(name))

    def read(self):
        """The answer as it was sent."""
        return READERS[self.item.question_version.kind.form](self)

    def one(self):
        """Radio buttons, or a field for a number or a text."""
        return next(iter(self.sent("answer")), "")

    def several(self):
        """Tick boxes."""
        return self.sent("answer")

    def pairs(self):
        """One field per line."""
        version = self.item.question_version
        keys = version.kind.lines(version.body)
        return {key: right for key in keys if (right := next(iter(self.sent(f"answer-{key}")), ""))}

    def sequence(self):
        """The order that was shown, changed by the selects (`q3-place-a=2`) or by a button (`q3-move=up:a`)."""
        order_shown = self.sent("order")
        self.answer_sent = order_shown
        places = {key: place for key in order_shown if (place := next(iter(self.sent(f"place-{key}")), ""))}
        if not all(place.isascii() and place.isdigit() and len(place) < 4 for place in places.values()):
            raise answers.AnswerRefused(_("There is no such place."))
        order = answers.placed(order_shown, {key: int(place) for key, place in places.items()})
        direction, _colon, key = next(iter(self.sent("move")), "").partition(":")
        if direction in ("up", "down"):
            return answers.moved(order, key, -1 if direction == "up" else 1)
        # A list that was left as it came is an answer only when it was saved by itself, not on the way elsewhere.
        untouched = order == self.item.choice_order and self.item.response.answer is None
        saved = "save" in self.data and len(self.data.getlist("question")) == 1
        saved = saved or self.data.get("check") == str(self.item.position)
        return order if saved or not untouched else None


#: By how a question is answered (`QuestionType.form`).
READERS = {
    "one": AnswerForm.one,
    "several": AnswerForm.several,
    "pairs": AnswerForm.pairs,
    "sequence": AnswerForm.sequence,
}
