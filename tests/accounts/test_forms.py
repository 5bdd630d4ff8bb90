import pytest
from django import forms
from django.template import Context, Template

from accounts.forms import ProfileForm, time_zone_choices
from accounts.models import User


def names(choices):
    return [name for region, group in choices if isinstance(group, list) for name, _text in group]


def test_time_zones_are_places_grouped_by_region():
    choices = time_zone_choices()
    assert choices[0] == ("UTC", "UTC")
    assert [region for region, _group in choices[1:4]] == ["Africa", "America", "Antarctica"]
    america = dict(choices[1:])["America"]
    assert ("America/Argentina/Buenos_Aires", "Argentina, Buenos Aires") in america
    assert not {"EST5EDT", "Etc/GMT+3", "US/Pacific", "UTC"} & set(names(choices))


def test_time_zones_keep_the_one_a_person_has():
    """Somebody whose browser named an offset must be able to save their profile without losing it."""
    assert "Etc/GMT+3" in names(time_zone_choices("Etc/GMT+3"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stored", "chosen", "said"),
    [
        ("Europe/Lisbon", "Europe/Lisbon", "Times and dates are shown in this time zone."),
        ("Asia/Calcutta", "Asia/Kolkata", "Times and dates are shown in this time zone."),
        ("Etc/GMT+3", "Etc/GMT+3", "Times and dates are shown in this time zone."),
        (
            "Atlantis/Capital",
            "UTC",
            "“Atlantis/Capital” is not known here, so times are shown in UTC. Choose another zone.",
        ),
    ],
)
def test_profile_shows_the_zone_by_todays_name_and_says_when_nobody_knows_it(learner, stored, chosen, said):
    learner.time_zone = stored
    html = str(ProfileForm(instance=learner)["time_zone"])
    assert html.count(" selected>") == 1
    assert f'<option value="{chosen}" selected>' in html
    assert ProfileForm(instance=learner).fields["time_zone"].help_text == said


@pytest.mark.django_db
def test_profile_asks_for_a_language_where_there_are_several(learner, settings):
    assert "language" not in ProfileForm(instance=learner).fields
    settings.LANGUAGES = [("en-gb", "English (UK)"), ("de", "Deutsch")]
    assert str(ProfileForm(instance=learner)["language"]).count("<option") == 2


@pytest.mark.django_db
def test_profile_refuses_what_is_no_time_zone(learner, settings):
    settings.LANGUAGES = [("en-gb", "English (UK)"), ("de", "Deutsch")]
    form = ProfileForm({"name": "", "time_zone": "Mars/Olympus", "language": "tlh"}, instance=learner)
    assert set(form.errors) == {"name", "time_zone", "language"}
    assert form.errors["name"] == ["Enter your name"]


class Example(forms.Form):
    budget = forms.IntegerField(error_messages={"required": "Enter your yearly budget"}, help_text="In euros.")
    motto = forms.CharField(required=False)
    pace = forms.ChoiceField(
        choices=[("a", "A lesson a week"), ("b", "Two")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a pace"},
    )


def rendered(form):
    html = Template("{% load crispy_forms_filters %}{{ form|crispy }}").render(Context({"form": form}))
    return " ".join(html.split())


def test_form_marks_what_is_optional_and_has_no_asterisk():
    html = rendered(Example())
    assert html.count("(optional)") == 1
    assert "Motto <span" in html
    assert "asterisk" not in html
    assert "There is a problem" not in html


def test_form_with_errors_starts_with_a_summary_that_links_to_the_fields():
    html = rendered(Example({"motto": "x"}))
    summary = html[: html.index("</ul>")]
    assert '<div class="error-summary" tabindex="-1" autofocus aria-labelledby="there-is-a-problem">' in summary
    assert '<a href="#id_budget">Enter your yearly budget</a>' in summary
    assert '<a href="#id_pace_0">Choose a pace</a>' in summary
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_budget_helptext id_budget_error"' in html


def test_radio_errors_stand_before_the_first_choice():
    html = rendered(Example({"motto": "x"}))
    choices = html[html.index('id="div_id_pace"') :]
    assert choices.index("Choose a pace") < choices.index("A lesson a week")
    assert 'id="id_pace_0"' in choices


def test_profile_writes_its_own_fields_only(learner):
    """The person was read before staff switched something on; saving their profile does not switch it off again."""
    stale = User.objects.get(pk=learner.pk)
    User.objects.filter(pk=learner.pk).update(is_staff=True)
    form = ProfileForm({"name": "Nadia O.", "time_zone": "Europe/Lisbon", "language": "en-gb"}, instance=stale)
    assert form.is_valid()
    form.save()
    learner.refresh_from_db()
    assert (learner.name, learner.time_zone, learner.is_staff) == ("Nadia O.", "Europe/Lisbon", True)
