"""Reacting to an idea, and saying that a reaction is not all right."""

from django import forms
from django.utils.translation import gettext_lazy

from proposals.forms.steps import KeyedForm, LinesField


class CommentForm(KeyedForm):
    text = LinesField(
        label=gettext_lazy("Your reaction"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Everyone can read this, with your name. Be friendly. Don't write telephone numbers or addresses of people."
        ),
    )


class ReportForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What is wrong with it?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One sentence is enough. Only the neighbourhood manager reads this."),
    )


class HideForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why do you hide it?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Everyone reads this in place of the reaction. For example: “It names a neighbour.”"),
    )
