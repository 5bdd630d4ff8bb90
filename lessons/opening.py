"""Which pages of a course anyone may see."""

from django.contrib.auth.decorators import login_not_required


def open_to_visitors(view):
    """Let everybody see this view: no account and no place in the course needed."""
    view.open_to_visitors = True
    return login_not_required(view)
