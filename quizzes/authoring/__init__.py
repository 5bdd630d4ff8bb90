"""Drafts of questions and quizzes: forms, preview, publishing."""
