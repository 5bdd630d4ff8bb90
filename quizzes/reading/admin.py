"""The reading queue: long texts are read in the order in which they came in, without the names of their writers."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.asking import explanation, presentation
from quizzes.grading.runs import Reading
from quizzes.reading import queue

#: Who may read. The model of what is made: one grading run.
PERMISSION = "quizzes.add_gradingrun"
MOST_COMMENT = 5_000
PAGE = 50
may_read = permission_required(PERMISSION, raise_exception=True)


class ReadingQueue(admin.ModelAdmin):
    """Adds the pages of the queue to the admin of attempts."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("reading/", wrap(may_read(queue_page)), name="quizzes_attempt_queue"),
            path("reading/<uuid:uuid>/", wrap(may_read(reading_page)), name="quizzes_attempt_reading"),
            *super().get_urls(),
        ]


class TextForm(forms.Form):
    """One long text: a level of each criterion, none chosen beforehand, and words for the learner."""

    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        help_text=gettext_lazy("The learner reads it with the result. It may stay empty."),
        max_length=MOST_COMMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, item, data=None):
        super().__init__(data, prefix=f"q{item.position}")
        self.item = item
        self.stem = presentation.stem(item)
        self.answer = presentation.in_words(item, item.response.answer)
        self.words = len(item.response.answer.split())
        version = item.question_version
        for part, criterion in zip(version.body["criteria"], explanation.rubric(version), strict=True):
            self.fields[f"level-{part['key']}"] = forms.TypedChoiceField(
                label=criterion.title,
                coerce=int,
                choices=list(enumerate(criterion.levels, 1)),
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose a level."), "invalid_choice": _("Choose a level.")},
            )
        self.order_fields([*(name for name in self.fields if name != "comment"), "comment"])

    @property
    def model_answer(self):
        return explanation.model_answer(self.item.question_version)

    @property
    def most_words(self):
        return self.item.question_version.body.get("most_words")

    @property
    def comment_field(self):
        return self["comment"]

    @property
    def criteria(self):
        return [field for field in self if field.name != "comment"]

    @property
    def reading(self):
        """What was given, once the form is valid."""
        levels = {name.removeprefix("level-"): level for name, level in self.cleaned_data.items() if name != "comment"}
        return Reading(levels, self.cleaned_data["comment"])


def page(request, template, title, *, status=200, **context):
    context = {**admin.site.each_context(request), "title": title, **context}
    return render(request, f"admin/quizzes/reading/{template}.html", context, status=status)


def queue_page(request):
    """The attempts that wait, the longest waiting first."""
    rows = Paginator(queue.waiting(), PAGE).get_page(request.GET.get("page"))
    return page(request, "queue", _("Long answers to be read"), rows=rows)


def reading_page(request, uuid):
    """One attempt: every long text in it is read, or nothing is saved."""
    attempt = queue.waiting().filter(uuid=uuid).first()
    if attempt is None:
        return _late(request, uuid)
    data = request.POST if request.method == "POST" else None
    texts = [TextForm(item, data) for item in queue.to_read(attempt)]
    # Every text is looked at, so that everything missing is said at once.
    failed = data is not None and False in [text.is_valid() for text in texts]
    if data is None or failed:
        title = _("Learner %(number)s, %(check)s") % {"number": attempt.enrolment_id, "check": attempt.title}
        return page(request, "attempt", title, attempt=attempt, texts=texts, failed=failed)
    try:
        readings = {text.item.pk: text.reading for text in texts}
        queue.give(attempt=attempt, readings=readings, by=request.user, at=timezone.now())
    except queue.AlreadyRead:
        return _late(request, uuid)
    messages.success(request, _("Saved. The learner gets a mail."))
    return redirect("admin:quizzes_attempt_queue")


def _late(request, uuid):
    """Somebody else was faster, or there is no such attempt: what this reader gave is shown once more."""
    comments = [text for name, text in request.POST.items() if name.endswith("-comment") and text.strip()]
    levels = [level for item in queue.texts_of(uuid) for level in _chosen(item, request.POST)] if request.POST else []
    title = _("This attempt is no longer waiting")
    return page(request, "late", title, status=409, comments=comments, levels=levels)


def _chosen(item, sent):
    """(place, criterion, level) of each level that was chosen for a text, in words."""
    version = item.question_version
    for part, criterion in zip(version.body["criteria"], explanation.rubric(version), strict=True):
        words = {str(level): text for level, text in enumerate(criterion.levels, 1)}
        level = sent.get(f"q{item.position}-level-{part['key']}")
        if level in words:
            yield item.position, criterion.title, words[level]
