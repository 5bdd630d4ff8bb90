"""Addresses below /<course>/practice/."""

from django.urls import path

from quizzes import views_practice

app_name = "practice"
urlpatterns = [
    path("", views_practice.practice, name="practice"),
    path("next/", views_practice.card, name="card"),
    path("review/", views_practice.review, name="review"),
]
