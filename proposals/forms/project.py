"""Forms of a running project: its steps, and its news with photos."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proposals.forms.steps import KeyedForm
from wijkportaal.images import read_photo

MAX_PHOTOS = 5
LONGEST_PROMISE = datetime.timedelta(days=365 * 15)  # a wijkenvisie looks about fifteen years ahead


class _PromiseForm(KeyedForm):
    """A date that is promised: today or later, and not so far away that it must be a slip of the pen."""

    promised_on = forms.DateField(label=gettext_lazy("Ready on"))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["promised_on"].widget.attrs["min"] = today.isoformat()

    def clean_promised_on(self):
        day = self.cleaned_data["promised_on"]
        if day < self.today:
            raise ValidationError(_("Choose today or a later date."))
        if day > self.today + LONGEST_PROMISE:
            raise ValidationError(_("This date is too far away. Check the year."))
        return day


class PlanForm(_PromiseForm):
    title = forms.CharField(
        label=gettext_lazy("What will be done?"),
        max_length=120,
        help_text=gettext_lazy("Short, in words that residents know. For example: “Benches are ordered”."),
    )
    field_order = ["key", "title", "promised_on"]


class ReplanForm(_PromiseForm):
    reason = forms.CharField(
        label=gettext_lazy("Why does the date change?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Everyone reads this beside the date. For example: “The supplier delivers two weeks later.”"
        ),
    )


class ReachForm(KeyedForm):
    """A step is done. Only who is late must say why."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it later than promised?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Everyone reads this beside the step."),
    )

    def __init__(self, *args, is_late, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_late:
            del self.fields["reason"]


class ReportForm(KeyedForm):
    """News, with at most five photos; each photo says in words what can be seen, for who can't see it."""

    text = forms.CharField(
        label=gettext_lazy("How does it go?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("What was done, and what comes next? Short sentences. Don't name residents."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(1, MAX_PHOTOS + 1):
            self.fields[f"photo_{number}"] = forms.FileField(
                label=_("Photo %(number)d") % {"number": number},
                required=False,
                widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
                help_text=_("JPEG, PNG or WebP, at most 10 MB. Only show people who agreed to it.")
                if number == 1
                else "",
            )
            self.fields[f"alt_{number}"] = forms.CharField(
                label=_("What is in photo %(number)d?") % {"number": number}, max_length=160, required=False
            )

    def clean(self):
        cleaned = super().clean()
        self.photos = []
        for number in range(1, MAX_PHOTOS + 1):
            upload, alt = cleaned.get(f"photo_{number}"), cleaned.get(f"alt_{number}", "")
            if not upload:
                continue
            if not alt and f"alt_{number}" not in self.errors:
                self.add_error(f"alt_{number}", _("Say in a few words what is in the photo."))
            try:
                self.photos.append((read_photo(upload), alt))
            except ValidationError as error:
                self.add_error(f"photo_{number}", error)
        return cleaned

    @property
    def photo_rows(self):
        """The first photo apart from the others: most news has one or none."""
        rows = [(self[f"photo_{number}"], self[f"alt_{number}"]) for number in range(1, MAX_PHOTOS + 1)]
        return {"first": rows[0], "others": rows[1:], "others_in_use": any(p.errors or a.errors for p, a in rows[1:])}
