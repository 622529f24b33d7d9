"""Forms about oneself. Those of signing in and up are in entrance_forms.py: allauth imports this module before it has its own forms."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User, one_line


class SignupForm(forms.Form):
    """What we ask beside the e-mail address when someone makes an account."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        validators=[one_line],
        help_text=_("This is how others see you on the site."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request, user):
        user.name, user.language = self.cleaned_data["name"], get_language()
        user.save(update_fields=["name", "language"])


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "language"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"}), "language": forms.RadioSelect}


class DemoPersonForm(forms.Form):
    """Who to be in the demo; `people` is the QuerySet to choose from."""

    person = forms.ModelChoiceField(queryset=None)
    next = forms.CharField(required=False, max_length=500)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class DemoMailForm(forms.Form):
    """Which mails to see in the demo."""

    to = forms.CharField(label=_("Mail to this address"), required=False, max_length=254)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000, widget=forms.HiddenInput)
