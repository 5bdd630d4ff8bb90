"""Questions from files of other systems, and for them: read, look, save as drafts; export."""

from datetime import timedelta

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from database.admin.records import ReadOnlyAdmin
from quizzes.exchange import exporting, identity, importing, planning, records, showing
from quizzes.exchange.forms import ExportForm, FileForm, FilingForm, worded
from quizzes.models import Question, QuestionImport

#: Questions of a file on one page of its report.
PER_PAGE = 25
#: What a form has beside its file, in bytes.
FORM_BYTES = 20_000
#: Previews that nobody saved are thrown away after so many hours, when their author reads another file.
KEPT_HOURS = 24


@admin.register(QuestionImport)
class QuestionImportAdmin(ReadOnlyAdmin):
    """Who may write questions may import them, and look at what was imported."""

    list_display = ["made_at", "origin", "format", "course", "made_by", "saved_at"]
    list_filter = ["format"]
    list_select_related = ["course", "made_by"]
    search_fields = ["filename", "source", "made_by__email"]
    date_hierarchy = "made_at"
    exclude = ["text", "choices"]
    change_list_template = "admin/quizzes/exchange/imports.html"

    @admin.display(description=gettext_lazy("from"), ordering="source")
    def origin(self, question_import):
        return question_import.origin

    def get_queryset(self, request):
        """Lists do without the files themselves."""
        return super().get_queryset(request).defer("text")

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or may_import(request)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("read/", wrap(self.receive), name="quizzes_questionimport_read"),
            path("<int:pk>/report/", wrap(self.report), name="quizzes_questionimport_report"),
            path("export/", wrap(self.export), name="quizzes_question_export"),
            *super().get_urls(),
        ]

    @csrf_exempt
    def receive(self, request):
        """Read a file. One that is too large is refused by what the request says of itself, before it is received:
        nothing of its form is looked at, so that not even its token can be."""
        require(may_import(request))
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
        if request.method == "POST" and announced > records.MAXIMUM_BYTES + FORM_BYTES:
            return self.form_page(request, FileForm(), problem=records.too_large(), status=413)
        return csrf_protect(self.read)(request)

    def read(self, request):
        form = FileForm(request.POST or None, request.FILES or None)
        if not form.is_valid():
            return self.form_page(request, form, status=400 if form.is_bound else 200)
        data = form.cleaned_data
        try:
            planning.entries_of(form.text, data["format"])
        except records.FileRefused as refused:
            form.add_error("file", worded(refused))
            return self.form_page(request, form, status=400)
        made = self.keep(request, form)
        filed = {"competency": data["competency"].pk, "bloom": data["bloom"]}
        return redirect(reverse("admin:quizzes_questionimport_report", args=[made.pk], query=filed))

    def keep(self, request, form):
        """Keep the file for its report; older previews of this person that were never saved go."""
        now, data = timezone.now(), form.cleaned_data
        old = now - timedelta(hours=KEPT_HOURS)
        QuestionImport.objects.filter(made_by=request.user, saved_at=None, made_at__lt=old).delete()
        return QuestionImport.objects.create(
            course=data["course"],
            lesson=data["lesson"],
            format=data["format"],
            filename=data["file"].name[:255],
            source=data["source"] or data["file"].name[:200],
            text=form.text,
            made_by=request.user,
            made_at=now,
        )

    def form_page(self, request, form, *, problem="", status=200):
        if not form.is_bound and form.fields["course"].queryset.count() == 1:
            form.initial["course"] = form.fields["course"].queryset.get()
        context = {"title": _("Import questions"), "form": form, "problem": problem}
        return self.page(request, "read", context, status=status)

    def report(self, request, pk):
        """What saving would do, question by question; and saving."""
        require(may_import(request))
        question_import = get_object_or_404(
            QuestionImport.objects.select_related("course", "lesson__course", "made_by"), pk=pk
        )
        sent = request.POST if request.method == "POST" else request.GET
        form = FilingForm(sent if "competency" in sent or "bloom" in sent else None, course=question_import.course)
        if question_import.saved_at or not form.is_valid():
            return self.page(
                request, "report", {"title": question_import.filename, "given": question_import, "form": form}
            )
        defaults = planning.Defaults(form.cleaned_data["competency"], form.cleaned_data["bloom"])
        plan = planning.plan(
            planning.entries_of(question_import.text, question_import.format),
            question_import=question_import,
            defaults=defaults,
        )
        if request.method == "POST":
            rest = "new" if "all_new" in request.POST else "update" if "all_update" in request.POST else ""
            if (
                importing.choose(question_import=question_import, plan=plan, choices=chosen(request.POST), rest=rest)
                or rest
            ):
                self.message_user(request, _("Your choices are kept. Look at the report again, then save."))
                return redirect(report_of(question_import, defaults, page=request.GET.get("page")))
            return self.save(request, question_import, defaults)
        return self.page(request, "report", self.of_plan(request, question_import, form, plan))

    def of_plan(self, request, question_import, form, plan):
        steps = Paginator(plan.steps, PER_PAGE).get_page(request.GET.get("page"))
        lines = []
        for place, step in enumerate(steps, steps.start_index() - 1):
            step.render()
            options = [(str(each.pk), identity.description(each)) for each in step.known] if step.saves_or_waits else []
            lines.append(
                (place, options, step, showing.question_shown(step.draft) if step.draft else None, step.missing())
            )
        return {
            "title": question_import.filename,
            "given": question_import,
            "form": form,
            "plan": plan,
            "steps": steps,
            "lines": lines,
            "counts": [
                (fate, name, plan.count(fate)) for fate, name in FATES.items() if fate != CHOOSE or plan.count(fate)
            ],
            "names": FATES,
        }

    def save(self, request, question_import, defaults):
        try:
            plan = importing.save(
                question_import=question_import,
                expected=request.POST.get("plan", ""),
                defaults=defaults,
                by=request.user,
                at=timezone.now(),
            )
        except (importing.Changed, importing.Undecided) as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(report_of(question_import, defaults))
        count = plan.saves
        sentence = ngettext(
            "%(count)s question was saved as a draft.", "%(count)s questions were saved as drafts.", count
        )
        self.log_change(request, question_import, sentence % {"count": count})
        written = [step.draft for step in plan.steps if step.saves and step.draft]
        imported = _("Imported from %(file)s.") % {"file": question_import.filename}
        LogEntry.objects.log_actions(request.user.pk, written, CHANGE, imported)
        self.message_user(request, sentence % {"count": count}, messages.SUCCESS)
        return redirect(drafts_of(question_import) if count else "admin:quizzes_questionimport_changelist")

    def export(self, request):
        """What a format would lose, and the file."""
        require(request.user.has_perm("quizzes.view_questionversion"))
        form = ExportForm(request.GET if "format" in request.GET else None)
        keys = [key for key in request.GET.get("ids", "").split(",") if key.isdecimal() and len(key) < 19][:1_000]
        context = {"title": _("Export questions"), "form": form, "ids": ",".join(keys), "chosen": len(keys)}
        if not form.is_valid():
            return self.page(request, "export", context)
        questions = Question.objects.filter(pk__in=keys) if keys else Question.objects.all()
        if form.cleaned_data["lesson"] and not keys:
            questions = questions.filter(lesson=form.cleaned_data["lesson"])
        versions, format_ = exporting.versions_of(questions), form.cleaned_data["format"]
        if "download" in request.GET:
            return download(versions, format_)
        lines = exporting.report(versions, format_)
        context |= {
            "lines": lines,
            "writes": sum(not line.refusal for line in lines),
            "format_name": exporting.FILES[format_][0],
            "query": request.GET.urlencode(),
        }
        return self.page(request, "export", context)

    def page(self, request, name, context, *, status=200):
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/quizzes/exchange/{name}.html", whole, status=status)


def chosen(data) -> dict[int, str]:
    """What was chosen for questions, by their place in the file: fields called take-0, take-1 …"""
    names = [name.removeprefix("take-") for name in data if name.startswith("take-")]
    return {int(name): data[f"take-{name}"] for name in names if name.isdecimal() and len(name) < 6}


def report_of(question_import, defaults, *, page=None) -> str:
    """The address of the report, filed as it was looked at."""
    filed = {"competency": defaults.competency.pk, "bloom": defaults.bloom} | ({"page": page} if page else {})
    return reverse("admin:quizzes_questionimport_report", args=[question_import.pk], query=filed)


#: Named only where something is: elsewhere nobody is asked to choose.
CHOOSE = planning.Fate.CHOOSE
FATES = {
    planning.Fate.CHOOSE: gettext_lazy("To be chosen"),
    planning.Fate.NEW: gettext_lazy("New"),
    planning.Fate.CHANGED: gettext_lazy("Changed"),
    planning.Fate.UNCHANGED: gettext_lazy("Unchanged"),
    planning.Fate.REFUSED: gettext_lazy("Refused"),
}


def drafts_of(question_import: QuestionImport) -> str:
    """The address of the list of the drafts that an import made and nobody published yet."""
    query = {"question__last_import": question_import.pk, "state__exact": "draft"}
    return reverse("admin:quizzes_questionversion_changelist", query=query)


def may_import(request) -> bool:
    return request.user.has_perms(["quizzes.add_question", "quizzes.add_questionversion"])


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def download(versions, format_):
    _name, ending, type_ = exporting.FILES[format_]
    headers = {"Content-Disposition": f'attachment; filename="questions.{ending}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(exporting.text_of(versions, format_), content_type=f"{type_}; charset=utf-8", headers=headers)


@admin.action(description=gettext_lazy("Export: GIFT, Aiken, Moodle XML or YAML"), permissions=["view"])
def export(modeladmin, request, queryset):
    """Go to the page of the export with the questions that were chosen."""
    keys = ",".join(map(str, queryset.order_by().values_list("pk", flat=True)[:1_000]))
    return redirect(reverse("admin:quizzes_question_export", query={"ids": keys}))


# On the list of questions, which stands below this in the ladder and names it.
admin.site.add_action(export)
admin.site.disable_action("export")
