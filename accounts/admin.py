"""People in the admin, how they sign in, and what was done in their name."""

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401 - registers what is replaced below
import django.contrib.auth.admin
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, User
from database.admin.choosing import Choosing
from database.admin.records import KeptAdmin, LabelledFormSet, ReadOnlyAdmin

# No action deletes anything: what may go is deleted one by one, after a page that says what goes with it.
admin.site.disable_action("delete_selected")
admin.site.unregister([Group, EmailAddress, Authenticator, UserSession])


class PersonForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User
        field_classes = {}


class NewPersonForm(AdminUserCreationForm):
    """A new person; with password sign-in switched off they sign in by a code sent to their address."""

    class Meta:
        model = User
        fields = ["email", "name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # It is somebody else's address that is typed here, and the admin sets the focus itself.
        self.fields["email"].widget.attrs |= {"autocomplete": "off"}
        del self.fields["email"].widget.attrs["autofocus"]

    def clean_email(self):
        """Addresses are kept in small letters, so that one address is one person."""
        return self.cleaned_data["email"].lower()


class EmailAddressInline(Choosing, admin.TabularInline):
    """Addresses that sign-in knows. Who runs the course may vouch for one; changing it is its owner's act."""

    model = EmailAddress
    formset = LabelledFormSet
    extra = 0
    can_delete = False
    fields = ["email", "verified", "primary"]
    readonly_fields = ["email", "primary"]

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(User)
class UserAdmin(KeptAdmin, django.contrib.auth.admin.UserAdmin):
    form = PersonForm
    add_form = NewPersonForm
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        (_("Where they are"), {"fields": ["time_zone", "language"]}),
        (_("What they may do"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "usable_password", "password1", "password2"]})]
    list_display = ["email", "name", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups", "date_joined"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    autocomplete_fields = ["groups"]
    filter_horizontal = []
    inlines = [EmailAddressInline]
    unwatched = ["password", "last_login"]

    def get_inlines(self, request, obj):
        """A person who does not exist yet has no addresses."""
        return self.inlines if obj else []

    def get_readonly_fields(self, request, obj=None):
        """The address is changed by its owner, who confirms the new one. Only a superuser gives rights to people."""
        readonly = ["last_login", "date_joined"]
        if obj:
            readonly.append("email")
        if not request.user.is_superuser:
            readonly += ["is_staff", "is_superuser", "groups"]
        return readonly

    def has_change_permission(self, request, obj=None):
        """Who may change people may not thereby take over the account of somebody who may do more."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or request.user.is_superuser or not (obj.is_staff or obj.is_superuser))


class GroupForm(forms.ModelForm):
    class Meta:
        model = Group
        fields = ["name", "permissions"]
        widgets = {"permissions": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "permissions" in self.fields:
            self.fields["permissions"].queryset = Permission.objects.select_related("content_type")


@admin.register(Group)
class GroupAdmin(KeptAdmin):
    form = GroupForm
    list_display = ["name"]
    search_fields = ["name"]
    ordering = ["name"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "action", "subject"]
    list_filter = ["action", "at"]
    list_select_related = ["actor"]
    search_fields = ["subject", "action", "actor__email", "actor__name"]


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnlyAdmin):
    list_display = ["email", "user", "verified", "primary"]
    list_filter = ["verified", "primary"]
    list_select_related = ["user"]
    search_fields = ["email", "user__name"]
    ordering = ["email"]


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnlyAdmin):
    """Second factors, without their secrets. Deleting one is how somebody who lost their phone gets in again."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__name"]
    fields = ["user", "type", "created_at", "last_used_at"]
    ordering = ["-created_at"]

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser


@admin.register(UserSession)
class UserSessionAdmin(ReadOnlyAdmin):
    """Who is signed in where, without the keys of the sessions."""

    list_display = ["user", "created_at", "last_seen_at", "user_agent"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__name"]
    fields = ["user", "ip", "user_agent", "created_at", "last_seen_at"]
    ordering = ["-last_seen_at"]
