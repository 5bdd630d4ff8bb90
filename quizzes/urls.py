"""Addresses below /<course>/."""

from django.urls import path

from quizzes import views

app_name = "quizzes"
urlpatterns = [
    path("lessons/<int:number>/check/", views.front, name="front"),
    path("lessons/<int:number>/check/start/", views.start, name="start"),
    path("attempts/<uuid:uuid>/", views.attempt, name="attempt"),
    path("attempts/<uuid:uuid>/save/", views.save, name="save"),
    path("attempts/<uuid:uuid>/review/", views.review, name="review"),
    path("attempts/<uuid:uuid>/submit/", views.submit, name="submit"),
    path("attempts/<uuid:uuid>/result/", views.result, name="result"),
]
