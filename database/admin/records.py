"""The kinds of admin that every room builds on: things that are kept, records that are only looked at, rows below."""

from django import forms
from django.contrib import admin
from django.utils.functional import Promise

from database.admin.editing import SeenAdmin


class KeptAdmin(SeenAdmin):
    """Things that may be written and changed but never deleted, because learners' records rest on them."""

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(KeptAdmin):
    """Records that are written by what people do, and only looked at here."""

    actions = None
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        """What a record names is a link only for those who may open what it leads to."""
        return [self._unlinked(request, name) for name in super().get_fields(request, obj)]

    def _unlinked(self, request, name):
        field = next((each for each in self.opts.fields if each.name == name and each.many_to_one), None)
        if field is None or not self.admin_site.is_registered(field.related_model):
            return name
        if self.admin_site.get_model_admin(field.related_model).has_view_permission(request):
            return name
        return in_words(field)


def in_words(field):
    """What a foreign key leads to, for reading."""

    @admin.display(description=field.verbose_name)
    def column(row):
        return getattr(row, field.name) or "–"

    column.__name__ = f"{field.name}_in_words"
    return column


class ReadOnlyInline(admin.TabularInline):
    """Records below another record."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class SaidFilter(admin.EmptyFieldListFilter):
    """By whether a field is empty, in the words of what that means."""

    #: What is said of rows whose field is empty, and of the others.
    words: tuple[str | Promise, str | Promise]

    def choices(self, changelist):
        everything, *others = super().choices(changelist)
        yield everything
        for choice, words in zip(others, self.words, strict=True):
            _name, bracket, count = str(choice["display"]).partition(" (")
            yield choice | {"display": f"{words}{bracket}{count}"}


class LabelledFormSet(forms.BaseInlineFormSet):
    """Rows of a table whose fields have names: a column's head does not name them for a screen reader."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs.setdefault("aria-label", field.label)
