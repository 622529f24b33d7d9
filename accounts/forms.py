"""Forms about oneself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SignupForm(forms.Form):
    """What we ask beside the e-mail address when someone makes an account."""

    name = forms.CharField(label=_("Your name"), max_length=80, help_text=_("This is how others see you on the site."))

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "language"]
