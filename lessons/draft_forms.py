"""Forms in which authors write drafts. What comes out of them is rendered and sound, or is not saved."""

from django import forms
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from lessons import markup
from lessons.content import judging
from lessons.content.formats import LESSON, SOURCES, TERMS, UNIT
from lessons.models import Term, Unit, UnitVersion
from lessons.versions import Version


class SourceForm(forms.ModelForm):
    """A source, held to the limits of its file."""

    def clean(self):
        data = super().clean()
        judging.add_to(self, {name: SOURCES.item.fields[name] for name in ("author", "year", "title", "supports")})
        return data


class LessonForm(forms.ModelForm):
    """A lesson, held to the limits of its file."""

    def clean(self):
        data = super().clean()
        judging.add_to(self, {name: LESSON.fields[name] for name in ("title", "short_title", "summary")})
        return data


class KeysField(forms.CharField):
    """A list of keys, written with commas: "R1, R2"."""

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [key.strip() for key in super().to_python(value).split(",") if key.strip()]

    def has_changed(self, initial, data):
        return self.to_python(self.prepare_value(initial) or "") != self.to_python(data)


class DraftForm(forms.ModelForm):
    """A draft of the next version: the number is counted, and there is one draft at a time."""

    def clean(self):
        data = super().clean()
        for name, text in data.items():
            if isinstance(text, str):
                # Browsers send CR LF; files, and the comparison with them, know LF only.
                data[name] = text.replace("\r\n", "\n")
        if not self.instance.pk:
            self._count(data.get(self._meta.model.identity_field))
        return data

    def _count(self, identity):
        """Take the next number of `identity`, unless it has a draft already."""
        if identity is None:
            return
        if identity.versions.drafts().exists():
            self.add_error(self._meta.model.identity_field, _("There is a draft already. Change or delete that one."))
        self.instance.number = (identity.versions.aggregate(last=Max("number"))["last"] or 0) + 1
        self.instance.state = Version.State.DRAFT


#: What the files of the course have of a text, by the kind of its unit; their limits are those of the form.
WRITTEN: dict[str | None, list[str]] = {
    Unit.Kind.READING: ["title", "minutes", "lede", "outcome"],
    Unit.Kind.QUIZ: ["title", "minutes", "lede"],
    None: ["title", "minutes"],
}


class UnitDraftForm(DraftForm):
    competencies = KeysField(label=_("Competencies"), required=False, help_text=_("Keys with commas: STR, FIN"))
    sources = KeysField(
        label=_("Sources"), required=False, help_text=_("Keys of what the text cites, with commas: R1, R2")
    )
    terms = KeysField(
        label=_("Terms"), required=False, help_text=_("Keys of what the text introduces in bold, with commas")
    )

    class Meta:
        model = UnitVersion
        fields = [
            "unit",
            "title",
            "minutes",
            "lede",
            "outcome",
            "required",
            "competencies",
            "sources",
            "terms",
            "source",
        ]
        widgets = {
            "lede": forms.Textarea(attrs={"rows": 2}),
            "outcome": forms.Textarea(attrs={"rows": 2}),
            "source": forms.Textarea(attrs={"rows": 40, "class": "markdown"}),
        }
        help_texts = {
            "source": _("Markdown with the blocks of docs/authoring.md. Line numbers in messages count here.")
        }

    def clean(self):
        data = super().clean()
        unit = data.get("unit") or (self.instance.unit if self.instance.pk else None)
        judging.add_to(self, {name: UNIT.fields[name] for name in WRITTEN.get(unit and unit.kind, WRITTEN[None])})
        if unit and unit.kind == Unit.Kind.READING:
            self._check_keys(unit.lesson.course)
            self._render(unit, data)
        return data

    def _check_keys(self, course):
        for name in ("competencies", "sources", "terms"):
            known = set(getattr(course, name).values_list("key", flat=True))
            unknown = [key for key in self.cleaned_data.get(name, []) if key not in known]
            if unknown:
                self.add_error(name, _("The course has no %(keys)s.") % {"keys": ", ".join(unknown)})

    def _render(self, unit, data):
        """Put the rendered blocks on the version, or say line by line what stands against it."""
        if not data.get("source"):
            self.add_error("source", _("Write the text of the unit."))
            return
        introduced = Term.objects.filter(course=unit.lesson.course_id, key__in=data.get("terms", []))
        terms = {term.title.casefold(): term.key for term in introduced}
        rendered = markup.render(data["source"], terms=terms, sources=data.get("sources", []))
        for problem in rendered.problems:
            self.add_error("source", _("Line %(line)s: %(reason)s") % {"line": problem.line, "reason": problem.reason})
        for key in sorted(self._taken(unit) & checks(rendered.blocks)):
            self.add_error("source", _("The check %(key)s is already in another unit.") % {"key": key})
        self.instance.blocks = rendered.blocks

    def _taken(self, unit):
        """Keys of checks in the other units of the course: they stand in addresses, so one course has each once."""
        others = UnitVersion.objects.current().filter(unit__lesson__course=unit.lesson.course_id).exclude(unit=unit)
        return set().union(*map(checks, others.values_list("blocks", flat=True)))


def checks(blocks: list[dict]) -> set[str]:
    """The keys of the checks in rendered blocks."""
    return {block["key"] for block in blocks if block["kind"] == "check"}


class TermForm(forms.ModelForm):
    class Meta:
        model = Term
        fields = ["course", "key", "title", "definition", "position"]

    def clean(self):
        data = super().clean()
        judging.add_to(self, {name: TERMS.item.fields[name] for name in ("title", "definition")})
        return data

    def clean_definition(self):
        definition = self.cleaned_data["definition"]
        faults = markup.faults(definition)
        if faults:
            raise forms.ValidationError([fault.reason for fault in faults])
        self.instance.definition_html = markup.inline(definition)
        return definition
