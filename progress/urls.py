"""Addresses below /<course>/."""

from django.urls import path

from progress import views

app_name = "progress"
urlpatterns = [
    path("home/", views.home, name="home"),
    path("lessons/<int:number>/<slug:key>/done/", views.mark_done, name="mark_done"),
    path("lessons/<int:number>/<slug:key>/position/", views.position, name="position"),
]
