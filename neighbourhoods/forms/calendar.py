"""Input for meetings and rounds. Days and times are those of the clock on the wall (Europe/Amsterdam)."""

import datetime
import uuid

from django import forms
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neighbourhoods.models import Meeting, Neighbourhood, Round

DAY = datetime.timedelta(days=1)


class NeighbourhoodsField(forms.ModelMultipleChoiceField):
    """Several wijken, as boxes to tick. A number that is too large for a database is a choice that isn't there, not a crash."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        for pk in value if isinstance(value, list | tuple) else []:
            if not (str(pk).isascii() and str(pk).isdigit() and len(str(pk)) <= 18):
                raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": pk})
        return super().clean(value)


class HomeForm(forms.Form):
    neighbourhood = forms.ModelChoiceField(
        Neighbourhood.objects.all(),
        label=gettext_lazy("In which neighbourhood do you live?"),
        empty_label=gettext_lazy("I don't say"),
        required=False,
    )


class MeetingForm(forms.ModelForm):
    """A meeting, with its day and its time apart: that is how people say it."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    day = forms.DateField(label=gettext_lazy("Which day?"))
    time = forms.TimeField(label=gettext_lazy("What time?"))

    class Meta:
        model = Meeting
        fields = ["title", "place", "agenda"]
        labels = {
            "title": gettext_lazy("What kind of meeting is it?"),
            "place": gettext_lazy("Where is it?"),
            "agenda": gettext_lazy("What is it about?"),
        }
        help_texts = {
            "title": gettext_lazy("For example: meeting of the neighbourhood team."),
            "place": gettext_lazy("The building and the address."),
        }

    field_order = ["key", "title", "day", "time", "place", "agenda"]

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now
        if self.instance.pk:
            local = timezone.localtime(self.instance.starts_at)
            self.initial |= {"day": local.date(), "time": local.time().replace(second=0, microsecond=0)}
            del self.fields["key"]
        else:
            self.fields["key"].initial = uuid.uuid4

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("day") and cleaned.get("time"):
            if not _is_near(cleaned["day"]):
                self.add_error("day", _("This day is too far away."))
                return cleaned
            try:
                starts_at = from_current_timezone(datetime.datetime.combine(cleaned["day"], cleaned["time"]))
            except forms.ValidationError:
                self.add_error("time", _("On that day the clock changes, and this time isn't there or is there twice."))
                return cleaned
            if starts_at <= self.now and starts_at != self.instance.starts_at:
                self.add_error("day", _("This moment is over. Choose a day in the future."))
            self.instance.starts_at = starts_at
        return cleaned


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Residents read this."),
    )


class RoundForm(forms.ModelForm):
    """A round in whole days: each last day counts. What is kept is the moment after it, at midnight."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)
    ideas_from_day = forms.DateField(label=gettext_lazy("Residents send in ideas from"))
    ideas_until_day = forms.DateField(
        label=gettext_lazy("Until"), help_text=gettext_lazy("On this day residents can still send in ideas.")
    )
    check_until_day = forms.DateField(
        label=gettext_lazy("We check what can be done, until"),
        help_text=gettext_lazy("On this day the last check is ready."),
    )
    choose_until_day = forms.DateField(
        label=gettext_lazy("The choice is made, until"),
        help_text=gettext_lazy("After this day everyone knows which ideas get money."),
    )

    DAYS = {
        "ideas_from_day": "ideas_from",
        "ideas_until_day": "ideas_until",
        "check_until_day": "check_until",
        "choose_until_day": "choose_until",
    }

    class Meta:
        model = Round
        fields = ["name", "neighbourhoods", "about"]
        help_texts = {"name": gettext_lazy("For example: Round 2027.")}
        field_classes = {"neighbourhoods": NeighbourhoodsField}

    field_order = ["key", "seen", "name", "neighbourhoods", *DAYS, "about"]

    def __init__(self, *args, allowed, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["neighbourhoods"].queryset = allowed
        self.fields["about"].widget.attrs["rows"] = 4
        if self.instance.pk:
            del self.fields["key"]
            for name, field in self.DAYS.items():
                self.initial[name] = _day_of(getattr(self.instance, field), is_end=field != "ideas_from")
        else:
            self.fields["key"].initial = uuid.uuid4

    def clean(self):
        cleaned = super().clean()
        for name, field in self.DAYS.items():
            day = cleaned.get(name)
            if day is None or (self.instance.pk and day == self.initial[name]):
                continue  # not a day, or not changed: then a moment that isn't midnight stays as it is
            if not _is_near(day):
                self.add_error(name, _("This day is too far away."))
                continue
            setattr(self.instance, field, _midnight(day if field == "ideas_from" else day + DAY))
        if not self.errors:
            moments = [getattr(self.instance, field) for field in self.DAYS.values()]
            if moments[0] >= moments[1]:
                self.add_error("ideas_until_day", _("This day is before the first day."))
            if moments[1] > moments[2]:
                self.add_error("check_until_day", _("This day is before the last day for ideas."))
            if moments[2] > moments[3]:
                self.add_error("choose_until_day", _("This day is before the last day of the check."))
        return cleaned

    def fingerprint(self):
        """What was previewed: saving something else shows a preview again."""
        wijken = sorted(wijk.pk for wijk in self.cleaned_data["neighbourhoods"])
        return " ".join([*(str(self.cleaned_data[name]) for name in self.DAYS), *map(str, wijken)])

    def _get_validation_exclusions(self):
        # The moments are filled in from the days in clean(); the order of the days is said there in words.
        return super()._get_validation_exclusions() | set(self.DAYS.values())


def warnings_for(round_, neighbourhoods):
    """What a wijkmanager should think about twice before saving `round_` (not necessarily saved) for `neighbourhoods`."""
    warnings = []
    if round_.ideas_until - round_.ideas_from < 14 * DAY:
        warnings.append(_("Residents have less than two weeks to send in ideas. Not everyone will hear of it in time."))
    if round_.check_until - round_.ideas_until < 7 * DAY:
        warnings.append(_("You have less than a week to check what can be done."))
    if round_.choose_until - round_.check_until < 7 * DAY:
        warnings.append(_("There is less than a week to make the choice."))
    overlapping = (
        Round.objects.filter(
            neighbourhoods__in=neighbourhoods,
            ideas_from__lt=round_.choose_until,
            choose_until__gt=round_.ideas_from,
        )
        .exclude(pk=round_.pk)
        .distinct()
    )
    for other in overlapping[:5]:
        warnings.append(
            _("In this time another round runs too: “%(name)s”, from %(first)s until and including %(last)s.")
            % {
                "name": other.name,
                "first": date_format(_day_of(other.ideas_from), "j F Y"),
                "last": date_format(_day_of(other.choose_until, is_end=True), "j F Y"),
            }
        )
    return warnings


def _is_near(day):
    return 2000 <= day.year <= 2200


def _midnight(day):
    """The moment at which `day` begins here. Midnight exists and is unique on every day: our clocks change at 2 and 3 at night."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _day_of(moment, *, is_end=False):
    """The day of a moment; of the end of a window, the last day that still counts."""
    return timezone.localdate(moment - datetime.timedelta(microseconds=1) if is_end else moment)
