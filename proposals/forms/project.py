"""Forms of a running project: its steps, and its news with photos."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proposals.forms.photos import PhotoFields
from proposals.forms.steps import KeyedForm, LinesField

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


class ReportForm(PhotoFields, KeyedForm):
    """News, with photos."""

    text = LinesField(
        label=gettext_lazy("How does it go?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("What was done, and what comes next? Short sentences. Don't name residents."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_photo_fields()

    def clean(self):
        cleaned = super().clean()
        self.read_photos(cleaned)
        if self.errors:
            self.ask_for_photos_again()
        return cleaned
