"""What a learner writes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import Note

MAX_LENGTH = Note._meta.get_field("text").max_length


class Lines(forms.CharField):
    """Text of several lines. Browsers send CRLF from forms and LF from scripts; one text must not look like two."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class NoteForm(forms.Form):
    """A note and the revision it was begun from. An empty text is a note taken back."""

    text = Lines(
        label=_("Notes on this section"),
        required=False,
        strip=False,
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={
            "max_length": _("A note holds up to 20,000 characters; this one has %(show_value)s. Shorten it, then save.")
        },
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
