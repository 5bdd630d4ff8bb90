"""Addresses below /<course>/."""

from django.urls import path

from lessons import views

app_name = "lessons"
urlpatterns = [
    path("", views.course, name="course"),
    path("lessons/", views.lessons, name="lessons"),
    path("lessons/<int:number>/", views.lesson, name="lesson"),
    path("lessons/<int:number>/<slug:key>/", views.unit, name="unit"),
    path("terms/", views.terms, name="terms"),
    path("sources/", views.sources, name="sources"),
]
