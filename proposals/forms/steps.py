"""The wijkmanager's forms, and the one for a reason that every step shares."""

import uuid

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proposals.models import Answer, Assessment, Proposal
from proposals.workflow import OPEN_FOR_SUPPORT, Task
from wijkportaal.money import EuroField

MAX_REASON = 2000
SHOWN_FOR_MERGE = 20


def add_errors(form, error):
    """Show the ValidationError of an action in `form`: beside its field where the form has that field, else on top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields and field != NON_FIELD_ERRORS else None, errors)


class LinesField(forms.CharField):
    """Text of several lines, counted as the browser counts: it sends each end of a line as two characters."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value)


class KeyedForm(forms.Form):
    """A form that can be sent twice by accident: the same `key` has one effect."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class ReasonForm(KeyedForm):
    """A step with its reason; `explanation` gives the words. Without a question there is nothing to fill in."""

    reason = LinesField(max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args, explanation, **kwargs):
        super().__init__(*args, **kwargs)
        if explanation.question:
            self.fields["reason"].label = explanation.question
            self.fields["reason"].help_text = explanation.hint
        else:
            del self.fields["reason"]


class AssignForm(KeyedForm):
    """To whom the check is given; `staff` are Memberships, of which a person may hold several."""

    assessor = forms.TypedChoiceField(
        label=gettext_lazy("Who does the check?"), widget=forms.RadioSelect, coerce=lambda pk: pk
    )

    def __init__(self, *args, staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {}
        labels = {}
        for membership in staff:
            self.people.setdefault(membership.user_id, membership.user)
            labels.setdefault(membership.user_id, f"{membership.user} ({membership.get_role_display()})")
        self.fields["assessor"].choices = list(labels.items())

    def clean_assessor(self):
        return self.people[int(self.cleaned_data["assessor"])]


class AssessForm(KeyedForm, forms.ModelForm):
    """Can it be done? Every answer may stay open; what is filled in is kept."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    estimated_cents = EuroField(
        label=gettext_lazy("What will it cost?"),
        required=False,
        help_text=gettext_lazy("In euros. You need an estimate before you can say that it can be done."),
    )

    class Meta:
        model = Assessment
        fields = [
            "technical",
            "technical_note",
            "legal",
            "legal_note",
            "land_owner",
            "upkeep",
            "estimated_cents",
            "cost_note",
        ]
        widgets = {
            name: forms.Textarea(attrs={"rows": 3}) for name in ("technical_note", "legal_note", "upkeep", "cost_note")
        }
        help_texts = {
            "technical_note": gettext_lazy("For example: cables in the ground, trees, room for a lorry."),
            "legal_note": gettext_lazy("For example: permits, rules for noise, the zoning plan."),
            "land_owner": gettext_lazy("For example: the municipality, or a housing association."),
        }

    field_order = ["key", "version", *Meta.fields]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in (
            ("technical", gettext_lazy("Can it be made?")),
            ("legal", gettext_lazy("Is it allowed?")),
        ):
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", gettext_lazy("not looked at yet")), *Answer.choices],
                widget=forms.RadioSelect,
            )
        self.fields["technical_note"].label = gettext_lazy("Explanation: can it be made?")
        self.fields["legal_note"].label = gettext_lazy("Explanation: is it allowed?")
        self.fields["land_owner"].label = gettext_lazy("Who owns the land?")
        self.fields["upkeep"].label = gettext_lazy("Who looks after it later, and what does that cost?")
        self.fields["cost_note"].label = gettext_lazy("How is the estimate made up?")
        self.order_fields(self.field_order)

    def answers(self):
        """What actions.assess_proposal takes besides the version and the key."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class MergeChoice(forms.ModelChoiceField):
    def label_from_instance(self, proposal):
        about = _("%(status)s, support: %(number)d") % {
            "status": proposal.get_status_display(),
            "number": proposal.support_count,
        }
        text = Truncator(proposal.what).chars(140)
        return format_html("<strong>{}</strong> ({})<br>{}", proposal.title, about, text)


class MergeForm(ReasonForm):
    """Into which idea of the same wijk this one goes; `query` narrows what is shown."""

    into = MergeChoice(
        label=gettext_lazy("With which idea?"), queryset=Proposal.objects.none(), widget=forms.RadioSelect
    )
    field_order = ["key", "into", "reason"]

    def __init__(self, *args, proposal, query="", **kwargs):
        super().__init__(*args, **kwargs)
        others = Proposal.objects.filter(neighbourhood=proposal.neighbourhood, status__in=OPEN_FOR_SUPPORT)
        others = others.exclude(pk=proposal.pk)
        field = self.fields["into"]
        field.queryset = others
        found = others.matching(query).order_by("-support_count", "id")
        chosen = self.data.get("into", "")
        self.found = list(found[:SHOWN_FOR_MERGE])
        if chosen.isdecimal() and len(chosen) < 18 and int(chosen) not in {idea.pk for idea in self.found}:
            self.found += others.filter(pk=chosen)
        field.choices = [(idea.pk, field.label_from_instance(idea)) for idea in self.found]


class SearchForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Search in the title and the text"), max_length=100, required=False)


class WorklistFilter(forms.Form):
    """What part of the work list is shown. `neighbourhoods` are the wijken of this wijkmanager; a value that doesn't exist is ignored."""

    ASSIGNED = [
        ("", gettext_lazy("everyone")),
        ("me", gettext_lazy("me")),
        ("nobody", gettext_lazy("nobody yet")),
    ]

    wijk = forms.ChoiceField(label=gettext_lazy("Neighbourhood"), required=False)
    taak = forms.ChoiceField(label=gettext_lazy("What to do"), required=False)
    wie = forms.ChoiceField(label=gettext_lazy("Given to"), required=False, choices=ASSIGNED)

    def __init__(self, *args, neighbourhoods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["wijk"].choices = [
            ("", _("all my neighbourhoods")),
            *((neighbourhood.slug, neighbourhood.name) for neighbourhood in neighbourhoods),
        ]
        self.fields["taak"].choices = [("", _("everything")), *Task.choices]
        if len(neighbourhoods) < 2:
            del self.fields["wijk"]
        self.full_clean()
        self.chosen = {name: value for name, value in self.cleaned_data.items() if value}
        self.errors.clear()
