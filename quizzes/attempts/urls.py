"""Addresses below /<course>/."""

from django.urls import path

from quizzes.attempts import views

app_name = "quizzes"
urlpatterns = [
    path("exam/", views.front, name="front"),
    path("exam/start/", views.start, name="start"),
    path("lessons/<int:number>/check/", views.front, name="front"),
    path("lessons/<int:number>/check/start/", views.start, name="start"),
    # Further checks of a lesson, each by the key of its unit.
    path("lessons/<int:number>/check/<slug:key>/", views.front, name="front"),
    path("lessons/<int:number>/check/<slug:key>/start/", views.start, name="start"),
    path("attempts/<uuid:uuid>/", views.attempt, name="attempt"),
    path("attempts/<uuid:uuid>/save/", views.save, name="save"),
    path("attempts/<uuid:uuid>/time/", views.clock, name="clock"),
    path("attempts/<uuid:uuid>/answers.txt", views.answers_text, name="answers"),
    path("attempts/<uuid:uuid>/review/", views.before_sending, name="review"),
    path("attempts/<uuid:uuid>/submit/", views.submit, name="submit"),
    path("attempts/<uuid:uuid>/result/", views.result, name="result"),
]
