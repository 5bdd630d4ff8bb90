"""Addresses below /<course>/practice/."""

from django.urls import path

from quizzes.practice import views

app_name = "practice"
urlpatterns = [
    path("", views.practice, name="practice"),
    path("next/", views.card, name="card"),
    path("review/", views.review, name="review"),
]
