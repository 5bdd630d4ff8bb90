"""What an instructor says about a file of questions: where it belongs, and what it does not say itself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lessons.models import Competency, Course, Lesson
from quizzes.exchange import exporting, records
from quizzes.models import QuestionImport, QuestionVersion


class CompetencyField(forms.ModelChoiceField):
    def label_from_instance(self, competency):
        return f"{competency.key}: {competency.title}"


class FilingForm(forms.Form):
    """What is taken for questions that do not say it themselves."""

    competency = CompetencyField(
        label=_("Competency"),
        queryset=Competency.objects.none(),
        help_text=_("Needed: used for every question that names none."),
    )
    bloom = forms.ChoiceField(
        label=_("Bloom level"),
        choices=[("", "---------"), *QuestionVersion.Bloom.choices],
        help_text=_("Needed: used for every question that names none."),
    )

    def __init__(self, *args, course=None, **kwargs):
        super().__init__(*args, **kwargs)
        competencies = Competency.objects.order_by("course", "position", "key")
        self.fields["competency"].queryset = competencies.filter(course=course) if course else competencies


class FileForm(FilingForm):
    """A file to be read. Nothing of it is saved in the bank by this form."""

    course = forms.ModelChoiceField(label=_("Course"), queryset=Course.objects.all())
    lesson = forms.ModelChoiceField(
        label=_("Lesson"),
        queryset=Lesson.objects.select_related("course").order_by("course", "number"),
        required=False,
        help_text=_("Where new questions belong. Empty: to the course as a whole, like those of the exam."),
    )
    format = forms.ChoiceField(label=_("Format"), choices=QuestionImport.Format)
    file = forms.FileField(
        label=_("File"), max_length=255, allow_empty_file=True, help_text=_("UTF-8 text, up to 2 MB.")
    )
    source = forms.CharField(
        label=_("Where it is from"),
        required=False,
        max_length=200,
        help_text=_(
            "The bank or system, like “Moodle of Acme”. When you bring a file from there again, its names mean the "
            "same questions. Empty: the name of the file."
        ),
    )
    field_order = ["file", "format", "source", "course", "lesson", "competency", "bloom"]

    def clean_file(self):
        """The text of the file; one that is too large is not opened."""
        file = self.cleaned_data["file"]
        if file.size > records.MAXIMUM_BYTES:
            raise forms.ValidationError(records.too_large())
        try:
            self.text = records.decoded(file.read())
        except records.FileRefused as refused:
            raise forms.ValidationError(worded(refused)) from None
        return file

    def clean(self):
        data = super().clean()
        course = data.get("course")
        for name in ("lesson", "competency"):
            if course and data.get(name) and data[name].course_id != course.pk:
                self.add_error(name, _("This belongs to another course. Choose one of the course above."))
        return data


def worded(refused: records.FileRefused) -> str:
    """The reason with its line, where it has one."""
    return _("Line %(line)s: %(reason)s") % {"line": refused.line, "reason": refused} if refused.line else str(refused)


class ExportForm(forms.Form):
    """Which questions to write, and how."""

    lesson = forms.ModelChoiceField(
        label=_("Questions of"),
        queryset=Lesson.objects.select_related("course").order_by("course", "number"),
        required=False,
        empty_label=_("Whole bank"),
    )
    format = forms.ChoiceField(
        label=_("Format"), choices=[(key, name) for key, (name, *_rest) in exporting.FILES.items()]
    )
