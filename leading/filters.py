"""What a manager may ask of the learners' table; all of it stands in the URL."""

from django import forms
from django.utils.translation import gettext_lazy as _

DEFAULT_SORT = "name"


class LearnerFilter(forms.Form):
    """Which learners to show, in which order, and which page of them.

    A parameter that means nothing, typed or out of an old bookmark, counts as not given: `filters` never fails.
    """

    q = forms.CharField(
        label=_("Name or email"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Everyone")),
            ("not-started", _("Nothing started yet")),
            ("in-progress", _("In progress")),
            ("finished", _("Finished")),
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    seen = forms.TypedChoiceField(
        label=_("Last reading or check"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("At any time")), ("7", _("Not for 7 days")), ("14", _("Not for 14 days"))],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    sort = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)

    def __init__(self, *args, columns, **kwargs):
        """`columns` are the names one may sort by; with "-" before it, a name sorts the other way round."""
        super().__init__(*args, **kwargs)
        self.fields["sort"].choices = [(name, name) for column in columns for name in (column, f"-{column}")]

    def filters(self) -> dict:
        """`{"q", "state", "seen", "sort", "page"}` with a default in the place of anything that means nothing."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "q": data.get("q", ""),
            "state": data.get("state", ""),
            "seen": data.get("seen"),
            "sort": data.get("sort") or DEFAULT_SORT,
            "page": data.get("page") or 1,
        }
