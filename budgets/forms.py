"""What is typed about money: amounts, dates, reasons; and what is asked of the pages that show it."""

import datetime
import uuid

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from budgets.models import MAX_CENTS, Budget
from neighbourhoods.forms.calendar import NeighbourhoodsField
from neighbourhoods.models import Neighbourhood
from proposals.forms.steps import LinesField
from wijkportaal.money import EuroField, format_euros

EARLIEST, LATEST = datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)

FIGURES = {
    "all": _("All bookings"),
    "granted": _("Granted by the municipality"),
    "awarded": _("Awarded to projects"),
    "spent": _("Spent"),
    "to_spend": _("Awarded, not yet spent"),
    "free": _("Free for new projects"),
    "elsewhere": _("For projects in other neighbourhoods"),
}


class MoneyQuery(forms.Form):
    """The parameters in the address of a page about money. What can't be read counts as not asked."""

    year = forms.IntegerField(required=False, min_value=EARLIEST.year, max_value=LATEST.year)
    figure = forms.ChoiceField(required=False, choices=list(FIGURES.items()))

    @classmethod
    def read(cls, query):
        """(year or None, figure or "")."""
        form = cls(query)
        form.is_valid()
        return form.cleaned_data.get("year"), form.cleaned_data.get("figure", "")


class DayField(forms.DateField):
    """A day within this century: keeps a slip of the keyboard out of the books."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs |= {"min": EARLIEST.isoformat(), "max": LATEST.isoformat()}

    def validate(self, value):
        super().validate(value)
        if value and not EARLIEST <= value <= LATEST:
            raise forms.ValidationError(_("Choose a day between 2000 and 2100."))


def _amount(label, **kwargs):
    return EuroField(label=label, min_cents=1, max_cents=MAX_CENTS, **kwargs)


def _text(label, max_length=2000, rows=4, **kwargs):
    return LinesField(label=label, max_length=max_length, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class CapitalLabels:
    """Labels are written as in a sentence; above a box they begin with a capital."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(field.label)


class KeyedForm(CapitalLabels, forms.Form):
    """Carries a key, so that the same form sent twice has one effect."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)


class BudgetForm(CapitalLabels, forms.ModelForm):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    amount_cents = _amount(_("how much money?"))
    starts_on = DayField(label=_("first day"), help_text=_("From this day on, money can be awarded."))
    ends_on = DayField(label=_("last day"))
    decision_on = DayField(label=_("date of the decision"))
    decision_url = forms.URLField(
        label=_("link to the decision"), required=False, max_length=300, assume_scheme="https"
    )
    neighbourhoods = NeighbourhoodsField(
        Neighbourhood.objects.all(),
        label=_("for which neighbourhoods?"),
        help_text=_("Choose more than one when they share this money."),
    )

    class Meta:
        model = Budget
        fields = (
            "name",
            "neighbourhoods",
            "starts_on",
            "ends_on",
            "decision_title",
            "decision_number",
            "decision_on",
            "decision_url",
            "rules",
        )
        widgets = {"rules": forms.Textarea(attrs={"rows": 4})}

    field_order = ("name", "neighbourhoods", "amount_cents", "starts_on", "ends_on")


class RaiseForm(KeyedForm):
    amount_cents = _amount(_("how much is added?"))
    reason = _text(_("which decision?"), rows=2, help_text=_("For example: council decision 2026-114, spring report."))
    decided_on = DayField(label=_("date of the decision"))


class BudgetChoice(forms.ModelChoiceField):
    """Each budget with what is left in it."""

    def label_from_instance(self, budget):
        return _("%(name)s: %(left)s left") % {"name": budget.name, "left": format_euros(budget.free_cents)}


class AwardForm(CapitalLabels, forms.Form):
    """`budgets`: those of the wijk, each with `free_cents` (BudgetQuerySet.with_free)."""

    budget = BudgetChoice(
        Budget.objects.none(), label=_("from which budget?"), widget=forms.RadioSelect, empty_label=None
    )
    amount_cents = _amount(_("how much?"))
    decided_on = DayField(label=_("when was it decided?"))
    decided_by = forms.CharField(
        label=_("who decided?"), max_length=160, help_text=_("For example: meeting of the neighbourhood team.")
    )
    reason = _text(_("why?"), help_text=_("Residents read this."))

    def __init__(self, *args, budgets, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["budget"].queryset = budgets


class SpendForm(KeyedForm):
    reason = forms.CharField(
        label=_("what was paid?"), max_length=300, help_text=_("For example: three benches. Write no names of people.")
    )
    paid_on = DayField(label=_("when was it paid?"))
    amount_cents = _amount(_("how much?"))


class CorrectForm(CapitalLabels, forms.Form):
    reason = _text(
        _("why is this corrected?"), rows=3, help_text=_("For example: the amount on the invoice was € 120.")
    )


class FinishForm(CapitalLabels, forms.Form):
    reason = _text(_("what was made?"), help_text=_("Residents read this. Tell what they can see or do now."))


class CancelForm(CapitalLabels, forms.Form):
    reason = _text(_("why does the project stop?"), help_text=_("Residents read this."))
