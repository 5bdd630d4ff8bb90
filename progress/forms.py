"""What a learner tells about their reading."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _


class PositionForm(forms.Form):
    """The id of a heading, "" for the top of the page."""

    anchor = forms.CharField(
        required=False,
        max_length=120,
        validators=[RegexValidator(r"^[\w-]+\Z", _("A heading's id has letters, digits and hyphens only."))],
    )
