"""Fragments of a page that are rendered once for each input.

For pure functions from hashable values to HTML. The values are the key, so nothing is ever stale and nothing has to be
invalidated; the language is part of the key. Under DEBUG nothing is remembered, so an edited template shows at once.
"""

from collections.abc import Callable
from functools import lru_cache, wraps

from django.conf import settings
from django.utils.translation import get_language


def remembered(*, most: int) -> Callable[[Callable], Callable]:
    """Keep the results of a pure function for the `most` inputs that were used last, in each process."""

    def decorate(function):
        @lru_cache(maxsize=most)
        def remember(language, args):
            return function(*args)

        @wraps(function)
        def call(*args):
            return function(*args) if settings.DEBUG else remember(get_language(), args)

        return call

    return decorate
