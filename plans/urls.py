"""Addresses below /<course>/."""

from django.urls import path

from plans import views

app_name = "plans"
urlpatterns = [
    path("notes/", views.notes, name="notes"),
    path("lessons/<int:number>/<slug:key>/note/", views.note, name="note"),
]
