"""HTML as a browser reads it, for tests that compare whole elements."""

import re


def tight(html: str) -> str:
    """The HTML with one space for each stretch of white space, and none at the edges of an element."""
    html = re.sub(r"\s+", " ", html)
    html = re.sub(r"(<[a-z][^<>]*?) >", r"\1>", html)
    return re.sub(r" (</)", r"\1", re.sub(r"(<[a-z][^<>]*>) ", r"\1", html))
