"""Input for the town's own affairs: its name and words, its colours, themes, people and their roles."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from neighbourhoods.models import Membership, Municipality, Neighbourhood, Role, Theme
from neighbourhoods.policies import may_change_roles_of
from neighbourhoods.theming import COLOURS, HEX, check_colours, complete

# Who lives where is for people themselves to say.
GRANTED_ROLES = [(role.value, role.label) for role in Role if role != Role.RESIDENT]


class MunicipalityForm(forms.ModelForm):
    """The town's name and words, what its roles are called (a field per role) and its colours (a field per colour)."""

    class Meta:
        model = Municipality
        fields = ["name", "welcome", "contact_email", "contact_phone"]
        widgets = {"welcome": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"name": gettext_lazy("Without “municipality of”.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for role in Role:
            self.fields[f"label_{role.value}"] = forms.CharField(
                label=role.label.capitalize(),
                max_length=40,
                required=False,
                initial=self.instance.role_labels.get(role.value, ""),
            )
        for name, colour in COLOURS.items():
            self.fields[f"colour_{name}"] = forms.CharField(
                label=colour.label.capitalize(),
                max_length=7,
                required=False,
                initial=self.instance.theme_colours.get(name, ""),
                widget=forms.TextInput(attrs={"class": "wp-input--short", "autocomplete": "off"}),
            )

    def clean(self):
        cleaned = super().clean()
        self.instance.role_labels = {
            role.value: cleaned[f"label_{role.value}"] for role in Role if cleaned.get(f"label_{role.value}")
        }
        try:
            self.instance.theme_colours = check_colours({name: cleaned.get(f"colour_{name}") or "" for name in COLOURS})
        except ValidationError as error:
            if hasattr(error, "error_dict"):
                error = ValidationError({f"colour_{name}": problem for name, problem in error.error_dict.items()})
            self.add_error(None, error)
        return cleaned

    def own_fields(self):
        return [self[name] for name in self.Meta.fields]

    def role_fields(self):
        return [self[f"label_{role.value}"] for role in Role]

    def colour_fields(self):
        """Each colour's field, with the value that counts now (what was typed when it is a colour, else the site's own)."""
        return [(self[f"colour_{name}"], self.colours_now()[name]) for name in COLOURS]

    def colours_now(self):
        typed = {name: str(self[f"colour_{name}"].value() or "").strip().lower() for name in COLOURS}
        return complete({name: value for name, value in typed.items() if HEX.fullmatch(value)})


class ThemeForm(forms.ModelForm):
    class Meta:
        model = Theme
        fields = ["name", "description", "position", "is_active"]
        help_texts = {
            "description": gettext_lazy("One short sentence. Residents read it when they choose a theme."),
            "position": gettext_lazy("The theme with the lowest number comes first."),
        }

    def clean_name(self):
        name = self.cleaned_data["name"]
        if not self.instance.pk:
            slug = slugify(name)[:60]
            if not slug:
                raise ValidationError(_("Use letters or figures in the name."))
            if Theme.objects.filter(slug=slug).exists():
                raise ValidationError(_("There is a theme with this name already."))
            self.instance.slug = slug
        return name


class PeopleFilter(forms.Form):
    """Filters of the list of people."""

    RUNNING, PLANNED, ENDED = "running", "planned", "ended"

    q = forms.CharField(label=gettext_lazy("Name or e-mail address"), required=False, max_length=100)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), required=False, choices=[("", gettext_lazy("All roles")), *GRANTED_ROLES]
    )
    neighbourhood = forms.ModelChoiceField(
        Neighbourhood.objects.all(),
        to_field_name="slug",
        label=gettext_lazy("Neighbourhood"),
        required=False,
        empty_label=gettext_lazy("All neighbourhoods"),
    )
    period = forms.ChoiceField(
        label=gettext_lazy("Runs or ended"),
        required=False,
        choices=[
            ("", gettext_lazy("Runs now")),
            (PLANNED, gettext_lazy("Starts later")),
            (ENDED, gettext_lazy("Ended")),
            ("all", gettext_lazy("All")),
        ],
    )

    def narrow(self, memberships, today):
        """`memberships` as far as they fit the filters; a filter with a bad value is passed over."""
        chosen = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        if text := chosen.get("q"):
            memberships = memberships.filter(Q(user__name__icontains=text) | Q(user__email__icontains=text))
        if role := chosen.get("role"):
            memberships = memberships.filter(role=role)
        if neighbourhood := chosen.get("neighbourhood"):
            memberships = memberships.filter(neighbourhood=neighbourhood)
        match chosen.get("period", ""):
            case "":
                return memberships.on_day(today)
            case self.PLANNED:
                return memberships.filter(starts_on__gt=today)
            case self.ENDED:
                return memberships.filter(ends_on__lt=today)
        return memberships


class GrantRoleForm(forms.ModelForm):
    """A role for someone who has an account already: found by the address they sign in with."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the person"),
        max_length=254,
        help_text=gettext_lazy("This person must have an account on this site already."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Membership
        fields = ["role", "neighbourhood", "starts_on", "ends_on"]
        help_texts = {
            "neighbourhood": gettext_lazy("Leave this empty for a role in the whole town."),
            "ends_on": gettext_lazy("On this day the role still counts. The next day it has ended by itself."),
        }

    field_order = ["email", "role", "neighbourhood", "starts_on", "ends_on"]

    def __init__(self, *args, actor, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor, self.today = actor, today
        self.fields["role"].choices = [("", _("Choose a role")), *GRANTED_ROLES]
        self.fields["neighbourhood"].empty_label = _("The whole town")
        self.initial.setdefault("starts_on", today)

    def clean_email(self):
        user = User.objects.filter(email=self.cleaned_data["email"].lower(), is_active=True).first()
        if user is None:
            raise ValidationError(_("Nobody has an account with this address. Ask the person to make one first."))
        if not may_change_roles_of(self.actor, user):
            raise ValidationError(_("Nobody gives a role to themselves. Ask another administrator."))
        self.instance.user = user
        return self.cleaned_data["email"]

    def clean_starts_on(self):
        if self.cleaned_data["starts_on"] < self.today - datetime.timedelta(days=1):
            raise ValidationError(_("A role can't start in the past."))
        return self.cleaned_data["starts_on"]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and self._runs_already(cleaned):
            raise ValidationError(_("This person has this role already in these days."))
        return cleaned

    def _runs_already(self, cleaned):
        overlapping = Membership.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=cleaned["starts_on"]),
            user=self.instance.user,
            role=cleaned["role"],
            neighbourhood=cleaned["neighbourhood"],
        )
        if cleaned["ends_on"]:
            overlapping = overlapping.filter(starts_on__lte=cleaned["ends_on"])
        return overlapping.exists()


class EndRoleForm(forms.Form):
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("On this day the role still counts. Choose yesterday to let it stop at once."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Only administrators read this, in the log."),
    )

    def __init__(self, *args, membership, today, **kwargs):
        super().__init__(*args, initial={"ends_on": today}, **kwargs)
        self.membership, self.today = membership, today

    def clean_ends_on(self):
        day = self.cleaned_data["ends_on"]
        if day < self.today - datetime.timedelta(days=1):
            raise ValidationError(
                _("The last day can't be earlier than yesterday: what happened in the role has happened.")
            )
        if day < self.membership.starts_on:
            raise ValidationError(_("The last day can't be before the first day."))
        return day


class LogFilter(forms.Form):
    neighbourhood = forms.ModelChoiceField(
        Neighbourhood.objects.all(),
        to_field_name="slug",
        label=gettext_lazy("Neighbourhood"),
        required=False,
        empty_label=gettext_lazy("All neighbourhoods"),
    )
