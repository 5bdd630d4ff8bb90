"""Texts of several lines in the forms of the admin."""

from django import forms


class LinesField(forms.CharField):
    """A text of several lines. Browsers send CR LF, the database holds LF: the two are one text."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")

    def has_changed(self, initial, data):
        return not self.disabled and self.to_python(initial or "") != self.to_python(data)
