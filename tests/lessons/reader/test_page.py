"""The parts that every page is built from."""

from django.template import Context, Template
from django.templatetags.static import static


def rendered(source, **values):
    return Template("{% load page %}" + source).render(Context(values))


def test_an_icon_is_a_symbol_of_the_sprite():
    assert rendered('{% icon "done" %}') == (
        f'<svg class="icon" aria-hidden="true"><use href="{static("img/icons.svg")}#done"/></svg>'
    )


def test_a_name_from_outside_stays_text():
    assert '#&quot;&gt;&lt;b&gt;"' in rendered("{% icon name %}", name='"><b>')


def test_a_kept_part_sees_its_values_and_nothing_else():
    source = '{% remembered "_components/footer.html" mailbox=open %}'
    closed, opened = rendered(source, open=False, mailbox=True), rendered(source, open=True)
    assert ("Local mailbox" in closed, "Local mailbox" in opened) == (False, True)
    assert rendered(source, open=False) == closed
