"""Which pages of a course anyone may see."""

from django.contrib.auth.decorators import login_not_required


def open_to_visitors(view):
    """Let everybody see this view: no account and no place in the course needed."""
    view.open_to_visitors = True
    return login_not_required(view)


def outlasts_publishing(view):
    """Let whoever has a place in the course see this view although the course is not published any more."""
    view.outlasts_publishing = True
    return view


def front_of_the_site(view):
    """The page at `/`, for everybody: with exactly one published course the gate sets `request.course` for it."""
    view.front_of_the_site = True
    return open_to_visitors(view)


def found_first(is_there):
    """Ask nobody for an account or a place to show them that there is nothing: where `is_there`, called with the course
    and the rest of the address, says no, the gate answers that it is not found."""

    def mark(view):
        view.is_there = is_there
        return login_not_required(view)

    return mark
