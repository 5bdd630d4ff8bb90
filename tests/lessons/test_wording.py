"""How course texts and times are shown (lessons.templatetags.lessons)."""

from lessons.templatetags.lessons import blocks, inline


def test_course_fields_are_rendered_and_safe():
    assert inline("*this* <b>not</b>") == "<em>this</em> &lt;b&gt;not&lt;/b&gt;"
    assert blocks("One.\n\nTwo.").replace("\n", "") == "<p>One.</p><p>Two.</p>"
    assert (inline(None), blocks("")) == ("", "")
