"""Addresses below /<course>/."""

from django.urls import path

from cohorts import views

app_name = "cohorts"
urlpatterns = [path("join/", views.join, name="join")]
