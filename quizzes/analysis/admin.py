"""Item analysis in the admin: a list of items, one item, one quiz, and the list as a file. Nobody's name is here."""

import csv
import random
from contextlib import suppress

from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.models import Cohort
from lessons.models import Lesson
from quizzes.analysis import counting, statistics
from quizzes.analysis import report as analysis
from quizzes.analysis.statistics import Finding
from quizzes.asking import presentation
from quizzes.models import QuestionVersion, Quiz, QuizVersion
from quizzes.questions import draw
from quizzes.questions.types.numeric import numbers_differ

PERMISSION = "quizzes.view_questionversion"
COHORTS = "cohorts.view_cohort"
may_look = permission_required(PERMISSION, raise_exception=True)


class ItemAnalysis:
    """Adds the pages of the item analysis to the admin of questions."""

    def get_urls(self):
        def address(route, view, name):
            return path(f"analysis/{route}", self.admin_site.admin_view(may_look(view)), name=name)

        return [
            address("", items, "quizzes_question_analysis"),
            address("items.csv", items_as_csv, "quizzes_question_analysis_csv"),
            address("<int:pk>/", item, "quizzes_question_analysis_item"),
            address("quiz/<int:pk>/", quiz, "quizzes_question_analysis_quiz"),
            *super().get_urls(),
        ]


class ItemFilter(forms.Form):
    """Which items, whose answers, in which order; all of it stands in the address.

    A parameter that means nothing, or that this person may not use, counts as not given.
    """

    lesson = forms.TypedChoiceField(label=gettext_lazy("Lesson"), required=False, coerce=int, empty_value=None)
    quiz = forms.TypedChoiceField(label=gettext_lazy("Check"), required=False, coerce=int, empty_value=None)
    cohort = forms.TypedChoiceField(label=gettext_lazy("Cohort"), required=False, coerce=int, empty_value=None)
    version = forms.ChoiceField(
        label=gettext_lazy("Versions"),
        required=False,
        choices=[("", gettext_lazy("Current versions")), ("all", gettext_lazy("Past versions too"))],
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[
            ("", gettext_lazy("Most serious first")),
            ("key", gettext_lazy("By key")),
            ("p", gettext_lazy("Hardest first")),
            ("-p", gettext_lazy("Easiest first")),
            ("r", gettext_lazy("Weakest discrimination first")),
            ("-r", gettext_lazy("Strongest discrimination first")),
        ],
    )

    def __init__(self, data, *, user, quizzes=()):
        super().__init__(data)
        lessons = Lesson.objects.order_by("course", "number").only("number", "title")
        self.fields["lesson"].choices = [
            ("", _("All")),
            *((lesson.pk, str(lesson)) for lesson in lessons),
            (analysis.NO_LESSON, _("No lesson")),
        ]
        self.fields["quiz"].choices = [("", _("All")), *((each.pk, str(each)) for each in quizzes)]
        if user.has_perm(COHORTS):
            cohorts = Cohort.objects.order_by("title").values_list("pk", "title")
            self.fields["cohort"].choices = [("", _("All")), *cohorts]
        else:
            del self.fields["cohort"]

    def filters(self):
        """The scope, and the order by its name."""
        self.is_valid()
        data = self.cleaned_data
        scope = analysis.Scope(
            lesson=data.get("lesson"),
            quiz=data.get("quiz"),
            cohort=data.get("cohort"),
            past=data.get("version") == "all",
        )
        return scope, data.get("sort") or "seriousness"


def page(request, template, title, **context):
    context = {
        **admin.site.each_context(request),
        "title": title,
        "fewest": statistics.FEWEST,
        "enough": statistics.ENOUGH,
        **context,
    }
    return render(request, f"admin/quizzes/analysis/{template}.html", context)


def filtered(request):
    """The form, the quizzes there are, the scope that was asked for and the rows in their order."""
    quizzes = list(Quiz.objects.select_related("unit__lesson").order_by("unit__lesson__number", "unit__position"))
    form = ItemFilter(request.GET, user=request.user, quizzes=quizzes)
    scope, sort = form.filters()
    return form, quizzes, scope, analysis.in_order(analysis.rows(scope), sort=sort)


def items(request):
    """The list: a verdict for each item, then its numbers."""
    form, _quizzes, scope, rows = filtered(request)
    current = QuizVersion.objects.exclude(state=QuizVersion.State.DRAFT).select_related("quiz__unit__lesson")
    if not scope.past:
        current = current.filter(state=QuizVersion.State.CURRENT)
    if scope.quiz is not None:
        current = current.filter(quiz=scope.quiz)
    checks = current.order_by("quiz__unit__lesson__number", "quiz__unit__position", "-number")
    return page(
        request,
        "items",
        _("Item analysis"),
        form=form,
        rows=rows,
        checks=checks,
        scope=scope,
        left_out=counting.left_out(scope),
        **parted(rows),
    )


def parted(rows):
    """Rows with a verdict, and those that wait for answers; each in the order it was given in."""
    waiting = [row for row in rows if Finding.TOO_FEW in row.findings]
    return {"judged": [row for row in rows if Finding.TOO_FEW not in row.findings], "waiting": waiting}


def items_as_csv(request):
    """Exactly the rows of the list, in its order."""
    _form, _quizzes, _scope, rows = filtered(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="item-analysis.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(
        [
            _("question"),
            _("version"),
            _("type"),
            _("lesson"),
            _("verdict"),
            _("answers"),
            _("right first time"),
            _("mean fraction"),
            _("discrimination"),
            _("wording"),
        ]
    )
    for row in rows:
        version, measured = row.version, row.measured
        numbers = [measured.right, measured.mean, measured.discrimination] if row.is_shown else [None] * 3
        texts = [version.question.key, version.number, version.get_type_display(), version.question.lesson or ""]
        verdict = " · ".join(row.verdicts)
        writer.writerow([*map(plain, texts), plain(verdict), measured.answers, *numbers, plain(version.stem)])
    return response


def plain(cell):
    """A text that no spreadsheet takes for a formula."""
    text = str(cell)
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@")) or text.startswith(("\t", "\r")) else text


def item(request, pk):
    """One question version: the verdicts, what to do, the numbers, every answer counted."""
    version = get_object_or_404(QuestionVersion.objects.select_related("question__lesson", "competency"), pk=pk)
    if version.is_draft:
        raise Http404(_("Nobody has been asked a draft."))
    form = ItemFilter(request.GET, user=request.user)
    scope, _sort = form.filters()
    analysed = analysis.page(version, scope)
    siblings = list(version.question.versions.order_by("-number").only("pk", "number", "state", "question"))
    title = _("%(question)s, version %(number)s") % {"question": version.question, "number": version.number}
    return page(
        request,
        "item",
        title,
        version=version,
        found=analysed,
        left_out=counting.left_out(scope, version=version),
        row=analysed.row,
        stem=stem(version),
        drawn=is_drawn(version),
        others=[each for each in siblings if each.pk != version.pk and not each.is_draft],
        actions=actions(request, version, siblings, analysed.row.findings),
        cohort=named_cohort(form, scope),
    )


def stem(version):
    """The question as it is asked; numbers that are drawn for each learner are those of one draw, always the same."""
    # Not secret: an example for the author.
    rng = random.Random(version.pk)  # noqa: S311 - shows an author one draw, the same at every visit
    values = draw.parameters(version.body, rng=rng) if version.kind.has_numbers else {}
    return presentation.filled(version.rendered["stem"], values, "en-gb")


def is_drawn(version):
    return version.kind.has_numbers and numbers_differ(version.body)


def actions(request, version, siblings, findings):
    """Where to act on the verdicts: (words, address, whether by POST), the likeliest first; only what exists and this
    person may do."""
    versions = admin.site.get_model_admin(QuestionVersion)
    draft = next((each for each in siblings if each.is_draft), None)
    writing, key = [], []
    if draft:
        writing.append((_("Open the draft"), reverse("admin:quizzes_questionversion_change", args=[draft.pk]), False))
    elif versions.has_add_permission(request):
        with suppress(NoReverseMatch):
            address = reverse("admin:quizzes_questionversion_next", args=[version.question_id])
            writing.append((_("Write the next version"), address, True))
    if request.user.has_perm("quizzes.add_regrade"):
        with suppress(NoReverseMatch):
            address = reverse("admin:quizzes_questionversion_regrade", args=[version.pk])
            key.append((_("Correct the key"), address, False))
    whole = [(_("See it whole"), reverse("admin:quizzes_questionversion_change", args=[version.pk]), False)]
    return [*key, *writing, *whole] if Finding.CHECK_KEY in findings else [*writing, *key, *whole]


def quiz(request, pk):
    """One quiz version: how well it measures, then its items."""
    version = get_object_or_404(QuizVersion.objects.select_related("quiz__unit__lesson"), pk=pk)
    if version.is_draft:
        raise Http404(_("Nobody has been asked a draft."))
    form = ItemFilter(request.GET, user=request.user)
    scope, sort = form.filters()
    scope = analysis.Scope(quiz_version=version.pk, cohort=scope.cohort, past=True)
    # Of past wordings those that this version asked.
    rows_in_use = [
        row for row in analysis.rows(scope) if row.measured.answers or row.version.state == row.version.State.CURRENT
    ]
    rows = analysis.in_order(rows_in_use, sort=sort)
    title = _("%(check)s, version %(number)s") % {"check": version.quiz, "number": version.number}
    return page(
        request,
        "quiz",
        title,
        version=version,
        found=analysis.quiz(version, scope),
        left_out=counting.left_out(scope),
        rows=rows,
        cohort=named_cohort(form, scope),
        **parted(rows),
    )


def named_cohort(form, scope):
    """The title of the cohort that was asked for, "" for all."""
    return "" if scope.cohort is None else dict(form.fields["cohort"].choices).get(scope.cohort, "")
