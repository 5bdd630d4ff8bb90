"""What a cohort manager sees."""

from django.urls import path

from leading import views

app_name = "leading"
urlpatterns = [
    path("", views.cohorts, name="cohorts"),
    path("<slug:slug>/", views.cohort, name="cohort"),
]
