"""Pages on which questions are written: choose a type, fill the form of that type, look at it as a learner does."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from database.admin.editing import OVERTAKEN
from lessons.models import Course, Lesson
from quizzes.asking import release
from quizzes.authoring import carrying, drafts, effects
from quizzes.authoring import preview as previews
from quizzes.authoring.form import QuestionDraft, in_form_words
from quizzes.models import Question, QuestionVersion

Type = QuestionVersion.Type
TEMPLATES = "admin/quizzes/questionversion"
DRAFT_STARTED = gettext_lazy("Draft started.")
#: Draws that the preview counts through; more would show nothing new.
TURNS = 99
#: Authors see everything.
KEY = release.EVERYTHING


class NewQuestionForm(forms.Form):
    """Where a new question belongs and of which type it is."""

    place = forms.ChoiceField(label=gettext_lazy("Where it belongs"))
    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=Type, widget=forms.RadioSelect)

    def __init__(self, data=None, *, question=None):
        super().__init__(data)
        self.places = {}
        if question:
            del self.fields["place"]
            return
        lessons = Lesson.objects.select_related("course").order_by("course", "number")
        for course in Course.objects.order_by("key"):
            mine = [lesson for lesson in lessons if lesson.course_id == course.pk]
            self.places |= {f"lesson-{lesson.pk}": (course, lesson, str(lesson)) for lesson in mine}
            self.places[f"exam-{course.pk}"] = (course, None, _("The course exam"))
        several = len({course.pk for course, *_rest in self.places.values()}) > 1
        self.fields["place"].choices = [
            (value, f"{course}: {label}" if several else label)
            for value, (course, _lesson, label) in self.places.items()
        ]

    @property
    def chosen(self):
        """(course, lesson or None) of the place that was chosen."""
        return self.places[self.cleaned_data["place"]][:2]


class DraftPages:
    """Adds to the admin of question versions the pages on which drafts are written and looked at."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("next/<int:question>/", wrap(require_POST(self.begin)), name="quizzes_questionversion_next"),
            path("<int:version>/preview/", wrap(self.preview), name="quizzes_questionversion_preview"),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        """First where it belongs and which type, then the form of that type."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        question = self._without_versions(request.GET.get("question", ""))
        start = NewQuestionForm(request.GET if {"type", "go"} & set(request.GET) else None, question=question)
        if not start.is_valid():
            context = {"title": _("A new question"), "form": start, "question": question}
            return self._page(request, "new", context)
        course, lesson = (question.course, question.lesson) if question else start.chosen
        new = {"question": question, "course": course, "lesson": lesson, "type_": start.cleaned_data["type"]}
        return self._write(request, **new)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A draft is written on; what was published is looked at."""
        if request.method == "POST":
            return self._sent(request, object_id)
        version = self.get_object(request, object_id)
        if version is not None and self.has_change_permission(request, version):
            return self._write(request, version=version)
        return super().change_view(request, object_id, form_url, extra_context)

    @transaction.atomic
    def _sent(self, request, object_id):
        """Nobody else writes on the draft while it is compared with what its author began from, and saved."""
        late = self.too_late(request, object_id)
        if late:
            return late
        version = self.get_object(request, object_id)
        if version is None or not self.has_change_permission(request, version):
            return super().change_view(request, object_id)
        return self._write(request, version=version)

    def begin(self, request, question):
        """Open the draft of a question: a copy of what is asked now where there is none yet."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        question = get_object_or_404(Question, pk=question)
        if not question.versions.exists():
            return redirect(reverse("admin:quizzes_questionversion_add", query={"question": question.pk}))
        draft = question.versions.drafts().first()
        if draft is None:
            draft = drafts.next_version(question)
            self.log_addition(request, draft, DRAFT_STARTED)
        return redirect("admin:quizzes_questionversion_change", draft.pk)

    def preview(self, request, version):
        """As a learner sees it, beside its key, with what publishing it does."""
        version = get_object_or_404(self.get_queryset(request), pk=version)
        if not self.has_view_permission(request, version):
            raise PermissionDenied
        faults = faults_of(version) if version.is_draft else []
        same = version.is_draft and drafts.says_the_same(version)
        turn = request.GET.get("turn", "1")
        turn = min(max(int(turn), 1), TURNS) if turn.isascii() and turn.isdigit() and len(turn) < 4 else 1
        context = {
            "version": version,
            "faults": faults,
            "undone": carrying.undone(version),
            "corrections": corrections_of(version),
            "looks": None if faults else previews.looks(version, turn=turn),
            "allowed": KEY,
            "another": turn % TURNS + 1,
            "effect": effects.effect(version.question, same=same) if version.is_draft and not faults else [],
            "same": same,
            "may_change": self.has_change_permission(request, version),
            "may_add": self.has_add_permission(request),
            "may_regrade": request.user.has_perm("quizzes.add_regrade"),
        }
        return TemplateResponse(request, f"{TEMPLATES}/preview.html", context)

    def _without_versions(self, wanted):
        """A question whose first draft is still to be written, or was thrown away; None when none is named."""
        if not wanted:
            return None
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 12):
            raise Http404
        return get_object_or_404(Question.objects.filter(versions__isnull=True), pk=wanted)

    def _write(self, request, **kind):
        """The form; saved when it is sound, shown again with every fault and everything typed when it is not."""
        version = kind.get("version")
        data = more_rows(request.POST) if request.method == "POST" else None
        draft = QuestionDraft(data, **kind)
        status = 200
        draft.seen = request.POST.get("seen", "") if data is not None else drafts.seen(version) if version else ""
        if data is not None and not {"add", "show"} & set(request.POST):
            saved = self._saved(request, draft)
            if saved:
                return saved
            status = 409 if draft.overtaken else 400
        carried, undone = carrying.of_draft(version) if version and data is None else ([], [])
        title = _("Draft of %(key)s, version %(number)s") if version else _("A new question")
        context = {
            "title": title % {"key": version.question.key, "number": version.number} if version else title,
            "draft": draft,
            "version": version,
            "judged": status != 200,
            "seen": draft.seen,
            "differences": draft.beside() if draft.overtaken else None,
            "missing": faults_of(version) if version and data is None else [],
            "carried": carried,
            "undone": undone,
            "may_delete": version and self.has_delete_permission(request, version),
        }
        return self._page(request, "draft", context, status=status)

    def _saved(self, request, draft):
        """Save what was typed and go on, or say why not and return None."""
        version, is_valid = draft.version, draft.is_valid()
        if version and draft.seen != drafts.seen(version):
            draft.seen = drafts.seen(version)
            draft.overtaken = True
            draft.refuse(OVERTAKEN)
        if not is_valid or draft.overtaken:
            return None
        try:
            saved = draft.save()
        except ValidationError as error:
            draft.refuse(error.messages[0])
            return None
        if version:
            self.log_change(request, saved, _("Draft written."))
        else:
            self.log_addition(request, saved, DRAFT_STARTED)
        if "preview" in request.POST:
            return redirect("admin:quizzes_questionversion_preview", saved.pk)
        kept_back = effects.kept_back(saved.question)
        learners = _("It is a draft.") if kept_back else _("Learners see it once it is published.")
        messages.success(request, " ".join([_("Saved."), learners, *kept_back]))
        return redirect("admin:quizzes_questionversion_change", saved.pk)

    def _page(self, request, name, context, *, status=200):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"{TEMPLATES}/{name}.html", context, status=status)


def corrections_of(version):
    """The corrections of a version, oldest first."""
    return [] if version.is_draft else version.regrades.select_related("decided_by").order_by("pk")


def faults_of(version):
    """What keeps a draft from being published, in the words of its form."""
    return [in_form_words(fault, version.type) for fault in drafts.faults(version)]


def more_rows(sent):
    """What was sent, with one empty row more where the button for that was pressed."""
    sent = sent.copy()
    name = f"{sent.get('add', '')}-TOTAL_FORMS"
    if name in sent and sent[name].isascii() and sent[name].isdigit() and len(sent[name]) < 4:
        sent[name] = str(int(sent[name]) + 1)
    return sent
