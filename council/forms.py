"""What the council asks of its lists; what can't be read counts as not asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from council.figures import GROUPS, PROJECT_STATES, STATUS_LABELS
from neighbourhoods.models import Neighbourhood

EVERY = [("", _("All"))]


class ListQuery(forms.Form):
    neighbourhood = forms.ModelChoiceField(
        Neighbourhood.objects.all(),
        to_field_name="slug",
        label=_("Neighbourhood"),
        required=False,
        empty_label=_("All"),
    )
    mine = forms.BooleanField(label=_("Only my neighbourhoods"), required=False)

    def __init__(self, *args, has_portfolio, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_portfolio:
            del self.fields["mine"]

    def asked(self):
        """The answers that could be read."""
        self.is_valid()
        return self.cleaned_data


class IdeasQuery(ListQuery):
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[*EVERY, *STATUS_LABELS.items(), *((name, label) for name, (label, _statuses) in GROUPS.items())],
    )
    waiting = forms.ChoiceField(
        label=_("Waiting time"),
        required=False,
        choices=[
            *EVERY,
            ("now", _("waits for the neighbourhood manager")),
            ("long", _("waits longer than 4 weeks")),
            ("decided", _("got an answer in the last year")),
        ],
    )
    field_order = ("neighbourhood", "status", "waiting", "mine")


class ProjectsQuery(ListQuery):
    state = forms.ChoiceField(
        label=_("Dates"),
        required=False,
        choices=[*EVERY, *((name, label) for name, label in PROJECT_STATES.items())],
    )
    field_order = ("neighbourhood", "state", "mine")
