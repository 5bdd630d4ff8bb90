"""What pages speak of before the site can do it: marked from one list, `Course.coming`.

Texts of course.yaml carry the name of such a part in braces, right behind the word that promises it: "your plan{plan}".
Shown, it is a mark as long as the part is on the list and nothing afterwards. The site's own sentences ask the list.
"""

import re
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

#: What a course may say of itself before the site can do it; `Course.coming` lists what is not there yet.
PARTS = ("tools", "plan", "submission", "review", "self-assessment", "certificate")
PART = re.compile(r"\{([^{}\s]+)\}")


def validate_coming(value):
    """A list of PARTS, none of them twice."""
    if not isinstance(value, list) or any(part not in PARTS for part in value) or len(set(value)) != len(value):
        raise ValidationError(
            _("Write a list of these words, each once: %(parts)s."), params={"parts": ", ".join(PARTS)}
        )


def mark() -> SafeString:
    """The mark itself, to stand behind a word."""
    return format_html(' <span class="coming">{}</span>', _("coming"))


def marked(html: str, coming: Collection[str]) -> SafeString:
    """Safe HTML of a course text, its `{part}`s replaced by marks for what is coming and by nothing for the rest."""
    return mark_safe(PART.sub(lambda match: mark() if match[1] in coming else "", html))
