"""Every address of the site. What stands below a course's key is guarded by the gate (progress.middleware)."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy

from cto_course import views
from lessons.views import front

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # — as allauth documents it
admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = gettext_lazy("Administration")
admin.site.empty_value_display = "–"

handler400 = "cto_course.error_pages.bad_request"
handler404 = "lessons.views.not_found"
# Known to allauth's limits only.
handler429 = "cto_course.error_pages.too_many"
handler500 = "cto_course.error_pages.server_error"

urlpatterns = [
    path("", front, name="front"),
    path("home/", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("ready/", views.ready, name="ready"),
    path("help/", views.statement, {"name": "help"}, name="help"),
    path("privacy/", views.statement, {"name": "privacy"}, name="privacy"),
    path("accessibility/", views.statement, {"name": "accessibility"}, name="accessibility"),
    path("accounts/", include("allauth.urls")),
    path("account/", include("accounts.urls")),
    path("cohorts/", include("leading.urls")),
    path("manage/", admin.site.urls),
    path("<slug:course>/", include("progress.urls")),
    path("<slug:course>/", include("quizzes.attempts.urls")),
    path("<slug:course>/practice/", include("quizzes.practice.urls")),
    path("<slug:course>/", include("plans.urls")),
    path("<slug:course>/", include("cohorts.urls")),
    path("<slug:course>/", include("lessons.urls")),
]
if settings.MAILBOX:
    urlpatterns.insert(0, path("mailbox/", include("notifications.urls")))
