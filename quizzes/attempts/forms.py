"""What a learner chooses before an attempt starts."""

from django import forms
from django.utils.translation import gettext_lazy

from quizzes.attempts import timing


class StartForm(forms.Form):
    """The time that a learner chooses before starting, where the quiz lets them; `factors` are what they may choose."""

    time = forms.ChoiceField(
        required=False, error_messages={"invalid_choice": gettext_lazy("Choose one of the times shown.")}
    )

    def __init__(self, factors, data=None):
        self.factors = {"none" if factor is None else f"{factor.normalize():f}": factor for factor in factors}
        super().__init__(data)
        self.fields["time"].choices = [(value, value) for value in self.factors]

    @property
    def chosen(self):
        """The factor that was chosen, None for no limit; the first one offered when nothing was."""
        return self.factors.get(self.cleaned_data["time"], next(iter(self.factors.values()), timing.NORMAL))
