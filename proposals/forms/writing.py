"""Writing an idea: its text, its photos, and the people to do it with."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from neighbourhoods.models import Neighbourhood, Theme
from proposals.actions import WRITTEN_BY_RESIDENTS
from proposals.forms.photos import MAX_PHOTOS, PhotoFields
from proposals.forms.steps import KeyedForm, LinesField
from proposals.models import Proposal
from wijkportaal.money import EuroField

MAX_INVITED = 20


class AddressesField(LinesField):
    """E-mail addresses, one per line (a comma or a space will do); the value is a list in lower case, each once."""

    def clean(self, value):
        text = super().clean(value)
        addresses = list(dict.fromkeys(re.split(r"[\s,;]+", text.strip().lower()))) if text.strip() else []
        if len(addresses) > MAX_INVITED:
            raise ValidationError(_("You can invite at most 20 people."))
        wrong = []
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError:
                wrong.append(address[:60])
        if wrong:
            text = ngettext(
                "This is not an e-mail address: %(addresses)s.",
                "These are not e-mail addresses: %(addresses)s.",
                len(wrong),
            )
            raise ValidationError(text % {"addresses": ", ".join(wrong)})
        return addresses


class ProposalForm(PhotoFields, KeyedForm, forms.ModelForm):
    """An idea with at most five photos. `fields_of()` is what the actions take; `photos` are pairs of SafePhoto and description."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)
    what = LinesField(
        label=gettext_lazy("What is your idea?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy("Say what you want to make or do, and for whom. You don't have to know everything yet."),
    )
    why = LinesField(
        label=gettext_lazy("Why is it good for the neighbourhood?"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    requested_cents = EuroField(
        label=gettext_lazy("What will it cost, do you think?"),
        required=False,
        help_text=gettext_lazy("A rough guess is enough. We work out the costs later."),
    )
    emails = AddressesField(
        label=gettext_lazy("Who do you want to invite?"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One e-mail address on each line. They get a mail and can join in with your idea."),
    )

    class Meta:
        model = Proposal
        fields = list(WRITTEN_BY_RESIDENTS)
        labels = {
            "neighbourhood": gettext_lazy("For which neighbourhood?"),
            "theme": gettext_lazy("What is it about?"),
            "title": gettext_lazy("Give your idea a short name"),
            "place": gettext_lazy("Where should it come?"),
        }
        help_texts = {
            "title": gettext_lazy("For example: “A bench by the pond”."),
            "place": gettext_lazy("A street, a square or a building."),
        }

    def __init__(self, *args, invites=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].queryset = Neighbourhood.objects.only("name").order_by("name")
        self.fields["neighbourhood"].empty_label = _("Choose a neighbourhood")
        chosen = self.instance.theme_id if self.instance.pk else None
        themes = Theme.objects.filter(is_active=True) | Theme.objects.filter(pk=chosen)
        self.fields["theme"] = forms.ModelChoiceField(
            themes, label=self.fields["theme"].label, widget=forms.RadioSelect, empty_label=None, blank=False
        )
        self.kept_photos = list(self.instance.photos.filter(progress_note=None)) if self.instance.pk else []
        if self.kept_photos:
            self.fields["remove"] = forms.MultipleChoiceField(
                label=_("Which photos do you want to take away?"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(photo.key.hex, photo.alt or _("Photo without description")) for photo in self.kept_photos],
            )
        self.add_photo_fields()
        if not invites:
            del self.fields["emails"]
        photos = [name for number in self.photo_numbers for name in (f"photo_{number}", f"alt_{number}")]
        # The summary of what is wrong follows the page from top to bottom.
        self.order_fields(
            ["title", "what", "why", "theme", "neighbourhood", "place", "requested_cents", "remove", *photos]
        )
        for name, text in (
            ("title", _("Give your idea a name.")),
            ("what", _("Write down what your idea is.")),
            ("theme", _("Choose what it is about.")),
            ("neighbourhood", _("Choose a neighbourhood.")),
        ):
            self.fields[name].error_messages["required"] = text

    def clean(self):
        cleaned = super().clean()
        sent = self.read_photos(cleaned)
        removed = set(cleaned.get("remove", []))
        self.removed_photos = [photo for photo in self.kept_photos if photo.key.hex in removed]
        if len(self.kept_photos) - len(self.removed_photos) + sent > MAX_PHOTOS:
            self.add_error("photo_1", _("An idea has at most 5 photos. Take one away first."))
        if self.errors:
            self.ask_for_photos_again()
        return cleaned

    def fields_of(self):
        """What create_proposal and edit_proposal take."""
        return {name: self.cleaned_data[name] for name in WRITTEN_BY_RESIDENTS}

    @property
    def text_fields(self):
        return [self[name] for name in ("title", "what", "why", "theme")]

    @property
    def place_fields(self):
        return [self[name] for name in ("neighbourhood", "place", "requested_cents")]


class InviteForm(forms.Form):
    emails = AddressesField(
        label=gettext_lazy("Their e-mail addresses"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One e-mail address on each line. At most 20 people."),
    )
