"""What a cohort manager sees."""

from django.urls import path

from progress import views

app_name = "dashboards"
urlpatterns = [
    path("", views.cohorts, name="cohorts"),
    path("<slug:slug>/", views.cohort, name="cohort"),
]
